// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef RECONCILER_H
#define RECONCILER_H

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

/// Brings objects from the state they are in to the state they should be in,
/// a few at a time.
class Reconciler {
public:
  /// The reconcile loop: takes in the changes of that many rounds, and returns
  /// when nothing is left to do.
  void run(int rounds);

  std::size_t pendingCount() const;

  /// How many objects reached their state. For use after the loop has ended.
  std::size_t reconciledCount() const { return reconciled_; }

private:
  void observe(int round);
  bool reconcileSome();

  std::size_t reconciled_ = 0;

  mutable std::mutex mu_;
  // Guarded by mu_: the reconcile loop changes this map, and the metrics thread
  // counts its entries.
  std::unordered_map<std::string, int> pending_;
};

#endif // RECONCILER_H
