//===- StaleComment.cpp - Comments that became lies -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Analysis/StaleComment.h"
#include "race/Support/QualifiedName.h"
#include "race/Support/Words.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include <map>

using namespace llvm;
using namespace race;

namespace {

/// Judges the claims of one program.
class Judge {
public:
  Judge(const Program &P, const EntityTable &Names);

  std::optional<Finding> judge(const ClaimSummary &C,
                               const StaleCommentOptions &How);

private:
  using Accesses = std::vector<RootedAccess>;

  // The table of judgements, one for each kind of claim.
  std::optional<Finding> judgeState(const ClaimSummary &C) const;
  std::optional<Finding> judgePointee(const ClaimSummary &C,
                                      EntityId State) const;
  std::optional<Finding> judgeFunction(const ClaimSummary &C) const;
  std::optional<Finding> judgeThread(const ClaimSummary &C) const;
  std::optional<Finding> judgePhase(const ClaimSummary &C) const;
  std::optional<Finding> judgeCalls(const ClaimSummary &C) const;
  std::optional<Finding> judgeOutdated(const ClaimSummary &C) const;

  bool conflict(const RootedAccess &A, const RootedAccess &B) const;
  bool lacksLock(const ClaimSummary &C, const RootedAccess &A,
                 const RootedAccess &B) const;
  bool breaks(const ClaimSummary &C, const RootedAccess &A,
              const RootedAccess &B) const;
  bool isRare(const ClaimSummary &C, const Accesses &All) const;
  bool argued(const ClaimSummary &C, EntityId Function) const;
  bool isThread(const ThreadRoot &R, StringRef Name) const;
  void thinOut(Accesses &All, bool Ordered) const;
  static bool anyOrdered(const Accesses &All);
  bool isCredible(ArrayRef<const CallSummary *> Path) const;

  Finding finding(const ClaimSummary &C, StringRef Kind, EntityId About,
                  std::string Message) const;
  void addNotes(Finding &F, const RootedAccess &A) const;
  void addTurn(Finding &F, unsigned Root, ArrayRef<const CallSummary *> Path,
               const Anchor &Place, std::string Does,
               ArrayRef<EntityId> Locks) const;
  void addWay(Finding &F, unsigned Root,
              ArrayRef<const CallSummary *> Path) const;
  std::string describe(const ThreadRoot &R) const;
  std::string locks(ArrayRef<EntityId> Locks) const;

  const Program &P;
  const EntityTable &Names;
  /// Those for the claim at hand.
  const StaleCommentOptions *Options = nullptr;
  /// Functions in which, or on which, a comment says why no lock is taken.
  DenseMap<EntityId, SmallVector<const ClaimSummary *, 1>> Arguments;
};

} // namespace

Judge::Judge(const Program &P, const EntityTable &Names) : P(P), Names(Names) {
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

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

/// How a user would call the thread \p R.
std::string Judge::describe(const ThreadRoot &R) const {
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

std::string Judge::locks(ArrayRef<EntityId> Locks) const {
  if (Locks.empty())
    return "without a lock";
  std::string Text = "holding ";
  for (size_t I = 0; I < Locks.size(); ++I)
    Text += (I ? ", '" : "'") + Names.display(Locks[I]).str() + "'";
  return Text;
}

/// \param About what of the claim's subject it is about.
Finding Judge::finding(const ClaimSummary &C, StringRef Kind, EntityId About,
                       std::string Message) const {
  Finding F;
  F.Check = "race-stale-thread-comment";
  F.Kind = Kind.str();
  const EntityName &Scope =
      Names.name(C.Inside.isValid()    ? C.Inside
                 : C.Functions.empty() ? About
                                       : C.Functions.front());
  F.Scope = C.Inside.isValid() || !C.Functions.empty() ? Scope.Display
                                                       : qualifiedName(Scope);
  F.ScopeIsLocal = !Scope.Namespace.empty();
  F.Subject = C.Quote + " " + Names.display(About).str();
  F.NotesTellAll = true;
  F.Place = C.Place;
  F.Why = C.Annotated ? Evidence::Annotated : Evidence::Structural;
  F.Message = (C.Annotated ? "annotation says \"" : "comment says \"") +
              C.Quote + "\", but " + Message;
  return F;
}

/// The way from the start of a thread to what it does.
void Judge::addWay(Finding &F, unsigned Root,
                   ArrayRef<const CallSummary *> Path) const {
  for (const CallSummary *Call : Path)
    F.Notes.push_back({Call->Place, "called here"});
  const ThreadRoot &R = P.roots()[Root];
  if (R.StartedAt.isValid())
    F.Notes.push_back({R.StartedAt, "the thread is started here"});
}

void Judge::addNotes(Finding &F, const RootedAccess &A) const {
  F.Notes.push_back(
      {A.Access->Place, std::string(A.Access->Write ? "written" : "read") +
                            " here by " + describe(P.roots()[A.Root]) + ", " +
                            locks(A.Locks)});
  addWay(F, A.Root, A.Path);
  addTurn(F, A.Root, A.Path, A.Access->Place,
          std::string(A.Access->Write ? "writes '" : "reads '") +
              Names.display(A.Access->Where.lastEntity()).str() + "'",
          A.Locks);
}

/// One more thread, for those who draw it: how it comes to \p Place and what it
/// does there.
void Judge::addTurn(Finding &F, unsigned Root,
                    ArrayRef<const CallSummary *> Path, const Anchor &Place,
                    std::string Does, ArrayRef<EntityId> Locks) const {
  const ThreadRoot &R = P.roots()[Root];
  std::string Name = describe(R);
  if (is_contained(F.Threads, Name))
    Name = "another such thread";
  F.Threads.push_back(Name);
  unsigned Thread = F.Threads.size();
  std::vector<InterleavingStep> Way;
  if (R.StartedAt.isValid())
    Way.push_back({Thread, R.StartedAt, "is started", {}, /*Before=*/true});
  for (const CallSummary *Call : Path)
    Way.push_back({Thread,
                   Call->Place,
                   "calls '" + Names.display(Call->Callee).str() + "'",
                   {},
                   /*Before=*/true});
  auto Opens = find_if(F.Interleaving,
                       [](const InterleavingStep &S) { return !S.Before; });
  F.Interleaving.insert(Opens, Way.begin(), Way.end());
  InterleavingStep Step{Thread, Place, std::move(Does)};
  for (EntityId L : Locks)
    Step.Locks.push_back(Names.display(L).str());
  F.Interleaving.push_back(std::move(Step));
}

//===----------------------------------------------------------------------===//
// What cannot be true together
//===----------------------------------------------------------------------===//

/// Whether two accesses can happen at once, one of them a write, without a
/// common lock.
bool Judge::conflict(const RootedAccess &A, const RootedAccess &B) const {
  if (!A.Access->Write && !B.Access->Write)
    return false;
  if (A.UnknownLocks || B.UnknownLocks || A.OwnObject || B.OwnObject)
    return false;
  if (any_of(A.Locks, [&](EntityId L) { return is_contained(B.Locks, L); }))
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
bool Judge::lacksLock(const ClaimSummary &C, const RootedAccess &A,
                      const RootedAccess &B) const {
  if (C.What.Kind != Claim::GuardedBy || !C.Lock.isValid() || A.In == B.In)
    return false;
  if (P.roots()[A.Root].InProgram != P.roots()[B.Root].InProgram)
    return false;
  if (A.UnknownLocks || A.OwnObject || B.OwnObject ||
      (!A.Access->Write && !B.Access->Write))
    return false;
  // A private lock: no caller can have taken it. Whoever handles it elsewhere
  // has let go of it on purpose.
  if (!C.LockIsPrivate || P.handlesLock(A.In, C.Lock) ||
      any_of(A.Callers, [&](const FunctionSummary *F) {
        return P.handlesLock(F, C.Lock);
      }))
    return false;
  return A.Locks.empty() && is_contained(B.Locks, C.Lock);
}

/// Whether just one function does without the lock that the claim names, and at
/// least two others take it: an exception that is no habit.
bool Judge::isRare(const ClaimSummary &C, const Accesses &All) const {
  SmallPtrSet<const FunctionSummary *, 8> With, Without;
  for (const RootedAccess &A : All)
    (is_contained(A.Locks, C.Lock) ? With : Without).insert(A.In);
  return Without.size() == 1 && With.size() >= 2;
}

/// Whether another comment gives a reason for what \p Function does. That it
/// is for one thread only, too, is none.
bool Judge::argued(const ClaimSummary &C, EntityId Function) const {
  auto It = Arguments.find(Function);
  return It != Arguments.end() &&
         any_of(It->second, [&](const ClaimSummary *Other) {
           bool SaysTheSame = C.What.Kind == Claim::Confined &&
                              Other->What.Kind == Claim::Confined &&
                              !Other->Inside.isValid();
           return Other != &C && !SaysTheSame && !(Other->Place == C.Place);
         });
}

/// Whether \p Path is a way that somebody would believe. Each call makes it
/// longer; one whose target is only one of those that are possible, or whose
/// object may be any of its class, makes it less certain.
bool Judge::isCredible(ArrayRef<const CallSummary *> Path) const {
  constexpr unsigned MaxDoubt = 8;
  unsigned Doubt = 0;
  for (const CallSummary *C : Path) {
    const FunctionSummary *Target = P.function(C->Callee);
    bool AnyObject = Target && Target->Class.isValid() && !C->OnThis &&
                     !C->OfThis && !C->OnStatic && !C->OwnObject;
    Doubt += 1 + 2 * (C->Virtual || C->Through) + AnyObject;
  }
  return Doubt <= MaxDoubt;
}

bool Judge::breaks(const ClaimSummary &C, const RootedAccess &A,
                   const RootedAccess &B) const {
  if (!P.isPartOf(C, A.Root) || !P.isPartOf(C, B.Root))
    return false;
  if (!isCredible(A.Path) || !isCredible(B.Path))
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
  auto StartOrEnd = [&](const RootedAccess &X) {
    StringRef Name = Names.display(X.In->Function);
    return P.isCaller(X.Root) && (soundsLikeStart(Name) || soundsLikeEnd(Name));
  };
  switch (C.What.Kind) {
  case Claim::Confined:
  case Claim::NoLockNeeded:
  case Claim::NotThreadSafe:
  case Claim::CallerHolds:
    return conflict(A, B);
  case Claim::GuardedBy:
    return conflict(A, B) ||
           (lacksLock(C, A, B) && !StartOrEnd(A) && !StartOrEnd(B));
  case Claim::BeforeThreads:
    return A.Access->Write && !P.isCaller(A.Root) && conflict(A, B);
  case Claim::ImmutableAfterInit: {
    // A setter may well be part of the initialisation; a constructor's end is
    // plain to see.
    bool Sure = !P.isCaller(A.Root) ||
                (StringRef(C.Quote).contains("onstruct") && !StartOrEnd(A));
    return A.Access->Write && Sure && conflict(A, B);
  }
  }
  return false;
}

/// Whether some access is over before certain threads begin: then it matters
/// which ones.
bool Judge::anyOrdered(const Accesses &All) {
  return any_of(All, [](const RootedAccess &A) { return A.Before != 0; });
}

/// Accesses that are judged alike are represented by the first of them. What
/// matters of two threads of one kind is that there are two, so that the first
/// two represent all.
void Judge::thinOut(Accesses &All, bool Ordered) const {
  struct Representatives {
    unsigned First, Second;
  };
  std::map<
      std::tuple<unsigned, unsigned, unsigned, unsigned, bool, EntityId, bool,
                 bool, bool, bool, bool, bool, std::vector<EntityId>>,
      Representatives>
      Seen;
  erase_if(All, [&](const RootedAccess &A) {
    const ThreadRoot &R = P.roots()[A.Root];
    auto [It, New] = Seen.try_emplace({Ordered ? A.Root : !P.isCaller(A.Root),
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
                                       {A.Locks.begin(), A.Locks.end()}},
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

//===----------------------------------------------------------------------===//
// Judgements
//===----------------------------------------------------------------------===//

/// Claims about state: fields, variables, those of a class, and what a function
/// or statement touches.
std::optional<Finding> Judge::judgeState(const ClaimSummary &C) const {
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
      for (const RootedAccess &B : All) {
        if (!breaks(C, A, B) || (!Rare && !conflict(A, B)))
          continue;
        std::string Name = "'" + Names.display(State).str() + "'";
        bool Threads = conflict(A, B);
        Finding F = finding(
            C, Threads ? "threads" : "lock", State,
            Threads ? Name + " is touched by two threads without a common lock"
                    : Name + " is " + (A.Access->Write ? "written" : "read") +
                          " without '" + Names.display(C.Lock).str() + "'");
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
/// leads to: it is handed to unseen code on two threads.
std::optional<Finding> Judge::judgePointee(const ClaimSummary &C,
                                           EntityId State) const {
  if (C.What.Kind != Claim::Confined || C.What.WritesOnly ||
      !C.Classes.empty() || !C.Functions.empty())
    return std::nullopt;
  Accesses All = P.accesses(State, /*Pointee=*/true);
  thinOut(All, anyOrdered(All));
  for (const RootedAccess &A : All)
    for (const RootedAccess &B : All) {
      if (!breaks(C, A, B))
        continue;
      Finding F = finding(C, "pointee", State,
                          "what '" + Names.display(State).str() +
                              "' points to is used by two threads without "
                              "a common lock");
      addNotes(F, A);
      addNotes(F, B);
      return F;
    }
  return std::nullopt;
}

/// Whether \p R is the thread that comments call \p Name.
bool Judge::isThread(const ThreadRoot &R, StringRef Name) const {
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

/// "Must be called on the main thread", and another thread calls it. The main
/// thread is the only one of which others can be told apart by nature; for
/// others, the thread of that name must be known.
std::optional<Finding> Judge::judgeThread(const ClaimSummary &C) const {
  StringRef Name = C.What.Thread;
  if (C.What.Kind != Claim::Confined || Name.empty() || Name == "owner")
    return std::nullopt;
  const std::vector<ThreadRoot> &Roots = P.roots();
  bool Known = Name == "main";
  for (unsigned R = 0; R < Roots.size() && !Known; ++R)
    Known = !P.isCaller(R) && isThread(Roots[R], Name);
  if (!Known)
    return std::nullopt;
  for (EntityId F : C.Functions)
    for (const RootedCall &X : P.calls(F)) {
      const ThreadRoot &R = Roots[X.Root];
      bool Certain = R.Kind == ThreadStartModel::Thread ||
                     R.Kind == ThreadStartModel::Task;
      if (P.isCaller(X.Root) || !P.isPartOf(C, X.Root) || !Certain ||
          X.OwnObject || isThread(R, Name) || argued(C, X.From->Function) ||
          !isCredible(X.Path))
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

/// "Called before threads are started", and a thread calls it.
std::optional<Finding> Judge::judgePhase(const ClaimSummary &C) const {
  for (EntityId F : C.Functions)
    for (const RootedCall &X : P.calls(F)) {
      const ThreadRoot &R = P.roots()[X.Root];
      if (P.isCaller(X.Root) || !P.isPartOf(C, X.Root) ||
          R.Kind != ThreadStartModel::Thread || X.OwnObject ||
          !isCredible(X.Path))
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

/// "The caller holds mu_", and one does not while others do.
std::optional<Finding> Judge::judgeCalls(const ClaimSummary &C) const {
  auto Holds = [&](const RootedCall &X) {
    return C.Lock.isValid() ? is_contained(X.Locks, C.Lock) : !X.Locks.empty();
  };
  for (EntityId F : C.Functions) {
    std::vector<RootedCall> Calls = P.calls(F);
    const RootedCall *Good = nullptr;
    for (const RootedCall &X : Calls)
      if (Holds(X))
        Good = &X;
    if (!Good && (!P.startsThreads() || !C.Lock.isValid()))
      continue;
    // It is the lock's own function, or lets go of it for a while.
    const FunctionSummary *Body = P.function(F);
    if (Body && C.Lock.isValid() && P.handlesLock(Body, C.Lock))
      continue;
    for (const RootedCall &X : Calls) {
      StringRef From = Names.display(X.From->Function);
      if (Holds(X) || !X.Locks.empty() || !isCredible(X.Path) ||
          !P.isPartOf(C, X.Root) || X.UnknownLocks || X.OwnObject ||
          (P.isCaller(X.Root) &&
           (soundsLikeStart(From) || soundsLikeEnd(From))) ||
          argued(C, X.From->Function) || From == Names.display(F))
        continue;
      // Whoever calls the caller may hold the lock, unless a thread begins
      // there, or the caller takes the lock itself at other times.
      if (P.isCaller(X.Root) &&
          !(C.Lock.isValid() && P.handlesLock(X.From, C.Lock)))
        continue;
      std::string Lock =
          C.Lock.isValid() ? "'" + Names.display(C.Lock).str() + "'" : "a lock";
      Finding Found =
          finding(C, "caller", F,
                  "'" + Names.display(F).str() + "' is called without " + Lock);
      Found.Notes.push_back({X.Call->Place, "called here by " +
                                                describe(P.roots()[X.Root]) +
                                                ", " + locks(X.Locks)});
      addWay(Found, X.Root, X.Path);
      std::string Does = "calls '" + Names.display(F).str() + "'";
      addTurn(Found, X.Root, X.Path, X.Call->Place, Does, X.Locks);
      if (Good) {
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

std::optional<Finding> Judge::judgeFunction(const ClaimSummary &C) const {
  switch (C.What.Kind) {
  case Claim::CallerHolds:
    return judgeCalls(C);
  case Claim::BeforeThreads:
    return judgePhase(C);
  case Claim::Confined:
    if (!C.What.Thread.empty())
      return judgeThread(C);
    return judgeState(C);
  default:
    return judgeState(C);
  }
}

/// No lock needed, says the comment; one is held everywhere.
std::optional<Finding> Judge::judgeOutdated(const ClaimSummary &C) const {
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

std::optional<Finding> Judge::judge(const ClaimSummary &C,
                                    const StaleCommentOptions &How) {
  Options = &How;
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
  Judge J(P, Names);
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
      return createStringError(inconvertibleErrorCode(),
                               "cannot read the thread name '" + Part.trim() +
                                   "': expected 'thread=function'");
    Result.emplace_back(Thread.trim().lower(), Function.trim().str());
  }
  return Result;
}
