//===- CheckThenActClosing.cpp - What is added after the end --------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A flag says that something is closed. It is set under a lock, and whoever
// sets it goes on, under the same lock, to end all that is there. Who tests the
// flag first, then takes the lock and adds something, adds it after the end.
//
// Only both functions together show that: the one that adds without another
// look at the flag, and the one that closes and touches what is added.
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

static bool holds(const Memory &M, const State &S, EntityId Mutex) {
  return llvm::any_of(S.Locks, [&](const HeldLock &H) {
    return EntityId{identity(M, H.Mutex)} == Mutex;
  });
}

/// \p Mutex is about to be taken: which flags decided that?
void CheckThenActWatcher::noteEntry(const Simulation &Sim, const State &S,
                                    const Op &O, Loc Mutex) {
  const Memory &M = Sim.memory();
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Changes || !Q.Under.empty() || Sim.inLoop(Q.OpId) ||
        !isFlagQuery(Sim, Q) || isFresh(Sim, Q.Object) ||
        !isChangedUnder(Sim, Q.Object, Mutex) || !M.isBeside(Mutex, Q.Object) ||
        !decides(Sim, Q))
      continue;
    EntityId Flag{identity(M, Q.Object)}, Lock{identity(M, Mutex)};
    auto Same = [&](const Protocols::Entry &E) {
      return E.Test == Q.OpId && E.Mutex == Lock;
    };
    if (llvm::any_of(Seen.Entries, Same))
      continue;
    const Op &Test = Sim.op(Q.OpId);
    Protocols::Entry E;
    E.Test = Q.OpId;
    E.Flag = Flag;
    E.Mutex = Lock;
    E.Open = S.truth(M, Q.Answer);
    std::string Name = nameOf(Sim, Q.Object), LockName = nameOf(Sim, Mutex);
    E.What = start(Sim, Test, "tested before lock", Name);
    E.What.Message = "check-then-act on '" + Name + "': it is tested before '" +
                     LockName + "' is taken, under which it is set";
    E.What.Notes.push_back({placeOf(Sim, O), "'" + LockName +
                                                 "' is taken here; test '" +
                                                 Name + "' again under it"});
    E.What.Interleaving = {
        {1, E.What.Place, "finds '" + Name + "' as it should be"},
        {2,
         Anchor(),
         "sets '" + Name + "', and ends all that is there",
         {LockName}},
        {1, placeOf(Sim, O), "adds what nobody will end", {LockName}}};
    Seen.Entries.push_back(std::move(E));
  }
}

bool CheckThenActWatcher::isFlagQuery(const Simulation &Sim,
                                      const OpenQuery &Q) const {
  if (Q.Effect == OpenQuery::PlainRead) {
    const auto *V = dyn_cast_or_null<ValueDecl>(
        TU.entities().decl({identity(Sim.memory(), Q.Object)}));
    return V && V->getType()->isIntegralOrEnumerationType();
  }
  return Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect].Of ==
         StateKind::Atomic;
}

/// The flag is looked at under the lock: that is the look that counts.
void CheckThenActWatcher::noteFlagRead(const Simulation &Sim, const State &S,
                                       Loc Flag) {
  const Memory &M = Sim.memory();
  llvm::erase_if(Seen.Entries, [&](const Protocols::Entry &E) {
    return E.Flag == EntityId{identity(M, Flag)} && holds(M, S, E.Mutex);
  });
}

/// Whether \p O counts: what goes up and down says how much there is, and not
/// that it is over.
static bool counts(const Op &O) {
  if (const auto *U = dyn_cast_or_null<UnaryOperator>(O.Node))
    return U->isIncrementDecrementOp();
  const auto *C = dyn_cast_or_null<CompoundAssignOperator>(O.Node);
  return C && C->isAdditiveOp(
                  BinaryOperator::getOpForCompoundAssignment(C->getOpcode()));
}

/// The flag is set to something that \p Truth says of whether it is zero.
void CheckThenActWatcher::noteFlagSet(const Simulation &Sim, const State &S,
                                      const Op &O, Loc Flag,
                                      std::optional<bool> Truth) {
  const Memory &M = Sim.memory();
  EntityId Id{identity(M, Flag)};
  // Who sets it is no stranger to it.
  llvm::erase_if(Seen.Entries,
                 [&](const Protocols::Entry &E) { return E.Flag == Id; });
  if (counts(O))
    return;
  for (const HeldLock &H : S.Locks) {
    if (!M.isBeside(H.Mutex, Flag))
      continue;
    Protocols::Closing C;
    C.Flag = Id;
    C.Mutex = {identity(M, H.Mutex)};
    C.Set = Truth;
    C.By = F->getNameAsString();
    C.Place = placeOf(Sim, O);
    Seen.Closings.push_back(std::move(C));
  }
}

/// \p L is touched; \p Added if there is more of it after that.
void CheckThenActWatcher::noteUnderLock(const Simulation &Sim, const State &S,
                                        Loc L, bool Added) {
  if (S.Locks.empty() || (Seen.Entries.empty() && Seen.Closings.empty()))
    return;
  const Memory &M = Sim.memory();
  EntityId Touched{identity(M, L)};
  for (Protocols::Closing &C : Seen.Closings)
    if (C.Flag != Touched && holds(M, S, C.Mutex))
      C.Touched.insert(Touched);
  if (Added)
    for (Protocols::Entry &E : Seen.Entries)
      if (E.Flag != Touched && holds(M, S, E.Mutex))
        E.Added.insert(Touched);
}

/// The functions that are right alone, and not beside those that close.
void Protocols::judgeClosings(const EntityTable &Names,
                              std::vector<Finding> &Found) {
  for (Entry &E : Entries) {
    for (const Closing &C : Closings) {
      if (C.Flag != E.Flag || C.Mutex != E.Mutex ||
          (C.Set && E.Open && *C.Set == *E.Open))
        continue;
      auto Both = llvm::find_if(
          E.Added, [&](EntityId Id) { return C.Touched.count(Id) != 0; });
      if (Both == E.Added.end())
        continue;
      E.What.Notes.push_back(
          {C.Place,
           "'" + C.By + "' sets it under the lock, and then turns to '" +
               Names.display(*Both).str() + "', to which the other one adds"});
      E.What.Interleaving[1].Place = C.Place;
      Found.push_back(std::move(E.What));
      break;
    }
  }
}
