// A reconcile loop, and a metrics thread that watches the length of its queue.
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <thread>
#include <unordered_map>

/// Brings objects from the state they are in to the state they should be in,
/// a few at a time.
class Reconciler {
public:
  /// The reconcile loop: takes in the changes of that many rounds, and returns
  /// when nothing is left to do.
  void run(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      observe(round);
      reconcileSome();
    }
    while (!pending_.empty())
      reconcileSome();
  }

  std::size_t pendingCount() const { return pending_.size(); }

  /// How many objects reached their state. For use after the loop has ended.
  std::size_t reconciledCount() const { return reconciled_; }

private:
  void observe(int round) {
    for (int i = 0; i < 8; ++i)
      pending_["object-" + std::to_string(8 * round + i)] = round;
  }

  void reconcileSome() {
    for (int i = 0; i < 6 && !pending_.empty(); ++i) {
      pending_.erase(pending_.begin());
      ++reconciled_;
    }
  }

  std::size_t reconciled_ = 0;

  // Only the reconcile loop touches this map:
  // single-threaded, no locking needed.
  std::unordered_map<std::string, int> pending_;
};

/// Samples the length of the reconciler's queue once a millisecond, on a
/// thread of its own, for the dashboard.
class MetricsReporter {
public:
  explicit MetricsReporter(const Reconciler &reconciler)
      : reconciler_(reconciler) {}

  void start() { thread_ = std::thread(&MetricsReporter::loop, this); }

  void stop() {
    stopping_ = true;
    thread_.join();
  }

  /// For use after stop().
  std::size_t samples() const { return samples_; }
  std::size_t longestQueue() const { return longest_; }

private:
  void loop() {
    while (!stopping_) {
      longest_ = std::max(longest_, reconciler_.pendingCount());
      ++samples_;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  const Reconciler &reconciler_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::size_t samples_ = 0;
  std::size_t longest_ = 0;
};

int main() {
  Reconciler reconciler;
  MetricsReporter metrics(reconciler);

  metrics.start();
  std::thread loop([&reconciler] { reconciler.run(20000); });
  loop.join();
  metrics.stop();

  std::printf(
      "%zu objects reconciled, %zu samples taken, at most %zu pending\n",
      reconciler.reconciledCount(), metrics.samples(), metrics.longestQueue());
}
