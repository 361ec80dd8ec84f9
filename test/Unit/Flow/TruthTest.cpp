//===- TruthTest.cpp - What assumptions say of values ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/State.h"
#include "gtest/gtest.h"

using namespace race;

namespace {
const std::optional<bool> Yes = true, No = false, Open = std::nullopt;

class Truth : public testing::Test {
protected:
  Sym compare(Comparison C, Sym A, int64_t B) {
    return M.compare(C, A, M.constant(B));
  }
  std::optional<bool> is(const State &S, Comparison C, int64_t V) {
    return S.truth(M, compare(C, X, V));
  }
  /// What is known of X after `X <C> V` was found to be \p Holds.
  State after(Comparison C, int64_t V, bool Holds) {
    State S;
    EXPECT_TRUE(S.assume(M, compare(C, X, V), Holds));
    return S;
  }

  Memory M;
  Sym X = M.unknown(1);
};
} // namespace

TEST_F(Truth, NothingIsKnownAtFirst) {
  State S;
  EXPECT_EQ(S.truth(M, X), Open);
  EXPECT_EQ(is(S, Comparison::EQ, 0), Open);
  EXPECT_EQ(is(S, Comparison::LT, 0), Open);
}

TEST_F(Truth, OfConstants) {
  State S;
  EXPECT_EQ(S.truth(M, M.constant(0)), No);
  EXPECT_EQ(S.truth(M, M.constant(-3)), Yes);
  for (int64_t A : {-1, 0, 1})
    for (int64_t B : {-1, 0, 1}) {
      Sym C = M.constant(A);
      EXPECT_EQ(S.truth(M, compare(Comparison::EQ, C, B)), A == B);
      EXPECT_EQ(S.truth(M, compare(Comparison::NE, C, B)), A != B);
      EXPECT_EQ(S.truth(M, compare(Comparison::LT, C, B)), A < B);
      EXPECT_EQ(S.truth(M, compare(Comparison::GE, C, B)), A >= B);
    }
}

TEST_F(Truth, AddressesAreNotNull) {
  State S;
  EXPECT_EQ(S.truth(M, M.address(M.local(0))), Yes);
  EXPECT_EQ(S.truth(M, M.thisValue()), Yes);
  EXPECT_EQ(S.truth(M, compare(Comparison::EQ, M.thisValue(), 0)), No);
}

TEST_F(Truth, OfAValueComparedWithItself) {
  State S;
  EXPECT_EQ(S.truth(M, M.compare(Comparison::EQ, X, X)), Yes);
  EXPECT_EQ(S.truth(M, M.compare(Comparison::GE, X, X)), Yes);
  EXPECT_EQ(S.truth(M, M.compare(Comparison::NE, X, X)), No);
  EXPECT_EQ(S.truth(M, M.compare(Comparison::LT, X, X)), No);
}

TEST_F(Truth, OfTheValueItself) {
  State S;
  ASSERT_TRUE(S.assume(M, X, true));
  EXPECT_EQ(S.truth(M, X), Yes);
  EXPECT_EQ(is(S, Comparison::EQ, 0), No);
  EXPECT_EQ(is(S, Comparison::NE, 0), Yes);
  EXPECT_FALSE(State(S).assume(M, X, false));
  EXPECT_TRUE(State(S).assume(M, X, true));

  State N;
  ASSERT_TRUE(N.assume(M, X, false));
  EXPECT_EQ(N.truth(M, X), No);
  EXPECT_EQ(is(N, Comparison::EQ, 0), Yes);
  EXPECT_FALSE(State(N).assume(M, X, true));
}

TEST_F(Truth, NegationAndItsNegation) {
  State S;
  Sym Not = compare(Comparison::EQ, X, 0);
  Sym NotNot = compare(Comparison::EQ, Not, 0);
  ASSERT_TRUE(S.assume(M, NotNot, true));
  EXPECT_EQ(S.truth(M, X), Yes);
  EXPECT_EQ(S.truth(M, Not), No);
  EXPECT_FALSE(State(S).assume(M, Not, true));
}

TEST_F(Truth, AfterEqual) {
  State S = after(Comparison::EQ, 3, true);
  EXPECT_EQ(S.truth(M, X), Yes);
  EXPECT_EQ(is(S, Comparison::EQ, 3), Yes);
  EXPECT_EQ(is(S, Comparison::EQ, 4), No);
  EXPECT_EQ(is(S, Comparison::NE, 4), Yes);
  EXPECT_EQ(is(S, Comparison::LT, 3), No);
  EXPECT_EQ(is(S, Comparison::LT, 4), Yes);
  EXPECT_EQ(is(S, Comparison::GE, 0), Yes);
  EXPECT_FALSE(State(S).assume(M, compare(Comparison::EQ, X, 4), true));
  EXPECT_FALSE(State(S).assume(M, X, false));
}

TEST_F(Truth, AfterNotEqual) {
  State S = after(Comparison::EQ, 3, false);
  EXPECT_EQ(S.truth(M, X), Open);
  EXPECT_EQ(is(S, Comparison::EQ, 3), No);
  EXPECT_EQ(is(S, Comparison::EQ, 4), Open);
  EXPECT_FALSE(State(S).assumeEqual(M, X, 3, true));
  EXPECT_TRUE(State(S).assumeEqual(M, X, 4, true));
  EXPECT_EQ(after(Comparison::NE, 0, true).truth(M, X), Yes);
  EXPECT_EQ(after(Comparison::NE, 0, false).truth(M, X), No);
}

TEST_F(Truth, AfterLessThanZero) {
  State S = after(Comparison::LT, 0, true);
  EXPECT_EQ(S.truth(M, X), Yes);
  EXPECT_EQ(is(S, Comparison::LT, 0), Yes);
  EXPECT_EQ(is(S, Comparison::GE, 0), No);
  EXPECT_EQ(is(S, Comparison::EQ, 1), No);
  EXPECT_EQ(is(S, Comparison::EQ, -1), Open);
  EXPECT_FALSE(State(S).assumeEqual(M, X, 0, true));
  EXPECT_FALSE(State(S).assume(M, compare(Comparison::GE, X, 0), true));
}

TEST_F(Truth, AfterNotLessThanZero) {
  for (const State &S :
       {after(Comparison::LT, 0, false), after(Comparison::GE, 0, true)}) {
    EXPECT_EQ(S.truth(M, X), Open);
    EXPECT_EQ(is(S, Comparison::LT, 0), No);
    EXPECT_EQ(is(S, Comparison::EQ, -1), No);
    EXPECT_EQ(is(S, Comparison::EQ, 0), Open);
    EXPECT_TRUE(State(S).assumeEqual(M, X, 0, true));
  }
}

TEST_F(Truth, OtherBoundsSayWhatTheyImplyOfZero) {
  EXPECT_EQ(after(Comparison::GE, 1, true).truth(M, X), Yes);
  EXPECT_EQ(after(Comparison::LT, -5, true).truth(M, X), Yes);
  // x < 5 and x >= -5 leave zero and both signs.
  EXPECT_EQ(after(Comparison::LT, 5, true).truth(M, X), Open);
  EXPECT_EQ(is(after(Comparison::LT, 5, true), Comparison::LT, 0), Open);
  EXPECT_EQ(is(after(Comparison::GE, -5, true), Comparison::LT, 0), Open);
}

TEST_F(Truth, ConstantOnTheLeft) {
  // 0 < x
  State S;
  ASSERT_TRUE(S.assume(M, M.compare(Comparison::LT, M.constant(0), X), true));
  EXPECT_EQ(S.truth(M, X), Yes);
  EXPECT_EQ(is(S, Comparison::LT, 0), No);
  // 3 == x
  State E;
  ASSERT_TRUE(E.assume(M, M.compare(Comparison::EQ, M.constant(3), X), true));
  EXPECT_EQ(is(E, Comparison::EQ, 3), Yes);
  // 0 >= x says nothing of zero, but x is not above it.
  State G;
  ASSERT_TRUE(G.assume(M, M.compare(Comparison::GE, M.constant(0), X), true));
  EXPECT_EQ(G.truth(M, X), Open);
}

TEST_F(Truth, TheSameComparisonIsRemembered) {
  // Of two unknown values nothing follows but the comparison itself.
  Sym Less = M.compare(Comparison::LT, X, M.unknown(2));
  State S;
  ASSERT_TRUE(S.assume(M, Less, true));
  EXPECT_EQ(S.truth(M, Less), Yes);
  EXPECT_FALSE(State(S).assume(M, Less, false));
  EXPECT_EQ(S.truth(M, X), Open);
}

TEST_F(Truth, ComparisonOfAComparisonWithOne) {
  // (x == 3) == 1
  State S;
  Sym C = compare(Comparison::EQ, X, 3);
  ASSERT_TRUE(S.assumeEqual(M, C, 1, true));
  EXPECT_EQ(is(S, Comparison::EQ, 3), Yes);
  State N;
  ASSERT_TRUE(N.assumeEqual(M, C, 0, true));
  EXPECT_EQ(is(N, Comparison::EQ, 3), No);
}

TEST_F(Truth, WhatIsMadeAnewIsNotKnown) {
  State S;
  ASSERT_TRUE(S.assume(M, X, true));
  S.Gone[X] = {1, 0};
  S.Env[M.local(0)] = X;
  S.renew(M, X);
  EXPECT_EQ(S.truth(M, X), Open);
  EXPECT_EQ(S.Gone.find(X), nullptr);
  // The copy is what it was: of the turn before.
  EXPECT_EQ(*S.Env.find(M.local(0)), M.older(X));
  EXPECT_NE(S.Gone.find(M.older(X)), nullptr);
}

TEST_F(Truth, LocksAreHeldOnceAndLetGoWhoeverOwnsThem) {
  State S;
  Loc A = M.global({1}), B = M.global({2});
  S.acquire(A, LockMode::Exclusive, 0, 1);
  S.acquire(A, LockMode::Exclusive, 0, 2);
  EXPECT_EQ(S.Locks.size(), 1u);
  S.acquire(B, LockMode::Shared, X, 3);
  EXPECT_TRUE(S.holds(A) && S.holds(B));
  S.release(B);
  EXPECT_FALSE(S.holds(B));
  EXPECT_TRUE(S.Dropped.empty());
  S.acquire(0, LockMode::Exclusive, 0, 4);
  EXPECT_EQ(S.Locks.size(), 1u);
}

TEST_F(Truth, LocksOfCallersAreDroppedAndRestored) {
  State S;
  Loc A = M.global({1});
  S.release(A);
  EXPECT_EQ(S.Dropped, std::vector<Loc>{A});
  S.acquire(A, LockMode::Exclusive, 0, 1);
  EXPECT_TRUE(S.Dropped.empty());
  ASSERT_EQ(S.Locks.size(), 1u);
  EXPECT_TRUE(S.Locks.front().Restored);
  S.release(A);
  EXPECT_EQ(S.Dropped, std::vector<Loc>{A});
}

TEST_F(Truth, ReleaseBreaksWhatWasHeldSinceAQuestion) {
  State S;
  Loc A = M.global({1});
  S.acquire(A, LockMode::Exclusive, 0, 1);
  OpenQuery Q;
  Q.OpId = 2;
  Q.Object = M.global({2});
  Q.HeldSince = {A};
  S.ask(Q);
  S.release(A);
  S.acquire(A, LockMode::Exclusive, 0, 3);
  EXPECT_TRUE(S.Queries.front().HeldSince.empty());
  // Asked again by the same operation: the new question takes its place.
  S.ask(Q);
  ASSERT_EQ(S.Queries.size(), 1u);
  EXPECT_EQ(S.Queries.front().HeldSince, std::vector<Loc>{A});
}
