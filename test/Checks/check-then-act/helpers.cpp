// RUN: %check_race %s race-check-then-act
//
// Check, act or lock in another function.

#include <functional>
#include <map>
#include <mutex>

class Jobs {
public:
  void startBad(int Id) {
    if (!known(Id))
      add(Id);
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'known' and 'add'
  }
  void startGood(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (!knownLocked(Id))
      addLocked(Id);
  }
  void startHalfBad(int Id) {
    bool There = known(Id);
    if (There)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    addLocked(Id);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'known' and 'addLocked'
  }
  void startAgainGood(int Id) {
    if (known(Id))
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    if (!knownLocked(Id))
      addLocked(Id);
  }
  void outerBad(int Id) {
    if (!knownDeep(Id))
      addDeep(Id);
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'knownDeep' and 'addDeep'
  }

private:
  bool known(int Id) const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Map.count(Id) != 0;
  }
  void add(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map[Id] = 1;
  }
  bool knownDeep(int Id) const { return known(Id); }
  void addDeep(int Id) { add(Id); }
  bool knownLocked(int Id) const { return Map.count(Id) != 0; }
  void addLocked(int Id) { Map[Id] = 1; }

  mutable std::mutex Mu;
  std::map<int, int> Map;
};

// Every caller holds the lock.
class Locked {
public:
  void a(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    ensure(Id);
  }
  void b(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    ensure(Id);
  }

private:
  void ensure(int Id) {
    if (!Map.count(Id))
      Map[Id] = 1;
  }
  std::mutex Mu;
  std::map<int, int> Map;
};

static std::mutex GlobalMu;
static std::map<int, int> GlobalMap;

static bool hasGlobal(int K) {
  std::lock_guard<std::mutex> Lock(GlobalMu);
  return GlobalMap.find(K) != GlobalMap.end();
}

static void addGlobal(int K) {
  std::lock_guard<std::mutex> Lock(GlobalMu);
  GlobalMap.insert({K, 1});
}

void globalBad(int K) {
  if (!hasGlobal(K))
    addGlobal(K);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'GlobalMap': another thread can change it between 'hasGlobal' and 'addGlobal'
}

void globalGood(int K) {
  std::lock_guard<std::mutex> Lock(GlobalMu);
  if (GlobalMap.find(K) == GlobalMap.end())
    GlobalMap.insert({K, 1});
}

// Takes the lock for its caller.
static std::unique_lock<std::mutex> lockGlobal() {
  return std::unique_lock<std::mutex>(GlobalMu);
}

void guardReturnedGood(int K) {
  auto Lock = lockGlobal();
  if (!GlobalMap.count(K))
    GlobalMap[K] = 1;
}

template <typename Fn> static void withLock(Fn F) {
  std::lock_guard<std::mutex> Lock(GlobalMu);
  F();
}

void underLambdaGood(int K) {
  withLock([K] {
    if (!GlobalMap.count(K))
      GlobalMap[K] = 1;
  });
}

void lambdaBad(int K) {
  auto Has = [&] {
    std::lock_guard<std::mutex> Lock(GlobalMu);
    return GlobalMap.count(K) != 0;
  };
  auto Add = [&] {
    std::lock_guard<std::mutex> Lock(GlobalMu);
    GlobalMap[K] = 1;
  };
  if (!Has())
    Add();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'GlobalMap'
}
