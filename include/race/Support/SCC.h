//===- SCC.h - Strongly connected components --------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_SCC_H
#define RACE_SUPPORT_SCC_H

#include <vector>

namespace race {

/// The strongly connected components of a graph, each one after all that it
/// leads to: callees before callers.
///
/// \param Successors for each node the nodes it leads to.
/// \returns node numbers, grouped. Tarjan's algorithm (SIAM J. Comput. 1972),
/// without recursion, so that deep call chains do not exhaust the stack; linear
/// in nodes and edges. (llvm::scc_iterator starts from one root and wants a
/// graph type of its own; call graphs have many roots.)
std::vector<std::vector<unsigned>>
componentsBottomUp(const std::vector<std::vector<unsigned>> &Successors);

} // namespace race

#endif // RACE_SUPPORT_SCC_H
