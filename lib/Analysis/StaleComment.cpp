//===- StaleComment.cpp - Comments that became lies -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Analysis/StaleComment.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace race;

/// How a user would call the thread \p R.
static std::string describe(const ThreadRoot &R, const EntityTable &Names) {
  if (!R.Function.isValid())
    return "the caller's thread";
  std::string Name = Names.display(R.Function).str();
  std::string Kind;
  switch (R.Kind) {
  case ThreadStartModel::Thread:
    Kind = "the thread";
    break;
  case ThreadStartModel::Task:
  case ThreadStartModel::Parallel:
  case ThreadStartModel::Loop:
    Kind = "the task";
    break;
  case ThreadStartModel::Timer:
    Kind = "the timer";
    break;
  case ThreadStartModel::Signal:
    Kind = "the signal handler";
    break;
  case ThreadStartModel::Callback:
    Kind = "the callback";
    break;
  }
  return Name == "lambda" ? Kind + " that is started at line " +
                                std::to_string(R.StartedAt.Line)
                          : Kind + " that runs '" + Name + "'";
}

static std::string locksOf(const RootedAccess &A, const EntityTable &Names) {
  if (A.Locks.empty())
    return "without a lock";
  std::string Text = "holding ";
  for (size_t I = 0; I < A.Locks.size(); ++I)
    Text += (I ? ", '" : "'") + Names.display(A.Locks[I]).str() + "'";
  return Text;
}

static bool disjoint(const RootedAccess &A, const RootedAccess &B) {
  return none_of(A.Locks, [&](EntityId L) { return is_contained(B.Locks, L); });
}

/// Whether two accesses can happen at once, one of them a write, without a
/// common lock.
static bool conflict(const Program &P, const RootedAccess &A,
                     const RootedAccess &B) {
  if (!A.Access->Write && !B.Access->Write)
    return false;
  if (A.UnknownLocks || B.UnknownLocks || !disjoint(A, B))
    return false;
  if (A.Root != B.Root)
    return true;
  const ThreadRoot &R = P.roots()[A.Root];
  if (!R.Concurrent)
    return false;
  // Many threads of one kind each have their own object, unless they share it
  // for sure: a static one, or the `this` that a lambda captured.
  const FunctionSummary *F = P.function(R.Function);
  return A.Access->Where.Root == AccessPath::Global ||
         (F && F->Encloser.isValid() && F == A.In);
}

/// Whether the access goes through an object that the thread has for itself:
/// on the way to it a method is called on a local object.
static bool onOwnObject(const RootedAccess &A) {
  return any_of(A.Path, [](const CallSummary *C) { return C->OwnObject; });
}

/// Whether \p Kind says that the subject's accesses cannot overlap.
static bool claimsNoOverlap(Claim::KindTy Kind) {
  switch (Kind) {
  case Claim::Confined:
  case Claim::NoLockNeeded:
  case Claim::GuardedBy:
  case Claim::NotThreadSafe:
    return true;
  default:
    return false;
  }
}

static std::optional<Finding> judge(const Program &P, const ClaimSummary &C,
                                    const EntityTable &Names) {
  for (EntityId State : C.State) {
    std::vector<RootedAccess> All = P.accesses(State);
    // A body comment speaks of what its statement does: one side is there.
    auto InStatement = [&](const RootedAccess &A) {
      return !C.Inside.isValid() || (A.In->Function == C.Inside &&
                                     A.Access->Place.Line >= C.FirstLine &&
                                     A.Access->Place.Line <= C.LastLine);
    };
    for (const RootedAccess &A : All) {
      if (!InStatement(A))
        continue;
      for (const RootedAccess &B : All) {
        if (!conflict(P, A, B))
          continue;
        // A class has many objects: both threads must have theirs from where
        // others find it too, and two threads of one kind may each have one.
        if (!C.Classes.empty() &&
            (A.Root == B.Root || onOwnObject(A) || onOwnObject(B)))
          continue;
        // "Only modified by …" leaves others free to read.
        if (C.What.WritesOnly && !(A.Access->Write && B.Access->Write))
          continue;
        Finding F;
        F.Check = "race-stale-thread-comment";
        F.Place = C.Place;
        F.Why = Evidence::Structural;
        F.Message = "comment says \"" + C.Quote + "\", but '" +
                    Names.display(State).str() +
                    "' is touched by two threads without a common lock";
        for (const RootedAccess *X : {&A, &B}) {
          const ThreadRoot &R = P.roots()[X->Root];
          F.Notes.push_back(
              {X->Access->Place,
               std::string(X->Access->Write ? "written" : "read") +
                   " here by " + describe(R, Names) + ", " +
                   locksOf(*X, Names)});
          for (const CallSummary *Call : X->Path)
            F.Notes.push_back({Call->Place, "called here"});
          if (R.StartedAt.isValid())
            F.Notes.push_back({R.StartedAt, "the thread is started here"});
        }
        return F;
      }
    }
  }
  return std::nullopt;
}

std::vector<Finding> race::findStaleComments(const Program &P,
                                             const EntityTable &Names) {
  std::vector<Finding> All;
  for (const ClaimSummary *C : P.claims()) {
    if (!claimsNoOverlap(C->What.Kind))
      continue;
    if (C->State.empty())
      continue;
    if (std::optional<Finding> F = judge(P, *C, Names))
      All.push_back(std::move(*F));
  }
  return All;
}
