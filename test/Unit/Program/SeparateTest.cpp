//===- SeparateTest.cpp - Several programs in one database ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Program/Separate.h"
#include "race/Program/Program.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "gtest/gtest.h"
#include <deque>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

using namespace race;

namespace {
class SeparateTest : public testing::Test {
protected:
  EntityId id(llvm::StringRef Name) {
    return Names.intern({Name.str(), "", Name.str()});
  }

  /// A unit of the file \p File, in which each of \p Functions calls the one
  /// behind it; each name stands in a line of its own.
  TUSummary &unit(llvm::StringRef File,
                  std::initializer_list<llvm::StringRef> Functions,
                  llvm::StringRef LastCalls = "") {
    TUSummary &U = Units.emplace_back();
    U.MainFile = File.str();
    for (llvm::StringRef Name : Functions) {
      FunctionSummary F;
      F.Function = id(Name);
      F.Place = {("/p/" + File).str(), unsigned(U.Functions.size()) + 1, 1};
      F.IsMain = Name == "main";
      F.Exported = true;
      if (!U.Functions.empty())
        call(U.Functions.back(), Name);
      U.Functions.push_back(F);
    }
    if (!LastCalls.empty())
      call(U.Functions.back(), LastCalls);
    return U;
  }

  void call(FunctionSummary &From, llvm::StringRef To) {
    CallSummary C;
    C.Callee = id(To);
    C.Place = From.Place;
    From.Calls.push_back(C);
  }

  void touch(FunctionSummary &In, llvm::StringRef State) {
    AccessSummary A;
    A.Where = AccessPath::global(id(State));
    A.Write = true;
    A.Place = In.Place;
    In.Accesses.push_back(A);
  }

  void separate() {
    std::vector<TUSummary *> All;
    for (TUSummary &U : Units)
      All.push_back(&U);
    separatePrograms(All, Names);
  }

  using Numbers = std::vector<unsigned>;
  EntityTable Names;
  std::deque<TUSummary> Units;
};
} // namespace

TEST_F(SeparateTest, OneProgramIsNotNumbered) {
  unit("main.cpp", {"main", "run"}, "log");
  unit("log.cpp", {"log"});
  // The same file for another target.
  unit("main.cpp", {"main", "run"}, "log");
  separate();
  for (const TUSummary &U : Units)
    for (const FunctionSummary &F : U.Functions)
      EXPECT_TRUE(F.Programs.empty());
}

TEST_F(SeparateTest, AProgramIsWhatItsMainLeadsTo) {
  unit("a.cpp", {"main"}, "first");
  unit("b.cpp", {"main"}, "second");
  unit("c.cpp", {"main"});
  unit("first.cpp", {"first"}, "both");
  unit("second.cpp", {"second"}, "both");
  unit("both.cpp", {"both"});
  unit("plugin.cpp", {"plugin"}, "both");
  separate();
  auto Of = [&](unsigned U) { return Units[U].Functions.front().Programs; };
  EXPECT_EQ(Of(0), Numbers{0});
  EXPECT_EQ(Of(1), Numbers{1});
  EXPECT_EQ(Of(2), Numbers{2});
  EXPECT_EQ(Of(3), Numbers{0});
  EXPECT_EQ(Of(4), Numbers{1});
  EXPECT_EQ(Of(5), (Numbers{0, 1}));
  EXPECT_EQ(Of(6), Numbers{});
}

TEST_F(SeparateTest, AProgramHasOneMain) {
  // What the other file with a main has of that name is not what is meant.
  unit("a.cpp", {"main"}, "helper");
  unit("b.cpp", {"main", "helper"});
  separate();
  EXPECT_EQ(Units[1].Functions.back().Programs, Numbers{1});
}

TEST_F(SeparateTest, InlineFunctionsArePartOfAllThatIncludeThem) {
  for (llvm::StringRef File : {"a.cpp", "b.cpp", "c.cpp"}) {
    TUSummary &U = unit(File, {"main", "inlined"});
    if (File == "c.cpp")
      U.Functions.pop_back();
    else
      U.Functions.back().Place = {"/p/a.h", 1, 1};
  }
  separate();
  EXPECT_EQ(Units[0].Functions.back().Programs, (Numbers{0, 1}));
}

TEST_F(SeparateTest, NamesAreThoseOfTheFolderOrProgram) {
  unit("a/main.cpp", {"main"}, "usage");
  unit("a/usage.cpp", {"usage"});
  unit("b/main.cpp", {"main"}, "version");
  unit("b/usage.cpp", {"usage", "version"});
  unit("lib/b.cpp", {"version2"}, "usage");
  call(Units[2].Functions.front(), "version2");
  // Of both programs: none is meant.
  unit("lib/both.cpp", {"both"}, "usage");
  call(Units[0].Functions.front(), "both");
  call(Units[2].Functions.front(), "both");
  separate();
  auto Called = [&](unsigned U) {
    return Units[U].Functions.front().Calls.front().Callee;
  };
  EntityId A = Units[1].Functions.front().Function;
  EntityId B = Units[3].Functions.front().Function;
  EXPECT_NE(A, B);
  EXPECT_EQ(Called(0), A);
  EXPECT_EQ(Called(4), B);
  EXPECT_EQ(Called(5), id("usage"));
}

TEST_F(SeparateTest, EachProgramHasItsThreads) {
  // Both run the library's loop, the second one in a thread, too.
  unit("a.cpp", {"main"}, "loop");
  TUSummary &B = unit("b.cpp", {"main"}, "loop");
  StartSummary S;
  S.Callee = id("loop");
  B.Functions.front().Starts.push_back(S);
  TUSummary &Library = unit("loop.cpp", {"loop"});
  touch(Library.Functions.front(), "X");
  ClaimSummary C;
  C.State.push_back(id("X"));
  Library.Claims.push_back(C);
  separate();
  Program P(Names, {&Units[0], &Units[1], &Units[2]});
  ASSERT_EQ(P.roots().size(), 3u);
  EXPECT_TRUE(P.isCaller(0) && P.isCaller(1) && !P.isCaller(2));
  EXPECT_EQ(P.roots()[2].InProgram, 1u);
  Numbers Programs;
  for (const RootedAccess &A : P.accesses(id("X")))
    Programs.push_back(P.roots()[A.Root].InProgram);
  EXPECT_EQ(Programs, (Numbers{0, 1, 1}));
}

TEST_F(SeparateTest, WhatEachMainCallsOnceRunsOnce) {
  for (llvm::StringRef File : {"a.cpp", "b.cpp"}) {
    FunctionSummary &Main = unit(File, {"main"}, "configure").Functions.front();
    Main.Calls.front().Place.Line = 5;
    for (auto [Line, Thread] : {std::pair(3, "early"), {7, "loop"}}) {
      StartSummary S;
      S.Callee = id(Thread);
      S.Place = Main.Place;
      S.Place.Line = Line;
      Main.Starts.push_back(S);
    }
    Main.FirstStart = Main.Starts.front().Place;
  }
  TUSummary &Library = unit("lib.cpp", {"configure"});
  touch(Library.Functions.front(), "X");
  TUSummary &Loop = unit("loop.cpp", {"loop"});
  touch(Loop.Functions.front(), "X");
  ClaimSummary C;
  C.State.push_back(id("X"));
  Library.Claims.push_back(C);
  separate();
  Program P(Names, {&Units[0], &Units[1], &Units[2], &Units[3]});
  std::vector<RootedAccess> All = P.accesses(id("X"));
  ASSERT_EQ(All.size(), 4u);
  EXPECT_TRUE(P.isOver(All[0], All[2]));
  EXPECT_TRUE(P.isOver(All[1], All[3]));
}
