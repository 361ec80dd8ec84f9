//===- CheckThenActAtomics.cpp - Atomics that are tested, then set --------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "race/Support/Words.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// Whether the function that \p O calls says that its callers hold a lock, or
/// are one thread.
bool CheckThenActWatcher::isKept(const Op &O) const {
  return O.Callee && TU.scan().find(O.Callee) &&
         Facts.Kept.count(TU.entities().entity(O.Callee));
}

/// Whether \p F only makes, ends, converts or looks at an object of the
/// standard library: a guard, a string.
static bool isBookkeeping(const FunctionDecl *F) {
  const auto *M = dyn_cast<CXXMethodDecl>(F);
  return M && M->getParent()->isInStdNamespace() &&
         (isa<CXXConstructorDecl, CXXDestructorDecl>(M) || M->isConst());
}

/// Whether \p O calls the program's own code.
bool CheckThenActWatcher::isOwnCall(const Op &O) const {
  if (O.Kind != OpKind::Call || !O.Callee || TU.models().lookup(O.Callee) ||
      O.Callee->isInStdNamespace() || isBookkeeping(O.Callee) ||
      (O.Callee->getIdentifier() && soundsLikeReport(O.Callee->getName())))
    return false;
  // To wake once more than needed does no harm.
  const auto *M = dyn_cast<CXXMethodDecl>(O.Callee);
  const TypeModel *Of = M ? TU.models().lookup(M->getParent()) : nullptr;
  return !Of || Of->Kind != TypeModel::ConditionVariable;
}

/// Whether the block of \p O calls the program's own code too.
bool CheckThenActWatcher::doesMore(const Simulation &Sim, const Op &O) const {
  // To start a second thread is more than to wake one.
  auto Starts = [&](const Op &Other) {
    return llvm::any_of(Info.Starts, [&](const StartSite &Start) {
      return Other.Kind == OpKind::Call && Other.Node == Start.Call;
    });
  };
  return llvm::any_of(
      Sim.graph().Blocks[Sim.block()].Ops, [&](const Op &Other) {
        return Other.Id != O.Id && (isOwnCall(Other) || Starts(Other));
      });
}

/// Whether \p Q was only asked whether the count is below zero: that sets no
/// limit to whoever takes one, since zero passes too.
static bool isSanityTest(const Memory &M, const State &S, const OpenQuery &Q) {
  return !Q.ComparedWith.empty() && !S.truth(M, Q.Answer) &&
         llvm::all_of(Q.ComparedWith, [&](Sym With) {
           const Memory::SymInfo &I = M.symbol(With);
           return I.Kind == Memory::SymKind::Const && I.Value == 0;
         });
}

/// Whether the call \p O is given what \p Q was compared with.
bool CheckThenActWatcher::setsWhatWasComparedWith(const Simulation &Sim,
                                                  const Op &O,
                                                  const OpenQuery &Q) {
  const CallInfo *Call =
      O.Kind == OpKind::Call ? &Sim.graph().Calls[O.Index] : nullptr;
  for (unsigned I = 0; Call && I < Call->Args.size(); ++I)
    if (isComparedWith(Sim, Q, Sim.argument(*Call, I)))
      return true;
  return false;
}

/// Whether the act at \p O comes too late for the answer to \p Q.
///
/// Protocols of atomics are their authors' business: a hint, one writer, an
/// order that makes it right. A weaker order than the default shows that there
/// is one. Three patterns are none:
/// - a value is loaded, and what is computed from it is stored;
/// - a count is compared, and then changed without a look at what it was;
/// - a flag is tested and set, and more hangs on it than the store.
bool CheckThenActWatcher::isAtomicRace(const Simulation &Sim, const State &S,
                                       const Op &O, const ContainerEffect &Act,
                                       const OpenQuery &Q) const {
  const ContainerEffect &Query =
      Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect];
  if (Query.OrderGiven || Act.OrderGiven || isThreadsOwn(O) ||
      isThreadsOwn(Sim, Q.Object) || hasOneWriter(Sim, Q.Object) ||
      isOwnEnd(Sim, Q))
    return false;
  if (Act.Kind == ContainerOpModel::Atomic)
    return !Act.ResultUsed && decides(Sim, Q) &&
           (countsUp(Act.Name) ||
            (countsDown(Act.Name) && !isSanityTest(Sim.memory(), S, Q)));
  if (isComputedFrom(Sim, O, Q.Answer))
    return true;
  // The greater of two values may be overwritten by the smaller one.
  if (decides(Sim, Q) && setsWhatWasComparedWith(Sim, O, Q) &&
      Ordered.count(Q.OpId))
    return true;
  // What is set is what was compared with: to set it once more changes nothing.
  return decides(Sim, Q) && doesMore(Sim, O) && !hasStates(Sim, Q.Object) &&
         !setsWhatWasComparedWith(Sim, O, Q) && !givesTurnBack(Sim, S, O, Q);
}

/// Whether what the call \p O stores is zero, if that is known.
static std::optional<bool> storedTruth(const Simulation &Sim, const State &S,
                                       const Op &O) {
  if (O.Kind != OpKind::Call)
    return std::nullopt;
  const CallInfo &Call = Sim.graph().Calls[O.Index];
  // The value stands behind the address of the variable, or alone.
  unsigned At = Call.This < 0 ? 1 : 0;
  Sym V = At < Call.Args.size() ? Sim.argument(Call, At) : 0;
  return V ? S.truth(Sim.memory(), V) : std::nullopt;
}

/// Whether the flag that \p Q asked for is set the other way at \p O, under a
/// lock that was only taken then, and nobody looked again: who waited for the
/// lock does the same work once more. The order of the operations is no help.
bool CheckThenActWatcher::isTurnTakenTwice(const Simulation &Sim,
                                           const State &S, const Op &O,
                                           const ContainerEffect &Act,
                                           const OpenQuery &Q) const {
  if (S.Locks.empty() || !Q.Under.empty() || MayBeLocked || AtEnd ||
      Act.Kind != ContainerOpModel::Act || Act.Place.isValid() || !Q.Answer ||
      LookedAgain.count(Q.Object) || hasStates(Sim, Q.Object))
    return false;
  std::optional<bool> Found = S.truth(Sim.memory(), Q.Answer);
  std::optional<bool> Set = storedTruth(Sim, S, O);
  return Found && Set && *Found != *Set && decides(Sim, Q) && doesMore(Sim, O);
}

void CheckThenActWatcher::onAtomic(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Act,
                                   Loc Object) {
  noteHandshake(Sim, S, O, Act, Object);
  noteCountUnderLock(Sim, S, Act, Object);
  noteUnderLock(Sim, S, Object,
                Act.Kind == ContainerOpModel::Atomic && countsUp(Act.Name));
  if (Act.Kind == ContainerOpModel::Atomic && countsUp(Act.Name))
    noteRaised(Sim, S, O, Object);
  if (Act.Kind == ContainerOpModel::Query)
    noteFlagRead(Sim, S, Object);
  else if (Act.Kind == ContainerOpModel::Act)
    noteFlagSet(Sim, S, O, Object, storedTruth(Sim, S, O));
  // What a callee does only under some condition of its own is its business.
  if ((Act.Kind != ContainerOpModel::Act &&
       Act.Kind != ContainerOpModel::Atomic) ||
      Act.Conditional || Act.Rechecks || isKept(O) ||
      (Act.RechecksIfLocked && !S.Locks.empty()) || isFresh(Sim, Object))
    return;
  auto Asked = [&](const OpenQuery &Q) {
    return Q.Effect != OpenQuery::PlainRead && !Q.Changes &&
           Q.Object == Object && Q.OpId != O.Id;
  };
  for (const OpenQuery &Q : S.Queries)
    if (Asked(Q) && !Q.HeldSince.empty())
      return;
  for (const OpenQuery &Q : S.Queries) {
    if (!Asked(Q) || !isAtomicRace(Sim, S, O, Act, Q))
      continue;
    std::optional<Why> Shared = sharedBecause(Sim, S, O, Act, Q);
    if (Shared && Reported.insert(identity(Sim.memory(), Object)).second)
      reportPair(Sim, S, O, Act, Object, Q, *Shared);
  }
  for (const OpenQuery &Q : S.Queries)
    if (Asked(Q) && isTurnTakenTwice(Sim, S, O, Act, Q) &&
        Reported.insert(identity(Sim.memory(), Object)).second)
      reportPair(Sim, S, O, Act, Object, Q,
                 {nameOfOp(Sim, O) + " is done under '" +
                      nameOf(Sim, S.Locks.front().Mutex) + "', but " +
                      nameOfQuery(Sim, Sim.op(Q.OpId)) +
                      " was asked without it",
                  Evidence::Structural});
}
