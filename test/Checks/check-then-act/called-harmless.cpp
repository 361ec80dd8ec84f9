// RUN: %check_race %s race-check-then-act

// An author who says at the place that a race does no harm knows of it.

#include <atomic>
#include <mutex>

struct Bucket {
  std::atomic<unsigned> Start{0}, Count{0}, Total{0}, Peak{0};

  void reset(unsigned Now) {
    if (Now - Start.load() >= 60) {
      // An expired window. Two concurrent resets are fine: the second one wins.
      Count.store(Count.load() / 2);
    }
  }

  void halve() {
    // Racy, but benign: it is an estimate.
    Total = Total / 2;
  }

  // A race here is not OK.
  void halveExactly() {
    Total = Total / 2;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Total'
  }

  // Works fine. Concurrent calls come from the pool.
  void raise(unsigned Value) {
    Peak = Peak + Value;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Peak'
  }
};
