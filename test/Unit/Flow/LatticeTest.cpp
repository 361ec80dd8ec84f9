//===- LatticeTest.cpp - Facts and states are lattices --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/State.h"
#include "gtest/gtest.h"
#include <map>
#include <set>

using namespace race;

namespace {
/// What a fact says, whatever its form: which of a range of values it leaves.
struct Meaning {
  uint8_t Known = 0;
  std::optional<int64_t> Equal;
  std::set<int64_t> Excluded;

  explicit Meaning(const Fact &F) : Known(F.Known), Equal(F.Equal) {
    for (int64_t V = -4; V <= 8; ++V)
      if (!F.mayBe(V))
        Excluded.insert(V);
  }
  bool operator==(const Meaning &O) const {
    return Known == O.Known && Equal == O.Equal && Excluded == O.Excluded;
  }
};

/// A condition on a value: equal to V or not, or less than zero or not.
struct Condition {
  bool Order;
  int64_t V;
  bool Holds;
};
} // namespace

/// All facts that up to two of the conditions lead to.
static std::vector<Fact> factsFrom(const std::vector<Condition> &Conditions) {
  Memory M;
  Sym X = M.unknown(1);
  std::vector<Fact> Facts{Fact()};
  auto Apply = [&](State &S, const Condition &C) {
    return C.Order ? S.assume(M, M.compare(Comparison::LT, X, M.constant(0)),
                              C.Holds)
                   : S.assumeEqual(M, X, C.V, C.Holds);
  };
  auto Add = [&](const State &S) {
    const Fact *F = S.Facts.find(X);
    if (F && std::find(Facts.begin(), Facts.end(), *F) == Facts.end())
      Facts.push_back(*F);
  };
  for (const Condition &A : Conditions) {
    State One;
    if (!Apply(One, A))
      continue;
    Add(One);
    for (const Condition &B : Conditions) {
      State Two = One;
      if (Apply(Two, B))
        Add(Two);
    }
  }
  return Facts;
}

static std::vector<Condition> equalities() {
  std::vector<Condition> All{
      {true, 0, true}, {true, 0, false}, {false, 0, false}};
  for (int64_t V : {-2, -1, 0, 1, 5})
    All.push_back({false, V, true});
  return All;
}

static std::vector<Condition> inequalities() {
  std::vector<Condition> All;
  for (int64_t V : {-1, 0, 1, 2, 3})
    All.push_back({false, V, false});
  return All;
}

static void expectLattice(const std::vector<Fact> &Facts) {
  ASSERT_GT(Facts.size(), 5u);
  auto Same = [](const Fact &A, const Fact &B) {
    return Meaning(A) == Meaning(B);
  };
  // A <= B: joining A adds nothing to B.
  auto Below = [&](const Fact &A, const Fact &B) { return Same(B.join(A), B); };
  for (const Fact &A : Facts) {
    EXPECT_TRUE(A.join(A) == A);
    EXPECT_TRUE(A.join(Fact()).empty());
    for (const Fact &B : Facts) {
      EXPECT_TRUE(Same(A.join(B), B.join(A)));
      EXPECT_TRUE(Below(A, A.join(B)));
      EXPECT_TRUE(Below(B, A.join(B)));
      if (Below(A, B) && Below(B, A)) {
        EXPECT_TRUE(Same(A, B));
      }
      for (const Fact &C : Facts) {
        EXPECT_TRUE(Same(A.join(B).join(C), A.join(B.join(C))));
        if (Below(A, B) && Below(B, C)) {
          EXPECT_TRUE(Below(A, C));
        }
        // The least upper bound.
        if (Below(A, C) && Below(B, C)) {
          EXPECT_TRUE(Below(A.join(B), C));
        }
      }
    }
  }
}

TEST(FactLattice, OfEqualitiesAndSigns) {
  expectLattice(factsFrom(equalities()));
}

TEST(FactLattice, OfInequalities) { expectLattice(factsFrom(inequalities())); }

/// Whatever may be on one of the paths may be where they meet.
TEST(FactLattice, JoinIsSound) {
  std::vector<Condition> All = equalities();
  for (const Condition &C : inequalities())
    All.push_back(C);
  std::vector<Fact> Facts = factsFrom(All);
  ASSERT_GT(Facts.size(), 20u);
  for (const Fact &A : Facts)
    for (const Fact &B : Facts)
      for (int64_t V = -4; V <= 8; ++V)
        if (A.mayBe(V) || B.mayBe(V)) {
          EXPECT_TRUE(A.join(B).mayBe(V));
        }
}

TEST(Fact, JoinOfTwoConstantsKeepsTheirSign) {
  Memory M;
  Sym X = M.unknown(1);
  State A, B;
  EXPECT_TRUE(A.assumeEqual(M, X, 1, true));
  EXPECT_TRUE(B.assumeEqual(M, X, 2, true));
  Fact J = A.Facts.find(X)->join(*B.Facts.find(X));
  EXPECT_FALSE(J.Equal);
  EXPECT_FALSE(J.mayBe(0));
  EXPECT_FALSE(J.mayBe(-1));
  EXPECT_TRUE(J.mayBe(1));
  EXPECT_TRUE(J.mayBe(2));
}

namespace {
/// Everything a state says of locks, resources, values and open questions, in
/// one form.
struct Knowledge {
  std::set<Loc> Locks, Dropped;
  std::set<Sym> Gone;
  std::map<Sym, std::pair<uint8_t, std::optional<int64_t>>> Facts;
  std::map<unsigned, std::pair<std::set<Loc>, std::set<int>>> Queries;
  std::map<Loc, Sym> Certain;

  Knowledge(const State &S, const Memory &M) {
    for (const HeldLock &L : S.Locks)
      Locks.insert(L.Mutex);
    Dropped.insert(S.Dropped.begin(), S.Dropped.end());
    for (const auto &[V, G] : S.Gone)
      Gone.insert(V);
    for (const auto &[V, F] : S.Facts)
      if (!F.empty())
        Facts[V] = {F.Known, F.Equal};
    for (const OpenQuery &Q : S.Queries)
      Queries[Q.OpId] = {{Q.HeldSince.begin(), Q.HeldSince.end()},
                         {Q.Branches.begin(), Q.Branches.end()}};
    // A merged value says nothing; neither does what was there at first.
    for (const auto &[L, V] : S.Env)
      if (M.symbol(V).Kind == Memory::SymKind::Const)
        Certain[L] = V;
  }
  bool operator==(const Knowledge &O) const {
    return Locks == O.Locks && Dropped == O.Dropped && Gone == O.Gone &&
           Facts == O.Facts && Queries == O.Queries && Certain == O.Certain;
  }
};

class StateLattice : public testing::Test {
protected:
  /// Every combination of locks, a resource's fate, and what is known of a
  /// flag; a question is asked in some.
  StateLattice() {
    Loc A = M.global({1}), B = M.global({2}), X = M.global({3});
    Sym P = M.initial(M.global({4})), Flag = M.unknown(1);
    for (unsigned Locks = 0; Locks < 4; ++Locks)
      for (unsigned Gone = 0; Gone < 2; ++Gone)
        for (unsigned Known = 0; Known < 3; ++Known)
          for (unsigned Asked = 0; Asked < 3; ++Asked) {
            State S;
            if (Locks & 1)
              S.acquire(A, LockMode::Exclusive, 0, 1);
            if (Locks & 2)
              S.acquire(B, LockMode::Exclusive, 0, 2);
            if (Gone)
              S.Gone[P] = {3, 0};
            if (Known)
              EXPECT_TRUE(S.assume(M, Flag, Known == 1));
            S.Env[X] = M.constant(Known);
            if (Asked) {
              OpenQuery Q;
              Q.OpId = Asked;
              Q.Object = X;
              for (const HeldLock &L : S.Locks)
                Q.HeldSince.push_back(L.Mutex);
              Q.Branches = {int(Known)};
              S.ask(Q);
            }
            States.push_back(S);
          }
    // Locks of the callers that were let go.
    State Let;
    Let.release(A);
    States.push_back(Let);
    Let.acquire(A, LockMode::Exclusive, 0, 4);
    States.push_back(Let);
  }

  Knowledge know(const State &S) const { return Knowledge(S, M); }
  State join(const State &A, const State &B) { return A.join(B, M, 1); }
  bool below(const State &A, const State &B) {
    return know(join(B, A)) == know(B);
  }

  Memory M;
  std::vector<State> States;
};
} // namespace

TEST_F(StateLattice, JoinIsIdempotent) {
  for (const State &S : States)
    EXPECT_TRUE(join(S, S) == S);
}

TEST_F(StateLattice, JoinIsCommutative) {
  for (const State &A : States)
    for (const State &B : States)
      EXPECT_TRUE(know(join(A, B)) == know(join(B, A)));
}

TEST_F(StateLattice, JoinIsAssociative) {
  // Every third will do: the combinations repeat.
  for (size_t I = 0; I < States.size(); I += 3)
    for (size_t J = 1; J < States.size(); J += 3)
      for (size_t K = 2; K < States.size(); K += 3) {
        const State &A = States[I], &B = States[J], &C = States[K];
        EXPECT_TRUE(know(join(join(A, B), C)) == know(join(A, join(B, C))));
      }
}

TEST_F(StateLattice, OrderIsAPartialOrder) {
  const size_t N = States.size();
  std::vector<std::vector<char>> Below(N, std::vector<char>(N));
  for (size_t I = 0; I < N; ++I)
    for (size_t J = 0; J < N; ++J)
      Below[I][J] = below(States[I], States[J]);
  size_t Pairs = 0;
  for (size_t I = 0; I < N; ++I) {
    EXPECT_TRUE(Below[I][I]);
    for (size_t J = 0; J < N; ++J) {
      Pairs += Below[I][J];
      if (Below[I][J] && Below[J][I]) {
        EXPECT_TRUE(know(States[I]) == know(States[J]));
      }
      for (size_t K = 0; K < N; ++K)
        if (Below[I][J] && Below[J][K]) {
          EXPECT_TRUE(Below[I][K]);
        }
    }
  }
  EXPECT_GT(Pairs, N);
}

TEST_F(StateLattice, JoinIsAbove) {
  for (const State &A : States)
    for (const State &B : States) {
      State J = join(A, B);
      EXPECT_TRUE(below(A, J));
      EXPECT_TRUE(below(B, J));
    }
}

TEST_F(StateLattice, MergedValuesAreNamedByTheirBlock) {
  Loc X = M.local(1);
  State A, B;
  A.Env[X] = M.constant(1);
  B.Env[X] = M.constant(2);
  Sym Here = *A.join(B, M, 1).Env.find(X);
  EXPECT_EQ(Here, *B.join(A, M, 1).Env.find(X));
  EXPECT_NE(Here, *A.join(B, M, 2).Env.find(X));
  // What only one side has touched is not what the other one holds.
  EXPECT_EQ(M.symbol(*A.join(State(), M, 1).Env.find(X)).Kind,
            Memory::SymKind::Merge);
}
