//===- CheckThenActWatcher.h - Check-then-act, one function -----*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_ANALYSIS_CHECKTHENACTWATCHER_H
#define RACE_LIB_ANALYSIS_CHECKTHENACTWATCHER_H

#include "race/Analysis/Finding.h"
#include "race/Analysis/SourceText.h"
#include "race/Summary/EffectsClient.h"
#include "race/Summary/TranslationUnit.h"
#include <map>
#include <set>

namespace race {

/// Which mutexes are held where a container is changed, in all of the
/// translation unit.
using GuardTable = std::map<EntityId, std::set<EntityId>>;

/// Watches the simulation of one function for acts that rely on an answer which
/// may be stale. What is asked and changed is of three kinds, each judged in a
/// file of its own: containers, atomics, and plain fields and variables.
class CheckThenActWatcher : public EffectsClient {
public:
  /// \param CalledLocked every caller is known to hold a lock.
  CheckThenActWatcher(TranslationUnit &TU, const FlowFunction &F,
                      const GuardTable &ChangedUnder, bool CalledLocked);

  void onContainer(const Simulation &Sim, const State &S, const Op &O,
                   const ContainerEffect &Act, Loc Object, Sym Key) override;
  void onAccess(const Simulation &Sim, const State &S, const Op &O, Loc L,
                bool Write) override;
  bool tracksRead(const Simulation &Sim, Loc L) override;
  void onLock(const Simulation &Sim, const State &S, const Op &O,
              const LockEffect &E, Loc Mutex) override;
  void onBranch(const Simulation &Sim, const State &S, Sym C) override;

  /// Adds what can only be said at the end of the run.
  void finish();

  /// Whether the run showed what only a second one can judge: plain state that
  /// is set under a lock, and operations whose failure is an error.
  bool wantsSecondRun() const {
    return !SetUnderLock.empty() || !FailureEnds.empty();
  }

  std::vector<Finding> Found;

private:
  /// Why others can get in between, in words.
  struct Why {
    std::string Text;
    Evidence Grade;
  };

  // What all kinds have in common: CheckThenAct.cpp.
  bool decides(const Simulation &Sim, const OpenQuery &Q) const;
  bool isFresh(const Simulation &Sim, Loc Object) const;
  std::string nameOf(const Simulation &Sim, Loc L) const;
  Finding start(const Simulation &Sim, const Op &At) const;

  // Containers: CheckThenActContainers.cpp.
  bool sameKey(const Simulation &Sim, const OpenQuery &Q, Sym Key) const;
  bool relies(const Simulation &Sim, const Op &O, const OpenQuery &Q) const;
  std::optional<Why> sharedBecause(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Act,
                                   const OpenQuery &Q) const;
  bool mayRelyOn(const Simulation &Sim, const Op &O, const ContainerEffect &Act,
                 Loc Object, Sym Key, const OpenQuery &Q) const;
  void reportContainer(const Simulation &Sim, const Op &O,
                       const ContainerEffect &Act, Loc Object,
                       const OpenQuery &Q, const Why &Shared);

  // Atomics: CheckThenActAtomics.cpp.
  bool doesMore(const Simulation &Sim, const Op &O) const;
  bool reliesOnAtomic(const Simulation &Sim, const Op &O,
                      const OpenQuery &Q) const;

  // Plain fields and variables: CheckThenActPlain.cpp.
  bool isPlainState(const Simulation &Sim, Loc L) const;
  void reportTestOutsideLock(const Simulation &Sim, const Op &Read,
                             const Op &Write, Loc L, Loc Mutex);

  TranslationUnit &TU;
  const GuardTable &ChangedUnder;
  /// Callers hold locks, or something here may take one, unseen.
  bool MayBeLocked;
  /// Stopping is most often the work of one thread.
  bool AtEnd;
  std::set<uint32_t> Reported;
  /// Operations that ask and change in one; those whose failure is an error,
  /// so that being second does harm, found by a first run.
  std::set<unsigned> Tried, FailureEnds;
  /// Containers that were asked without the lock that is then taken on the
  /// strength of the answer, with the finding; dropped if they are asked again.
  std::map<uint32_t, Finding> AskedOutside;
  /// The plain state that the function sets under a lock; found by a first run.
  std::set<EntityId> SetUnderLock;
};

/// A number for the field or variable that \p L is, the same in every run.
uint32_t identity(const Memory &M, Loc L);

/// Whether \p Mutex guards what lies beside it: it is a member of an object
/// that \p L is a part of too, or both are variables of the file. A lock that
/// belongs to another object is held for that one's sake.
bool isBeside(const Memory &M, Loc Mutex, Loc L);

} // namespace race

#endif // RACE_LIB_ANALYSIS_CHECKTHENACTWATCHER_H
