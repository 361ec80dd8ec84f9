//===- CheckThenActPlain.cpp - Plain state that is tested, then set -------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActFixes.h"
#include "CheckThenActWatcher.h"
#include "race/Summary/PlainState.h"
#include "race/Support/Words.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

bool CheckThenActWatcher::tracksRead(const Simulation &Sim, Loc L) {
  if (!Info.Searches.empty() && isListHead(Sim, L))
    return true;
  const Memory::LocInfo &I = Sim.memory().info(L);
  if (I.Kind != Memory::LocKind::Field && I.Kind != Memory::LocKind::Global)
    return false;
  if (SetUnderLock.count({I.Id}) || Bare.count({I.Id}))
    return true;
  if (!Info.StateSearches.empty() && Info.Locks &&
      llvm::any_of(Info.StateSearches, [&](const StateSearch &Search) {
        return Search.State == TU.entities().decl({I.Id});
      }))
    return true;
  // A flag that others set under a lock. A pointer is most often read to get
  // somewhere.
  if (!Info.Locks || !Facts.ChangedUnder.count({I.Id}))
    return false;
  if (Facts.Cleared.count({I.Id}))
    return true;
  const auto *V = dyn_cast_or_null<ValueDecl>(TU.entities().decl({I.Id}));
  return V && V->getType()->isIntegralOrEnumerationType();
}

bool CheckThenActWatcher::isPlainQuery(const Simulation &Sim,
                                       const OpenQuery &Q) const {
  // What is tracked for other reasons is no test of what is set here.
  EntityId Id{identity(Sim.memory(), Q.Object)};
  return Q.Effect == OpenQuery::PlainRead
             ? SetUnderLock.count(Id) || Bare.count(Id)
             : Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect].Of ==
                   StateKind::Plain;
}

/// What \p O sets or clears bits of by `|=` or `&=`, if that is constant: to do
/// so again changes nothing.
static std::optional<int64_t> constantBits(const Op &O, const ASTContext &Ctx) {
  const auto *E = dyn_cast_or_null<CompoundAssignOperator>(O.Node);
  Expr::EvalResult Bits;
  if (!E || (E->getOpcode() != BO_OrAssign && E->getOpcode() != BO_AndAssign) ||
      !E->getRHS()->EvaluateAsInt(Bits, Ctx))
    return std::nullopt;
  return Bits.Val.getInt().getExtValue();
}

/// Whether \p Answer is known to lack \p Bits in \p S.
static bool lacks(const Memory &M, const State &S, Sym Answer, int64_t Bits) {
  return llvm::any_of(S.Facts, [&](const auto &Known) {
    const Memory::SymInfo &I = M.symbol(Known.first);
    const Memory::SymInfo &Mask = M.symbol(I.B);
    return I.Kind == Memory::SymKind::Derive && I.A == Answer &&
           Mask.Kind == Memory::SymKind::Const && Mask.Value == Bits &&
           S.truth(M, Known.first) == std::optional<bool>(false);
  });
}

/// Whether the store or change at \p O is wrong if another thread has done the
/// same since \p Q was answered. Setting a flag once more is not: what was zero
/// must become something else, or what was read must be computed from.
bool CheckThenActWatcher::doesHarmTwice(const Simulation &Sim, const State &S,
                                        const Op &O, const OpenQuery &Q) const {
  if (O.Kind == OpKind::Change) {
    std::optional<int64_t> Bits = constantBits(O, TU.context());
    return decides(Sim, Q) &&
           (!Bits || lacks(Sim.memory(), S, Q.Answer, *Bits));
  }
  if (O.Kind != OpKind::Store || !Q.Answer)
    return false;
  const Memory &M = Sim.memory();
  Sym Set = Sim.reg(O.B).S;
  if (!Set)
    return false;
  if (Set != Q.Answer && M.dependsOn(Set, Q.Answer))
    return true;
  // `if (x > most) most = x`: the smaller one of two may stand. What is made of
  // it, such as the next time to do something, may just as well be a later one.
  if (Ordered.count(Q.OpId) && isComparedWith(Sim, Q, Set) && decides(Sim, Q))
    return true;
  return decides(Sim, Q) &&
         S.truth(M, Q.Answer) == std::optional<bool>(false) &&
         S.truth(M, Set) != std::optional<bool>(false);
}

void CheckThenActWatcher::onAccess(const Simulation &Sim, const State &S,
                                   const Op &O, Loc L, bool Write) {
  noteTouched(Sim, S, L, Write);
  if (O.Kind == OpKind::Store || O.Kind == OpKind::Change)
    for (const HeldLock &H : S.Locks)
      ChangedIn.insert(H.OpId);
  noteLook(Sim, Sim.memory().pointerTo(L), Look::Follow);
  onElement(Sim, S, O, L);
  onPointer(Sim, S, O, L, Write);
  if (Write && O.Kind != OpKind::Call && !Info.StateSearches.empty())
    onClaimed(Sim, S, O, L);
  if (Write && O.Kind != OpKind::Call)
    onOwned(Sim, S, O, L);
  Sym Set = Write && O.Kind == OpKind::Store ? Sim.reg(O.B).S : 0;
  if (Write && O.Kind != OpKind::Call)
    noteFlagSet(Sim, S, O, L, Set ? S.truth(Sim.memory(), Set) : std::nullopt);
  else if (O.Kind == OpKind::Load)
    noteFlagRead(Sim, S, L);
  if (Set && O.Kind == OpKind::Store)
    onInsertion(Sim, S, O, L, Set);
  bool Kept = Set && S.truth(Sim.memory(), Set) != std::optional<bool>(false);
  noteUnderLock(Sim, S, L, Kept || (Write && O.Kind == OpKind::Change));
  if (!Write || MayBeLocked || AtEnd || !TU.usesThreads() ||
      !isPlainState(Sim.memory(), L, TU.entities(), TU.models()) ||
      isFresh(Sim, L) || isGuardsOwn(Sim, L) || isThreadsOwn(O) ||
      isThreadsOwn(Sim, L))
    return;
  if (S.Locks.empty()) {
    onBareSet(Sim, S, O, L);
    return onUnlockedSet(Sim, S, O, L);
  }
  const Memory &M = Sim.memory();
  auto Guard = llvm::find_if(
      S.Locks, [&](const HeldLock &H) { return M.isBeside(H.Mutex, L); });
  if (Guard == S.Locks.end())
    return;
  SetUnderLock.insert({M.info(L).Id});
  onAfterWait(Sim, S, O, L, Set);
  bool LooksAgain = llvm::any_of(S.Queries, [&](const OpenQuery &Q) {
    return Q.Object == L && !Q.Branches.empty() &&
           llvm::is_contained(Q.HeldSince, Guard->Mutex);
  });
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Object != L || !isPlainQuery(Sim, Q) || Q.Claimed)
      continue;
    // "Is it mine already?": what is set is what the test asked for, and only
    // its owner can set it.
    Sym Set = O.Kind == OpKind::Store ? Sim.reg(O.B).S : 0;
    if (!Ordered.count(Q.OpId) && isComparedWith(Sim, Q, Set))
      continue;
    if (Q.Under.empty()) {
      // A first look, which spares the lock where there is nothing to take. To
      // use what is there is another thing: others may be half-way through it.
      bool Hint =
          LooksAgain && S.truth(M, Q.Answer) != std::optional<bool>(false);
      if (!Hint && decides(Sim, Q) && Reported.insert(identity(M, L)).second)
        reportTestOutsideLock(Sim, Sim.op(Q.OpId), O, L, Guard->Mutex);
      continue;
    }
    if (LooksAgain || !llvm::is_contained(Q.Under, Guard->Mutex) ||
        llvm::is_contained(Q.HeldSince, Guard->Mutex) ||
        !doesHarmTwice(Sim, S, O, Q) || !Reported.insert(identity(M, L)).second)
      continue;
    ContainerEffect Act;
    Act.Of = StateKind::Plain;
    std::string Mutex = nameOf(Sim, Guard->Mutex);
    reportPair(Sim, S, O, Act, L, Q,
               {"'" + Mutex + "' is held at both, but released in between",
                Evidence::Structural});
  }
}

/// Plain state is tested and set, and no lock is held at all.
void CheckThenActWatcher::onBareSet(const Simulation &Sim, const State &S,
                                    const Op &O, Loc L) {
  const Memory &M = Sim.memory();
  auto Why = Bare.find({identity(M, L)});
  if (Why == Bare.end())
    return;
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Object != L || Q.Effect != OpenQuery::PlainRead || !Q.Under.empty() ||
        !decides(Sim, Q) || !doesHarmTwice(Sim, S, O, Q) ||
        !Reported.insert(identity(M, L)).second)
      continue;
    ContainerEffect Act;
    Act.Of = StateKind::Plain;
    reportPair(Sim, S, O, Act, L, Q, {Why->second, Evidence::Structural});
  }
}

/// Plain state is set without a lock. Where it was tested under the lock under
/// which others set it, that lock was given up too early.
void CheckThenActWatcher::onUnlockedSet(const Simulation &Sim, const State &S,
                                        const Op &O, Loc L) {
  const Memory &M = Sim.memory();
  if (!Facts.ChangedUnder.count({identity(M, L)}))
    return;
  SetUnderLock.insert({M.info(L).Id});
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Object != L || !isPlainQuery(Sim, Q))
      continue;
    auto Guard = llvm::find_if(
        Q.Under, [&](Loc G) { return isChangedUnder(Sim, L, G); });
    if (Guard == Q.Under.end() || !doesHarmTwice(Sim, S, O, Q) ||
        !Reported.insert(identity(M, L)).second)
      continue;
    ContainerEffect Act;
    Act.Of = StateKind::Plain;
    reportPair(Sim, S, O, Act, L, Q,
               {"'" + nameOf(Sim, *Guard) + "' is held here, but not at " +
                    nameOfOp(Sim, O),
                Evidence::Structural});
  }
}

/// Whether all that \p Part does to members is to raise them.
static bool onlyRaises(const Stmt *Part, bool &Raises) {
  if (const auto *U = dyn_cast<UnaryOperator>(Part);
      U && U->isIncrementDecrementOp()) {
    if (!U->isIncrementOp())
      return false;
    Raises = true;
  } else if (const auto *B = dyn_cast<BinaryOperator>(Part);
             B && B->isAssignmentOp()) {
    if (B->getOpcode() != BO_AddAssign)
      return false;
    Raises = true;
  }
  return llvm::all_of(Part->children(), [&](const Stmt *Child) {
    return !Child || onlyRaises(Child, Raises);
  });
}

/// Whether the count that \p O raises stays right for \p Q whoever else raises
/// it: a loop waited until it was reached, as whoever waits for his turn does;
/// or it is asked only behind this, in each turn of a loop.
bool CheckThenActWatcher::staysReached(const Simulation &Sim, const Op &O,
                                       const OpenQuery &Q) const {
  const FunctionInfo *Body = O.Callee ? TU.scan().find(O.Callee) : nullptr;
  bool Raises = false;
  if (!Body || !onlyRaises(Body->Decl->getBody(), Raises) || !Raises)
    return false;
  int Act = Sim.block();
  if (!Sim.isAhead(Act, Sim.blockOf(Q.OpId)))
    return true;
  auto Waits = [&](int B) {
    const auto &Ways = Sim.graph().Blocks[B].Succs;
    return Ways.size() == 2 && !Sim.reaches(Act, B) &&
           (Ways[0] >= 0 && Sim.reaches(Ways[0], B)) !=
               (Ways[1] >= 0 && Sim.reaches(Ways[1], B));
  };
  return llvm::all_of(Q.Branches,
                      [&](int B) { return Waits(B) || !Sim.decides(B, Act); });
}

/// A function that sets plain state under its own lock is called.
void CheckThenActWatcher::onPlainAct(const Simulation &Sim, const State &S,
                                     const Op &O, const ContainerEffect &Act,
                                     Loc Object) {
  if (Act.Kind != ContainerOpModel::Act || MayBeLocked || AtEnd ||
      Act.Conditional || Act.Rechecks || isFresh(Sim, Object) ||
      soundsLikeEnd(calleeName(Sim, O)))
    return;
  for (const OpenQuery &Q : S.Queries)
    if (Q.Object == Object && !Q.HeldSince.empty())
      return;
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Object != Object || Q.OpId == O.Id || !isPlainQuery(Sim, Q) ||
        Q.Claimed || Q.Under.empty() || isOwnEnd(Sim, Q) ||
        staysReached(Sim, O, Q))
      continue;
    // A setter that is called twice does no harm by itself.
    bool Matters = isComputedFrom(Sim, O, Q.Answer) ||
                   (decides(Sim, Q) && (!Act.Alone || doesMore(Sim, O)));
    if (!Matters)
      continue;
    std::optional<Why> Shared = sharedBecause(Sim, S, O, Act, Q);
    if (Shared && Reported.insert(identity(Sim.memory(), Object)).second)
      reportPair(Sim, S, O, Act, Object, Q, *Shared);
  }
}

void CheckThenActWatcher::reportTestOutsideLock(const Simulation &Sim,
                                                const Op &Read, const Op &Write,
                                                Loc L, Loc Mutex) {
  std::string Name = nameOf(Sim, L), Lock = nameOf(Sim, Mutex);
  if (Name.empty() || Lock.empty())
    return;
  Finding R = start(Sim, Read, "tested outside lock", Name);
  R.Message = "check-then-act on '" + Name + "': it is tested without '" +
              Lock + "', under which it is set";
  R.Notes.push_back({placeOf(Sim, Write), "set here, holding '" + Lock + "'"});
  R.Notes.push_back({R.Place, "another thread can be half-way through what "
                              "the test stands for; test under the lock, or "
                              "make '" +
                                  Name + "' atomic and test it again there"});
  R.Interleaving = {{1, R.Place, "tests '" + Name + "'"},
                    {2, R.Place, "tests '" + Name + "', with the same answer"},
                    {2, placeOf(Sim, Write), "sets it", {Lock}},
                    {1,
                     placeOf(Sim, Write),
                     "sets it once more, unless it looks again first",
                     {Lock}}};
  R.Fix = fixCheckThenAct(Read, Write, StateKind::Plain, /*Outside=*/true,
                          TU.context(), TU.models());
  Found.push_back(std::move(R));
}
