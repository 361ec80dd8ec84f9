// RUN: %check_race %s 'race-*' -- -std=c++17
// Must stay silent: a cheap look at an atomic hint without the lock, then the lock, then the real state is tested again.
// The re-check is of `imm_`, not of `has_imm_`.
#include <atomic>
#include <mutex>
#include <thread>
struct Db {
  std::mutex m;
  std::atomic<bool> has_imm{false};
  int *imm = nullptr;
  void compactLocked() { imm = nullptr; has_imm.store(false); }
  void poll() {
    if (has_imm.load(std::memory_order_relaxed)) {
      m.lock();
      if (imm != nullptr)
        compactLocked();
      m.unlock();
    }
  }
};
void run(Db &d) { std::thread t([&] { d.poll(); }); d.poll(); t.join(); }
