// RUN: %check_race %s race-check-then-act
//
// One class whose helpers are called with and without its lock.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

class Store {
public:
  bool replicate(int Key) {
    if (!isMissing(Key))
      return false;
    return apply(Key);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: check-then-act on 'Maps': another thread can change it between 'isMissing' and 'apply'
  }

  bool commit(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    return apply(Key);
  }

  bool commitOther(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    return applyUnderLock(Key);
  }

  bool replicateOther(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    return !Maps.count(Key) && applyUnderLock(Key);
  }

private:
  bool isMissing(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    return Maps.find(Key) == Maps.end();
  }

  bool apply(int Key) {
    add(Key);
    return true;
  }

  void add(int Key) {
    if (Maps.find(Key) != Maps.end())
      throw 1;
    Maps[Key] = "";
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Maps': another thread can change it between 'find' and 'operator[]'
    // CHECK-NOTES: :[[@LINE-4]]:9: note: checked here; other callers hold 'Mu' here, but 'replicate' gets here without it
  }

  bool applyUnderLock(int Key) {
    if (Maps.find(Key) != Maps.end())
      return false;
    Maps[Key] = "";
    return true;
  }

  std::mutex Mu;
  std::map<int, std::string> Maps;
};

// What runs before others have the object.
class Started {
public:
  Started() { fill(1); }
  void init() { fill(2); }
  void put(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    fill(Key);
  }

private:
  void fill(int Key) {
    if (!Map.count(Key))
      Map[Key] = Key;
  }
  std::mutex Mu;
  std::map<int, int> Map;
};

// One function calls the helper under its lock and without: the lock is there
// for something else, which its author knew.
class Analysis {
public:
  void run() {
    bool Mine;
    {
      std::lock_guard<std::mutex> Lock(InputMu);
      Mine = !Busy;
      Busy = true;
    }
    if (!Mine)
      return;
    decide();
    std::lock_guard<std::mutex> Lock(InputMu);
    Busy = false;
  }
  void start() {
    for (int I = 0; I < 4; ++I)
      std::thread([this] { run(); }).detach();
  }

private:
  void decide() {
    if (Workers > 3)
      analyse();
    OutputMu.lock();
    Output[Workers] = "";
    if (Workers > 5)
      analyse();
    OutputMu.unlock();
  }
  void analyse() {
    if (Batch) {
      search();
      Batch &= Workers >= 4;
    }
  }
  void search();

  std::mutex InputMu, OutputMu;
  bool Busy = false, Batch = true;
  int Workers = 2;
  std::map<int, std::string> Output;
};
