// RUN: %check_race %s 'race-*' -- -std=c++17
// brpc 71871ee9, src/bthread/work_stealing_queue.h:76 and 93. Only one thread
// pushes and pops; the comment on the function says so. Expect: silent.
#include <atomic>
#include <cstddef>
#include <thread>
class Queue {
  std::atomic<size_t> Bottom{0}, Top{0};
  int Buffer[16];
public:
  // Push an item into the queue.
  // May run in parallel with steal().
  // Never run in parallel with pop() or another push().
  bool push(int X) {
    const size_t B = Bottom.load(std::memory_order_relaxed);
    const size_t T = Top.load(std::memory_order_acquire);
    if (B >= T + 16)
      return false;
    Buffer[B & 15] = X;
    Bottom.store(B + 1, std::memory_order_release);
    return true;
  }
};
