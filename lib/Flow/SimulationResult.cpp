//===- SimulationResult.cpp - What a call gives and takes -----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/Simulation.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace race;

/// Whether \p Call is one of a method that takes nothing, changes nothing, and
/// returns an object by value, or a string. (What is no object is tested, and
/// the next test may have another answer.)
bool Simulation::isCopyingGetter(const CallInfo &Call) const {
  const auto *Method =
      llvm::dyn_cast_or_null<clang::CXXMethodDecl>(Call.Callee);
  if (!Method || Call.Constructor || !Call.Args.empty() || !reg(Call.This).L ||
      !Method->isConst())
    return false;
  clang::QualType T = Method->getReturnType();
  return T->isRecordType() ||
         (T->isPointerType() && T->getPointeeType()->isCharType());
}

bool race::isIterator(const clang::CXXRecordDecl *R) {
  return R->getIdentifier() && R->getName().contains("iterator") &&
         R->getASTContext().getSourceManager().isInSystemHeader(
             R->getLocation());
}

/// Whether \p Call is `*it` or `it->` of one of the library's iterators: as
/// long as that is the same, so is the element.
static bool isIteratorsTarget(const CallInfo &Call) {
  const auto *Method =
      llvm::dyn_cast_or_null<clang::CXXMethodDecl>(Call.Callee);
  if (!Method || Method->getNumParams() != 0 || !Method->isConst() ||
      (Method->getOverloadedOperator() != clang::OO_Star &&
       Method->getOverloadedOperator() != clang::OO_Arrow))
    return false;
  return isIterator(Method->getParent());
}

/// Whether what \p Call gives may be something else the next time, though no
/// statement says so: a pool's first element, where a container begins. The
/// library's owners change where they are assigned to.
static bool givesWhatChanges(const CallInfo &Call) {
  if (!Call.Callee || Call.Callee->getReturnType()->isReferenceType())
    return false;
  const clang::CXXRecordDecl *R =
      Call.Callee->getReturnType()->getAsCXXRecordDecl();
  const auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(Call.Callee);
  return !Method || !Method->getParent()->isInStdNamespace() ||
         (R && isIterator(R));
}

/// Whether \p Call is one of the library's functions that put values together.
static bool makesPair(const CallInfo &Call) {
  return Call.Callee && Call.Callee->getIdentifier() &&
         Call.Callee->isInStdNamespace() &&
         (Call.Callee->getName() == "make_pair" ||
          Call.Callee->getName() == "make_tuple" ||
          Call.Callee->getName() == "forward_as_tuple");
}

Sym Simulation::resultOf(State &S, const Op &O, const CallInfo &Call,
                         const Effects &E) {
  if (E.ReturnsAlias) {
    Sym Content = 0;
    Loc L = resolve(S, O, *E.ReturnsAlias, &Content);
    bool Reference =
        E.ReturnsAddress ||
        (Call.Callee && Call.Callee->getReturnType()->isReferenceType());
    if (Loc Owner = reg(Call.This).L; Owner && E.Owns)
      M.setOwner(Owner);
    // So that a change of the whole changes it too.
    if ((E.ReturnsContent || givesWhatChanges(Call)) && L && Content)
      S.Env[L] = Content;
    if (Sym V = Reference && !E.ReturnsContent ? (L ? M.address(L) : Content)
                                               : Content)
      return leadingInto(S, O, E, V);
  }
  for (const LockEffect &L : E.Locks) {
    Sym Guard = 0;
    if (L.Op != LockModel::Owns && L.Op != LockModel::Disown)
      continue;
    resolve(S, O, L.Mutex, &Guard);
    const auto *Mutexes = Guard ? S.Guards.find(Guard) : nullptr;
    if (Mutexes && L.Op == LockModel::Owns)
      return M.constant(llvm::any_of(
          S.Locks, [&](const HeldLock &H) { return H.Owner == Guard; }));
    if (Mutexes && Mutexes->size() == 1)
      return M.address(Mutexes->front().first);
  }
  if (E.Looks)
    if (Sym V = lookedUp(S, O, E.Looks->Table, E.Looks->Key, nullptr);
        V && !S.Gone.find(V) && S.truth(M, V) != std::optional<bool>(false))
      return V;
  if (E.Finds)
    if (Sym V = lookedUp(S, O, E.Finds->Table, E.Finds->Key, nullptr);
        V && !S.Gone.find(V)) {
      if (Call.Callee && Call.Callee->getReturnType()->isReferenceType())
        return M.target(V);
      return leadingInto(S, O, E, M.part(resultOfCall(S, O, Call, E), V));
    }
  return leadingInto(S, O, E, resultOfCall(S, O, Call, E));
}

/// \p Made, as what leads to where \p E says that the result does.
Sym Simulation::leadingInto(const State &S, const Op &O, const Effects &E,
                            Sym Made) const {
  if (E.Inside)
    if (Loc L = resolve(S, O, *E.Inside))
      Made = M.part(Made, M.pointerTo(L));
  for (const AccessPath &P : E.Views) {
    Sym V = 0;
    resolve(S, O, P, &V);
    if (V && M.symbol(V).Kind == Memory::SymKind::Address)
      V = M.pointerTo(M.symbol(V).Where);
    if (V && M.symbol(V).Kind != Memory::SymKind::Const)
      Made = M.part(Made, V);
  }
  return Made;
}

Sym Simulation::resultOfCall(State &S, const Op &O, const CallInfo &Call,
                             const Effects &E) {
  if (isIteratorsTarget(Call))
    if (Sym At = asValue(S, reg(Call.This), O.Id))
      if (Sym V = M.target(At))
        return V;
  Sym Result = fresh(S, O.Id);
  if (E.From) {
    Sym Arena = 0;
    resolve(S, O, *E.From, &Arena);
    if (Arena)
      return M.fromArena(Arena, Result);
  }
  // What a constructor makes is computed from its arguments: a view or
  // conversion of one, a pair of key and value.
  if ((Call.Constructor || makesPair(Call)) && !E.anyFlowEffect())
    Result = derivedFromArguments(S, O, Call, Result);
  // What a getter copies is the same each time: a key, a name, a path.
  if (!E.anyFlowEffect() && isCopyingGetter(Call))
    if (Sym Whole = load(S, reg(Call.This).L))
      Result = M.derive(Whole, 0, O.Id);
  // What a getter, conversion or comparison tells depends on what it was
  // asked of.
  if (Sym Of = Call.Constructor ? 0 : answerAmong(S, Call))
    Result = M.derive(Of, 0, O.Id);
  return Result;
}

Sym Simulation::lookedUp(const State &S, const Op &O, const AccessPath &Table,
                         const AccessPath &Key,
                         const clang::FunctionDecl *In) const {
  Sym K = 0;
  resolve(S, O, Key, &K, In);
  Loc T = resolve(S, O, Table, nullptr, In);
  return K && T ? M.lookup(K, T) : 0;
}

void Simulation::addDependents(State &S, const Op &O, const HandBackEffect &H,
                               std::vector<Given> &Back) {
  const Given Of = Back.back();
  auto Add = [&](Sym V) {
    if (!V || V == Of.V || M.symbol(V).Kind == Memory::SymKind::Const ||
        S.truth(M, V) == std::optional<bool>(false))
      return;
    Given N = Of;
    N.V = V;
    N.Where = 0;
    Back.push_back(std::move(N));
  };
  const Memory::SymInfo I = M.symbol(Of.V);
  bool Read =
      I.Kind == Memory::SymKind::Initial || I.Kind == Memory::SymKind::Changed;
  const Memory::LocInfo Where = M.info(Read ? I.Where : 0);
  bool Member = Read && Where.Kind == Memory::LocKind::Field && Where.Id;
  for (Sym Owned : ownedBy(S, Of.V))
    Add(Owned);
  if (Member && load(S, I.Where) == Of.V)
    for (EntityId Other : Client.pointersInto({Where.Id}))
      Add(load(S, M.field(Where.Parent, Other)));
  // The rest of a chain, as far as it was walked.
  if (!H.Chain.empty()) {
    std::vector<Sym> Walked{Of.V};
    for (size_t Next = 0; Next < Walked.size() && Next < 8; ++Next)
      for (const auto &[L, V] : S.Env)
        if (M.info(L).Kind == Memory::LocKind::Field &&
            M.pointerTo(L) == Walked[Next] &&
            Names.display({M.info(L).Id}) == H.Chain &&
            !llvm::is_contained(Walked, V))
          Walked.push_back(V);
    for (Sym V : llvm::drop_begin(Walked))
      Add(V);
  }
  if (!H.Arena)
    return;
  Sym Since = 0;
  if (H.Since)
    resolve(S, O, *H.Since, &Since);
  const clang::SourceManager &SM =
      G.Function->getASTContext().getSourceManager();
  // Nothing that was there before the snapshot, if there is one.
  auto IsNew = [&](Sym V) {
    if (!H.Since)
      return true;
    const Memory::SymInfo &A = M.symbol(Since), &B = M.symbol(M.madeAs(V));
    return Since && A.Kind == Memory::SymKind::Unknown &&
           B.Kind == Memory::SymKind::Unknown &&
           SM.isBeforeInTranslationUnit(op(A.Id).Loc, op(B.Id).Loc);
  };
  // Objects that lie in it, and the one that keeps it in a member of itself.
  std::vector<Sym> Inside;
  for (const auto &[L, V] : S.Env)
    if (M.isFromArena(V, Of.V) && IsNew(V) && !llvm::is_contained(Inside, V))
      Inside.push_back(V);
  for (Sym V : Inside)
    Add(V);
  if (Member && Client.keepsOwnArena({Where.Id}))
    if (Sym Holder = M.pointerTo(I.Where);
        Holder && (!H.Since || M.holderOf(Since) == Holder)) {
      if (Reporting)
        Client.onHandBack(*this, S, O, Holder, H);
      Add(Holder);
    }
}

void Simulation::end(State &S, Sym V, HandedBack By) {
  S.Gone[V] = By;
  // Whoever knows an element by what lies in it has got to it by an iterator.
  if (M.isTarget(V))
    S.Gone[M.symbol(V).A] = By;
  for (Sym Owned : ownedBy(S, V))
    S.Gone[Owned] = By;
}

void Simulation::endElements(State &S, const Op &O, const Given &G,
                             const HandBackEffect &H) {
  if (!G.Where || !G.When.empty() || H.When != Outcome::Always || H.OnlyIf ||
      H.Maybe || isMovedFrom(S, G.Where))
    return;
  // Stands for those that only callers know.
  Sym All = M.lookup(M.constant(INT64_MIN + int(H.Elements)), G.Where);
  if (Reporting && All)
    Client.onHandBack(*this, S, O, All, H);
  const HandedBack By{O.Id, G.Index};
  const bool Shifted = H.Elements == ElementChange::Shifted;
  for (Sym V : walkersOver(S, G.Where, Shifted)) {
    S.Gone[V] = By;
    if (Sym Element = M.target(V))
      S.Gone[Element] = By;
  }
  if (Shifted) {
    S.Gone[All] = By;
    return;
  }
  std::vector<Sym> Known = M.lookupsIn(G.Where);
  // The first and the last one.
  for (const auto &[L, V] : S.Env)
    if (M.info(L).Parent == G.Where && M.info(L).Id &&
        M.info(L).Kind == Memory::LocKind::Field)
      Known.push_back(V);
  for (Sym V : Known)
    end(S, V, By);
}

std::vector<Sym> Simulation::walkersOver(const State &S, Loc Container,
                                         bool Loops) const {
  std::vector<Sym> Result;
  for (const auto &[L, V] : S.Env)
    if (const Memory::LocInfo &I = M.info(L);
        I.Kind == Memory::LocKind::Local && V && M.walkOf(L) == Container &&
        (!Loops || this->G.Locals[I.Id].Decl->isImplicit()))
      Result.push_back(V);
  return Result;
}

void Simulation::endElementOfKey(State &S, Loc Table, Sym Key, HandedBack By) {
  for (Sym At : walkersOver(S, Table, /*Loops=*/false))
    if (At != Key && M.dependsOn(Key, At))
      S.Gone[At] = By;
}

std::vector<Sym> Simulation::ownedBy(const State &S, Sym Object) const {
  std::vector<Sym> Result;
  for (Loc L : M.owners()) {
    Sym Holder = M.pointerTo(L);
    llvm::SmallVector<Sym, 4> Ways{Holder};
    if (Holder)
      M.ownersOf(Holder, Ways);
    if (!llvm::is_contained(Ways, Object) || isMovedFrom(S, L))
      continue;
    Sym V = load(S, L);
    if (V && V != Object && M.symbol(V).Kind != Memory::SymKind::Const &&
        S.truth(M, V) != std::optional<bool>(false))
      Result.push_back(V);
  }
  return Result;
}

std::vector<Simulation::Given>
Simulation::findGiven(State &S, const Op &O, llvm::ArrayRef<Running> Runs,
                      Sym Result) {
  std::vector<Given> Back;
  const KnownCall &K = known(O);
  for (const Running &R : Runs) {
    const KnownCall::Part &P = K.Parts[R.Part];
    for (unsigned I = P.FirstHandBack; R.Sure && I < P.LastHandBack; ++I) {
      const HandBackEffect &H = K.All.HandBacks[I];
      Given N;
      N.Index = I;
      N.When = R.When;
      N.Where = resolve(S, O, H.What, &N.V, P.Runs);
      if (H.Elements != ElementChange::None) {
        endElements(S, O, N, H);
        continue;
      }
      if (H.Handle) {
        Sym Key = 0;
        resolve(S, O, *H.Handle, &Key, P.Runs);
        if (Key && N.Where && N.When.empty() && H.When == Outcome::Always &&
            !H.OnlyIf && !H.Maybe)
          endElementOfKey(S, N.Where, Key, {O.Id, I});
        N.V = lookedUp(S, O, H.What, *H.Handle, P.Runs);
        N.Where = 0;
        // To remove what is not there does nothing.
        if (S.Gone.find(N.V))
          continue;
      } else if (H.HolderOfKey) {
        // The key may have been converted.
        while (N.V && M.symbol(N.V).Kind == Memory::SymKind::Derive)
          N.V = M.symbol(N.V).A;
        N.V = M.holderOf(N.V);
        N.Where = 0;
      } else if (H.Removed && N.Where && !S.Env.find(N.Where)) {
        continue; // nobody was given that element
      } else if (!H.Removed &&
                 llvm::is_contained(H.What.Steps, PathStep::index())) {
        continue; // which of the elements, the path does not say
      }
      if (H.What.Root == AccessPath::This && N.Where && isMovedFrom(S, N.Where))
        continue;
      if (!N.V || S.truth(M, N.V) == std::optional<bool>(false) ||
          M.symbol(N.V).Kind == Memory::SymKind::Const)
        continue;
      if (H.OnlyIf && !condition(S, O, *H.OnlyIf, P.Runs, N.When))
        continue;
      // Whoever looks at the result may know what it tells.
      if (H.Maybe && H.When == Outcome::Always && G.Calls[O.Index].ResultUsed)
        continue;
      addOutcome(H.When, Result, N.When);
      if (H.Maybe)
        N.When.push_back({M.derive(Result, Result, O.Id), true});
      if (llvm::any_of(N.When, [&](const auto &C) {
            return S.truth(M, C.first) == std::optional<bool>(!C.second);
          }))
        continue;
      if (Reporting)
        Client.onHandBack(*this, S, O, N.V, H);
      if (H.Maybe && S.Gone.find(N.V))
        continue;
      // The element is gone before the container has another one there.
      if (H.Removed && N.When.empty()) {
        end(S, N.V, {O.Id, I});
      } else {
        Back.push_back(std::move(N));
        addDependents(S, O, H, Back);
      }
    }
  }
  return Back;
}
