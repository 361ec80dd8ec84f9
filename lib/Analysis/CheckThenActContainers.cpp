//===- CheckThenActContainers.cpp - Containers that are asked -------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

bool CheckThenActWatcher::sameKey(const Simulation &Sim, const OpenQuery &Q,
                                  Sym Key) const {
  const Memory &M = Sim.memory();
  if (!Q.Key || !Key)
    return !Q.Key && !Key;
  return M.dependsOn(Q.Key, Key) || M.dependsOn(Key, Q.Key);
}

/// Whether the act at \p O is done because of what \p Q answered: on one
/// outcome of a branch only, or with a value that was computed from the answer.
bool CheckThenActWatcher::relies(const Simulation &Sim, const Op &O,
                                 const OpenQuery &Q) const {
  if (Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect].Atomic)
    return reliesOnAtomic(Sim, O, Q);
  if (decides(Sim, Q))
    return true;
  if (!Q.Answer || O.Kind != OpKind::Call)
    return false;
  const CallInfo &Call = Sim.graph().Calls[O.Index];
  for (unsigned I = 0; I < Call.Args.size(); ++I) {
    Sym V = Sim.argument(Call, I);
    const Memory::SymInfo &Info = Sim.memory().symbol(V);
    // What was asked is not the answer; a computed value is.
    if (V && Info.Kind == Memory::SymKind::Derive &&
        Sim.memory().dependsOn(V, Q.Answer))
      return true;
  }
  return false;
}

std::optional<CheckThenActWatcher::Why>
CheckThenActWatcher::sharedBecause(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Act,
                                   const OpenQuery &Q) const {
  std::vector<Loc> ActLocks;
  for (const HeldLock &L : S.Locks)
    ActLocks.push_back(L.Mutex);
  std::vector<Loc> Own;
  for (const AccessPath &P : Act.Locks)
    if (Loc L = Sim.resolve(S, O, P)) {
      ActLocks.push_back(L);
      Own.push_back(L);
    }
  const Op &Asked = Sim.op(Q.OpId);
  std::string Ask = calleeName(Sim, Asked), Do = calleeName(Sim, O);
  for (Loc L : ActLocks) {
    if (!llvm::is_contained(Q.Under, L))
      continue;
    std::string Mutex = nameOf(Sim, L);
    bool Each = llvm::is_contained(Own, L) && !S.holds(L);
    if (Each)
      return Why{"'" + Ask + "' and '" + Do + "' each lock '" + Mutex +
                     "' on their own",
                 Evidence::Structural};
    return Why{"'" + Mutex + "' is held at both, but released in between",
               Evidence::Structural};
  }
  if (Q.Synchronized && Act.Synchronized)
    return Why{"each operation of it is atomic, the two together are not",
               Evidence::Modelled};
  if (Q.Under.empty() && !ActLocks.empty() && !MayBeLocked) {
    std::string Mutex = nameOf(Sim, ActLocks.front());
    return Why{"'" + Do + "' is done under '" + Mutex + "', but '" + Ask +
                   "' was asked without it",
               Evidence::Structural};
  }
  return std::nullopt;
}

static bool isAddition(llvm::StringRef Name) {
  for (llvm::StringRef Prefix :
       {"push", "emplace", "insert", "append", "enqueue"})
    if (Name.starts_with(Prefix))
      return true;
  return false;
}

static bool isSizeQuery(llvm::StringRef Name) {
  return Name == "empty" || Name == "size";
}

/// Whether the act at \p O on \p Object can rely on the answer to \p Q.
bool CheckThenActWatcher::mayRelyOn(const Simulation &Sim, const Op &O,
                                    const ContainerEffect &Act, Loc Object,
                                    Sym Key, const OpenQuery &Q) const {
  if (Q.Effect == OpenQuery::PlainRead || Q.Object != Object ||
      Q.OpId == O.Id || !sameKey(Sim, Q, Key))
    return false;
  // What is added does not rely on there being nothing.
  if (!Q.Key && !Key && isAddition(Act.Name) &&
      isSizeQuery(Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect].Name))
    return false;
  return relies(Sim, O, Q);
}

void CheckThenActWatcher::onContainer(const Simulation &Sim, const State &S,
                                      const Op &O, const ContainerEffect &Act,
                                      Loc Object, Sym Key) {
  if (Act.Kind == ContainerOpModel::Query && !S.Locks.empty())
    AskedOutside.erase(identity(Sim.memory(), Object));
  // What a callee does to a flag only under some condition of its own.
  if (Act.Atomic && Act.Conditional)
    return;
  if (Act.Kind == ContainerOpModel::Atomic && !FailureEnds.count(O.Id)) {
    Tried.insert(O.Id);
    return;
  }
  if ((Act.Kind != ContainerOpModel::Act &&
       Act.Kind != ContainerOpModel::Atomic) ||
      Act.Rechecks || (Act.RechecksIfLocked && !S.Locks.empty()) ||
      isFresh(Sim, Object))
    return;
  // A check in the same critical section makes the earlier ones harmless.
  for (const OpenQuery &Q : S.Queries)
    if (!Q.HeldSince.empty() && ((Act.Atomic && Q.Object == Object) ||
                                 mayRelyOn(Sim, O, Act, Object, Key, Q)))
      return;
  for (const OpenQuery &Q : S.Queries) {
    if (!mayRelyOn(Sim, O, Act, Object, Key, Q))
      continue;
    std::optional<Why> Shared = sharedBecause(Sim, S, O, Act, Q);
    // One finding for each object: the others are the same story.
    if (Shared && Reported.insert(identity(Sim.memory(), Object)).second)
      reportContainer(Sim, O, Act, Object, Q, *Shared);
  }
}

void CheckThenActWatcher::reportContainer(const Simulation &Sim, const Op &O,
                                          const ContainerEffect &Act,
                                          Loc Object, const OpenQuery &Q,
                                          const Why &Shared) {
  const Op &Asked = Sim.op(Q.OpId);
  std::string Name = nameOf(Sim, Object);
  std::string Written = writtenObject(Sim, O);
  // The object whose methods lock is what the user sees.
  if (!Written.empty() && Written == writtenObject(Sim, Asked))
    Name = Written;
  if (Name.empty())
    Name = Written.empty() ? "container" : Written;
  std::string Ask = calleeName(Sim, Asked), Do = calleeName(Sim, O);

  Finding R = start(Sim, O);
  const ContainerEffect &Query = Sim.effects(Asked).Containers[Q.Effect];
  R.Why = std::min({Shared.Grade, Query.Why, Act.Why});
  R.Message = "check-then-act on '" + Name +
              "': another thread can change it between '" + Ask + "' and '" +
              Do + "'";
  Anchor AskPlace = placeOf(Sim, Asked);
  R.Notes.push_back({AskPlace, "checked here; " + Shared.Text});
  if (Act.Place.isValid())
    R.Notes.push_back({Act.Place, "'" + Do + "' changes it here"});
  R.Interleaving = {
      {1, AskPlace, "'" + Ask + "'"},
      {2, AskPlace, "'" + Ask + "' gives the same answer"},
      {2, R.Place, "'" + Do + "'"},
      {1, R.Place, "'" + Do + "' relies on an answer that is no longer true"}};
  Found.push_back(std::move(R));
}

void CheckThenActWatcher::onLock(const Simulation &Sim, const State &S,
                                 const Op &O, const LockEffect &E, Loc Mutex) {
  if (E.Op != LockModel::Acquire || !S.Locks.empty() || MayBeLocked)
    return;
  const Memory &M = Sim.memory();
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect == OpenQuery::PlainRead || !Q.Under.empty() ||
        Q.Synchronized || isFresh(Sim, Q.Object) ||
        !isBeside(M, Mutex, Q.Object) || !relies(Sim, O, Q))
      continue;
    auto Guards = ChangedUnder.find({identity(M, Q.Object)});
    if (Guards == ChangedUnder.end() ||
        !Guards->second.count({identity(M, Mutex)}))
      continue;
    const Op &Asked = Sim.op(Q.OpId);
    std::string Name = nameOf(Sim, Q.Object), Lock = nameOf(Sim, Mutex);
    Finding R = start(Sim, Asked);
    R.Message = "check-then-act on '" + Name + "': '" + calleeName(Sim, Asked) +
                "' asks it without '" + Lock + "', under which it is changed";
    R.Notes.push_back({placeOf(Sim, O), "'" + Lock +
                                            "' is taken here, when the answer "
                                            "may not be true any more"});
    AskedOutside.try_emplace(identity(M, Q.Object), std::move(R));
  }
}
