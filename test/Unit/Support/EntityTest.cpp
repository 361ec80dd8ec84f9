//===- EntityTest.cpp - Names of program entities -------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Entity.h"
#include "llvm/ADT/DenseMap.h"
#include "gtest/gtest.h"

using namespace race;

TEST(EntityTable, NumbersAreGivenInTheOrderOfFirstUse) {
  EntityTable T;
  EntityId A = T.intern({"c:@a", "", "a"});
  EntityId B = T.intern({"c:@b", "", "b"});
  EXPECT_TRUE(A.isValid());
  EXPECT_LT(A, B);
  EntityTable Again;
  EXPECT_EQ(Again.intern({"c:@a", "", "a"}), A);
  EXPECT_EQ(Again.intern({"c:@b", "", "b"}), B);
}

TEST(EntityTable, SameNameIsTheSameEntity) {
  EntityTable T;
  EntityId A = T.intern({"c:@a", "", "a"});
  EXPECT_EQ(T.intern({"c:@a", "", "written otherwise"}), A);
  // What it was called first stays.
  EXPECT_EQ(T.display(A), "a");
  EXPECT_EQ(T.name(A).USR, "c:@a");
}

TEST(EntityTable, InternalNamesOfTwoUnitsAreTwoEntities) {
  EntityTable T;
  EntityId Outer = T.intern({"c:@f", "", "f"});
  EntityId One = T.intern({"c:@f", "one.c", "f"});
  EntityId Two = T.intern({"c:@f", "two.c", "f"});
  EXPECT_NE(Outer, One);
  EXPECT_NE(One, Two);
  EXPECT_EQ(T.find("c:@f", ""), Outer);
  EXPECT_EQ(T.find("c:@f", "one.c"), One);
  EXPECT_EQ(T.find("c:@f", "two.c"), Two);
}

TEST(EntityTable, WhereTheNameEndsAndTheUnitBeginsMatters) {
  EntityTable T;
  EXPECT_NE(T.intern({"ab", "c", ""}), T.intern({"a", "bc", ""}));
}

TEST(EntityTable, FindDoesNotIntern) {
  EntityTable T;
  T.intern({"c:@a", "", "a"});
  uint32_t Size = T.size();
  EXPECT_FALSE(T.find("c:@b", "").isValid());
  EXPECT_FALSE(T.find("c:@a", "unit.c").isValid());
  EXPECT_FALSE(T.find("", "").isValid());
  EXPECT_EQ(T.size(), Size);
}

TEST(EntityTable, ReferencesToNamesStayGoodWhenItGrows) {
  EntityTable T;
  const EntityName &First = T.name(T.intern({"first", "", "First"}));
  for (unsigned I = 0; I < 10000; ++I)
    T.intern({"n" + std::to_string(I), "", ""});
  EXPECT_EQ(First.Display, "First");
  EXPECT_EQ(&First, &T.name(T.find("first", "")));
}

TEST(EntityId, KeyOfADenseMap) {
  llvm::DenseMap<EntityId, unsigned> Map;
  for (unsigned I = 1; I < 1000; ++I)
    Map[{I}] = I;
  EXPECT_EQ(Map.size(), 999u);
  for (unsigned I = 1; I < 1000; ++I)
    EXPECT_EQ(Map.lookup({I}), I);
  EXPECT_FALSE(EntityId().isValid());
}
