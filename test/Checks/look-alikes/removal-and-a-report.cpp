// RUN: %check_race %s race-check-then-act -- -std=c++17
// RocksDB 7.8: utilities/transactions/write_prepared_txn_db.cc:809.
// A look under the shared lock spares the exclusive one. Who takes out what is
// not there any more does nothing, and to count and to log that is no more.
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>

void recordTick(int What);
void LogWarn(const char *Format, ...);
void giveBack(long Id);

class Commits {
public:
  void releaseGood(long Id) {
    bool Collect = false;
    {
      std::shared_lock<std::shared_mutex> Lock(Mu);
      Collect = Old.find(Id) != Old.end();
    }
    if (Collect) {
      recordTick(3);
      LogWarn("overhead for %ld", Id);
      std::unique_lock<std::shared_mutex> Lock(Mu);
      Old.erase(Id);
      Empty.store(Old.empty(), std::memory_order_release);
    }
  }

  // Given back twice.
  void releaseBad(long Id) {
    bool Collect = false;
    {
      std::shared_lock<std::shared_mutex> Lock(Mu);
      Collect = Old.find(Id) != Old.end();
    }
    if (Collect) {
      std::unique_lock<std::shared_mutex> Lock(Mu);
      Old.erase(Id);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'Old'
      giveBack(Id);
    }
  }

private:
  std::shared_mutex Mu;
  std::map<long, int> Old;
  std::atomic<bool> Empty{true};
};

// A warning that is given twice is no harm.
std::atomic<bool> Warned{false};
void warnGood() {
  if (!Warned) {
    Warned = true;
    LogWarn("slow");
  }
}
