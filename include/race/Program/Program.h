//===- Program.h - Summaries, linked ----------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_PROGRAM_PROGRAM_H
#define RACE_PROGRAM_PROGRAM_H

#include "race/Summary/FunctionSummary.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace race {

/// The fields and variables that \p Where is a part of, behind the last
/// pointer: what a pointer leads to is another object than the pointer.
llvm::SmallVector<EntityId, 2> wholesOf(const AccessPath &Where);

/// Where a thread of execution begins.
struct ThreadRoot {
  /// The function it runs; invalid for "whoever calls": main and what other
  /// translation units may call, taken as one thread.
  EntityId Function;
  ThreadStartModel::KindTy Kind = ThreadStartModel::Thread;
  /// Two of it can run at once.
  bool Concurrent = false;
  Anchor StartedAt;
  /// All that run at once work on the same object.
  bool SharedObject = false;
  /// What the code calls it; may be empty.
  std::string Name;
  /// The program that it is a thread of. The same function, started in another
  /// one, is another root.
  unsigned InProgram = 0;
};

/// How a root gets to a function.
struct Reached {
  unsigned Root = 0;
  /// Locks that are held on every way; sorted.
  llvm::SmallVector<EntityId, 2> Held;
  /// Those of them that are held for reading on some way; sorted.
  llvm::SmallVector<EntityId, 1> Shared;
  /// Functions on the way call what may lock, unseen, or say that their
  /// callers hold a lock without saying which.
  bool UnknownLocks = false;
  /// The method's object is the thread's own: a local variable, an object that
  /// is being constructed or destroyed.
  bool OwnObject = false;
  /// The method's object is the one that all threads of the root share.
  bool SharedObject = false;
  /// It begins with an override or a function that is registered somewhere, and
  /// that nobody here calls: some framework does, on a thread of its choice.
  bool Callback = false;
  /// A set of threads that have certainly not begun when the function runs.
  unsigned Before = 0;
  /// The call by which it was reached, and from where; null at the root.
  const CallSummary *Through = nullptr;
  const FunctionSummary *From = nullptr;
};

/// One access to shared state by one root.
struct RootedAccess {
  unsigned Root = 0; ///< index into Program::roots()
  /// What is touched, where that was not given.
  EntityId State;
  const FunctionSummary *In = nullptr;
  const AccessSummary *Access = nullptr;
  /// Mutexes that are held, callers' included; sorted.
  llvm::SmallVector<EntityId, 2> Locks;
  /// Those of them that others may hold at the same time; sorted.
  llvm::SmallVector<EntityId, 1> Shared;
  bool UnknownLocks = false;
  /// To an object that no other thread of the program has.
  bool OwnObject = false;
  /// To the object that all threads of the root share.
  bool SharedObject = false;
  /// As in Reached.
  bool Callback = false;
  unsigned Before = 0;
  /// Somebody would believe in Path: it is not too long, and few of its calls
  /// may as well lead elsewhere.
  bool Credible = true;
  /// The calls from the root's function to In, outermost first, and the
  /// functions that make them.
  std::vector<const CallSummary *> Path;
  std::vector<const FunctionSummary *> Callers;
};

/// A call of a function by one root.
struct RootedCall {
  unsigned Root = 0;
  const FunctionSummary *From = nullptr;
  const CallSummary *Call = nullptr;
  llvm::SmallVector<EntityId, 2> Locks;
  llvm::SmallVector<EntityId, 1> Shared; ///< as in RootedAccess
  bool UnknownLocks = false;
  bool OwnObject = false;
  bool Credible = true;                  ///< as in RootedAccess
  std::vector<const CallSummary *> Path; ///< to From
  /// The function that the root begins with on that way.
  const FunctionSummary *Entry = nullptr;
};

class Reach;

/// The summaries of one or many translation units as one program: call graph,
/// thread roots and what they reach under which locks.
///
/// Threads that get to a function in the same way are followed together, so
/// that the work is linear in the summaries.
class Program {
public:
  /// Links \p Summaries, whose entities are those of \p Names. Both must
  /// outlive the program.
  Program(const EntityTable &Names, std::vector<const TUSummary *> Summaries);
  ~Program();

  const std::vector<ThreadRoot> &roots() const { return Roots; }
  /// Whether \p Root is whoever calls, and not started by anybody here; there
  /// is one for each of the programs that were linked together.
  bool isCaller(unsigned Root) const {
    return Root < Programs || isSometime(Root);
  }
  /// Whether \p Root is one of those that call, but nobody knows on which
  /// thread, or whether other threads are there yet: a library that was given a
  /// function, or whoever opens and closes something under a lock. Which locks
  /// are held then is known. There is at most one for each program.
  bool isSometime(unsigned Root) const { return Root >= FirstSometime; }
  bool startsThreads() const { return FirstSometime > Programs; }
  /// Whether \p Root runs in a program that \p Part, a function or claim, is
  /// in.
  template <class Summary>
  bool isPartOf(const Summary &Part, unsigned Root) const {
    return Part.Programs.empty() ||
           std::binary_search(Part.Programs.begin(), Part.Programs.end(),
                              Roots[Root].InProgram);
  }
  /// The claims, each once, however many translation units saw it.
  const std::vector<ClaimSummary> &claims() const { return Claims; }
  const FunctionSummary *function(EntityId F) const { return ByName.lookup(F); }

  /// The accesses to \p State (or a part of it) by all roots, without those
  /// that no other thread can overlap: in constructors and destructors of the
  /// object, and before a function starts its first thread. Of state that no
  /// claim speaks of, none.
  /// \param Pointee instead, what is done with what the pointer State leads to.
  std::vector<RootedAccess> accesses(EntityId State,
                                     bool Pointee = false) const;

  /// As above, but only of what happens in \p F or in functions that it calls.
  /// \param FirstLine, LastLine if not zero, the lines of F that count.
  /// \param States sorted; what is touched must be one of them.
  std::vector<RootedAccess> accessesUnder(EntityId F,
                                          llvm::ArrayRef<EntityId> States,
                                          unsigned FirstLine = 0,
                                          unsigned LastLine = 0) const;

  /// The calls of \p F, if a claim speaks of it, that no thread start or join
  /// keeps apart from others.
  std::vector<RootedCall> calls(EntityId F) const;

  /// What others need to know of this program to judge claims: the functions
  /// that lead to what claims speak of or start threads, without their effects,
  /// the claims, and what holds functions.
  TUSummary slice() const;

  /// Whether \p A is over for sure before the thread of \p B begins: it happens
  /// in main, or in what main calls once, in front of the thread's start.
  bool isOver(const RootedAccess &A, const RootedAccess &B) const;

  /// Whether \p F takes, holds or lets go of \p Lock somewhere.
  static bool handlesLock(const FunctionSummary *F, EntityId Lock);

  /// Whether anybody takes or releases \p Lock.
  bool isLockUsed(EntityId Lock) const { return Handled.contains(Lock); }

  /// How the roots get to \p F, in the order of the roots.
  std::vector<Reached> reached(const FunctionSummary *F) const;

  /// The members and variables whose object it is that the thread \p Root calls
  /// \p F for: the method itself, or another of the same object that calls it;
  /// for a C function what it gets first. Nothing if some call does not say.
  std::optional<std::vector<EntityId>> objectsOf(const FunctionSummary *F,
                                                 unsigned Root) const;

private:
  /// A call whose target is known. Call is null for a lambda that runs where
  /// it stands.
  struct Edge {
    const FunctionSummary *Target;
    const CallSummary *Call;
  };
  using FunctionSet = llvm::DenseSet<const FunctionSummary *>;

  void mergeClaims();
  void expandClaims();
  void resolveCallables();
  void connect();
  void collectRoots();
  void countPrograms();
  void addRoot(const StartSummary &S, EntityId Target, unsigned In);
  void addRoots(const StartSummary &S, EntityId Target,
                llvm::ArrayRef<unsigned> Starters);
  unsigned rootsIn(const FunctionSummary *F) const;
  void findRelevant();
  void findPhases();
  void findHandedOver();
  bool isHandedOver(const FunctionSummary *From, const CallSummary &Call) const;
  void findOrder();
  void findStarts();
  unsigned begunBy(const StartSummary &S) const;
  unsigned begunBefore(const FunctionSummary *F, const Anchor &Place,
                       bool There) const;
  unsigned notBegun(const FunctionSummary *F, const Anchor &Place) const;
  unsigned notBegun(const Reached &How, const FunctionSummary *F,
                    const Anchor &Place) const;
  void findAlwaysHeld();
  void enter();
  void reach();
  std::vector<const FunctionSummary *> entries() const;
  std::vector<std::pair<const FunctionSummary *, unsigned>>
  besideThreads() const;
  std::vector<std::pair<const FunctionSummary *, bool>> sometimes() const;
  FunctionSet calledLocked() const;
  Reached inside(const Reached &Outer, const FunctionSummary *From,
                 const CallSummary *Call) const;
  void visit(const FunctionSummary *F, Reached How, unsigned Roots);
  void assume(const FunctionSummary *F, Reached &How) const;
  bool alone(unsigned Root, const FunctionSummary *F,
             const Anchor &Place) const;
  std::vector<const CallSummary *>
  pathTo(const Reached &How,
         std::vector<const FunctionSummary *> *Through = nullptr) const;
  bool showsLocks(const Reached &How) const;
  bool isCredible(llvm::ArrayRef<const CallSummary *> Path) const;
  std::optional<RootedAccess> rooted(const FunctionSummary *In,
                                     const AccessSummary &A,
                                     const Reached &How) const;
  llvm::SmallVector<const FunctionSummary *, 2>
  targets(EntityId Callee, bool Through, bool Virtual) const;

  const EntityTable &Names;
  std::vector<const TUSummary *> Summaries;
  std::vector<const FunctionSummary *> Functions;
  std::vector<ClaimSummary> Claims;
  llvm::DenseMap<EntityId, const FunctionSummary *> ByName;
  llvm::DenseMap<EntityId, llvm::SmallVector<const FunctionSummary *, 2>>
      Overriders;
  /// The functions that variables, fields and parameters may hold.
  llvm::DenseMap<EntityId, llvm::SmallVector<EntityId, 2>> Holds;
  /// Lambdas that are kept for later, not passed to unknown code.
  llvm::DenseSet<EntityId> Kept;
  llvm::DenseMap<const FunctionSummary *, std::vector<Edge>> Callees;
  llvm::DenseMap<const FunctionSummary *, std::vector<const FunctionSummary *>>
      Callers;
  llvm::DenseSet<EntityId> Started;
  /// What an event loop runs on the thread that is its own.
  std::vector<const FunctionSummary *> OnLoop;
  /// Calls that lead from a thread's first function to one of several bodies,
  /// which are roots of their own.
  llvm::DenseSet<const CallSummary *> PassesOn;
  std::vector<ThreadRoot> Roots;
  /// Such a thread and the root of one of the bodies.
  std::vector<std::pair<unsigned, unsigned>> PassedOnTo;
  /// The roots that begin with a function: one for each program.
  llvm::DenseMap<EntityId, llvm::SmallVector<unsigned, 1>> RootsOf;
  /// How many programs are linked here; at least one.
  unsigned Programs = 1;
  /// The sets of roots for each set of programs.
  mutable std::map<std::vector<unsigned>, unsigned> RootsInPrograms;
  /// All of those that are whoever calls.
  unsigned CallerRoots = 0;
  /// The first root of those that isSometime is true of.
  unsigned FirstSometime = ~0u;
  /// Functions that lead to what claims speak of.
  FunctionSet Relevant;
  /// The same, numbered.
  std::vector<const FunctionSummary *> Followed;
  llvm::DenseMap<const FunctionSummary *, unsigned> NumberOf;
  /// Functions that run once, and the threads that begin, if they do, later
  /// than these.
  llvm::DenseMap<const FunctionSummary *, unsigned> Once;
  /// The threads that may begin because of a function.
  llvm::DenseMap<const FunctionSummary *, unsigned> StartsBelow;
  /// How the roots get there.
  std::unique_ptr<Reach> Reaching;
  /// Functions that may start or join threads, by themselves or below.
  FunctionSet MayStart, MayJoin;
  /// Where a function gives objects of its own, by their classes, to threads
  /// that their methods start.
  llvm::DenseMap<std::pair<const FunctionSummary *, EntityId>, const Anchor *>
      HandedOver;
  /// The accesses to claimed state, and to what claimed pointers lead to.
  using AccessesOf = llvm::DenseMap<
      EntityId,
      std::vector<std::pair<const FunctionSummary *, const AccessSummary *>>>;
  AccessesOf Touches, PointeeTouches;
  llvm::DenseSet<EntityId> ClaimedFunctions, Handled;
  llvm::DenseMap<
      EntityId,
      std::vector<std::pair<const FunctionSummary *, const CallSummary *>>>
      CallsOf;
  /// Locks that a function's callers hold, as a claim says; invalid if it does
  /// not say which.
  llvm::DenseMap<EntityId, EntityId> Assumed;
};

} // namespace race

#endif // RACE_PROGRAM_PROGRAM_H
