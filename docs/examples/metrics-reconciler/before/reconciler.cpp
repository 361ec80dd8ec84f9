// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "reconciler.h"

void Reconciler::run(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    observe(round);
    reconcileSome();
  }
  while (!pending_.empty())
    reconcileSome();
}

std::size_t Reconciler::pendingCount() const { return pending_.size(); }

void Reconciler::observe(int round) {
  for (int i = 0; i < 8; ++i)
    pending_["object-" + std::to_string(8 * round + i)] = round;
}

void Reconciler::reconcileSome() {
  for (int i = 0; i < 6 && !pending_.empty(); ++i) {
    pending_.erase(pending_.begin());
    ++reconciled_;
  }
}
