//===- SCCTest.cpp - Strongly connected components ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/SCC.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <random>

using namespace race;

using Graph = std::vector<std::vector<unsigned>>;

/// The component of each node, by its place in the order.
static std::vector<unsigned> placeOf(const Graph &Components, size_t Nodes) {
  std::vector<unsigned> Place(Nodes, ~0u);
  for (unsigned I = 0; I < Components.size(); ++I)
    for (unsigned N : Components[I]) {
      EXPECT_EQ(Place[N], ~0u) << "node " << N << " is in two components";
      Place[N] = I;
    }
  for (size_t N = 0; N < Nodes; ++N)
    EXPECT_NE(Place[N], ~0u) << "node " << N << " is in no component";
  return Place;
}

static Graph sorted(Graph Components) {
  for (auto &C : Components)
    std::sort(C.begin(), C.end());
  return Components;
}

TEST(SCC, Empty) { EXPECT_TRUE(componentsBottomUp({}).empty()); }

TEST(SCC, ChainGivesTheCalleesFirst) {
  EXPECT_EQ(componentsBottomUp({{1}, {2}, {}}), (Graph{{2}, {1}, {0}}));
}

TEST(SCC, SelfLoopIsOneNode) {
  EXPECT_EQ(componentsBottomUp({{0}}), (Graph{{0}}));
  EXPECT_EQ(componentsBottomUp({{0, 1}, {1}}), (Graph{{1}, {0}}));
}

TEST(SCC, Cycle) {
  EXPECT_EQ(sorted(componentsBottomUp({{1}, {2}, {0}})), (Graph{{0, 1, 2}}));
}

TEST(SCC, CycleBetweenChains) {
  // 0 -> 1 <-> 2 -> 3
  EXPECT_EQ(sorted(componentsBottomUp({{1}, {2}, {1, 3}, {}})),
            (Graph{{3}, {1, 2}, {0}}));
}

TEST(SCC, DiamondAndParallelEdges) {
  Graph C = componentsBottomUp({{1, 2, 1}, {3}, {3, 3}, {}});
  ASSERT_EQ(C.size(), 4u);
  EXPECT_EQ(C.front(), std::vector<unsigned>{3});
  EXPECT_EQ(C.back(), std::vector<unsigned>{0});
}

TEST(SCC, EveryRootIsVisited) {
  EXPECT_EQ(componentsBottomUp({{}, {}, {0}}), (Graph{{0}, {1}, {2}}));
}

TEST(SCC, TwoCyclesThatShareANodeAreOne) {
  EXPECT_EQ(sorted(componentsBottomUp({{1}, {0, 2}, {1}})), (Graph{{0, 1, 2}}));
}

TEST(SCC, LongChainNeedsNoStack) {
  const unsigned N = 100000;
  Graph G(N);
  for (unsigned I = 0; I + 1 < N; ++I)
    G[I].push_back(I + 1);
  Graph C = componentsBottomUp(G);
  ASSERT_EQ(C.size(), N);
  for (unsigned I = 0; I < N; ++I)
    ASSERT_EQ(C[I], std::vector<unsigned>{N - 1 - I});
}

TEST(SCC, LongCycleIsOneComponent) {
  const unsigned N = 100000;
  Graph G(N);
  for (unsigned I = 0; I < N; ++I)
    G[I].push_back((I + 1) % N);
  Graph C = componentsBottomUp(G);
  ASSERT_EQ(C.size(), 1u);
  EXPECT_EQ(C[0].size(), N);
}

/// Against the definition: two nodes are together if each reaches the other,
/// and what a node reaches does not come behind it.
TEST(SCC, RandomGraphsAgainstReachability) {
  std::mt19937 Rng(42);
  for (unsigned Round = 0; Round < 300; ++Round) {
    unsigned N = 1 + Rng() % 9;
    Graph G(N);
    for (unsigned E = Rng() % (2 * N + 1); E; --E)
      G[Rng() % N].push_back(Rng() % N);
    std::vector<std::vector<char>> Reaches(N, std::vector<char>(N));
    for (unsigned A = 0; A < N; ++A) {
      Reaches[A][A] = 1;
      for (unsigned B : G[A])
        Reaches[A][B] = 1;
    }
    for (unsigned K = 0; K < N; ++K)
      for (unsigned A = 0; A < N; ++A)
        for (unsigned B = 0; B < N; ++B)
          Reaches[A][B] |= Reaches[A][K] && Reaches[K][B];
    std::vector<unsigned> Place = placeOf(componentsBottomUp(G), N);
    for (unsigned A = 0; A < N; ++A)
      for (unsigned B = 0; B < N; ++B) {
        EXPECT_EQ(Place[A] == Place[B], Reaches[A][B] && Reaches[B][A]);
        if (Reaches[A][B]) {
          EXPECT_LE(Place[B], Place[A]);
        }
      }
  }
}
