//===- Summarizer.h - From a simulation to a summary ------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_SUMMARIZER_H
#define RACE_LIB_SUMMARY_SUMMARIZER_H

#include "race/Summary/EffectsClient.h"
#include "race/Summary/FunctionSummary.h"
#include "race/Summary/TranslationUnit.h"
#include "llvm/ADT/DenseSet.h"
#include <set>

namespace race {

/// Whether threads can get into each other's way at \p D: not at atomics,
/// constants, locks, or what each thread has for itself.
bool canBeRacedOn(const clang::ValueDecl *D, const Models &M);

/// The state whose accesses are worth a line.
struct Interest {
  const llvm::DenseSet<EntityId> &States;
  bool All;
  const Models &M;
  bool contains(EntityId E) const { return All || States.contains(E); }
};

/// Whether the C library keeps a result of \p F where the next call, of
/// whatever thread, changes it. The entity of the function stands for it.
bool hasHiddenState(const clang::FunctionDecl *F);

/// Watches the simulation of one function and writes down what its callers and
/// the program should know.
class Summarizer : public EffectsClient {
public:
  Summarizer(const FlowGraph &G, const CallEffects &Calls,
             EntityMapper &Entities, Interest Interesting,
             const FunctionInfo &Info, FunctionSummary &Out)
      : EffectsClient(Calls, G.Function), G(G), Entities(Entities),
        Interesting(Interesting), Info(Info), Out(Out),
        Put(Calls.structuralPut(G.Function)) {}

  /// Completes the summary; call after the simulation.
  void finish();

  FlowHints hints() const;

  void onUse(const Simulation &, const State &, const Op &, Sym,
             UseKind) override {
    UsesAfterHandBack = true;
  }
  Effects effectsOf(const Op &O, const CallInfo &Call) override;
  bool storeHandsBack(const Simulation &Sim, const Op &O, Loc L,
                      Sym V) override;
  void onEntry(const Simulation &Sim, State &S) override;
  void onAccess(const Simulation &Sim, const State &S, const Op &O, Loc L,
                bool Write) override;
  void onHandBack(const Simulation &Sim, const State &S, const Op &O, Sym V,
                  const HandBackEffect &E) override;
  void onLook(const Simulation &Sim, const State &S, const Op &O,
              Sym V) override;
  void onContainer(const Simulation &Sim, const State &S, const Op &O,
                   const ContainerEffect &E, Loc Object, Sym Key) override;
  void onCall(const Simulation &Sim, const State &S, const Op &O,
              const CallInfo &Call) override;
  void onLock(const Simulation &Sim, const State &S, const Op &O,
              const LockEffect &E, Loc Mutex) override;
  void onBranch(const Simulation &Sim, const State &S, Sym C) override;
  void onRun(const Simulation &Sim, const Op &O, Sym Callable) override;
  void onExit(const Simulation &Sim, const State &S, RegValue Value) override;

private:
  struct Candidate {
    HandBackEffect Effect;
    Sym V;
    /// The call that does it tells whether it did, and nobody looks.
    bool Unheard = false;
    /// It depends on a count that the function itself has changed.
    bool Counted = false;
  };
  /// What was looked at while something else was handed back.
  struct LateUse {
    Sym Gone, Pointer;
    Anchor Place;
  };
  /// What holds where the function returns.
  struct ExitState {
    FlatMap<Sym, HandedBack> Gone;
    std::vector<HeldLock> Locks;
    std::vector<Loc> Dropped;
    std::vector<Sym> Ran;
    /// What is known of what was there at first.
    std::vector<std::pair<Sym, bool>> Known;
    std::vector<Sym> Null;
    std::optional<bool> Truth;
    std::optional<bool> IsNegative;
    std::optional<int64_t> Equal;
    Sym Value = 0;
    std::vector<std::pair<Loc, Sym>> Env;
  };

  Anchor anchor(const Op &O) const;
  llvm::SmallVector<AccessPath, 1> locksHeld(const Simulation &Sim,
                                             const State &S) const;
  std::optional<Outcome>
  outcomeOf(llvm::function_ref<bool(const ExitState &)> Has,
            llvm::function_ref<bool(const ExitState &)> Ignore) const;
  std::optional<Outcome>
  impliedBy(llvm::function_ref<bool(const ExitState &)> Has,
            llvm::function_ref<bool(const ExitState &)> Ignore) const;
  std::optional<PathCondition>
  neededFor(llvm::function_ref<bool(const ExitState &)> Has, Sym V) const;
  bool isTold(llvm::function_ref<bool(const ExitState &)> Has) const;
  std::optional<PathCondition>
  conditionOf(llvm::function_ref<bool(const ExitState &)> Has,
              llvm::function_ref<bool(const ExitState &)> Ignore) const;
  void addInvokes();
  void add(ContainerEffect E);
  std::optional<int64_t> exactResult(Sym V) const;
  void noteRenewal(Sym V, HandBackEffect &H) const;
  std::optional<AccessPath> pathOfKey(const Memory &M, Sym Key) const;
  bool saysWhatItDid(const ContainerEffect &Query) const;
  void addAssigns();
  static std::optional<AccessPath> pathFromElsewhere(const Memory &M, Loc L);
  bool isOwnObject(const Simulation &Sim, RegValue Object) const;
  bool isLeaked(const clang::VarDecl *V) const {
    return !Info.Starts.empty() && Info.LeakedLocals.contains(V);
  }
  void describeObject(const Simulation &Sim, RegValue Object,
                      CallSummary &C) const;
  AccessPath wholeLock(AccessPath P) const;
  template <class Summary>
  void describeLocks(const Simulation &Sim, const State &S, Summary &Out) const;
  std::optional<AccessPath> lockPath(const Memory &M, Loc L) const;
  void noteAccess(const Simulation &Sim, const State &S, const Op &O,
                  AccessPath P, bool Write);
  void noteArguments(const Simulation &Sim, const State &S, const Op &O,
                     const CallInfo &Call);
  void noteGuarded(const Simulation &Sim, const State &S, const Op &O, Loc L,
                   bool Write);
  bool searchesFrom(const Op &O) const;
  bool isAtZero(const Op &O) const;
  static bool isCounted(const Simulation &Sim, const State &S);
  void addGuarded();
  void noteRechecks(const Simulation &Sim, const State &S, Loc Object, Sym Key,
                    ContainerEffect &X);
  void noteParamUse(const Simulation &Sim, Sym V);

  const FlowGraph &G;
  EntityMapper &Entities;
  const Interest Interesting;
  const FunctionInfo &Info;
  FunctionSummary &Out;
  /// Set if the function is the put of a pool that was found by structure.
  const StructuralPut *Put;
  std::vector<Candidate> Candidates;
  std::vector<LateUse> LateUses;
  std::vector<ExitState> Exits;
  std::vector<std::pair<Sym, InvokeEffect>> Invoked;
  std::vector<Loc> Required;
  /// Operations that ask and change in one, and whether their failure ends the
  /// function with an error.
  std::map<unsigned, std::pair<ContainerEffect, bool>> Tried;
  std::set<std::pair<unsigned, unsigned>> AnswersReturned;
  std::vector<std::pair<std::pair<unsigned, unsigned>, ContainerEffect>> Asked;
  uint32_t Derefs = 0;
  bool UsesAfterHandBack = false, Queries = false, Acts = false, Walks = false,
       AsksTwice = false;
  /// Plain state that a function was asked for, by the call.
  std::map<Loc, unsigned> GivenBy;
  /// Entities of plain state.
  std::set<uint32_t> ReadUnlocked, ReadLocked, SetUnlocked, SetLocked;
  /// The first operation that took each lock, and whether another took one of
  /// them again.
  std::map<Loc, unsigned> Taken;
  bool TakesAgain = false;
  bool WaitsOnce = false; ///< waits for a notification, and in no loop
  /// Plain state that is read and set under the lock that lies beside it.
  std::map<Loc, ContainerEffect> GuardedReads, GuardedActs;
  std::set<Loc> Counted;
  /// The branches on which acts on a container without a key hang, and the
  /// operations that took the lock around both; 0 if there is none.
  std::map<Loc, std::set<std::pair<unsigned, int>>> Rechecked;
  bool ChangesShared = false;
  const Simulation *Last = nullptr;
};

} // namespace race

#endif // RACE_LIB_SUMMARY_SUMMARIZER_H
