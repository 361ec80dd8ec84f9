//===- SCC.cpp - Strongly connected components ----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/SCC.h"
#include <algorithm>

std::vector<std::vector<unsigned>>
race::componentsBottomUp(const std::vector<std::vector<unsigned>> &Successors) {
  const unsigned N = Successors.size();
  const unsigned Unseen = ~0u;
  std::vector<unsigned> Index(N, Unseen), Low(N);
  std::vector<bool> OnStack(N);
  std::vector<unsigned> Stack;
  std::vector<std::vector<unsigned>> Components;
  struct Frame {
    unsigned Node;
    unsigned Next;
  };
  std::vector<Frame> Path;
  unsigned Counter = 0;

  auto Enter = [&](unsigned V) {
    Index[V] = Low[V] = Counter++;
    Stack.push_back(V);
    OnStack[V] = true;
    Path.push_back({V, 0});
  };
  for (unsigned Root = 0; Root < N; ++Root) {
    if (Index[Root] != Unseen)
      continue;
    Enter(Root);
    while (!Path.empty()) {
      unsigned V = Path.back().Node;
      if (Path.back().Next < Successors[V].size()) {
        unsigned W = Successors[V][Path.back().Next++];
        if (Index[W] == Unseen)
          Enter(W);
        else if (OnStack[W])
          Low[V] = std::min(Low[V], Index[W]);
        continue;
      }
      Path.pop_back();
      if (!Path.empty())
        Low[Path.back().Node] = std::min(Low[Path.back().Node], Low[V]);
      if (Low[V] != Index[V])
        continue;
      std::vector<unsigned> Component;
      unsigned W;
      do {
        W = Stack.back();
        Stack.pop_back();
        OnStack[W] = false;
        Component.push_back(W);
      } while (W != V);
      std::reverse(Component.begin(), Component.end());
      Components.push_back(std::move(Component));
    }
  }
  return Components;
}
