// RUN: %check_race %s 'race-*' -- -std=c++17
// Must stay silent: load, then store of an atomic that has one writer at a time by contract (said in the comment);
// the atomic is there for the readers.
#include <atomic>
#include <thread>
// Thread safety: writes require external synchronization, reads do not.
class List {
  std::atomic<int> max_{1};
public:
  int max() const { return max_.load(std::memory_order_relaxed); }
  // Requires external synchronization
  void insert(int h) {
    if (h > max())
      max_.store(h, std::memory_order_relaxed);
  }
};
void run(List &l) { std::thread t([&] { (void)l.max(); }); l.insert(2); t.join(); }
