// RUN: %check_race %s 'race-*' -- -std=c++17
// folly ff98381ea: synchronization/detail/HazptrUtils.h:302 (owner of a recursive
// lock is set, an assertion tests it before), IndexedMemPool.h:275. An atomic is
// tested in an assertion only. Expect: silent.
#include <atomic>
#include <cstdlib>
#include <thread>
#define DCHECK(C) do { if (!(C)) std::abort(); } while (0)
class Lock {
  std::atomic<std::thread::id> Owner{};
  std::thread::id owner() { return Owner.load(std::memory_order_acquire); }
public:
  void take() {
    DCHECK(owner() == std::thread::id());
    Owner.store(std::this_thread::get_id(), std::memory_order_release);
  }
};
