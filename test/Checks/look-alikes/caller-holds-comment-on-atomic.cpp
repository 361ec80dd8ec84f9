// RUN: %check_race %s 'race-*' -- -std=c++17
// folly ff98381ea, executors/ThreadPoolExecutor.cpp:575. The comment says that the
// caller holds the lock; check-then-act does not ask the claims. Expect: silent.
#include <atomic>
#include <mutex>
class Pool {
  std::mutex Lock;
  std::atomic<int> Active{0};
  int pending();
  // Lock must be locked.
  bool timeout();
};
// Lock must be locked.
bool Pool::timeout() {
  Active = Active - 1;
  if (pending() > 0) {
    Active = Active + 1;
    return false;
  }
  return true;
}
