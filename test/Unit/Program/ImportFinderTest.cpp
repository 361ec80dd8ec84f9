//===- ImportFinderTest.cpp - What units know of each other ---------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Program/ImportFinder.h"
#include "gtest/gtest.h"

using namespace race;

namespace {
class ImportFinderTest : public testing::Test {
protected:
  EntityId id(llvm::StringRef Name, llvm::StringRef Namespace = "") {
    return Names.intern({Name.str(), Namespace.str(), Name.str()});
  }

  /// A function of unit \p U that hands its first argument back, or not.
  FunctionSummary &function(unsigned U, EntityId Name, bool HandsBack) {
    FunctionSummary F;
    F.Function = Name;
    F.Exported = true;
    F.Place = {"/p/" + std::to_string(U) + ".cpp", 1, 1};
    if (HandsBack) {
      HandBackEffect H;
      H.What = AccessPath::param(0);
      F.Effect.HandBacks.push_back(H);
    }
    Units[U].Functions.push_back(F);
    return Units[U].Functions.back();
  }

  static void call(FunctionSummary &F, EntityId Callee) {
    CallSummary C;
    C.Callee = Callee;
    F.Calls.push_back(C);
  }

  ImportFinder link() {
    return ImportFinder(Names, {&Units[0], &Units[1], &Units[2]}, "/p");
  }

  bool knows(const ImportTable &T, llvm::StringRef Name,
             llvm::StringRef Namespace = "") {
    EntityTable Mine;
    return T.effectsOf({Name.str(), Namespace.str(), Name.str()}, Mine)
        .has_value();
  }

  EntityTable Names;
  TUSummary Units[3];
};
} // namespace

TEST_F(ImportFinderTest, EffectsOfWhatIsCalled) {
  function(0, id("put"), true);
  function(0, id("harmless"), false);
  function(0, id("unused"), true);
  FunctionSummary &User = function(1, id("use"), false);
  call(User, id("put"));
  call(User, id("harmless"));
  call(User, id("nowhere"));
  ImportFinder L = link();
  EXPECT_TRUE(L.importsOf(0).empty());
  EXPECT_EQ(L.importsOf(0).hash(), "");
  ImportTable T = L.importsOf(1);
  EXPECT_TRUE(knows(T, "put"));
  EXPECT_FALSE(knows(T, "harmless"));
  EXPECT_FALSE(knows(T, "unused"));
  EXPECT_FALSE(knows(T, "nowhere"));
  EXPECT_NE(T.hash(), "");
  EXPECT_EQ(T.hash(), link().importsOf(1).hash());
  EXPECT_EQ(L.effects().size(), 2u);
}

TEST_F(ImportFinderTest, OwnDefinitionsAreKnownThere) {
  function(0, id("put"), true);
  function(1, id("put"), true).Place = Units[0].Functions[0].Place;
  call(function(1, id("use"), false), id("put"));
  EXPECT_TRUE(link().importsOf(1).empty());
}

TEST_F(ImportFinderTest, WhatIsCalledComesFirst) {
  using Numbers = std::vector<unsigned>;
  function(2, id("bottom"), true);
  call(function(1, id("middle"), false), id("bottom"));
  call(function(0, id("top"), false), id("middle"));
  EXPECT_EQ(link().lowest({}), Numbers());
  EXPECT_EQ(link().lowest({0}), Numbers({0}));
  EXPECT_EQ(link().lowest({0, 1}), Numbers({1}));
  EXPECT_EQ(link().lowest({0, 1, 2}), Numbers({2}));
  // With what lies between them unchanged.
  EXPECT_EQ(link().lowest({0, 2}), Numbers({2}));
  // Those that call each other are one.
  call(function(2, id("back"), false), id("middle"));
  EXPECT_EQ(link().lowest({0, 1, 2}), Numbers({1, 2}));
  EXPECT_EQ(link().lowest({0, 1}), Numbers({1}));
  call(function(1, id("upwards"), false), id("top"));
  EXPECT_EQ(link().lowest({0, 1, 2}), Numbers({0, 1, 2}));
}

TEST_F(ImportFinderTest, WhatIsDefinedHereTooLeadsNowhere) {
  using Numbers = std::vector<unsigned>;
  function(2, id("inline"), true);
  function(1, id("inline"), true).Place = Units[2].Functions[0].Place;
  call(function(1, id("use"), false), id("inline"));
  EXPECT_EQ(link().lowest({1, 2}), Numbers({1, 2}));
  // Nor does what may be either of two.
  function(0, id("twice"), true);
  function(2, id("twice"), true);
  call(function(1, id("other"), false), id("twice"));
  EXPECT_EQ(link().lowest({0, 1, 2}), Numbers({0, 1, 2}));
}

TEST_F(ImportFinderTest, SeveralDefinitions) {
  // One inline function of a header is one definition.
  Anchor Header{"/p/pool.h", 3, 6};
  function(0, id("put"), true).Place = Header;
  function(1, id("put"), true).Place = Header;
  call(function(2, id("use"), false), id("put"));
  EXPECT_TRUE(knows(link().importsOf(2), "put"));
  // Two of different places: nobody knows which one it is.
  Units[1].Functions[0].Place = {"/p/other.h", 3, 6};
  EXPECT_FALSE(knows(link().importsOf(2), "put"));
  EXPECT_TRUE(link().effects().empty());
}

TEST_F(ImportFinderTest, InternalNamesAreTheirUnits) {
  function(0, id("done", "0.cpp"), true);
  function(1, id("done", "1.cpp"), false);
  call(function(1, id("use"), false), id("done", "1.cpp"));
  EXPECT_TRUE(link().importsOf(1).empty());
}

TEST_F(ImportFinderTest, ClaimsAboutWhatIsTouched) {
  ClaimSummary C;
  C.State.push_back(id("Count"));
  C.Functions.push_back(id("tick"));
  Units[0].Claims.push_back(C);
  Units[1].Touched = {id("Count"), id("Other")};
  call(function(1, id("use"), false), id("tick"));
  ImportFinder L = link();
  ImportTable T = L.importsOf(1);
  EXPECT_TRUE(T.isClaimed({"Count", "", ""}));
  EXPECT_TRUE(T.isClaimed({"tick", "", ""}));
  EXPECT_FALSE(T.isClaimed({"Other", "", ""}));
  EXPECT_FALSE(T.isClaimed({"Count", "1.cpp", ""}));
  EXPECT_TRUE(L.importsOf(0).empty());
  EXPECT_TRUE(L.importsOf(2).empty());
}

TEST_F(ImportFinderTest, HashesTellTheContent) {
  function(0, id("put"), true);
  call(function(1, id("use"), false), id("put"));
  std::string Before = link().importsOf(1).hash();
  Units[0].Functions[0].Effect.HandBacks[0].When = Outcome::True;
  EXPECT_NE(link().importsOf(1).hash(), Before);
  Units[0].Functions[0].Effect.HandBacks[0].When = Outcome::Always;
  EXPECT_EQ(link().importsOf(1).hash(), Before);
}

TEST_F(ImportFinderTest, TableAsJson) {
  function(0, id("put"), true);
  Units[0].Claims.emplace_back().State = {id("Free")};
  call(function(1, id("finish"), false), id("put"));
  Units[1].Touched = {id("Free")};
  ImportTable Table = link().importsOf(1);
  ASSERT_TRUE(knows(Table, "put"));
  ASSERT_TRUE(Table.isClaimed({"Free", "", "Free"}));
  llvm::Expected<ImportTable> Read =
      ImportTable::fromJson(Table.toJson(), "/p");
  ASSERT_TRUE(static_cast<bool>(Read));
  EXPECT_EQ(Read->hash(), Table.hash());
  EXPECT_TRUE(knows(*Read, "put"));
  EXPECT_FALSE(knows(*Read, "finish"));
  EXPECT_TRUE(Read->isClaimed({"Free", "", "Free"}));
  // The same bytes for the same content.
  EXPECT_EQ(Read->toJson(), Table.toJson());

  ImportTable None("/p");
  Read = ImportTable::fromJson(None.toJson(), "/p");
  ASSERT_TRUE(static_cast<bool>(Read));
  EXPECT_TRUE(Read->empty());
  EXPECT_EQ(Read->hash(), "");
}

TEST_F(ImportFinderTest, BadTables) {
  function(0, id("put"), true);
  call(function(1, id("finish"), false), id("put"));
  std::string Json = link().importsOf(1).toJson();
  auto Problem = [](const std::string &Text) {
    llvm::Expected<ImportTable> Read = ImportTable::fromJson(Text, "/p");
    return Read ? "" : llvm::toString(Read.takeError());
  };
  auto Starts = [&](const std::string &Text, llvm::StringRef With) {
    return llvm::StringRef(Problem(Text)).starts_with(With);
  };
  EXPECT_EQ(Problem(Json), "");
  for (size_t Size : {size_t(0), size_t(1), Json.size() / 2, Json.size() - 1})
    EXPECT_TRUE(Starts(Json.substr(0, Size), "not a whole list of imports"))
        << Size;
  EXPECT_EQ(Problem("[]"), "not a list of imports");
  EXPECT_EQ(Problem("{\"effects\":{}}"), "not a list of imports");
  EXPECT_EQ(Problem("{\"version\":1,\"effects\":{},\"claimed\":[]}"),
            "a list of imports of another version");
  std::string Number = Json;
  Number.replace(Json.rfind("[]"), 2, "[7]");
  EXPECT_EQ(Problem(Number), "unexpected value of \"claimed\"");
}
