//===- CheckThenActWatcher.h - Check-then-act, one function -----*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_ANALYSIS_CHECKTHENACTWATCHER_H
#define RACE_LIB_ANALYSIS_CHECKTHENACTWATCHER_H

#include "CheckThenActThreads.h"
#include "race/Analysis/Finding.h"
#include "race/Analysis/SourceText.h"
#include "race/Summary/EffectsClient.h"
#include "race/Summary/TranslationUnit.h"
#include <map>
#include <memory>
#include <set>

namespace race {

/// The variables and members by which something is reached, outermost first.
using FieldPath = std::vector<EntityId>;

/// What the rest of the translation unit says.
struct UnitFacts {
  GuardTable ChangedUnder;
  /// The same for what functions only look at, and all that it is a part of.
  GuardTable ReadUnder;
  /// Counts that somebody drops, and under which locks.
  GuardTable DroppedUnder;
  /// Pointers that somebody sets to null under a lock.
  std::set<EntityId> Cleared;
  /// Atomics that somebody changes by compare-and-exchange.
  std::set<EntityId> Swapped;
  /// Atomics that somebody stores to with a weaker order than the default.
  std::set<EntityId> StoredWeakly;
  /// Functions whose callers hold a lock, or that only one thread calls, as a
  /// comment says or all calls show.
  std::set<EntityId> Kept;
  /// Which functions take something out of a container.
  std::map<EntityId, std::vector<EntityId>> Removers;
  /// Containers that somebody makes smaller, or fills anew.
  std::set<EntityId> Shrunk;
  /// Containers out of which anybody can take any element at any time: a
  /// function for all does so by the key that it is given, whatever it finds.
  std::set<EntityId> FreelyRemoved;
  /// What functions change, and what else they ask and leave as it is.
  std::set<std::pair<FieldPath, FieldPath>> ChangedAgainst;
  std::unique_ptr<ThreadReach> Threads;
};

/// What functions do that is right or wrong only beside what others do. Kept
/// for each function, and judged when all were seen.
struct Protocols {
  /// A flag is tested, and only then a counter raised.
  struct Crossing {
    EntityId Flag, Counter;
    Finding What;
  };
  /// A counter is raised or dropped before Mutex is taken, or under it.
  struct Counted {
    EntityId Counter, Mutex;
    bool UnderMutex = false;
    /// What is used, or for a drop what is set, under Mutex after that.
    std::set<EntityId> Touched;
    Finding What;
  };
  /// A flag is tested, and only then Mutex taken, under which something is
  /// added.
  struct Entry {
    unsigned Test = 0;
    EntityId Flag, Mutex;
    /// Whether the flag was set where the function went on, if that is known.
    std::optional<bool> Open;
    std::set<EntityId> Added;
    Finding What;
  };
  /// A flag is set under Mutex, and after that something else is touched.
  struct Closing {
    EntityId Flag, Mutex;
    std::optional<bool> Set;
    std::set<EntityId> Touched;
    std::string By;
    Anchor Place;
  };
  /// A count is raised after Mutex was released, under which was found what it
  /// belongs to.
  struct Late {
    EntityId Counter, Mutex;
    Finding What;
  };
  std::vector<Late> RaisedLate;
  /// (flag, counter): sets the flag, then waits for the counter.
  std::set<std::pair<EntityId, EntityId>> RaiseThenWait;
  std::vector<Crossing> TestThenCount;
  std::vector<Counted> Up, Down;
  std::vector<Entry> Entries;
  std::vector<Closing> Closings;

  void take(Protocols Other);
  std::vector<Finding> judge(const EntityTable &Names);

private:
  void judgeClosings(const EntityTable &Names, std::vector<Finding> &Found);
};

/// Whether an atomic operation of this name counts up, or down.
bool countsUp(llvm::StringRef Name);
bool countsDown(llvm::StringRef Name);

/// Watches the simulation of one function for acts that rely on an answer which
/// may be stale. What is asked and changed is of three kinds, each judged in a
/// file of its own: containers, atomics, and plain fields and variables.
class CheckThenActWatcher : public EffectsClient {
public:
  /// The state that threads get at here without a lock, and why, in words.
  using BareState = std::map<EntityId, std::string>;

  CheckThenActWatcher(TranslationUnit &TU, const FunctionInfo &F,
                      const UnitFacts &Facts, const BareState &Bare = {});

  void onEntry(const Simulation &Sim, State &S) override;
  void onContainer(const Simulation &Sim, const State &S, const Op &O,
                   const ContainerEffect &Act, Loc Object, Sym Key) override;
  void onAccess(const Simulation &Sim, const State &S, const Op &O, Loc L,
                bool Write) override;
  bool tracksRead(const Simulation &Sim, Loc L) override;
  void onLock(const Simulation &Sim, const State &S, const Op &O,
              const LockEffect &E, Loc Mutex) override;
  void onCall(const Simulation &Sim, const State &S, const Op &O,
              const CallInfo &Call) override;
  void onBranch(const Simulation &Sim, const State &S, Sym C) override;
  void onReturn(const Simulation &Sim, const State &S, const Op &O,
                RegValue Value) override;

  /// Adds what can only be said at the end of the run.
  void finish();

  /// Whether the run showed what only a second one can judge: plain state that
  /// is set under a lock, and operations whose failure is an error.
  bool wantsSecondRun() const {
    return !SetUnderLock.empty() || !FailureEnds.empty();
  }

  std::vector<Finding> Found;
  Protocols Seen;

private:
  /// A wait that hangs on a question, and is done once.
  struct BlindWait {
    unsigned OpId = 0, Asked = 0;
    int Block = 0;
    Loc Object = 0, Mutex = 0;
    /// Whether what was asked was set where it waited, if that is known.
    std::optional<bool> Truth;
    /// All that had been asked by then.
    std::set<unsigned> Before;
  };
  /// Why others can get in between, in words.
  struct Why {
    std::string Text;
    Evidence Grade;
  };

  // What all kinds have in common: CheckThenAct.cpp.
  bool decides(const Simulation &Sim, const OpenQuery &Q) const;
  bool isFresh(const Simulation &Sim, Loc Object) const;
  bool isLent(const State &S, Loc Mutex) const;
  /// Whether somebody in the unit changes \p Object under \p Mutex.
  bool isChangedUnder(const Simulation &Sim, Loc Object, Loc Mutex) const;
  bool isStartUp(const Op &O) const;
  std::string nameOf(const Simulation &Sim, Loc L) const;
  std::string nameOfQuery(const Simulation &Sim, const Op &O) const;
  /// A finding of this kind at \p At, about what the user calls \p Subject.
  Finding start(const Simulation &Sim, const Op &At, llvm::StringRef Kind,
                llvm::StringRef Subject) const;

  // Containers: CheckThenActContainers.cpp.
  bool sameKey(const Simulation &Sim, const OpenQuery &Q, Sym Key,
               bool AtIndex) const;
  bool isSettled(const ContainerEffect &Act) const;
  bool relies(const Simulation &Sim, const Op &O, const OpenQuery &Q) const;
  std::optional<Why> sharedBecause(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Act,
                                   const OpenQuery &Q) const;
  bool isStaticLocal(Loc Object, const Simulation &Sim) const;
  bool mayRelyOn(const Simulation &Sim, const State &S, const Op &O,
                 const ContainerEffect &Act, Loc Object, Sym Key,
                 const OpenQuery &Q) const;
  void onFollowed(const Simulation &Sim, const State &S, const Op &O, Sym At);
  void onElement(const Simulation &Sim, const State &S, const Op &O, Loc L);
  void onContent(const Simulation &Sim, const State &S, const Op &O,
                 const ContainerEffect &Read, Loc Object);
  std::optional<Loc> keptUnder(const Simulation &Sim, const State &S,
                               const OpenQuery &Q) const;
  void reportKept(const Simulation &Sim, const Op &O, const OpenQuery &Q,
                  Loc Lock, llvm::StringRef What);
  // CheckThenActElements.cpp.
  /// Whether \p F, which may be null, returns a pointer or reference into an
  /// element that it found, and that the container owns.
  bool givesElement(const clang::FunctionDecl *F) const;
  void noteMade(const Simulation &Sim, const State &S, const Op &O,
                const CallInfo &Call);
  bool isMadeFor(const Simulation &Sim, Sym Added, Sym Key,
                 unsigned Depth = 0) const;
  bool holdsKey(const Simulation &Sim, const State &S, const Op &O,
                const ContainerEffect &Act, Sym Key) const;
  bool isHarmless(const Simulation &Sim, const Op &O,
                  const ContainerEffect &Act, Sym Key,
                  const OpenQuery &Q) const;
  bool isOnlyTaker(EntityId Container) const;
  bool isComputedFrom(const Simulation &Sim, const Op &O, Sym Answer) const;
  void reportPair(const Simulation &Sim, const State &S, const Op &O,
                  const ContainerEffect &Act, Loc Object, const OpenQuery &Q,
                  const Why &Shared);

  Finding pairOf(const Simulation &Sim, const State &S, const Op &O,
                 const ContainerEffect &Act, Loc Object, const OpenQuery &Q,
                 const Why &Shared) const;

  // Lists: CheckThenActLists.cpp.
  const ListSearch *listSearchAt(const Op &O) const;
  bool isListHead(const Simulation &Sim, Loc L) const;
  bool decides(const Simulation &Sim, const ListSearch &Search) const;
  void onListCall(const Simulation &Sim, const State &S, const Op &O,
                  const CallInfo &Call);
  void onInsertion(const Simulation &Sim, const State &S, const Op &O, Loc Into,
                   Sym Set);
  static Loc localOf(const Simulation &Sim, const clang::ValueDecl *V);
  void onClaimed(const Simulation &Sim, const State &S, const Op &O, Loc L);

  // Iterators: CheckThenActIterators.cpp.
  void noteBegun(const Simulation &Sim, const State &S, const Op &O,
                 const ContainerEffect &Read, Loc Object);
  void onIterator(const Simulation &Sim, const State &S, const Op &O);

  // Files: CheckThenActFiles.cpp.
  static bool samePath(const Memory &M, Sym A, Sym B);
  bool fails(const Simulation &Sim, const Op &O,
             const ContainerEffect &Act) const;
  bool mentionsSecond(const clang::FunctionDecl &Of) const;
  void noteKind(const Simulation &Sim, const State &S, Sym C);
  void onOpened(const Simulation &Sim, const State &S, const Op &O,
                const ContainerEffect &Open, Sym Key);
  bool waitsUntilGone(const Simulation &Sim, const Op &O,
                      const ContainerEffect &Act, const OpenQuery &Q) const;
  static bool isApart(const Simulation &Sim, const State &S,
                      const ContainerEffect &Act, const OpenQuery &Q);

  // Atomics: CheckThenActAtomics.cpp.
  bool doesMore(const Simulation &Sim, const Op &O) const;
  bool isOwnCall(const Op &O) const;
  bool doesWork(const Simulation &Sim, int B) const;
  bool isKept(const Op &O) const;
  void onAtomic(const Simulation &Sim, const State &S, const Op &O,
                const ContainerEffect &Act, Loc Object);
  bool isTurnTakenTwice(const Simulation &Sim, const State &S, const Op &O,
                        const ContainerEffect &Act, const OpenQuery &Q) const;
  static bool setsWhatWasComparedWith(const Simulation &Sim, const Op &O,
                                      const OpenQuery &Q);
  bool isAtomicRace(const Simulation &Sim, const State &S, const Op &O,
                    const ContainerEffect &Act, const OpenQuery &Q) const;

  // What one thread alone changes: CheckThenActOwners.cpp.
  /// Whether \p O is done to what each thread has for itself.
  bool isThreadsOwn(const Op &O) const;
  /// Whether \p Object is reached through what a function gave that gives each
  /// thread its own.
  bool isThreadsOwn(const Simulation &Sim, Loc Object) const;
  /// Whether \p Set is what \p Q was compared with: the thread's own name, say.
  /// Whether what \p Q asked is moved by this side only, and was compared with
  /// what the other side moves: the two ends of a ring.
  bool isOwnEnd(const Simulation &Sim, const OpenQuery &Q) const;
  static bool isComparedWith(const Simulation &Sim, const OpenQuery &Q,
                             Sym Set);
  bool isGuardsOwn(const Simulation &Sim, Loc L) const;
  /// What the one owner that \p Object is reached through holds is changed.
  void onOwned(const Simulation &Sim, const State &S, const Op &O, Loc Object);
  /// Whether the atomic \p Object goes through several states, of which
  /// somebody takes one by compare-and-exchange: others move on from those that
  /// are theirs.
  bool hasStates(const Simulation &Sim, Loc Object) const;
  /// Whether a store of a weak order shows that one thread alone changes the
  /// number \p Object.
  bool hasOneWriter(const Simulation &Sim, Loc Object) const;
  /// Whether \p O clears what \p Q found set when all is done: whose turn it
  /// was gives it back.
  bool givesTurnBack(const Simulation &Sim, const State &S, const Op &O,
                     const OpenQuery &Q) const;

  // Plain fields and variables: CheckThenActPlain.cpp.
  bool isPlainQuery(const Simulation &Sim, const OpenQuery &Q) const;
  bool doesHarmTwice(const Simulation &Sim, const State &S, const Op &O,
                     const OpenQuery &Q) const;
  bool staysReached(const Simulation &Sim, const Op &O,
                    const OpenQuery &Q) const;
  void onBareSet(const Simulation &Sim, const State &S, const Op &O, Loc L);
  void onUnlockedSet(const Simulation &Sim, const State &S, const Op &O, Loc L);
  void onPlainAct(const Simulation &Sim, const State &S, const Op &O,
                  const ContainerEffect &Act, Loc Object);
  void reportTestOutsideLock(const Simulation &Sim, const Op &Read,
                             const Op &Write, Loc L, Loc Mutex);

  // What others do beside it: CheckThenActProtocols.cpp.
  void noteHandshake(const Simulation &Sim, const State &S, const Op &O,
                     const ContainerEffect &Act, Loc Object);
  void noteCounted(const Simulation &Sim, const State &S, const Op &O,
                   Loc Mutex);
  void noteCountUnderLock(const Simulation &Sim, const State &S,
                          const ContainerEffect &Act, Loc Object);
  void noteTouched(const Simulation &Sim, const State &S, Loc L, bool Write);
  // Pointers, and the counts behind them: CheckThenActPointers.cpp.
  void onPointer(const Simulation &Sim, const State &S, const Op &O, Loc L,
                 bool Write);
  void reportPointer(const Simulation &Sim, const Op &At, Loc Pointer,
                     const OpenQuery &Q, Loc Guard, const Op &Followed);
  void noteRaised(const Simulation &Sim, const State &S, const Op &O,
                  Loc Counter);
  void onAskedTwice(const Simulation &Sim, const State &S, const Op &O,
                    Sym Followed);
  void noteCountTested(const Simulation &Sim, const State &S, const Op &O,
                       Loc L);
  void onCountTested(const Simulation &Sim, const State &S, Sym C);
  Loc foundUnder(const Simulation &Sim, const State &S, Sym Pointer) const;
  // Waiting: CheckThenActWaits.cpp.
  void onWait(const Simulation &Sim, const State &S, const Op &O, Loc Mutex);
  void noteBlindWait(const Simulation &Sim, const State &S, const Op &O,
                     Loc Mutex);
  void noteUnaskedWait(const Simulation &Sim, const State &S, const Op &O,
                       Loc Mutex);
  bool asksFor(const clang::Stmt *Part, EntityId Mutex) const;
  void onAfterWait(const Simulation &Sim, const State &S, const Op &O,
                   Loc Object, Sym Set);
  // What is added after the end: CheckThenActClosing.cpp.
  bool isFlagQuery(const Simulation &Sim, const OpenQuery &Q) const;
  void noteEntry(const Simulation &Sim, const State &S, const Op &O, Loc Mutex);
  void noteFlagRead(const Simulation &Sim, const State &S, Loc Flag);
  void noteFlagSet(const Simulation &Sim, const State &S, const Op &O, Loc Flag,
                   std::optional<bool> Truth);
  void noteUnderLock(const Simulation &Sim, const State &S, Loc L, bool Added);
  void noteLastOut(const Simulation &Sim, const State &S, Sym C);
  void onOwners(const Simulation &Sim, const State &S, const Op &O,
                const ContainerEffect &Act, Loc Object);
  void noteTaken(const Simulation &Sim, const State &S, const Op &O,
                 const ContainerEffect &Act, Loc Object);
  /// What is done with what a call gave.
  enum class Look { Test, Follow, Return };
  void noteLook(const Simulation &Sim, Sym V, Look How);
  bool readsInto(const Simulation &Sim, Sym C, Sym Answer,
                 unsigned Depth = 0) const;

  TranslationUnit &TU;
  const UnitFacts &Facts;
  const BareState Bare;
  const FunctionInfo &Info;
  /// Callers hold locks, or something here may take one, unseen.
  bool MayBeLocked;
  /// Bit i: parameter i points to what the function frees, whatever happens.
  const uint32_t EndedParams;
  /// Stopping is most often the work of one thread.
  bool AtEnd;
  std::set<uint32_t> Reported;
  /// Operations that ask and change in one; those whose failure is an error,
  /// so that being second does harm, found by a first run.
  std::set<unsigned> Tried, FailureEnds;
  /// By the question, the branches that look at what kind of file it found.
  std::map<unsigned, std::set<int>> KindTests;
  /// Findings about files that are of little interest, by their operations.
  std::set<unsigned> FilesSeen;
  /// Calls of methods of what a query answered, and the queries with which a
  /// branch looked at what is in it.
  std::set<unsigned> Getters, LookedInto;
  /// The operations that took the locks of critical sections in which a call
  /// may look through a list.
  std::set<unsigned> MayLook;
  /// What calls were given while a search was open.
  std::map<unsigned, std::vector<Sym>> MadeOf;
  /// What objects were assigned meanwhile, by operators of their own.
  std::map<Loc, std::vector<Sym>> Assigned;
  /// Locks that callers hold: said at the beginning, or asserted.
  std::set<Loc> Lent;
  /// Containers that were asked without the lock that is then taken on the
  /// strength of the answer, with the finding; dropped if they are asked again.
  std::map<uint32_t, Finding> AskedOutside;
  /// The plain state that the function sets, and that is set under a lock;
  /// found by a first run.
  std::set<EntityId> SetUnderLock;
  std::vector<BlindWait> BlindWaits;
  /// Loads of a pointer that was found set under a lock which was released
  /// since, with that lock.
  std::map<unsigned, std::pair<OpenQuery, Loc>> ReadAgain;
  /// Calls that gave something under a lock, with that lock.
  std::map<unsigned, Loc> GotUnder;
  /// Counts that were raised or dropped under a lock, by which operation; and
  /// by the block the one that is read there, with no lock held.
  struct CountedHere {
    const Op *By;
    bool Up;
    Loc Mutex;
    int Block;
  };
  std::map<Loc, CountedHere> CountedUnder;
  std::map<int, std::pair<Loc, const Op *>> CountRead;
  /// The calls with which containers are gone through under a lock: which
  /// container, and which lock.
  std::map<unsigned, std::pair<Loc, Loc>> Begun;
  /// Where locks are released after that.
  struct ReleaseHere {
    unsigned OpId;
    int Block;
    Loc Mutex;
    /// Something was changed under the lock before.
    bool Claimed;
  };
  std::vector<ReleaseHere> Released;
  /// The operations that took a lock under which something was changed.
  std::set<unsigned> ChangedIn;
  /// What was looked at again under a lock.
  std::set<Loc> LookedAgain;
  /// Questions whose answer a branch compared by order.
  std::set<unsigned> Ordered;
  /// Atomics that were set so far.
  std::set<EntityId> Raised;
  /// Calls that give something or null, whose results nobody has tested yet;
  /// to return it untested is wrong, too, if ReturnToo.
  struct UntestedCall {
    Finding What;
    bool ReturnToo = false;
    /// The object of which there is one finding only; 0 if that is no matter.
    uint32_t About = 0;
    /// What it gave leads to that, if that is not its result; and where it was
    /// called: others may have led there before.
    Sym Element = 0;
    int Block = 0;
  };
  std::map<unsigned, UntestedCall> Untested;
  /// Those of them whose results are followed or returned.
  std::set<unsigned> UsedUntested;
};

/// Whether it depends on how the branch of block \p Branch goes if \p Block is
/// run: on one way only it cannot be got to, or cannot be got around.
bool hangsOn(const FlowGraph &G, int Block, int Branch);

/// What was done at \p O, as messages say it: "'get'", "the assignment".
std::string nameOfOp(const Simulation &Sim, const Op &O);

/// The call whose result the derived value is; null for other operations.
const Op *callThatMade(const Simulation &Sim, Sym Derived);

/// A number for the field or variable that \p L is, the same in every run.
uint32_t identity(const Memory &M, Loc L);

} // namespace race

#endif // RACE_LIB_ANALYSIS_CHECKTHENACTWATCHER_H
