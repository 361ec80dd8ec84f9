// RUN: %check_race %s 'race-*' -- -std=c++17
// arrow 515410b2, acero/swiss_join.cc (10 places), util/task_group.cc:122; kudu,
// transactions/txn_status_manager.cc:343. A flag that only goes from false to true.
// The early return saves work; the store is hung on another fact and would be right
// whatever the flag is by then. Expect: silent.
#include <atomic>
#include <mutex>
class Join {
  std::atomic<bool> Cancelled{false};
  std::mutex M;
  int Error = 0;
  bool isCancelled() { return Cancelled.load(); }
  int cancelIfNotOk(int E) {
    if (E) {
      {
        std::lock_guard<std::mutex> L(M);
        if (!Error)
          Error = E;
      }
      Cancelled.store(true);
    }
    return E;
  }
  int work();
public:
  int probe() {
    if (isCancelled())
      return 1;
    return cancelIfNotOk(work());
  }
};
