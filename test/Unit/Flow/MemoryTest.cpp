//===- MemoryTest.cpp - Locations and symbolic values ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/Memory.h"
#include "race/Flow/State.h"
#include "gtest/gtest.h"

using namespace race;

static EntityId entity(uint32_t N) { return EntityId{N}; }

TEST(Memory, WhatIsInATable) {
  Memory M;
  Loc Table = M.global(entity(1)), Other = M.global(entity(2));
  Sym Key = M.unknown(1);
  Sym At = M.lookup(Key, Table);
  EXPECT_TRUE(M.isLookup(At));
  EXPECT_EQ(At, M.lookup(Key, Table));
  EXPECT_NE(At, M.lookup(Key, Other));
  EXPECT_NE(At, M.lookup(M.unknown(2), Table));
  EXPECT_TRUE(M.dependsOn(At, Key));
  EXPECT_EQ(M.lookup(0, Table), 0u);
}

TEST(Memory, WhatCameOutOfAnArena) {
  Memory M;
  Sym Arena = M.unknown(1), Made = M.unknown(2);
  Sym V = M.fromArena(Arena, Made);
  EXPECT_TRUE(M.isFromArena(V, Arena));
  EXPECT_FALSE(M.isFromArena(V, Made));
  EXPECT_FALSE(M.isFromArena(Made, Arena));
  EXPECT_EQ(M.madeAs(V), Made);
  EXPECT_EQ(M.madeAs(Made), Made);
}

TEST(Memory, WhereAnIteratorStands) {
  Memory M;
  Sym It = M.unknown(1);
  EXPECT_EQ(M.target(It), M.target(It));
  EXPECT_NE(M.target(It), M.target(M.unknown(2)));
  EXPECT_TRUE(M.dependsOn(M.target(It), It));
}

TEST(Memory, TheSameOperatorGivesTheSame) {
  Memory M;
  Sym A = M.unknown(1), B = M.constant(8);
  EXPECT_EQ(M.derive(A, B, 5, 3), M.derive(A, B, 6, 3));
  EXPECT_NE(M.derive(A, B, 5, 3), M.derive(A, B, 5, 4));
  EXPECT_NE(M.derive(A, B, 5), M.derive(A, B, 6));
}

// What is too deep is unknown, and of the operation that made it.
TEST(Memory, TooDeepIsUnknown) {
  Memory M;
  Sym V = M.unknown(1);
  for (unsigned I = 0; I < 40 && !M.isUnknown(V, 7); ++I)
    V = M.derive(V, M.constant(I), 7, 3);
  EXPECT_TRUE(M.isUnknown(V, 7));
}

TEST(Memory, OlderValues) {
  Memory M;
  Sym V = M.unknown(1);
  Sym Last = M.older(V), BeforeThat = M.older(Last, 2);
  EXPECT_NE(Last, V);
  EXPECT_NE(BeforeThat, Last);
  EXPECT_EQ(M.older(BeforeThat, 2), BeforeThat);
  // An older value is none of the new one's, unless that is asked.
  Sym OfLast = M.derive(Last, M.constant(8), 5, 3);
  EXPECT_FALSE(Dependence(M, V).of(OfLast));
  EXPECT_TRUE(Dependence(M, V, /*OfOlder=*/true).of(OfLast));
}

// A new turn of a loop: neither the value nor what was computed from it, now or
// in the turn before, stays what it was.
TEST(State, RenewNamesAllThatWasComputed) {
  Memory M;
  State S;
  Sym Node = M.unknown(1), Offset = M.constant(8);
  Sym Elt = M.derive(Node, Offset, 5, 3);
  S.Env[M.local(0)] = Elt;
  S.Gone[Elt] = {9, 0};
  S.renew(M, Node);
  Sym Old = *S.Env.find(M.local(0));
  EXPECT_NE(Old, Elt);
  EXPECT_TRUE(S.Gone.find(Old));
  EXPECT_FALSE(S.Gone.find(Elt));
  // Computed from the older node, in its turn.
  Sym OfOlder = M.derive(M.older(Node), Offset, 5, 3);
  S.Env[M.local(1)] = OfOlder;
  S.Gone[OfOlder] = {9, 0};
  S.renew(M, Node);
  EXPECT_FALSE(S.Gone.find(OfOlder));
  EXPECT_NE(*S.Env.find(M.local(1)), OfOlder);
}
