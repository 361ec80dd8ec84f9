//===- StaleComment.cpp - Comments that became lies -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Analysis/StaleComment.h"
#include "StaleCommentJudge.h"
#include "race/Support/Failure.h"
#include "race/Support/Words.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace race;

StaleCommentJudge::StaleCommentJudge(const Program &P, const EntityTable &Names)
    : P(P), Names(Names) {
  for (const ClaimSummary &C : P.claims()) {
    if (C.What.Kind == Claim::GuardedBy || C.What.Kind == Claim::NotThreadSafe)
      continue;
    if (C.Inside.isValid())
      Arguments[C.Inside].push_back(&C);
    // What callers hold is known to be held.
    if (C.What.Kind != Claim::CallerHolds)
      for (EntityId F : C.Functions)
        Arguments[F].push_back(&C);
  }
}

/// Claims about state: fields, variables, those of a class, and what a function
/// or statement touches.
std::optional<Finding>
StaleCommentJudge::judgeState(const ClaimSummary &C) const {
  // "With mu_ held", inside of a body, tells what is so, and asks nothing.
  if (C.Inside.isValid() && !C.What.OnTaking &&
      (C.What.Kind == Claim::GuardedBy || C.What.Kind == Claim::CallerHolds))
    return std::nullopt;
  // A lock that nobody is seen to take is taken in a way that is not seen.
  if (C.Lock.isValid() && !P.isLockUsed(C.Lock) && !C.Annotated)
    return std::nullopt;
  // A comment on a function or statement speaks of what happens there: one
  // side is there.
  Accesses Here;
  bool Narrow = C.Inside.isValid() || !C.Functions.empty();
  // "Must only be called from one thread": others may do as they like.
  bool OfCalls = C.What.Kind == Claim::Confined && !C.Functions.empty() &&
                 hasWord(C.Quote, {"call", "calls", "called", "calling",
                                   "invoke", "invoked"});
  if (C.Inside.isValid())
    Here = P.accessesUnder(C.Inside, C.State, C.FirstLine, C.LastLine);
  if (C.What.OnTaking)
    erase_if(Here, [&](const RootedAccess &A) {
      return !A.Access->Write || !is_contained(A.Locks, C.Lock);
    });
  for (EntityId F : C.Functions) {
    Accesses Below = P.accessesUnder(F, C.State);
    Here.insert(Here.end(), Below.begin(), Below.end());
  }
  for (EntityId State : C.State) {
    Accesses All = P.accesses(State);
    Accesses Ours;
    if (Narrow)
      copy_if(Here, std::back_inserter(Ours),
              [&](const RootedAccess &A) { return A.State == State; });
    bool Ordered = anyOrdered(All) || anyOrdered(Ours);
    thinOut(All, Ordered);
    thinOut(Ours, Ordered);
    bool Rare = isRare(C, All);
    for (const RootedAccess &A : Narrow ? Ours : All)
      for (const RootedAccess &B : OfCalls ? Ours : All) {
        if (!breaks(C, A, B) ||
            (!Rare && !conflict(A, B) && !writesShared(C, A)))
          continue;
        std::string Name = "'" + Names.display(State).str() + "'";
        bool Threads = conflict(A, B);
        Finding F = finding(
            C, Threads ? "threads" : "lock", State,
            Threads ? Name + " is touched by two threads without a common lock"
                    : Name + " is " + (A.Access->Write ? "written" : "read") +
                          (writesShared(C, A) ? " with '" : " without '") +
                          Names.display(C.Lock).str() + "'" +
                          (writesShared(C, A) ? " held for reading only" : ""));
        addNotes(F, A);
        addNotes(F, B);
        return F;
      }
    if (std::optional<Finding> F = judgePointee(C, State))
      return F;
  }
  return std::nullopt;
}

/// "Only the IO thread uses it", said of a pointer, is about what the pointer
/// leads to: it is handed to unseen code on two threads. So is "protected by
/// mu_", where nobody changes the pointer itself.
std::optional<Finding> StaleCommentJudge::judgePointee(const ClaimSummary &C,
                                                       EntityId State) const {
  bool Guarded = C.What.Kind == Claim::GuardedBy && C.Lock.isValid() &&
                 !C.Inside.isValid();
  bool Judged = C.What.Kind == Claim::Confined ||
                C.What.Kind == Claim::NotThreadSafe || Guarded;
  if (!Judged || C.What.WritesOnly || !C.Classes.empty() ||
      !C.Functions.empty())
    return std::nullopt;
  if (Guarded && any_of(P.accesses(State),
                        [](const RootedAccess &A) { return A.Access->Write; }))
    return std::nullopt;
  Accesses All = P.accesses(State, /*Pointee=*/true);
  thinOut(All, anyOrdered(All));
  bool Rare = Guarded && isRare(C, All);
  std::string Name = "what '" + Names.display(State).str() + "' points to is ";
  for (const RootedAccess &A : All)
    for (const RootedAccess &B : All) {
      bool Threads = conflict(A, B);
      if (!breaks(C, A, B) || (Guarded && !Rare && !Threads))
        continue;
      Finding F = finding(
          C, "pointee", State,
          Threads ? Name + "used by two threads without a common lock"
                  : Name + (A.Access->Write ? "written" : "read") +
                        " without '" + Names.display(C.Lock).str() + "'");
      addNotes(F, A);
      addNotes(F, B);
      return F;
    }
  return std::nullopt;
}

/// Whether \p R is the thread that comments call \p Name.
bool StaleCommentJudge::isThread(const ThreadRoot &R, StringRef Name) const {
  StringRef Runs = Names.display(R.Function);
  for (const auto &[Thread, Function] : Options->Threads)
    if (Function == Runs && Thread == Name)
      return true;
  auto Called = wordsOf((Runs + " " + R.Name).str());
  for (const std::string &W : wordsOf(Name))
    if (!is_contained(Called, W))
      return false;
  return true;
}

/// Whether two methods are called on one object, for all that is known.
static bool onOneObject(const RootedCall &X, const RootedCall &Y) {
  const CallSummary &A = *X.Call, &B = *Y.Call;
  return (A.Holder.isValid() && A.Holder == B.Holder) ||
         (A.OnThis && B.OnThis && X.From->Class == Y.From->Class) ||
         (A.OnStatic && B.OnStatic);
}

/// "Only the producer calls this", whoever that is, and two threads do.
std::optional<Finding>
StaleCommentJudge::judgeTwoThreads(const ClaimSummary &C) const {
  for (EntityId F : C.Functions) {
    std::vector<RootedCall> Calls = P.calls(F);
    erase_if(Calls, [&](const RootedCall &X) {
      const ThreadRoot &R = P.roots()[X.Root];
      return P.isCaller(X.Root) || R.Kind != ThreadStartModel::Thread ||
             X.OwnObject || X.UnknownLocks || !X.Locks.empty() || !X.Credible ||
             !P.isPartOf(C, X.Root) || argued(C, X.From->Function);
    });
    for (const RootedCall &X : Calls)
      for (const RootedCall &Y : Calls)
        if (X.Root < Y.Root && onOneObject(X, Y) &&
            P.roots()[X.Root].InProgram == P.roots()[Y.Root].InProgram)
          return calledByTwo(C, F, X, Y);
  }
  return std::nullopt;
}

/// "Must be called on the main thread", and another thread calls it. The main
/// thread is the only one of which others can be told apart by nature; for
/// others, the thread of that name must be known.
std::optional<Finding>
StaleCommentJudge::judgeThread(const ClaimSummary &C) const {
  StringRef Name = C.What.Thread;
  if (C.What.Kind != Claim::Confined || Name.empty() || Name == "owner")
    return std::nullopt;
  const std::vector<ThreadRoot> &Roots = P.roots();
  bool Known = Name == "main";
  for (unsigned R = 0; R < Roots.size() && !Known; ++R)
    Known = !P.isCaller(R) && isThread(Roots[R], Name);
  if (!Known)
    return judgeTwoThreads(C);
  for (EntityId F : C.Functions)
    for (const RootedCall &X : P.calls(F)) {
      const ThreadRoot &R = Roots[X.Root];
      bool Certain = R.Kind == ThreadStartModel::Thread ||
                     R.Kind == ThreadStartModel::Task;
      if (P.isCaller(X.Root) || !P.isPartOf(C, X.Root) || !Certain ||
          X.OwnObject || isThread(R, Name) || argued(C, X.From->Function) ||
          !X.Credible)
        continue;
      Finding Found = finding(C, "thread", F,
                              "'" + Names.display(F).str() + "' is called by " +
                                  describe(R));
      Found.Notes.push_back({X.Call->Place, "the call"});
      addWay(Found, X.Root, X.Path);
      addTurn(Found, X.Root, X.Path, X.Call->Place,
              "calls '" + Names.display(F).str() + "'", X.Locks);
      return Found;
    }
  return std::nullopt;
}

/// "Everything is single-threaded", says a function, and two threads call it,
/// which uses what is not seen here.
std::optional<Finding>
StaleCommentJudge::judgeCallers(const ClaimSummary &C) const {
  if (!StringRef(C.Quote).contains_insensitive("threaded"))
    return std::nullopt;
  auto UsesUnseen = [&](const CallSummary &Call) {
    bool OnShared = Call.OfThis || Call.OnStatic ||
                    (Call.Holder.isValid() && !Call.HolderIsObject);
    return OnShared && !Call.Through && Call.Locks.empty() &&
           !P.function(Call.Callee);
  };
  for (EntityId F : C.Functions) {
    const FunctionSummary *Body = P.function(F);
    if (!Body || Body->UnknownLocks || none_of(Body->Calls, UsesUnseen))
      continue;
    std::vector<RootedCall> Calls = P.calls(F);
    erase_if(Calls, [&](const RootedCall &X) {
      return X.OwnObject || X.UnknownLocks || !X.Locks.empty() || !X.Credible ||
             !P.isPartOf(C, X.Root) || argued(C, X.From->Function) ||
             X.From == Body;
    });
    for (const RootedCall &X : Calls) {
      const ThreadRoot &R = P.roots()[X.Root];
      auto Y = find_if(Calls, [&](const RootedCall &Y) {
        return Y.Root != X.Root && P.roots()[Y.Root].InProgram == R.InProgram;
      });
      if (R.Kind != ThreadStartModel::Thread || P.isCaller(X.Root) ||
          Y == Calls.end())
        continue;
      return calledByTwo(C, F, X, *Y);
    }
  }
  return std::nullopt;
}

Finding StaleCommentJudge::calledByTwo(const ClaimSummary &C, EntityId F,
                                       const RootedCall &X,
                                       const RootedCall &Y) const {
  Finding Found =
      finding(C, "callers", F,
              "'" + Names.display(F).str() + "' is called by two threads");
  std::string Does = "calls '" + Names.display(F).str() + "'";
  for (const RootedCall *Call : {&X, &Y}) {
    Found.Notes.push_back({Call->Call->Place,
                           "called here by " + describe(P.roots()[Call->Root]) +
                               ", " + locks(Call->Locks)});
    addWay(Found, Call->Root, Call->Path);
    addTurn(Found, Call->Root, Call->Path, Call->Call->Place, Does,
            Call->Locks);
  }
  return Found;
}

/// "Called before threads are started", and a thread calls it.
std::optional<Finding>
StaleCommentJudge::judgePhase(const ClaimSummary &C) const {
  for (EntityId F : C.Functions)
    for (const RootedCall &X : P.calls(F)) {
      const ThreadRoot &R = P.roots()[X.Root];
      if (P.isCaller(X.Root) || !P.isPartOf(C, X.Root) ||
          R.Kind != ThreadStartModel::Thread || X.OwnObject || !X.Credible)
        continue;
      Finding Found = finding(C, "phase", F,
                              "'" + Names.display(F).str() + "' is called by " +
                                  describe(R));
      Found.Notes.push_back({X.Call->Place, "the call"});
      addWay(Found, X.Root, X.Path);
      addTurn(Found, X.Root, X.Path, X.Call->Place,
              "calls '" + Names.display(F).str() + "'", X.Locks);
      return Found;
    }
  return std::nullopt;
}

/// Whether a function says by its name that its callers lock: "sweepLocked",
/// "sweep_unlocked".
static bool saysItIsLocked(StringRef Name) {
  return hasWord(Name, {"locked", "unlocked", "nolock", "nolocks", "unsafe",
                        "lockless", "held", "without", "wlock"});
}

/// The lock that "the lock" is: the one that all who hold any when they call
/// have in common. Invalid if there is none, or more than one.
static EntityId commonLock(ArrayRef<RootedCall> Calls) {
  std::optional<SmallVector<EntityId, 2>> Common;
  for (const RootedCall &X : Calls) {
    if (X.Locks.empty())
      continue;
    if (Common)
      erase_if(*Common, [&](EntityId L) { return !is_contained(X.Locks, L); });
    else
      Common = X.Locks;
  }
  return Common && Common->size() == 1 ? Common->front() : EntityId();
}

/// Whether the function that makes the call \p X takes \p Lock for another call
/// of the same, and never for this one.
static bool takesElsewhere(const RootedCall &X, ArrayRef<RootedCall> Calls,
                           EntityId Lock) {
  bool Elsewhere = false;
  for (const RootedCall &Y : Calls) {
    bool Takes =
        Y.From == X.From && any_of(Y.Call->Locks, [&](const AccessPath &L) {
          return L.lastEntity() == Lock;
        });
    if (Takes && Y.Call->Place == X.Call->Place)
      return false;
    Elsewhere |= Takes;
  }
  return Elsewhere;
}

/// Whether the call of \p X is made under \p Lock and without, as its function
/// decides: it takes the lock where there is something to guard.
static bool takesAtTimes(const RootedCall &X, ArrayRef<RootedCall> Calls,
                         EntityId Lock) {
  auto Takes = [&](const RootedCall &Y) {
    return any_of(Y.Call->Locks,
                  [&](const AccessPath &L) { return L.lastEntity() == Lock; });
  };
  return !Takes(X) && any_of(Calls, [&](const RootedCall &Y) {
    return Y.From == X.From && Y.Call->Place == X.Call->Place && Takes(Y);
  });
}

/// "The caller holds mu_", and one does not while others do.
std::optional<Finding>
StaleCommentJudge::judgeCalls(const ClaimSummary &C) const {
  for (EntityId F : C.Functions) {
    std::vector<RootedCall> Calls = P.calls(F);
    const EntityId Lock = C.Lock.isValid() ? C.Lock : commonLock(Calls);
    auto Holds = [&](const RootedCall &X) {
      if (!Lock.isValid())
        return !X.Locks.empty();
      return is_contained(X.Locks, Lock) &&
             !(C.What.ForWriting && is_contained(X.Shared, Lock));
    };
    auto IsGood = [&](const RootedCall &X) { return Holds(X); };
    auto Good = find_if(Calls, IsGood);
    // What is held instead may be as good, unless the others hold both.
    auto HoldsAnother = [&](const RootedCall &X) {
      return any_of(X.Locks, [&](EntityId L) {
        return L != Lock &&
               (Good == Calls.end() || any_of(Calls, [&](const RootedCall &Y) {
                  return Holds(Y) && !is_contained(Y.Locks, L);
                }));
      });
    };
    // It is the lock's own function, or lets go of it for a while. What all
    // others hold, it can take only of another object.
    const FunctionSummary *Body = P.function(F);
    bool Changes = Body && Lock.isValid() && P.handlesLock(Body, Lock);
    if (Changes && (Good == Calls.end() || C.Lock.isValid()))
      continue;
    for (const RootedCall &X : Calls) {
      StringRef From = Names.display(X.From->Function);
      StringRef Entry = Names.display(X.Entry->Function);
      // Where a function takes the lock at other times, there are others who
      // may hold it. If nobody says which one it is, it takes it for this call.
      bool Handles = C.Lock.isValid() ? P.handlesLock(X.From, Lock)
                                      : takesElsewhere(X, Calls, Lock);
      if (Good == Calls.end() &&
          !(C.Lock.isValid() && (Handles || P.startsThreads())))
        continue;
      if (Holds(X) || HoldsAnother(X) || takesAtTimes(X, Calls, Lock) ||
          !X.Credible || !P.isPartOf(C, X.Root) || X.UnknownLocks ||
          X.OwnObject ||
          (P.isCaller(X.Root) && !Handles &&
           (soundsLikeStart(Entry) || soundsLikeEnd(Entry))) ||
          argued(C, X.From->Function) || From == Names.display(F))
        continue;
      // Whoever calls the caller may hold the lock, unless a thread begins
      // there, the caller takes the lock itself at other times, or nobody
      // outside can name it.
      bool Unheld = Good != Calls.end() && C.Lock.isValid() &&
                    C.LockIsPrivate && !saysItIsLocked(From);
      if (P.isCaller(X.Root) && !Handles && !Unheld)
        continue;
      std::string Called =
          Lock.isValid() ? "'" + Names.display(Lock).str() + "'" : "a lock";
      Finding Found =
          finding(C, "caller", F,
                  "'" + Names.display(F).str() + "' is called " +
                      (is_contained(X.Locks, Lock)
                           ? "with " + Called + " held for reading only"
                           : "without " + Called));
      Found.Notes.push_back({X.Call->Place, "called here by " +
                                                describe(P.roots()[X.Root]) +
                                                ", " + locks(X.Locks)});
      addWay(Found, X.Root, X.Path);
      std::string Does = "calls '" + Names.display(F).str() + "'";
      addTurn(Found, X.Root, X.Path, X.Call->Place, Does, X.Locks);
      if (Good != Calls.end()) {
        Found.Notes.push_back(
            {Good->Call->Place, "called here " + locks(Good->Locks)});
        addTurn(Found, Good->Root, Good->Path, Good->Call->Place, Does,
                Good->Locks);
      }
      return Found;
    }
  }
  return std::nullopt;
}

std::optional<Finding>
StaleCommentJudge::judgeFunction(const ClaimSummary &C) const {
  switch (C.What.Kind) {
  case Claim::CallerHolds:
    return judgeCalls(C);
  case Claim::BeforeThreads:
    return judgePhase(C);
  case Claim::Confined:
    if (!C.What.Thread.empty())
      return judgeThread(C);
    if (std::optional<Finding> F = judgeState(C))
      return F;
    return judgeCallers(C);
  default:
    return judgeState(C);
  }
}

/// No lock needed, says the comment; one is held everywhere.
std::optional<Finding>
StaleCommentJudge::judgeOutdated(const ClaimSummary &C) const {
  if (C.What.Kind != Claim::Confined && C.What.Kind != Claim::NoLockNeeded)
    return std::nullopt;
  for (EntityId State : C.State) {
    Accesses All = P.accesses(State);
    erase_if(All,
             [&](const RootedAccess &A) { return !P.isPartOf(C, A.Root); });
    if (All.empty() || all_of(All, [&](const RootedAccess &A) {
          return A.Root == All.front().Root;
        }))
      continue;
    for (EntityId L : All.front().Locks)
      if (all_of(All, [&](const RootedAccess &A) {
            return is_contained(A.Locks, L);
          })) {
        Finding F =
            finding(C, "outdated", State,
                    "'" + Names.display(State).str() + "' is guarded by '" +
                        Names.display(L).str() + "' everywhere");
        thinOut(All, anyOrdered(All));
        addNotes(F, All.front());
        addNotes(F, All.back());
        return F;
      }
  }
  return std::nullopt;
}

std::optional<Finding>
StaleCommentJudge::judge(const ClaimSummary &C,
                         const StaleCommentOptions &How) {
  Options = &How;
  // Which thread it is may differ from object to object.
  if (C.What.SameThread)
    return std::nullopt;
  std::optional<Finding> F =
      C.Functions.empty() ? judgeState(C) : judgeFunction(C);
  if (!F && Options->ReportOutdated)
    F = judgeOutdated(C);
  return F;
}

std::vector<Finding> race::findStaleComments(const Program &P,
                                             const EntityTable &Names,
                                             StaleCommentOptionsOf OptionsOf) {
  std::vector<Finding> All;
  StaleCommentJudge J(P, Names);
  for (const ClaimSummary &C : P.claims())
    if (std::optional<Finding> F = J.judge(C, OptionsOf(C.Place.File)))
      All.push_back(std::move(*F));
  return All;
}

std::vector<Finding>
race::findStaleComments(const Program &P, const EntityTable &Names,
                        const StaleCommentOptions &Options) {
  // NOLINTNEXTLINE(bugprone-return-const-ref-from-parameter): a capture.
  auto Same = [&](StringRef) -> const StaleCommentOptions & { return Options; };
  return findStaleComments(P, Names, Same);
}

Expected<std::vector<std::pair<std::string, std::string>>>
race::parseThreadNames(StringRef Text) {
  std::vector<std::pair<std::string, std::string>> Result;
  SmallVector<StringRef, 4> Parts;
  Text.split(Parts, ';', -1, /*KeepEmpty=*/false);
  for (StringRef Part : Parts) {
    if (Part.trim().empty())
      continue;
    auto [Thread, Function] = Part.split('=');
    if (Thread.trim().empty() || Function.trim().empty())
      return failure("cannot read the thread name '" + Part.trim() +
                     "': expected 'thread=function'");
    Result.emplace_back(Thread.trim().lower(), Function.trim().str());
  }
  return Result;
}
