// RUN: %check_race %s 'race-*' -- -std=c++17
// folly ff98381ea: executors/ThreadPoolExecutor.cpp:560, 575, 598,
// io/async/AtomicNotificationQueue-inl.h:315, synchronization/HazptrObjLinked.h:127,
// concurrency/container/SingleWriterFixedHashMap.h:155, 229, UnboundedQueue.h:462, 753.
// A load and a store with explicit, weak memory orders, the stored value computed
// from the loaded one: who writes so knows that there is one writer, or that a
// lock is held by the caller; a lost update would be written fetch_add.
// Expect: silent.
#include <atomic>
#include <cstddef>
#include <thread>
class Map {
  std::atomic<size_t> Size{0};
  size_t size() const { return Size.load(std::memory_order_acquire); }
  void setSize(size_t N) { Size.store(N, std::memory_order_release); }
  std::atomic<int> Active{0}, ToJoin{0};
public:
  void insert() { setSize(size() + 1); }
  void start() {
    Active.store(Active.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  bool stop() {
    auto N = ToJoin.load(std::memory_order_relaxed);
    if (N > 0) {
      ToJoin.store(N - 1, std::memory_order_relaxed);
      return true;
    }
    return false;
  }
};
