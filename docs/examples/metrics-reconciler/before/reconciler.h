// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef RECONCILER_H
#define RECONCILER_H

#include <cstddef>
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
  void reconcileSome();

  std::size_t reconciled_ = 0;

  // Only the reconcile loop touches this map:
  // single-threaded, no locking needed.
  std::unordered_map<std::string, int> pending_;
};

#endif // RECONCILER_H
