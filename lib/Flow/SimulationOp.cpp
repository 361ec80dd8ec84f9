//===- SimulationOp.cpp - What an operation does to a state ---------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/Simulation.h"
#include "race/Support/Words.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/LambdaCapture.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace race;

RegValue Simulation::reg(Reg R) const {
  if (R < 0)
    return {};
  const RegValue *V = Now->Regs.find(R);
  return V ? *V : RegValue();
}

void Simulation::set(State &S, Reg R, RegValue V) {
  if (R != NoReg)
    S.Regs[R] = V;
}

Loc Simulation::asLocation(RegValue V) const {
  return V.L ? V.L : V.S ? M.temp(V.S) : 0;
}

Sym Simulation::asValue(State &S, RegValue V, unsigned OpId) {
  if (V.S)
    return V.S;
  return V.L ? load(S, V.L) : M.unknown(OpId);
}

Sym Simulation::load(const State &S, Loc L) const { return S.load(M, L); }

Sym Simulation::valueOf(const State &S, RegValue V) const {
  return V.S ? V.S : V.L ? load(S, V.L) : 0;
}

void Simulation::store(State &S, Loc L, Sym V, unsigned OpId) {
  if (!L)
    return;
  // A new whole has new parts.
  S.Env.eraseIf([&](const auto &P) {
    return P.first != L && M.rootOf(P.first) == M.rootOf(L) &&
           M.isWithin(P.first, L);
  });
  S.Env[L] = V;
  if (Loc Within = M.positionIn(V);
      Within && M.info(L).Kind == Memory::LocKind::Local)
    M.setWalk(L, Within);
  // Through another pointer the same field of the same object may be seen; and
  // a pointer to a pointer that an object keeps leads to what links it in.
  const Memory::LocInfo &I = M.info(L);
  Sym Linked = I.Kind == Memory::LocKind::Pointee ? M.holderOf(I.Id) : 0;
  if (!Linked && (I.Kind != Memory::LocKind::Field || !M.pointerTo(L)))
    return;
  std::vector<Loc> Aliases;
  for (const auto &[X, Y] : S.Env) {
    const Memory::LocInfo &O = M.info(X);
    Memory::LocKind Root = M.info(M.rootOf(X)).Kind;
    if (X != L && O.Kind == Memory::LocKind::Field && Y != V &&
        (Linked ? Y == Linked : O.Id == I.Id) &&
        (Root == Memory::LocKind::Pointee || Root == Memory::LocKind::Global))
      Aliases.push_back(X);
  }
  if (!Aliases.empty())
    forget(S, Aliases, OpId);
}

void Simulation::forget(State &S, llvm::ArrayRef<Loc> Changed, unsigned OpId) {
  llvm::SmallVector<Loc, 16> All;
  llvm::SmallDenseSet<Loc, 16> Outer(Changed.begin(), Changed.end());
  for (const auto &Entry : S.Env) {
    unsigned Steps = 0;
    for (Loc L = Entry.first; L && Steps < 64; L = M.enclosing(L), ++Steps)
      if (Outer.contains(L)) {
        All.push_back(Entry.first);
        break;
      }
  }
  for (Loc L : Changed)
    if (L && M.info(L).Depth <= Memory::MaxDepth && !S.Env.find(L))
      All.push_back(L);
  // While a lock is held, nobody puts another one in its place.
  if (!S.Locks.empty())
    llvm::erase_if(All, [&](Loc X) {
      Sym V = S.load(M, X);
      return V && S.holds(M.pointee(V));
    });
  llvm::SmallVector<Sym, 16> Known;
  for (Loc X : All) {
    size_t Before = M.numSymbols();
    Sym New = M.changed(OpId, X);
    if (M.numSymbols() == Before)
      Known.push_back(New);
  }
  S.renew(M, Known);
  for (Loc X : All)
    S.Env[X] = M.changed(OpId, X);
}

Sym Simulation::fresh(State &S, unsigned OpId) {
  // What is made for the first time nobody can have kept.
  size_t Before = M.numSymbols();
  Sym V = M.unknown(OpId);
  if (M.numSymbols() == Before)
    S.renew(M, V);
  return V;
}

void Simulation::touch(State &S, const Op &O, Loc L, bool Write) {
  if (!L)
    return;
  if (!Write && O.Kind == OpKind::Load && Client.tracksRead(*this, L))
    track(S, O, L, load(S, L));
  Memory::LocKind K = M.info(M.rootOf(L)).Kind;
  bool Visible = K != Memory::LocKind::Local && K != Memory::LocKind::Temp;
  Sym Through = M.pointerTo(L);
  if (Reporting) {
    if (goneBehind(S, Through))
      Client.onUse(*this, S, O, Through, UseKind::Access);
    else if (Through && !S.Gone.empty())
      Client.onLook(*this, S, O, Through);
    if (Visible)
      Client.onAccess(*this, S, O, L, Write);
  }
  // Null leads nowhere.
  if (Through && !S.truth(M, Through))
    S.Facts[Through].Known |= Fact::NonZero;
  // What changes inside of a call is what its effects say.
  if (Write && Visible && O.Kind != OpKind::Call)
    claim(S, L);
}

void Simulation::claim(State &S, Loc Written) {
  llvm::erase_if(S.Queries, [&](const OpenQuery &Q) {
    return Q.Effect == OpenQuery::PlainRead && Q.Object == Written;
  });
  for (OpenQuery &Q : S.Queries)
    Q.Claimed |= !Q.HeldSince.empty();
}

OpenQuery Simulation::queryAt(const State &S, const Op &O, unsigned Effect,
                              Loc Object, Sym Answer) {
  OpenQuery Q;
  Q.OpId = O.Id;
  Q.Effect = Effect;
  Q.Object = Object;
  Q.Answer = Answer;
  for (const HeldLock &H : S.Locks)
    Q.HeldSince.push_back(H.Mutex);
  Q.Under = Q.HeldSince;
  if (!S.Locks.empty())
    Q.Section = S.Locks.front().OpId;
  return Q;
}

void Simulation::track(State &S, const Op &O, Loc L, Sym Answer) {
  S.ask(queryAt(S, O, OpenQuery::PlainRead, L, Answer));
}

void Simulation::execute(const Op &O, std::vector<State> &States, size_t I) {
  State &S = States[I];
  switch (O.Kind) {
  case OpKind::Local:
    return set(S, O.Dst, {M.local(O.Index), 0});
  case OpKind::Global:
    return set(S, O.Dst, {M.global(O.Entity), 0});
  case OpKind::Capture:
    return set(S, O.Dst, {M.capture(O.Entity), 0});
  case OpKind::This:
    return set(S, O.Dst, {0, M.thisValue()});
  case OpKind::Const:
    return set(S, O.Dst, {0, M.constant(O.Value)});
  case OpKind::Function:
    // To call a lambda is to name it again.
    if (llvm::isa_and_nonnull<clang::LambdaExpr>(O.Node)) {
      if (Reporting && !S.Gone.empty())
        reportKept(S, O);
      copyCaptures(S, O.Callee);
    }
    return set(S, O.Dst, {0, M.function(O.Callee)});
  case OpKind::Opaque: {
    Sym V = fresh(S, O.Id);
    if (O.NonNull)
      S.Facts[V].Known |= Fact::NonZero;
    return set(S, O.Dst, {0, V});
  }
  case OpKind::Field:
    return set(S, O.Dst, {M.field(asLocation(reg(O.A)), O.Entity), 0});
  case OpKind::Index: {
    RegValue At = reg(O.B);
    Sym Idx = At.S ? At.S : At.L ? load(S, At.L) : M.unknown(O.Id);
    return set(S, O.Dst, {M.index(asLocation(reg(O.A)), Idx), 0});
  }
  case OpKind::Deref: {
    Sym V = asValue(S, reg(O.A), O.Id);
    return set(S, O.Dst, {M.pointee(V), 0});
  }
  case OpKind::Load: {
    RegValue From = reg(O.A);
    if (!From.L)
      return set(S, O.Dst, From);
    touch(S, O, From.L, false);
    Sym V = load(S, From.L);
    if (!V) {
      V = fresh(S, O.Id);
    } else {
      S.Env[From.L] = V;
    }
    return set(S, O.Dst, {0, V});
  }
  case OpKind::AddrOf: {
    RegValue From = reg(O.A);
    return set(S, O.Dst, {0, M.address(asLocation(From))});
  }
  case OpKind::Copy:
    return set(S, O.Dst, reg(O.A));
  case OpKind::Derive: {
    Sym B = O.B < 0 ? 0 : asValue(S, reg(O.B), O.Id);
    Sym A = asValue(S, reg(O.A), O.Id);
    Sym V = M.derive(A, B, O.Id, unsigned(O.Value));
    if (M.isUnknown(V, O.Id))
      V = fresh(S, O.Id);
    // Further into the object that the pointer leads to.
    if (const auto *E = llvm::dyn_cast_or_null<clang::BinaryOperator>(O.Node);
        E && E->getOpcode() == clang::BO_Add && E->getType()->isPointerType())
      V = M.part(V, E->getLHS()->getType()->isPointerType() ? A : B);
    return set(S, O.Dst, {0, V});
  }
  case OpKind::Compare:
    return set(S, O.Dst,
               {0, M.compare(O.Cmp, asValue(S, reg(O.A), O.Id),
                             asValue(S, reg(O.B), O.Id))});
  case OpKind::Not: {
    Sym V = asValue(S, reg(O.A), O.Id);
    return set(S, O.Dst, {0, M.compare(Comparison::EQ, V, M.constant(0))});
  }
  case OpKind::Store: {
    Loc L = asLocation(reg(O.A));
    touch(S, O, L, true);
    Sym V = asValue(S, reg(O.B), O.Id);
    Memory::LocKind Root = M.info(M.rootOf(L)).Kind;
    if (Reporting && goneBehind(S, V) && Root != Memory::LocKind::Local &&
        Root != Memory::LocKind::Temp)
      Client.onUse(*this, S, O, V, UseKind::Stored);
    store(S, L, V, O.Id);
    if (V && Client.storeHandsBack(*this, O, L, V))
      S.Gone[V] = {O.Id, 0};
    return;
  }
  case OpKind::Change: {
    Loc L = asLocation(reg(O.A));
    touch(S, O, L, true);
    // A copy of an answer, counted up, is computed from it.
    Sym Made = 0;
    if (M.info(L).Kind == Memory::LocKind::Local && !S.Queries.empty()) {
      Sym Old = load(S, L), By = O.B < 0 ? 0 : asValue(S, reg(O.B), O.Id);
      if (isAnswer(S, Old) || isAnswer(S, By))
        Made = M.derive(Old, By, O.Id);
    }
    forget(S, L, O.Id);
    if (Made)
      S.Env[L] = Made;
    return;
  }
  case OpKind::Call:
    return executeCall(O, States, I);
  case OpKind::Move:
    if (Loc L = asLocation(reg(O.A)))
      S.Env[M.field(L, EntityId())] = M.constant(1);
    return;
  case OpKind::Destroy:
    return destroy(S, O);
  case OpKind::EndOfLife: {
    Loc L = M.local(O.Index);
    S.Env.eraseIf([&](const auto &P) { return M.rootOf(P.first) == L; });
    // In the next turn of a loop it is another variable.
    llvm::SmallVector<Sym, 4> Held;
    auto Note = [&](Sym V) {
      if (M.symbol(V).Kind == Memory::SymKind::Initial &&
          M.rootOf(M.symbol(V).Where) == L)
        Held.push_back(V);
    };
    for (const auto &[V, G] : S.Gone)
      Note(V);
    for (const auto &[V, F] : S.Facts)
      Note(V);
    S.renew(M, Held);
    return;
  }
  case OpKind::Return: {
    RegValue V = reg(O.A);
    if (Reporting) {
      if (goneBehind(S, V.S))
        Client.onUse(*this, S, O, V.S, UseKind::Returned);
      Client.onReturn(*this, S, O, V);
    }
    S.Regs[ReturnedReg] = V;
    S.ReturnedBy = O.Id + 1;
    return;
  }
  }
}

Sym Simulation::goneBehind(const State &S, Sym V) const {
  if (!V || S.Gone.empty() || S.Gone.find(V))
    return S.Gone.empty() ? 0 : V;
  // Of a part: the way to it.
  if (M.symbol(V).Kind == Memory::SymKind::Address) {
    V = M.pointerTo(M.symbol(V).Where);
    if (!V || S.Gone.find(V))
      return V;
  }
  llvm::SmallVector<Sym, 4> Owners;
  M.ownersOf(V, Owners);
  for (Sym Owner : Owners)
    if (S.Gone.find(Owner))
      return Owner;
  return 0;
}

/// What a lambda keeps it will look at when it runs.
void Simulation::reportKept(const State &S, const Op &O) {
  const auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(O.Callee);
  if (!Method || !Method->getParent()->isLambda())
    return;
  Effects E = effectsOfRun(O, O.Callee);
  for (unsigned I = 0; I < G.Locals.size(); ++I)
    if (llvm::is_contained(E.KeepsToUse, G.Locals[I].Entity))
      if (Sym V = load(S, M.local(I)); goneBehind(S, V))
        Client.onUse(*this, S, O, V, UseKind::Kept);
}

void Simulation::copyCaptures(State &S, const clang::FunctionDecl *F) {
  const auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(F);
  if (!Method || !Method->getParent()->isLambda())
    return;
  Loc Lambda = M.temp(M.function(F));
  for (const clang::LambdaCapture &C : Method->getParent()->captures()) {
    if (!C.capturesVariable() || C.getCaptureKind() != clang::LCK_ByCopy)
      continue;
    for (unsigned I = 0; I < G.Locals.size(); ++I)
      if (G.Locals[I].Decl == C.getCapturedVar())
        if (Sym V = load(S, M.local(I)))
          S.Env[M.field(Lambda, G.Locals[I].Entity)] = V;
  }
}

void Simulation::reportReturned(const State &S) {
  const RegValue *V = S.Regs.find(ReturnedReg);
  // A reference into it, perhaps.
  Sym Gone = V ? goneBehind(S, V->S) : 0;
  const HandedBack *Back = Gone ? S.Gone.find(Gone) : nullptr;
  if (!Back || !S.ReturnedBy || G.Function->getReturnType()->isRecordType())
    return;
  // What was gone at the return itself has been reported there.
  const Op &By = op(Back->OpId);
  if (By.Kind == OpKind::Call && G.Calls[By.Index].Destroyed >= 0)
    Client.onUse(*this, S, op(S.ReturnedBy - 1), V->S, UseKind::Returned);
}

Loc Simulation::inside(const AccessPath &P) const {
  Loc L = 0;
  Sym V = 0;
  switch (P.Root) {
  case AccessPath::Param:
    for (unsigned I = 0; I < G.Locals.size(); ++I)
      if (G.Locals[I].Param == int(P.Index))
        L = M.local(I);
    break;
  case AccessPath::This:
    V = M.thisValue();
    break;
  case AccessPath::Global:
    L = M.global(P.Entity);
    break;
  case AccessPath::Capture:
    L = M.capture(P.Entity);
    break;
  case AccessPath::Result:
  case AccessPath::Elsewhere:
    return 0;
  }
  for (const PathStep &Step : P.Steps) {
    if (Step.Kind == PathStep::Deref) {
      L = M.pointee(L ? M.initial(L) : V);
      V = 0;
      continue;
    }
    if (!L)
      return 0;
    L = Step.Kind == PathStep::Field ? M.field(L, Step.Entity) : M.index(L, 0);
  }
  return L;
}

void Simulation::destroy(State &S, const Op &O) {
  RegValue V = reg(O.A);
  Sym Object = V.S ? V.S : load(S, V.L);
  if (!Object)
    return;
  // What is returned lives on with the caller.
  const RegValue *Returned = S.Regs.find(ReturnedReg);
  if (Returned && Returned->S == Object)
    return;
  // What was moved from holds nothing.
  if (isMovedFrom(S, asLocation(V)))
    return;
  if (Reporting && !S.Gone.empty())
    for (const HeldLock &Lock : S.Locks)
      if (Sym Of = M.pointerTo(Lock.Mutex);
          Lock.Owner == Object && goneBehind(S, Of))
        Client.onUse(*this, S, O, Of, UseKind::Called);
  releaseOwned(S, Object);
}

bool Simulation::isNew(Sym Pointer) const {
  const Memory::SymInfo &I = M.symbol(Pointer);
  if (!Pointer || I.Kind != Memory::SymKind::Unknown)
    return false;
  const Op &O = op(I.Id);
  if (O.Kind == OpKind::Opaque)
    return O.NonNull;
  // RestrictAttr: declared to give memory that nobody else knows (`malloc`).
  return O.Callee && O.Callee->getIdentifier() &&
         (O.Callee->getName().starts_with("make_") ||
          O.Callee->hasAttr<clang::RestrictAttr>() ||
          soundsLikeAllocation(O.Callee->getName()));
}
