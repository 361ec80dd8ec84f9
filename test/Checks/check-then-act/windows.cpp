// RUN: %check_race %s race-check-then-act
//
// Whether the lock is held from the check to the act.

#include <condition_variable>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

int make(const std::string &);

class Names {
public:
  // Two locks of which neither keeps out who holds the other one.
  void addBad(const std::string &Name) {
    {
      std::lock_guard<std::mutex> Lock(ReadMu);
      if (Ids.count(Name))
        return;
    }
    std::lock_guard<std::mutex> Lock(WriteMu);
    Ids[Name] = make(Name);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Ids': another thread can change it between 'count' and 'operator[]'
    // CHECK-NOTES: :[[@LINE-6]]: note: checked here; 'count' asks it under 'ReadMu', but 'operator[]' is done under 'WriteMu'
  }
  // One of the two is held throughout.
  void addGood(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(WriteMu);
    {
      std::lock_guard<std::mutex> Lock(ReadMu);
      if (Ids.count(Name))
        return;
    }
    Ids[Name] = make(Name);
  }

private:
  std::mutex ReadMu, WriteMu;
  std::map<std::string, int> Ids;
};

class Table {
public:
  void twoScopesBad(const std::string &Key) {
    bool There;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      There = Map.count(Key) != 0;
    }
    if (!There) {
      std::lock_guard<std::mutex> Lock(Mu);
      Map[Key] = make(Key);
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'count' and 'operator[]'
    }
  }

  void oneScopeGood(const std::string &Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (!Map.count(Key))
      Map[Key] = make(Key);
  }

  void recheckGood(const std::string &Key) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Map.count(Key))
        return;
    }
    int N = make(Key);
    std::lock_guard<std::mutex> Lock(Mu);
    if (!Map.count(Key))
      Map[Key] = N;
  }

  void findRecheckGood(const std::string &Key) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      auto It = Map.find(Key);
      if (It != Map.end())
        return;
    }
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Map.find(Key);
    if (It == Map.end())
      Map.insert({Key, 1});
  }

  bool resultUsedGood(const std::string &Key) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Map.count(Key))
        return false;
    }
    std::lock_guard<std::mutex> Lock(Mu);
    return Map.emplace(Key, make(Key)).second;
  }

  int tryEmplaceGood(const std::string &Key) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      auto It = Map.find(Key);
      if (It != Map.end())
        return It->second;
    }
    int N = make(Key);
    std::lock_guard<std::mutex> Lock(Mu);
    auto R = Map.try_emplace(Key, N);
    return R.first->second;
  }

  void unlockByHandBad(const std::string &Key) {
    Mu.lock();
    bool There = Map.count(Key) != 0;
    Mu.unlock();
    if (There)
      return;
    Mu.lock();
    Map[Key] = make(Key);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'count' and 'operator[]'
    Mu.unlock();
  }

  void lockByHandGood(const std::string &Key) {
    Mu.lock();
    if (!Map.count(Key))
      Map[Key] = make(Key);
    Mu.unlock();
  }

  void uniqueLockDroppedBad(const std::string &Key) {
    std::unique_lock<std::mutex> Lock(Mu);
    if (Map.count(Key))
      return;
    Lock.unlock();
    int N = make(Key);
    Lock.lock();
    Map[Key] = N;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'count' and 'operator[]'
  }

  void uniqueLockKeptGood(const std::string &Key) {
    std::unique_lock<std::mutex> Lock(Mu);
    if (Map.count(Key))
      return;
    Map[Key] = make(Key);
    Lock.unlock();
    make("log");
  }

  void uniqueLockRecheckGood(const std::string &Key) {
    std::unique_lock<std::mutex> Lock(Mu);
    if (Map.count(Key))
      return;
    Lock.unlock();
    int N = make(Key);
    Lock.lock();
    if (Map.count(Key))
      return;
    Map[Key] = N;
  }

  void deferGood(const std::string &Key) {
    std::unique_lock<std::mutex> Lock(Mu, std::defer_lock);
    Lock.lock();
    if (!Map.count(Key))
      Map[Key] = make(Key);
  }

  void adoptGood(const std::string &Key) {
    Mu.lock();
    std::lock_guard<std::mutex> Lock(Mu, std::adopt_lock);
    if (!Map.count(Key))
      Map[Key] = make(Key);
  }

  void tryLockGood(const std::string &Key) {
    std::unique_lock<std::mutex> Lock(Mu, std::try_to_lock);
    if (!Lock.owns_lock())
      return;
    if (!Map.count(Key))
      Map[Key] = make(Key);
  }

  void scopedGood(const std::string &Key) {
    std::scoped_lock Lock(Mu, OtherMu);
    if (!Map.count(Key))
      Map[Key] = make(Key);
  }

  void waitLoopGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    while (Queue.empty())
      Cond.wait(Lock);
    Queue.pop_back();
  }

  void waitPredicateGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    Cond.wait(Lock, [this] { return !Queue.empty(); });
    Queue.pop_back();
  }

  void waitBetweenBad() {
    std::unique_lock<std::mutex> Lock(Mu);
    if (!Queue.empty()) {
      Cond.wait(Lock);
      Queue.pop_back();
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Queue': another thread can change it between 'empty' and 'pop_back'
    }
  }

private:
  std::mutex Mu, OtherMu;
  std::condition_variable Cond;
  std::map<std::string, int> Map;
  std::vector<int> Queue;
};

class SharedTable {
public:
  void readThenWriteBad(const std::string &Key) {
    {
      std::shared_lock<std::shared_mutex> Read(Mu);
      if (Map.find(Key) != Map.end())
        return;
    }
    std::unique_lock<std::shared_mutex> Write(Mu);
    Map[Key] = make(Key);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'find' and 'operator[]'
  }

  void readThenRecheckGood(const std::string &Key) {
    {
      std::shared_lock<std::shared_mutex> Read(Mu);
      if (Map.find(Key) != Map.end())
        return;
    }
    std::unique_lock<std::shared_mutex> Write(Mu);
    if (Map.find(Key) != Map.end())
      return;
    Map[Key] = make(Key);
  }

  void writeOnlyGood(const std::string &Key) {
    std::unique_lock<std::shared_mutex> Write(Mu);
    if (Map.find(Key) == Map.end())
      Map[Key] = make(Key);
  }

  int readOnlyGood(const std::string &Key) const {
    std::shared_lock<std::shared_mutex> Read(Mu);
    auto It = Map.find(Key);
    return It == Map.end() ? 0 : It->second;
  }

private:
  mutable std::shared_mutex Mu;
  std::map<std::string, int> Map;
};

// Asked without the lock, done under it.
class Lazy {
public:
  void askedOutsideBad(int Key) {
    if (Map.count(Key) == 0) {
      std::lock_guard<std::mutex> Lock(Mu);
      Map[Key] = 1;
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'count' and 'operator[]'
    }
  }
  void doubleCheckedGood(int Key) {
    if (Map.count(Key) == 0) {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Map.count(Key) == 0)
        Map[Key] = 1;
    }
  }

private:
  std::mutex Mu;
  std::map<int, int> Map;
};
