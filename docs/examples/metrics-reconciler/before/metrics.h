// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef METRICS_H
#define METRICS_H

#include <atomic>
#include <cstddef>
#include <thread>

class Reconciler;

/// Samples the length of the reconciler's queue once a millisecond, on a
/// thread of its own, for the dashboard.
class MetricsReporter {
public:
  explicit MetricsReporter(const Reconciler &reconciler);

  void start();
  void stop();

  /// For use after stop().
  std::size_t samples() const { return samples_; }
  std::size_t longestQueue() const { return longest_; }

private:
  void loop();

  const Reconciler &reconciler_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::size_t samples_ = 0;
  std::size_t longest_ = 0;
};

#endif // METRICS_H
