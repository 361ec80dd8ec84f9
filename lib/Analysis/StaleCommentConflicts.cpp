//===- StaleCommentConflicts.cpp - What breaks a claim -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What cannot be true together: two accesses, and what a comment claims.
//
//===----------------------------------------------------------------------===//

#include "StaleCommentJudge.h"
#include "race/Support/Words.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <map>
#include <tuple>

using namespace llvm;
using namespace race;

/// Whether two accesses are to two objects for sure: two members, two
/// variables.
bool StaleCommentJudge::areApart(const RootedAccess &A,
                                 const RootedAccess &B) const {
  auto ObjectsOf = [&](const RootedAccess &X) -> const auto & {
    auto [It, New] = Objects.try_emplace({X.In, X.Root});
    if (New)
      It->second = P.objectsOf(X.In, X.Root);
    return It->second;
  };
  auto OfItsObject = [](const RootedAccess &X) {
    const AccessPath &Where = X.Access->Where;
    return X.In->Class.isValid()
               ? Where.Root == AccessPath::This
               : Where.Root == AccessPath::Param && Where.Index == 0;
  };
  if (!OfItsObject(A) || !OfItsObject(B) || A.Path.empty() || B.Path.empty())
    return false;
  const auto &X = ObjectsOf(A), &Y = ObjectsOf(B);
  return X && Y && !X->empty() && !Y->empty() &&
         none_of(*X, [&](EntityId E) { return is_contained(*Y, E); });
}

/// Whether two accesses can happen at once, one of them a write, without a
/// common lock.
bool StaleCommentJudge::conflict(const RootedAccess &A,
                                 const RootedAccess &B) const {
  if (!A.Access->Write && !B.Access->Write)
    return false;
  if (A.UnknownLocks || B.UnknownLocks || A.OwnObject || B.OwnObject)
    return false;
  if (P.isSometime(A.Root) || P.isSometime(B.Root) || areApart(A, B))
    return false;
  // Readers' locks keep out writers only.
  if (any_of(A.Locks, [&](EntityId L) {
        return is_contained(B.Locks, L) &&
               !(is_contained(A.Shared, L) && is_contained(B.Shared, L));
      }))
    return false;
  const ThreadRoot &R = P.roots()[A.Root], &Q = P.roots()[B.Root];
  if (R.InProgram != Q.InProgram)
    return false;
  if (P.isOver(A, B) || P.isOver(B, A))
    return false;
  if (A.Root != B.Root) {
    // A parallel loop's caller waits until it is over.
    bool Waits = (R.Kind == ThreadStartModel::Parallel && P.isCaller(B.Root)) ||
                 (Q.Kind == ThreadStartModel::Parallel && P.isCaller(A.Root));
    return !Waits;
  }
  // Many threads of one kind each have their own object, unless they share it
  // for sure.
  return R.Concurrent && A.SharedObject && B.SharedObject;
}

/// Whether \p A does without the lock that the claim names, and \p B, which is
/// elsewhere, shows that the lock is in use. Where a class locks, its callers
/// are many threads.
bool StaleCommentJudge::lacksLock(const ClaimSummary &C, const RootedAccess &A,
                                  const RootedAccess &B) const {
  if (C.What.Kind != Claim::GuardedBy || !C.Lock.isValid() || A.In == B.In)
    return false;
  if (P.roots()[A.Root].InProgram != P.roots()[B.Root].InProgram)
    return false;
  if (A.UnknownLocks || A.OwnObject || B.OwnObject ||
      (!A.Access->Write && !B.Access->Write))
    return false;
  // Whoever takes the lock elsewhere may let go of it on purpose to look at
  // something, not to change it.
  bool Handles = P.handlesLock(A.In, C.Lock) ||
                 any_of(A.Callers, [&](const FunctionSummary *F) {
                   return P.handlesLock(F, C.Lock);
                 });
  if (Handles && !A.Access->Write)
    return false;
  // A private lock: no caller can have taken it.
  if (!C.LockIsPrivate || is_contained(A.Locks, C.Lock) ||
      any_of(A.Locks, [&](EntityId L) { return is_contained(B.Locks, L); }))
    return false;
  return is_contained(B.Locks, C.Lock);
}

/// Whether \p A writes while it holds the lock that the claim names for
/// reading only: others may do the same.
bool StaleCommentJudge::writesShared(const ClaimSummary &C,
                                     const RootedAccess &A) {
  return C.What.Kind == Claim::GuardedBy && C.Lock.isValid() &&
         A.Access->Write && !A.UnknownLocks && !A.OwnObject &&
         A.Locks.size() == 1 && is_contained(A.Shared, C.Lock);
}

/// Whether no more functions do without the lock that the claim names than take
/// it: exceptions that are no habit.
bool StaleCommentJudge::isRare(const ClaimSummary &C,
                               const Accesses &All) const {
  SmallPtrSet<const FunctionSummary *, 8> With, Without;
  for (const RootedAccess &A : All)
    (is_contained(A.Locks, C.Lock) ? With : Without).insert(A.In);
  return !Without.empty() && Without.size() <= With.size();
}

/// Whether \p X is in a function that is found by what holds it.
static bool isThroughHolder(const RootedAccess &X) {
  return any_of(X.Path, [](const CallSummary *C) { return C->Through; });
}

/// Whether \p X is done to what its function, which is called that, gets to
/// make: `queue_init(queue)`.
bool StaleCommentJudge::isBeingMade(const RootedAccess &X) const {
  return X.Access->Where.Root == AccessPath::Param && P.isCaller(X.Root) &&
         soundsLikeMaking(Names.display(X.In->Function));
}

/// Whether another comment gives a reason for what \p Function does. That it
/// is for one thread only, too, is none.
bool StaleCommentJudge::argued(const ClaimSummary &C, EntityId Function) const {
  auto It = Arguments.find(Function);
  return It != Arguments.end() &&
         any_of(It->second, [&](const ClaimSummary *Other) {
           bool SaysTheSame = C.What.Kind == Claim::Confined &&
                              Other->What.Kind == Claim::Confined &&
                              !Other->Inside.isValid();
           return Other != &C && !SaysTheSame && !(Other->Place == C.Place);
         });
}

bool StaleCommentJudge::breaks(const ClaimSummary &C, const RootedAccess &A,
                               const RootedAccess &B) const {
  if (!P.isPartOf(C, A.Root) || !P.isPartOf(C, B.Root))
    return false;
  if (!A.Credible || !B.Credible)
    return false;
  // "Only modified by ..." leaves others free to read.
  if (C.What.WritesOnly && !(A.Access->Write && B.Access->Write))
    return false;
  if (argued(C, A.In->Function) || argued(C, B.In->Function))
    return false;
  // What a framework calls may well run on the thread that the comment means.
  bool Named = C.What.Kind == Claim::Confined && !C.What.Thread.empty();
  if ((Named || !C.Classes.empty()) && (A.Callback || B.Callback))
    return false;
  // Of a class or function that asks its callers for care: those that are seen.
  bool AsksCallers = !C.Classes.empty() || !C.Functions.empty();
  auto FromOutside = [&](const RootedAccess &X) {
    return P.isCaller(X.Root) && X.Path.empty();
  };
  if (AsksCallers && (FromOutside(A) || (!C.Classes.empty() && FromOutside(B))))
    return false;
  // What a C function gets may be another object each time.
  auto OfArgument = [&](const RootedAccess &X) {
    return X.Access->Where.Root == AccessPath::Param &&
           !is_contained(C.Functions, X.In->Function);
  };
  if (!C.Functions.empty() && (OfArgument(A) || OfArgument(B)))
    return false;
  // Nor does "must be protected by a lock" say which one, if each object has
  // its own.
  auto OfItsArgument = [&](const RootedAccess &X) {
    return X.Access->Where.Root == AccessPath::Param;
  };
  if (!C.Functions.empty() && C.What.Kind == Claim::GuardedBy &&
      !C.Lock.isValid() && (OfItsArgument(A) || OfItsArgument(B)))
    return false;
  // Who put a function where two threads find it knows what it is good for.
  if (C.Classes.empty() && C.What.Kind == Claim::NotThreadSafe &&
      isThroughHolder(A) && isThroughHolder(B))
    return false;
  if (isBeingMade(A) || isBeingMade(B))
    return false;
  auto StartOrEnd = [&](const RootedAccess &X) {
    StringRef Name = Names.display(X.In->Function);
    return P.isCaller(X.Root) && (soundsLikeStart(Name) || soundsLikeEnd(Name));
  };
  // One class of loops runs what it is given on as many threads as there are
  // loops; each task is given to one of them.
  if (A.Root != B.Root && any_of(A.Path, [&](const CallSummary *Call) {
        return Call->Through && is_contained(B.Path, Call);
      }))
    return false;
  // What opens and closes a library is not thread-safe, and is done at a time
  // when nobody uses it.
  if (!C.Functions.empty() && C.What.Kind == Claim::NotThreadSafe &&
      P.isCaller(A.Root) && any_of(C.Functions, [&](EntityId F) {
        StringRef Name = Names.display(F);
        return soundsLikeStart(Name) || soundsLikeEnd(Name);
      }))
    return false;
  // Each of many threads has an object of its own, and whoever comes from
  // elsewhere one more.
  auto OneOfMany = [&](const RootedAccess &X) {
    return P.roots()[X.Root].Concurrent && !X.SharedObject;
  };
  if (C.Inside.isValid() && OfItsArgument(A) && OfItsArgument(B) &&
      (OneOfMany(A) || OneOfMany(B)))
    return false;
  // Behind the start of a thread, by whom it was started.
  bool Later = P.isCaller(A.Root) && A.In->FirstStart.isValid() &&
               A.In->FirstStart < A.Access->Place;
  switch (C.What.Kind) {
  case Claim::Confined:
  case Claim::NoLockNeeded:
  case Claim::NotThreadSafe:
  case Claim::CallerHolds:
    return conflict(A, B);
  case Claim::GuardedBy:
    return conflict(A, B) || writesShared(C, A) ||
           (lacksLock(C, A, B) && !StartOrEnd(A) && !StartOrEnd(B));
  case Claim::BeforeThreads:
    return A.Access->Write && (Later || !P.isCaller(A.Root)) && conflict(A, B);
  case Claim::ImmutableAfterInit: {
    // A setter may well be part of the initialisation; a constructor's end is
    // plain to see.
    bool Sure = Later || !P.isCaller(A.Root) ||
                (StringRef(C.Quote).contains("onstruct") && !StartOrEnd(A));
    return A.Access->Write && Sure && conflict(A, B);
  }
  }
  return false;
}

/// Whether some access is over before certain threads begin: then it matters
/// which ones.
bool StaleCommentJudge::anyOrdered(const Accesses &All) {
  return any_of(All, [](const RootedAccess &A) { return A.Before != 0; });
}

/// Accesses that are judged alike are represented by the first of them. What
/// matters of two threads of one kind is that there are two, so that the first
/// two represent all.
void StaleCommentJudge::thinOut(Accesses &All, bool Ordered) const {
  struct Representatives {
    unsigned First, Second;
  };
  std::map<std::tuple<unsigned, unsigned, unsigned, unsigned, bool, EntityId,
                      bool, bool, bool, bool, bool, bool, bool,
                      std::vector<EntityId>, std::vector<EntityId>>,
           Representatives>
      Seen;
  erase_if(All, [&](const RootedAccess &A) {
    const ThreadRoot &R = P.roots()[A.Root];
    unsigned Kind = P.isSometime(A.Root) ? 2 : !P.isCaller(A.Root);
    auto [It, New] = Seen.try_emplace({Ordered ? A.Root : Kind,
                                       A.Before,
                                       R.InProgram,
                                       R.Kind,
                                       R.Concurrent,
                                       A.In->Function,
                                       A.Access->Write,
                                       A.UnknownLocks,
                                       A.OwnObject,
                                       A.SharedObject,
                                       A.Callback,
                                       A.Path.empty(),
                                       A.Credible,
                                       {A.Locks.begin(), A.Locks.end()},
                                       {A.Shared.begin(), A.Shared.end()}},
                                      Representatives{A.Root, A.Root});
    if (New)
      return false;
    Representatives &R2 = It->second;
    if (R2.First == A.Root || R2.First != R2.Second)
      return true;
    R2.Second = A.Root;
    return false;
  });
}
