// RUN: %check_race %s 'race-*' -- -std=c++17
// leveldb 1.23, db/db_impl.cc:927. The atomic flag is a hint; the state that it
// stands for is tested again under the lock before acting. The act is three
// calls deep and clears the flag. Expect: silent.
#include <atomic>
#include <mutex>
struct Table {};
class Db {
  std::mutex M;
  std::atomic<bool> HasImm;
  Table *Imm = nullptr;
  int work();
  void compact() {
    if (work()) { delete Imm; Imm = nullptr;
      HasImm.store(false, std::memory_order_release); }
  }
public:
  void loop() {
    while (work()) {
      if (HasImm.load(std::memory_order_relaxed)) {
        M.lock();
        if (Imm != nullptr) {
          compact();
          work();
        }
        M.unlock();
      }
    }
  }
};
