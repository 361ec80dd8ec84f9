// RUN: %check_race %s race-check-then-act
//
// What no other thread can see, or what runs only once, has no window.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>

class Cache {
public:
  Cache() {
    if (!has(0))
      add(0, 1);
  }
  ~Cache() {
    if (has(0))
      drop(0);
  }
  bool has(int K) const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Map.count(K) != 0;
  }
  void add(int K, int V) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map[K] = V;
  }
  void drop(int K) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map.erase(K);
  }

private:
  mutable std::mutex Mu;
  std::map<int, int> Map;
};

Cache TheCache;

void globalBad(int K) {
  if (!TheCache.has(K))
    TheCache.add(K, 1);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'TheCache': another thread can change it between 'has' and 'add'
}

void localMapGood(const std::string &Text) {
  std::map<char, int> Counts;
  std::mutex Mu;
  for (char C : Text)
    if (Counts.find(C) == Counts.end())
      Counts[C] = 1;
}

void localObjectGood(int K) {
  Cache C;
  if (!C.has(K))
    C.add(K, 1);
}

std::unique_ptr<Cache> freshGood(int K) {
  auto C = std::make_unique<Cache>();
  if (!C->has(K))
    C->add(K, 1);
  return C;
}

Cache *freshNewGood(int K) {
  Cache *C = new Cache;
  if (!C->has(K))
    C->add(K, 1);
  return C;
}

Cache copyGood(Cache *From, int K) {
  static std::once_flag Once;
  std::call_once(Once, [&] {
    if (!From->has(K))
      From->add(K, 1);
  });
  return {};
}

Cache &functionStaticGood() {
  static Cache C;
  return C;
}

int functionStaticInitGood(int K) {
  static int N = [K] {
    Cache C;
    if (!C.has(K))
      C.add(K, 1);
    return 1;
  }();
  return N;
}

void threadLocalGood(int K) {
  thread_local Cache C;
  if (!C.has(K))
    C.add(K, 1);
}

void byValueGood(std::map<int, int> Map, std::mutex &Mu) {
  bool There;
  {
    std::lock_guard<std::mutex> Lock(Mu);
    There = Map.count(1) != 0;
  }
  if (!There)
    Map[1] = 1;
}

// A map without any lock around may well belong to one thread.
class Index {
public:
  void addGood(int K) {
    if (!Map.count(K))
      Map[K] = 1;
  }

private:
  std::map<int, int> Map;
};
