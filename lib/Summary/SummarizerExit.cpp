//===- SummarizerExit.cpp - What holds where a function returns -----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Summarizer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

void Summarizer::onExit(const Simulation &Sim, const State &S, RegValue Value) {
  Last = &Sim;
  Memory &M = Sim.memory();
  ExitState X;
  X.Gone = S.Gone;
  X.Locks = S.Locks;
  X.Dropped = S.Dropped;
  X.Ran = S.Ran;
  for (const auto &[V, F] : S.Facts)
    if (M.symbol(V).Kind == Memory::SymKind::Initial)
      if (auto Truth = S.truth(M, V))
        X.Known.push_back({V, *Truth});
  X.Value = Sim.valueOf(S, Value);
  if (X.Value) {
    X.Truth = S.truth(M, X.Value);
    Fact F = S.factAbout(M, X.Value);
    X.Equal = F.Equal;
    if (F.Known & (Fact::Negative | Fact::NonNegative))
      X.IsNegative = (F.Known & Fact::Negative) != 0;
  }
  for (const Candidate &C : Candidates)
    if (S.truth(M, C.V) == std::optional<bool>(false))
      X.Null.push_back(C.V);
  for (const auto &E : S.Env)
    X.Env.push_back(E);
  if (X.Value || !G.Function->getReturnType()->isVoidType())
    for (const OpenQuery &Q : S.Queries)
      if ((Q.Answer && X.Value && M.dependsOn(X.Value, Q.Answer)) ||
          !Q.Branches.empty())
        AnswersReturned.insert({Q.OpId, Q.Effect});
  Exits.push_back(std::move(X));
}

std::optional<Outcome> Summarizer::outcomeOf(
    llvm::function_ref<bool(const ExitState &)> Has,
    llvm::function_ref<bool(const ExitState &)> Ignore) const {
  bool Always = true, Any = false;
  bool TrueFits = true, FalseFits = true, NegFits = true, NonNegFits = true;
  for (const ExitState &X : Exits) {
    if (Ignore(X))
      continue;
    bool H = Has(X);
    Any |= H;
    Always &= H;
    TrueFits &= X.Truth && *X.Truth == H;
    FalseFits &= X.Truth && *X.Truth != H;
    NegFits &= X.IsNegative && *X.IsNegative == H;
    NonNegFits &= X.IsNegative && *X.IsNegative != H;
  }
  if (!Any)
    return std::nullopt;
  if (Always)
    return Outcome::Always;
  // The stronger statement first: zero says more than not negative.
  if (TrueFits)
    return Outcome::True;
  if (FalseFits)
    return Outcome::False;
  if (NegFits)
    return Outcome::Negative;
  if (NonNegFits)
    return Outcome::NonNegative;
  return std::nullopt;
}

/// What the result is whenever \p Has, if it may be that without, too: where it
/// fails, a function does not always get as far.
std::optional<Outcome> Summarizer::impliedBy(
    llvm::function_ref<bool(const ExitState &)> Has,
    llvm::function_ref<bool(const ExitState &)> Ignore) const {
  // Of a value that was compared with something else callers may know more.
  auto Truth = [](const ExitState &X) {
    return X.Equal || !X.IsNegative ? X.Truth : std::nullopt;
  };
  auto Negative = [](const ExitState &X) {
    return X.Equal ? X.IsNegative : std::nullopt;
  };
  auto Implied = [&](auto Of) -> std::optional<bool> {
    std::optional<bool> Value;
    for (const ExitState &X : Exits)
      if (!Ignore(X) && Has(X)) {
        std::optional<bool> Here = Of(X);
        if (!Here || (Value && *Value != *Here))
          return std::nullopt;
        Value = Here;
      }
    bool Differs = llvm::any_of(Exits, [&](const ExitState &X) {
      return !Ignore(X) && !Has(X) && Of(X) != Value;
    });
    return Differs ? Value : std::nullopt;
  };
  if (auto T = Implied(Truth))
    return *T ? Outcome::True : Outcome::False;
  if (auto N = Implied(Negative))
    return *N ? Outcome::Negative : Outcome::NonNegative;
  return std::nullopt;
}

/// Something that must have held before the call whenever \p Has of \p V, and
/// that is not enough for it; what the callers pass rather than what it leads
/// to.
std::optional<PathCondition>
Summarizer::neededFor(llvm::function_ref<bool(const ExitState &)> Has,
                      Sym V) const {
  const Memory &M = Last->memory();
  auto First = llvm::find_if(Exits, Has);
  std::optional<PathCondition> Found;
  for (const auto &Needed : First->Known) {
    auto Knows = [&](const ExitState &X) {
      return !Has(X) || llvm::is_contained(X.Known, Needed);
    };
    if (Needed.first == V || !llvm::all_of(Exits, Knows) ||
        llvm::all_of(Exits, [&](const ExitState &X) {
          return llvm::is_contained(X.Known, Needed);
        }))
      continue;
    auto P = M.pathOfValue(Needed.first, G);
    if (!P || (P->Root != AccessPath::This && P->Root != AccessPath::Param))
      continue;
    if (!Found || P->Steps.size() < Found->Where.Steps.size())
      Found = PathCondition{*P, Needed.second};
  }
  return Found;
}

/// Whether callers can see by something other than the result that \p Has: a
/// constant in a variable that they have, which is another one elsewhere.
bool Summarizer::isTold(llvm::function_ref<bool(const ExitState &)> Has) const {
  const Memory &M = Last->memory();
  auto Constant = [&](Sym V) -> std::optional<int64_t> {
    const Memory::SymInfo &I = M.symbol(V);
    return I.Kind == Memory::SymKind::Const ? std::optional<int64_t>(I.Value)
                                            : std::nullopt;
  };
  auto Tells = [&](const std::pair<Loc, Sym> &Entry) {
    std::optional<int64_t> Here = Constant(Entry.second);
    if (!Here || M.info(Entry.first).Kind == Memory::LocKind::Local)
      return false;
    return llvm::none_of(Exits, [&](const ExitState &X) {
      return !Has(X) && llvm::any_of(X.Env, [&](const auto &Other) {
        return Other.first == Entry.first && Constant(Other.second) == Here;
      });
    });
  };
  auto First = llvm::find_if(Exits, Has);
  return First != Exits.end() && llvm::any_of(First->Env, Tells);
}

/// What must have held before the call for \p Has, if the result does not say.
std::optional<PathCondition> Summarizer::conditionOf(
    llvm::function_ref<bool(const ExitState &)> Has,
    llvm::function_ref<bool(const ExitState &)> Ignore) const {
  const Memory &M = Last->memory();
  for (const auto &Candidate : Exits.front().Known) {
    Sym V = Candidate.first;
    bool Fits = true, FitsNot = true;
    for (const ExitState &X : Exits) {
      if (Ignore(X))
        continue;
      auto It =
          llvm::find_if(X.Known, [&](const auto &K) { return K.first == V; });
      bool Known = It != X.Known.end();
      Fits &= Known && It->second == Has(X);
      FitsNot &= Known && It->second != Has(X);
    }
    if (Fits == FitsNot)
      continue;
    if (auto P = M.pathOfValue(V, G);
        P && (P->Root == AccessPath::This || P->Root == AccessPath::Param))
      return PathCondition{*P, Fits};
  }
  return std::nullopt;
}

void Summarizer::addInvokes() {
  auto Never = [](const ExitState &) { return false; };
  for (auto &[V, E] : Invoked) {
    auto Has = [&, V = V](const ExitState &X) {
      return llvm::is_contained(X.Ran, V);
    };
    // `if (Fn) Fn();`: without one there is nothing to run.
    auto None = [&, V = V](const ExitState &X) {
      return llvm::is_contained(X.Known, std::make_pair(V, false));
    };
    E.Sure = llvm::all_of(
        Exits, [&](const ExitState &X) { return Has(X) || None(X); });
    if (!E.Sure)
      E.OnlyIf = conditionOf(Has, Never);
    E.Sure |= E.OnlyIf.has_value();
    Out.Effect.Invokes.push_back(std::move(E));
  }
}

/// The one constant that the function returns where it hands \p V back, if it
/// returns others elsewhere.
std::optional<int64_t> Summarizer::exactResult(Sym V) const {
  std::optional<int64_t> Result;
  for (const ExitState &X : Exits) {
    if (llvm::is_contained(X.Null, V) || !X.Gone.find(V))
      continue;
    if (!X.Equal || (Result && Result != X.Equal))
      return std::nullopt;
    Result = X.Equal;
  }
  return Result;
}

/// What the place where the function found \p V holds where it has handed it
/// back: still that, null, or something else.
void Summarizer::noteRenewal(Sym V, HandBackEffect &H) const {
  const Memory &M = Last->memory();
  const Memory::SymInfo &I = M.symbol(V);
  if (I.Kind != Memory::SymKind::Initial)
    return;
  H.Nulls = true;
  H.Renews = false;
  for (const ExitState &X : Exits) {
    if (!X.Gone.find(V))
      continue;
    Sym Holds = V;
    // A new whole has new parts.
    for (Loc L = I.Where; L && Holds == V; L = M.info(L).Parent)
      for (const auto &[At, Value] : X.Env)
        if (At == L && !M.isInitial(Value, L))
          Holds = Value;
    const Memory::SymInfo &Now = M.symbol(Holds);
    H.Renews = *H.Renews || Holds != V;
    H.Nulls &= Now.Kind == Memory::SymKind::Const && Now.Value == 0;
  }
}

/// Whether the function's result, which depends on what \p Query answered, says
/// how it fared with its own work: it adds to the same container, and returns a
/// number or a truth value.
bool Summarizer::saysWhatItDid(const ContainerEffect &Query) const {
  QualType T = G.Function->getReturnType();
  if (!T->isIntegralOrEnumerationType() || Query.Of != StateKind::Container)
    return false;
  return llvm::any_of(Out.Effect.Containers, [&](const ContainerEffect &C) {
    return C.Kind == ContainerOpModel::Act && C.Object == Query.Object &&
           !isRemoval(C.Name);
  });
}

void Summarizer::finish() {
  Effects &E = Out.Effect;
  E.Known = true;
  E.Derefs = Derefs;
  if (Exits.empty() || !Last)
    return;
  Memory &M = Last->memory();

  for (Candidate &C : Candidates) {
    auto Has = [&](const ExitState &X) { return X.Gone.find(C.V) != nullptr; };
    auto Null = [&](const ExitState &X) {
      return llvm::is_contained(X.Null, C.V);
    };
    if (llvm::all_of(Exits,
                     [&](const ExitState &X) { return Null(X) || !Has(X); }))
      continue;
    auto When = outcomeOf(Has, Null);
    C.Effect.OnlyIf = When ? std::nullopt : conditionOf(Has, Null);
    bool Sure = When == Outcome::Always;
    // If the last reference frees it, every call drops one.
    C.Effect.Reference |= C.Effect.LastReference && !Sure;
    bool Counted = C.Effect.Reference && C.Effect.LastReference;
    if (Counted)
      C.Effect.Why = Evidence::Structural;
    if (!When && !C.Effect.OnlyIf && !Counted) {
      C.Effect.Maybe = true;
      // Whose reference it is that is dropped now and then, nobody can say.
      // Nor is it sure that what is only put somewhere is taken at once.
      bool Ends = C.Effect.Memory || C.Effect.Removed;
      bool Vague =
          C.Effect.Why < Evidence::Modelled && (C.Effect.Reference || !Ends);
      if (!C.Unheard && (Vague || C.Counted))
        continue;
      When = impliedBy(Has, Null);
      if (!When && !C.Unheard && isTold(Has))
        continue;
      if (!C.Unheard)
        C.Effect.OnlyIf = neededFor(Has, C.V);
    }
    C.Effect.LastReference = false;
    C.Effect.When = When.value_or(Outcome::Always);
    C.Effect.Exactly = exactResult(C.V);
    noteRenewal(C.V, C.Effect);
    // Memory that grows when it must: callers may know that it need not.
    if (C.Effect.Maybe && !C.Unheard && !C.Effect.Nulls &&
        C.Effect.Renews.value_or(false))
      continue;
    for (const LateUse &U : LateUses)
      if (U.Gone == C.V)
        if (auto P = M.pathOfValue(U.Pointer, G))
          E.LateUses.push_back({*P, C.Effect.What, U.Place});
    E.HandBacks.push_back(std::move(C.Effect));
  }

  // Locks that are held in the end and were not at first.
  std::vector<HeldLock> Held;
  for (const ExitState &X : Exits)
    for (const HeldLock &L : X.Locks)
      if (!L.Restored && !llvm::is_contained(Required, L.Mutex) &&
          !llvm::is_contained(Held, L))
        Held.push_back(L);
  for (const HeldLock &L : Held) {
    auto P = M.pathOf(L.Mutex, G);
    if (!P)
      continue;
    auto When = outcomeOf(
        [&](const ExitState &X) { return llvm::is_contained(X.Locks, L); },
        [](const ExitState &) { return false; });
    if (!When)
      continue;
    LockEffect Acquire;
    Acquire.Op = L.Asserted ? LockModel::AssertHeld : LockModel::Acquire;
    Acquire.Mutex = *P;
    Acquire.Mode = L.Mode;
    Acquire.When = *When;
    if (L.Owner) {
      // Released by whoever gets the guard: the caller of a function that
      // returns it, or the destructor of the object that keeps it.
      Acquire.OwnedByResult = llvm::all_of(Exits, [&](const ExitState &X) {
        if (X.Value == L.Owner)
          return true;
        return isa<CXXConstructorDecl>(G.Function) &&
               llvm::any_of(X.Env, [&](const auto &Entry) {
                 return Entry.second == L.Owner &&
                        M.symbol(M.pointerTo(Entry.first)).Kind ==
                            Memory::SymKind::This;
               });
      });
      if (!Acquire.OwnedByResult)
        continue;
    } else if (const auto *C = dyn_cast<CXXConstructorDecl>(G.Function)) {
      const CXXDestructorDecl *D = C->getParent()->getDestructor();
      Acquire.OwnedByResult = D && D->isUserProvided();
    }
    E.Locks.push_back(Acquire);
  }
  std::vector<Loc> Dropped;
  for (const ExitState &X : Exits)
    for (Loc L : X.Dropped)
      if (!llvm::is_contained(Dropped, L))
        Dropped.push_back(L);
  for (Loc L : Dropped) {
    auto P = M.pathOf(L, G);
    auto When = outcomeOf(
        [&](const ExitState &X) { return llvm::is_contained(X.Dropped, L); },
        [](const ExitState &) { return false; });
    if (!P || !When)
      continue;
    LockEffect Release;
    Release.Op = LockModel::Release;
    Release.Mutex = *P;
    Release.When = *When;
    E.Locks.push_back(Release);
  }

  for (auto &[Id, T] : Tried) {
    // Not to be second is an error: the caller's check is relied on.
    if (T.second)
      T.first.Kind = ContainerOpModel::Act;
    add(std::move(T.first));
  }
  for (auto &[Id, C] : Asked)
    if (AnswersReturned.count(Id) && !saysWhatItDid(C))
      add(std::move(C));

  addGuarded();
  addAssigns();
  addInvokes();

  // What the function returns, if that is the same on all paths.
  Sym Value = Exits.front().Value;
  if (!Value || E.ReturnsAlias ||
      llvm::any_of(Exits, [&](const ExitState &X) { return X.Value != Value; }))
    return;
  const Memory::SymInfo &I = M.symbol(Value);
  llvm::SmallVector<Sym, 4> Owners;
  M.ownersOf(Value, Owners);
  for (Sym Owner : Owners)
    if (auto P = M.pathOfValue(Owner, G); P && !Calls.throughElement(*P))
      E.Views.push_back(*P);
  if (G.Function->getReturnType()->isReferenceType()) {
    if (I.Kind == Memory::SymKind::Address)
      E.ReturnsAlias = M.pathOf(I.Where, G);
    else if (auto P = M.pathOfValue(Value, G))
      E.ReturnsAlias = P->then(PathStep::deref());
  } else if (I.Kind == Memory::SymKind::Address) {
    E.ReturnsAlias = M.pathOf(I.Where, G);
    E.ReturnsAddress = E.ReturnsAlias.has_value();
  } else {
    E.ReturnsAlias = M.pathOfValue(Value, G);
  }
  // Another element may be there the next time.
  if (E.ReturnsAlias && Calls.throughElement(*E.ReturnsAlias))
    E.ReturnsAlias.reset();
}

/// Values from outside and constants that the function leaves where its callers
/// see them: in its object, the result, what parameters and captures refer to,
/// static variables.
void Summarizer::addAssigns() {
  Memory &M = Last->memory();
  const ExitState &First = Exits.front();
  for (const auto &[L, V] : First.Env) {
    std::optional<AccessPath> To = M.pathOf(L, G);
    const Memory::LocInfo &I = M.info(L);
    if (I.Kind == Memory::LocKind::Field && !I.Id)
      continue;
    if (!To && I.Kind == Memory::LocKind::Field && First.Value &&
        I.Parent == M.temp(First.Value))
      To = AccessPath::result().then(PathStep::field({I.Id}));
    if (!To || To->Steps.size() > 4)
      continue;
    // Where a parameter itself is, callers do not see.
    if (To->Root == AccessPath::Param &&
        llvm::none_of(To->Steps, [](const PathStep &S) {
          return S.Kind == PathStep::Deref;
        }))
      continue;
    // Elements are not told apart outside.
    if (llvm::any_of(To->Steps, [](const PathStep &S) {
          return S.Kind == PathStep::Index;
        }))
      continue;
    // Where a pool keeps what it took back is its own business.
    if (First.Gone.find(V))
      continue;
    // What still holds what it did at first was only read.
    if (V == M.initial(L))
      continue;
    AssignEffect A;
    A.To = *To;
    if (M.symbol(V).Kind == Memory::SymKind::Const)
      A.Value = M.symbol(V).Value;
    else if (auto From = M.pathOfValue(V, G))
      A.From = *From;
    else
      continue;
    bool Always = llvm::all_of(Exits, [&, L = L, V = V](const ExitState &X) {
      return llvm::is_contained(X.Env, std::make_pair(L, V));
    });
    if (Always)
      Out.Effect.Assigns.push_back(std::move(A));
  }
}
