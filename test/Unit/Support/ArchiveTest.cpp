//===- ArchiveTest.cpp - Plain data as JSON, and back ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Archive.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace race;

namespace race {
namespace {
enum class Color : uint8_t { Red, Green };

struct Inner {
  int N = 7;
};

struct Outer {
  bool Flag = false;
  uint8_t Small = 0;
  unsigned Count = 0;
  Color Paint = Color::Red;
  std::string Text;
  EntityId Entity;
  Anchor Place;
  std::vector<Inner> Many;
  std::optional<int> Maybe;
};

template <class A> void describe(A &Ar, Inner &I) {
  auto &[N] = I;
  Ar("n", N, 7);
}

template <class A> void describe(A &Ar, Outer &O) {
  auto &[Flag, Small, Count, Paint, Text, Entity, Place, Many, Maybe] = O;
  Ar("flag", Flag);
  Ar("small", Small);
  Ar("count", Count, ~0u);
  Ar("paint", Paint);
  Ar("text", Text);
  Ar("entity", Entity);
  Ar("place", Place);
  Ar("many", Many);
  Ar("maybe", Maybe);
}

std::string write(const Outer &O, const EntityTable &Names,
                  llvm::StringRef Root = "/p") {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  ArchiveWriter Ar(OS, Names, Root);
  Ar("value", O);
  Ar.finish();
  return Text;
}

/// Reads \p Json, or returns the complaint.
std::string read(llvm::StringRef Json, Outer &O, EntityTable &Names,
                 llvm::StringRef Root = "/p") {
  llvm::Expected<llvm::json::Value> V = llvm::json::parse(Json);
  if (!V)
    return llvm::toString(V.takeError());
  ArchiveReader Ar(Names, Root);
  if (llvm::Error E = Ar.begin(*V))
    return llvm::toString(std::move(E));
  Ar("value", O);
  return llvm::toString(Ar.finish());
}

/// What is said of a document whose value is \p Value.
std::string complaint(llvm::StringRef Value) {
  Outer O;
  EntityTable Names;
  return read(("{\"value\":" + Value +
               ",\"names\":[[\"u\",\"\",\"d\"]],\"files\":[\"a.cpp\"]}")
                  .str(),
              O, Names);
}
} // namespace
} // namespace race

TEST(Archive, RoundTrip) {
  EntityTable Names;
  Outer O;
  O.Flag = true;
  O.Small = 255;
  O.Count = 3;
  O.Paint = Color::Green;
  O.Text = "a \"quoted\"\ntext";
  O.Entity = Names.intern({"c:@F@f", "main.cpp", "f"});
  O.Place = {"/p/src/a.cpp", 3, 4};
  O.Many = {{1}, {7}, {-1}};
  O.Maybe = 0;
  std::string Json = write(O, Names);
  EXPECT_EQ(Json, write(O, Names));

  // Elsewhere the entity has another number, and the file another folder.
  EntityTable Others;
  Others.intern({"c:@F@g", "", "g"});
  Outer Back;
  ASSERT_EQ(read(Json, Back, Others, "/q"), "");
  EXPECT_TRUE(Back.Flag);
  EXPECT_EQ(Back.Small, 255);
  EXPECT_EQ(Back.Count, 3u);
  EXPECT_EQ(Back.Paint, Color::Green);
  EXPECT_EQ(Back.Text, O.Text);
  EXPECT_EQ(Others.name(Back.Entity).Namespace, "main.cpp");
  EXPECT_EQ(Others.display(Back.Entity), "f");
  EXPECT_EQ(Back.Place, (Anchor{"/q/src/a.cpp", 3, 4}));
  ASSERT_EQ(Back.Many.size(), 3u);
  EXPECT_EQ(Back.Many[1].N, 7);
  EXPECT_EQ(Back.Many[2].N, -1);
  EXPECT_EQ(Back.Maybe, 0);
  EXPECT_EQ(write(Back, Others, "/q"), Json);
}

TEST(Archive, DefaultsAreLeftOut) {
  EntityTable Names;
  Outer O;
  O.Count = ~0u;
  std::string Json = write(O, Names);
  EXPECT_EQ(Json, R"({"value":{},"names":[],"files":[]})");
  Outer Back;
  Back.Text = "old";
  Back.Maybe = 1;
  ASSERT_EQ(read(Json, Back, Names), "");
  EXPECT_EQ(Back.Count, ~0u);
  EXPECT_EQ(Back.Text, "");
  EXPECT_FALSE(Back.Maybe);
  EXPECT_FALSE(Back.Entity.isValid());
  EXPECT_FALSE(Back.Place.isValid());
}

TEST(Archive, TextThatIsNotUtf8) {
  EntityTable Names;
  Outer O, Back;
  O.Text = "caf\xe9";
  ASSERT_EQ(read(write(O, Names), Back, Names), "");
  EXPECT_EQ(Back.Text, "caf\xef\xbf\xbd");
}

TEST(Archive, WrongTypes) {
  EXPECT_EQ(complaint("{}"), "");
  for (const char *Value :
       {R"({"flag":1})", R"({"count":"1"})", R"({"count":1.5})",
        R"({"text":3})", R"({"entity":"u"})", R"({"place":3})",
        R"({"place":["a.cpp",1,1]})", R"({"place":[0,1]})", R"({"many":{}})",
        R"({"many":[3]})", R"({"many":[{"n":[]}]})", R"({"maybe":null})", "[]",
        "3", "null"})
    EXPECT_NE(complaint(Value), "") << Value;
  EXPECT_EQ(complaint(R"({"text":3})"), "unexpected value of \"text\"");
}

TEST(Archive, NumbersOutOfRange) {
  EXPECT_EQ(complaint(R"({"entity":1,"place":[0,1,1],"small":255})"), "");
  for (const char *Value :
       {R"({"entity":2})", R"({"entity":-1})", R"({"entity":4294967297})",
        R"({"place":[1,1,1]})", R"({"place":[-1,1,1]})",
        R"({"place":[0,-1,1]})", R"({"place":[0,1,4294967296]})",
        R"({"small":256})", R"({"small":-1})", R"({"count":4294967296})",
        R"({"paint":256})", R"({"many":[{"n":2147483648}]})"})
    EXPECT_NE(complaint(Value), "") << Value;
}

TEST(Archive, WrongTables) {
  EntityTable Names;
  Outer O;
  for (const char *Json :
       {"[]", "{}", R"({"names":[]})", R"({"files":[]})",
        R"({"names":3,"files":[]})", R"({"names":[3],"files":[]})",
        R"({"names":[["u","n"]],"files":[]})",
        R"({"names":[["u","n",3]],"files":[]})", R"({"names":[],"files":[3]})"})
    EXPECT_NE(read(Json, O, Names), "") << Json;
}
