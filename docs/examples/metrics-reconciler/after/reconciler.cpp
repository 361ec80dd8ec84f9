// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "reconciler.h"

void Reconciler::run(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    observe(round);
    reconcileSome();
  }
  while (reconcileSome()) {
  }
}

std::size_t Reconciler::pendingCount() const {
  std::lock_guard<std::mutex> lock(mu_);
  return pending_.size();
}

void Reconciler::observe(int round) {
  std::lock_guard<std::mutex> lock(mu_);
  for (int i = 0; i < 8; ++i)
    pending_["object-" + std::to_string(8 * round + i)] = round;
}

/// Returns whether something is left to do.
bool Reconciler::reconcileSome() {
  std::lock_guard<std::mutex> lock(mu_);
  for (int i = 0; i < 6 && !pending_.empty(); ++i) {
    pending_.erase(pending_.begin());
    ++reconciled_;
  }
  return !pending_.empty();
}
