//===- FlatMapTest.cpp - A small sorted map -------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/FlatMap.h"
#include "gtest/gtest.h"
#include <map>
#include <random>
#include <string>

using namespace race;

TEST(FlatMap, FindInsertErase) {
  FlatMap<int, std::string> M;
  EXPECT_TRUE(M.empty());
  EXPECT_EQ(M.find(1), nullptr);
  M[2] = "two";
  M[1] = "one";
  ASSERT_NE(M.find(1), nullptr);
  EXPECT_EQ(*M.find(1), "one");
  EXPECT_EQ(M.size(), 2u);
  M[1] = "uno";
  EXPECT_EQ(M.size(), 2u);
  EXPECT_EQ(M[1], "uno");
  EXPECT_TRUE(M.erase(1));
  EXPECT_FALSE(M.erase(1));
  EXPECT_EQ(M.find(1), nullptr);
  EXPECT_EQ(M.size(), 1u);
}

TEST(FlatMap, IndexingMakesADefaultValue) {
  FlatMap<int, int> M;
  EXPECT_EQ(M[5], 0);
  EXPECT_NE(M.find(5), nullptr);
}

TEST(FlatMap, EqualWhateverTheOrderOfInsertion) {
  FlatMap<int, int> A, B;
  A[1] = 10, A[2] = 20, A[3] = 30;
  B[3] = 30, B[1] = 10, B[2] = 20;
  EXPECT_TRUE(A == B);
  EXPECT_FALSE(A != B);
  B[2] = 21;
  EXPECT_TRUE(A != B);
  EXPECT_TRUE(A < B);
  EXPECT_FALSE(B < A);
}

TEST(FlatMap, EraseIf) {
  FlatMap<int, int> M;
  for (int I = 0; I < 10; ++I)
    M[I] = I * I;
  M.eraseIf([](const auto &P) { return P.first % 2 == 0; });
  EXPECT_EQ(M.size(), 5u);
  EXPECT_EQ(M.find(4), nullptr);
  ASSERT_NE(M.find(5), nullptr);
  EXPECT_EQ(*M.find(5), 25);
}

TEST(FlatMap, CopiesShareUntilOneIsChanged) {
  FlatMap<int, int> A;
  A[1] = 10, A[2] = 20;
  FlatMap<int, int> B = A, C = A, D = A, E = A;
  EXPECT_TRUE(A.shares(B));
  B[3] = 30;
  EXPECT_FALSE(A.shares(B));
  C.erase(1);
  D.eraseIf([](const auto &P) { return P.first == 2; });
  E.transform([](int Key, int &V) { V += Key; });
  EXPECT_EQ(A.size(), 2u);
  EXPECT_EQ(*A.find(1), 10);
  EXPECT_EQ(*A.find(2), 20);
  EXPECT_EQ(B.size(), 3u);
  EXPECT_EQ(C.find(1), nullptr);
  EXPECT_EQ(D.find(2), nullptr);
  EXPECT_EQ(*E.find(2), 22);
}

TEST(FlatMap, WhatChangesNothingCopiesNothing) {
  FlatMap<int, int> A;
  A[1] = 10;
  FlatMap<int, int> B = A;
  EXPECT_FALSE(B.erase(7));
  B.eraseIf([](const auto &) { return false; });
  B.transform([](int, int &) {});
  EXPECT_TRUE(A.shares(B));
}

TEST(FlatMap, BehavesAsMapDoes) {
  std::mt19937 Rng(7);
  FlatMap<int, int> Flat;
  std::map<int, int> Map;
  for (int I = 0; I < 5000; ++I) {
    int Key = Rng() % 40, Value = Rng() % 1000;
    if (Rng() % 3) {
      Flat[Key] = Value;
      Map[Key] = Value;
    } else {
      EXPECT_EQ(Flat.erase(Key), Map.erase(Key) == 1);
    }
    ASSERT_EQ(Flat.size(), Map.size());
  }
  auto It = Map.begin();
  for (const auto &[K, V] : Flat) {
    EXPECT_EQ(K, It->first);
    EXPECT_EQ(V, It->second);
    ++It;
  }
}
