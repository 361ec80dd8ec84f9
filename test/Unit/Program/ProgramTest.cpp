//===- ProgramTest.cpp - Summaries, linked --------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Program/Program.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"
#include <deque>
#include <set>

using namespace race;

namespace {
/// Makes summaries by hand: every function is in one file, a line for each.
class ProgramTest : public testing::Test {
protected:
  EntityId id(llvm::StringRef Name) {
    return Names.intern({Name.str(), "", Name.str()});
  }
  static Anchor at(unsigned Line, llvm::StringRef File = "a.cpp") {
    return {File.str(), Line, 1};
  }

  FunctionSummary &function(llvm::StringRef Name, unsigned TU = 0) {
    while (Units.size() <= TU)
      Units.emplace_back();
    // References stay good: room for all is made at once.
    Units[TU].Functions.reserve(32);
    FunctionSummary F;
    F.Function = id(Name);
    F.IsMain = Name == "main";
    F.Exported = true;
    Units[TU].Functions.push_back(F);
    return Units[TU].Functions.back();
  }

  void call(FunctionSummary &From, llvm::StringRef To, unsigned Line = 1,
            std::vector<llvm::StringRef> Locks = {}, bool Virtual = false) {
    CallSummary C;
    C.Callee = id(To);
    C.Virtual = Virtual;
    for (llvm::StringRef L : Locks)
      C.Locks.push_back(AccessPath::global(id(L)));
    C.Place = at(Line);
    From.Calls.push_back(C);
  }

  void start(FunctionSummary &From, llvm::StringRef What, unsigned Line = 1,
             ThreadStartModel::KindTy Kind = ThreadStartModel::Thread,
             bool Concurrent = false) {
    StartSummary S;
    S.Callee = id(What);
    S.Kind = Kind;
    S.Concurrent = Concurrent;
    S.Place = at(Line);
    From.Starts.push_back(S);
    if (!From.FirstStart.isValid() || at(Line) < From.FirstStart)
      From.FirstStart = at(Line);
  }

  void access(FunctionSummary &In, AccessPath Where, bool Write = false,
              unsigned Line = 1, std::vector<llvm::StringRef> Locks = {}) {
    AccessSummary A;
    A.Where = std::move(Where);
    A.Write = Write;
    for (llvm::StringRef L : Locks)
      A.Locks.push_back(AccessPath::global(id(L)));
    A.Place = at(Line);
    In.Accesses.push_back(A);
  }

  /// A program in which a claim speaks of everything that is touched.
  Program link() {
    OfAll = TUSummary();
    OfAll.Claims.emplace_back();
    for (const TUSummary &U : Units)
      for (const FunctionSummary &F : U.Functions)
        for (const AccessSummary &A : F.Accesses)
          for (EntityId E : wholesOf(A.Where))
            OfAll.Claims.back().State.push_back(E);
    std::vector<const TUSummary *> All{&OfAll};
    for (const TUSummary &U : Units)
      All.push_back(&U);
    return Program(Names, All);
  }

  std::string rootName(const Program &P, unsigned Root) {
    EntityId F = P.roots()[Root].Function;
    if (P.isSometime(Root))
      return "some time";
    return F.isValid() ? Names.display(F).str() : "callers";
  }

  /// "root: function [locks]" for each access to \p State, as sorted lines.
  std::vector<std::string> accesses(llvm::StringRef State) {
    Program P = link();
    std::vector<std::string> Out;
    for (const RootedAccess &A : P.accesses(id(State))) {
      std::string Text =
          rootName(P, A.Root) + ": " + Names.display(A.In->Function).str();
      for (EntityId L : A.Locks)
        Text += " " + Names.display(L).str();
      Out.push_back(Text + (A.Access->Write ? " writes" : ""));
    }
    llvm::sort(Out);
    return Out;
  }

  AccessPath global(llvm::StringRef Name) {
    return AccessPath::global(id(Name));
  }
  AccessPath member(llvm::StringRef Name) {
    return AccessPath::thisPointer()
        .then(PathStep::deref())
        .then(PathStep::field(id(Name)));
  }

  using Lines = std::vector<std::string>;
  EntityTable Names;
  std::deque<TUSummary> Units;
  TUSummary OfAll;
};
} // namespace

TEST_F(ProgramTest, NothingIsOneRoot) {
  Program P = link();
  ASSERT_EQ(P.roots().size(), 1u);
  EXPECT_FALSE(P.roots()[0].Function.isValid());
  EXPECT_TRUE(P.accesses(id("X")).empty());
}

TEST_F(ProgramTest, RootsAreWhatIsStarted) {
  FunctionSummary &Main = function("main");
  start(Main, "worker", 5);
  start(Main, "handler", 6, ThreadStartModel::Signal);
  start(Main, "job", 7, ThreadStartModel::Task, true);
  function("worker");
  Program P = link();
  ASSERT_EQ(P.roots().size(), 4u);
  EXPECT_EQ(rootName(P, 1), "worker");
  EXPECT_EQ(P.roots()[1].StartedAt, at(5));
  EXPECT_FALSE(P.roots()[1].Concurrent);
  EXPECT_EQ(P.roots()[2].Kind, ThreadStartModel::Signal);
  EXPECT_TRUE(P.roots()[3].Concurrent);
}

TEST_F(ProgramTest, WhatIsStartedTwiceRunsWithItself) {
  start(function("main"), "worker", 5);
  start(function("other", 1), "worker", 9);
  Program P = link();
  ASSERT_EQ(P.roots().size(), 2u);
  EXPECT_TRUE(P.roots()[1].Concurrent);
}

TEST_F(ProgramTest, LoopsAndTimersAreNoThreads) {
  FunctionSummary &Main = function("main");
  start(Main, "tick", 5, ThreadStartModel::Timer);
  start(Main, "onRead", 6, ThreadStartModel::Loop);
  Main.FirstStart = Anchor();
  access(function("tick"), global("X"), true);
  access(function("onRead"), global("X"));
  EXPECT_EQ(link().roots().size(), 1u);
  EXPECT_EQ(accesses("X"), (Lines{"callers: onRead", "callers: tick writes"}));
}

TEST_F(ProgramTest, EachRootReachesWhatItCalls) {
  FunctionSummary &Main = function("main");
  start(Main, "worker", 5);
  call(Main, "helper", 9);
  call(function("worker"), "middle");
  call(function("middle", 1), "helper");
  access(function("helper", 1), global("X"), true);
  EXPECT_EQ(accesses("X"),
            (Lines{"callers: helper writes", "worker: helper writes"}));
  Program P = link();
  for (const RootedAccess &A : P.accesses(id("X"))) {
    std::vector<std::string> Path;
    for (const CallSummary *C : A.Path)
      Path.push_back(Names.display(C->Callee).str());
    EXPECT_EQ(llvm::join(Path, " "), A.Root == 0 ? "helper" : "middle helper");
  }
}

TEST_F(ProgramTest, RecursionEnds) {
  FunctionSummary &Main = function("main");
  call(Main, "even");
  call(function("even"), "odd");
  FunctionSummary &Odd = function("odd");
  call(Odd, "even");
  call(Odd, "odd");
  access(Odd, global("X"));
  EXPECT_EQ(accesses("X"), (Lines{"callers: odd"}));
}

TEST_F(ProgramTest, NobodyBelievesInLongWays) {
  auto Believed = [&](unsigned Calls, llvm::StringRef State) {
    std::string Last = State.str() + "worker";
    start(function(State.str() + "starter"), Last);
    for (unsigned I = 0; I < Calls; ++I) {
      std::string Next = State.str() + std::to_string(I);
      call(function(Last), Next);
      Last = Next;
    }
    access(function(Last), global(State));
    Program P = link();
    std::vector<RootedAccess> All = P.accesses(id(State));
    EXPECT_EQ(All.size(), 1u);
    return !All.empty() && All.front().Credible;
  };
  EXPECT_TRUE(Believed(8, "X"));
  EXPECT_FALSE(Believed(9, "Y"));
}

TEST_F(ProgramTest, WhatMainDoesIsOverBeforeLaterThreadsBegin) {
  FunctionSummary &Main = function("main");
  start(Main, "first", 1);
  access(Main, global("X"), true, 2);
  call(Main, "prepare", 3);
  start(Main, "second", 4);
  access(function("prepare"), global("Y"), true);
  for (llvm::StringRef Thread : {"first", "second"}) {
    FunctionSummary &F = function(Thread);
    access(F, global("X"));
    access(F, global("Y"));
  }
  Program P = link();
  for (llvm::StringRef State : {"X", "Y"}) {
    std::vector<RootedAccess> All = P.accesses(id(State));
    ASSERT_EQ(All.size(), 3u);
    EXPECT_EQ(All[0].Root, 0u);
    EXPECT_EQ(rootName(P, All[1].Root), "first");
    EXPECT_FALSE(P.isOver(All[0], All[1]));
    EXPECT_EQ(rootName(P, All[2].Root), "second");
    EXPECT_TRUE(P.isOver(All[0], All[2]));
    EXPECT_FALSE(P.isOver(All[2], All[0]));
  }
}

TEST_F(ProgramTest, ManyThreadsAreFollowedTogether) {
  // More than a word has bits; every third one takes the lock.
  FunctionSummary &Main = function("main");
  Lines Expected;
  for (unsigned I = 0; I < 200; ++I) {
    std::string Thread = "t" + std::to_string(I);
    start(Main, Thread, 1 + I);
    FunctionSummary &F = function(Thread, 1 + I / 16);
    bool Locks = I % 3 == 0;
    call(F, "helper", 1,
         Locks ? std::vector<llvm::StringRef>{"L"}
               : std::vector<llvm::StringRef>());
    Expected.push_back(Thread + ": helper" + (Locks ? " L" : ""));
  }
  access(function("helper", 20), global("X"));
  llvm::sort(Expected);
  EXPECT_EQ(accesses("X"), Expected);
}

TEST_F(ProgramTest, LocksOfCallersAreHeld) {
  FunctionSummary &Main = function("main");
  call(Main, "helper", 1, {"A", "B"});
  FunctionSummary &Helper = function("helper");
  access(Helper, global("X"), true, 1, {"C"});
  EXPECT_EQ(accesses("X"), (Lines{"callers: helper A B C writes"}));
}

TEST_F(ProgramTest, LocksThatNotAllCallersHoldAreNot) {
  FunctionSummary &Main = function("main");
  call(Main, "helper", 1, {"A", "B"});
  call(Main, "middle", 2, {"B"});
  call(function("middle"), "helper");
  access(function("helper"), global("X"));
  EXPECT_EQ(accesses("X"), (Lines{"callers: helper B"}));
  // Of each root by itself.
  start(function("other"), "worker");
  call(function("worker"), "helper", 1, {"A"});
  EXPECT_EQ(accesses("X"), (Lines{"callers: helper B", "worker: helper A"}));
}

TEST_F(ProgramTest, WhatAThreadHoldsAtAllOfItsCallsIsHeldBelow) {
  // Its function comes first, where it holds nothing yet, even when it calls
  // itself.
  FunctionSummary &Worker = function("worker");
  access(Worker, global("X"));
  call(Worker, "step", 1, {"A"});
  call(Worker, "helper", 2, {"A", "B"});
  FunctionSummary &Step = function("step");
  call(Step, "helper", 1, {"A", "C"});
  call(Step, "worker", 2);
  access(function("helper"), global("X"));
  // The same lock, not all the time.
  FunctionSummary &Other = function("other");
  call(Other, "helper", 1, {"A"});
  call(Other, "step", 2);
  FunctionSummary &Starter = function("starter");
  start(Starter, "worker", 1);
  start(Starter, "other", 2);
  EXPECT_EQ(accesses("X"), (Lines{"other: helper A", "other: worker",
                                  "worker: helper A", "worker: worker"}));
  // To another thread that function is one like others.
  FunctionSummary &Third = function("third");
  call(Third, "worker", 1, {"A"});
  start(Starter, "third", 3);
  EXPECT_EQ(accesses("X"),
            (Lines{"other: helper A", "other: worker", "third: helper A",
                   "third: worker A", "worker: helper A", "worker: worker"}));
}

TEST_F(ProgramTest, WhatIsLetGoBelowIsNotHeldThere) {
  for (llvm::StringRef Thread : {"one", "two"}) {
    FunctionSummary &F = function(Thread);
    call(F, "step", 1, {"A"});
    call(F, "helper", 2, {"A"});
    start(function(Thread == "one" ? "makesOne" : "makesTwo"), Thread);
  }
  FunctionSummary &Step = function("step");
  call(Step, "inner");
  Step.Calls.back().Dropped.push_back(global("A"));
  access(Step, global("X"));
  access(function("inner"), global("Y"));
  access(function("helper"), global("Z"));
  EXPECT_EQ(accesses("X"), (Lines{"one: step A", "two: step A"}));
  EXPECT_EQ(accesses("Y"), (Lines{"one: inner", "two: inner"}));
  EXPECT_EQ(accesses("Z"), (Lines{"one: helper A", "two: helper A"}));
}

TEST_F(ProgramTest, VirtualCallsReachEveryOverride) {
  FunctionSummary &Main = function("main");
  call(Main, "Base::run", 1, {}, /*Virtual=*/true);
  FunctionSummary &Derived = function("Derived::run");
  Derived.Overrides.push_back(id("Base::run"));
  FunctionSummary &Deeper = function("Deeper::run", 1);
  Deeper.Overrides.push_back(id("Derived::run"));
  access(Derived, global("X"));
  access(Deeper, global("X"));
  Derived.Exported = Deeper.Exported = false;
  EXPECT_EQ(accesses("X"),
            (Lines{"callers: Deeper::run", "callers: Derived::run"}));
}

TEST_F(ProgramTest, QualifiedCallsDoNot) {
  FunctionSummary &Main = function("main");
  call(Main, "Base::run");
  FunctionSummary &Derived = function("Derived::run");
  Derived.Overrides.push_back(id("Base::run"));
  Derived.Exported = false;
  access(Derived, global("X"));
  // But somebody who is not seen will.
  EXPECT_EQ(accesses("X"), (Lines{"some time: Derived::run"}));
}

TEST_F(ProgramTest, UnseenCodeCallsWhatItGetsSomeTime) {
  FunctionSummary &Main = function("main");
  for (const char *Name : {"onReady", "onLocked", "compare", "called"}) {
    FunctionSummary &F = function(Name);
    F.Exported = false;
    access(F, global("X"));
    Main.Escapes.push_back(id(Name));
  }
  auto Give = [&](const char *To, const char *What,
                  std::vector<llvm::StringRef> Locks = {}) {
    call(Main, To, 1, std::move(Locks));
    CallableArgument A;
    A.Callee = id(To);
    A.Value = id(What);
    Units.back().Arguments.push_back(A);
  };
  Give("whenReady", "onReady");
  Give("whenever", "onLocked", {"mu"});
  Give("sort", "compare");
  call(Main, "called");
  Program P = link();
  std::set<std::string> Unknown, Known;
  for (const RootedAccess &A : P.accesses(id("X")))
    if (P.isSometime(A.Root))
      (A.UnknownLocks ? Unknown : Known)
          .insert(Names.display(A.In->Function).str());
  EXPECT_EQ(Known, (std::set<std::string>{"onReady"}));
  EXPECT_EQ(Unknown, (std::set<std::string>{"compare", "onLocked"}));
}

TEST_F(ProgramTest, WhoClosesUnderALockIsNotAlone) {
  FunctionSummary &Close = function("close");
  access(Close, global("X"));
  EXPECT_EQ(accesses("X"), Lines());
  Close.Handles.push_back(id("mu"));
  EXPECT_EQ(accesses("X"), (Lines{"some time: close"}));
}

TEST_F(ProgramTest, LambdasRunWhereTheyStandOrAsThreads) {
  FunctionSummary &Main = function("main");
  call(Main, "helper", 9, {"A"});
  FunctionSummary &Helper = function("helper");
  FunctionSummary &Plain = function("lambda 1");
  Plain.Encloser = Helper.Function;
  Plain.Exported = false;
  access(Plain, global("X"));
  FunctionSummary &Thread = function("lambda 2");
  Thread.Encloser = Helper.Function;
  Thread.Exported = false;
  access(Thread, global("Y"));
  start(Helper, "lambda 2", 3);
  call(Helper, "lambda 2", 3, {"B"});
  EXPECT_EQ(accesses("X"), (Lines{"callers: lambda 1 A"}));
  EXPECT_EQ(accesses("Y"), (Lines{"lambda 2: lambda 2"}));
}

TEST_F(ProgramTest, BeforeTheFirstStartNothingOverlaps) {
  FunctionSummary &Main = function("main");
  start(Main, "worker", 5);
  Main.LastJoin = at(10);
  access(Main, global("X"), true, 3);
  access(Main, global("Y"), true, 7);
  access(Main, global("Z"), true, 12);
  call(Main, "early", 4);
  call(Main, "late", 6);
  access(function("early"), global("X"));
  access(function("late"), global("Y"));
  EXPECT_EQ(accesses("X"), Lines());
  EXPECT_EQ(accesses("Y"), (Lines{"callers: late", "callers: main writes"}));
  EXPECT_EQ(accesses("Z"), Lines());
}

TEST_F(ProgramTest, ConstructorsAndDestructorsHaveTheirObjectAlone) {
  FunctionSummary &Ctor = function("C::C");
  Ctor.Constructor = true;
  access(Ctor, member("X"), true);
  FunctionSummary &Dtor = function("C::~C");
  Dtor.Destructor = true;
  access(Dtor, member("X"), true);
  access(function("C::get"), member("X"));
  EXPECT_EQ(accesses("X"), (Lines{"callers: C::get"}));
}

TEST_F(ProgramTest, WhatAPointerLeadsToIsAnotherObject) {
  FunctionSummary &Main = function("main");
  access(Main, global("P"), false, 1);
  access(Main, global("P").then(PathStep::deref()), true, 2);
  access(Main, global("S").then(PathStep::field(id("P"))), false, 3);
  access(Main,
         member("P").then(PathStep::deref()).then(PathStep::field(id("Q"))),
         true, 4);
  EXPECT_EQ(accesses("P"), (Lines{"callers: main", "callers: main"}));
  EXPECT_EQ(accesses("Q"), (Lines{"callers: main writes"}));
  // A part of the whole is the whole.
  EXPECT_EQ(accesses("S"), (Lines{"callers: main"}));
}

TEST_F(ProgramTest, CallersAreWhatOthersMayCall) {
  access(function("api"), global("X"));
  access(function("init"), global("X"), true);
  access(function("Server::shutdown"), global("X"), true);
  FunctionSummary &Private = function("unseen");
  Private.Exported = false;
  access(Private, global("X"));
  // Start and end of a program's life have no company.
  EXPECT_EQ(accesses("X"), (Lines{"callers: api"}));
}

TEST_F(ProgramTest, UnknownLocksOnTheWay) {
  FunctionSummary &Main = function("main");
  call(Main, "middle");
  FunctionSummary &Middle = function("middle");
  Middle.UnknownLocks = true;
  call(Middle, "helper");
  access(function("helper"), global("X"));
  access(Main, global("Y"));
  Program P = link();
  ASSERT_EQ(P.accesses(id("X")).size(), 1u);
  EXPECT_TRUE(P.accesses(id("X"))[0].UnknownLocks);
  ASSERT_EQ(P.accesses(id("Y")).size(), 1u);
  EXPECT_FALSE(P.accesses(id("Y"))[0].UnknownLocks);
}

TEST_F(ProgramTest, FunctionsAndClaimsOfAllUnits) {
  function("main");
  function("other", 1);
  for (unsigned U : {0, 1}) {
    ClaimSummary InSource, InHeader;
    InSource.Place = at(1, U ? "b.cpp" : "a.cpp");
    InHeader.Place = at(1, "a.h");
    Units[U].Claims = {InSource, InHeader};
  }
  Program P = link();
  // With that of link() itself.
  EXPECT_EQ(P.claims().size(), 4u);
  ASSERT_NE(P.function(id("other")), nullptr);
  EXPECT_EQ(P.function(id("other"))->Function, id("other"));
  EXPECT_EQ(P.function(id("absent")), nullptr);
}
