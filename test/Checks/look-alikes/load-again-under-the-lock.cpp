// RUN: %check_race %s 'race-*' -- -std=c++17
// folly ff98381ea, executors/ThreadPoolExecutor.cpp:560. A first look without the
// lock; under it the value is taken again and cleared. Whatever was taken is
// used. Expect: silent.
#include <atomic>
#include <mutex>
class Pool {
  std::mutex Lock;
  std::atomic<unsigned> ToJoin{0};
  void join(unsigned);
public:
  void ensureJoined() {
    auto N = ToJoin.load();
    if (N) {
      {
        std::unique_lock<std::mutex> W{Lock};
        N = ToJoin.load();
        ToJoin.store(0);
      }
      join(N);
    }
  }
};
