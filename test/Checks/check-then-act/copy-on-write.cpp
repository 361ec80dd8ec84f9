// RUN: %check_race %s race-check-then-act
//
// Copy on write, the only owner of an object, and the value for want of
// another.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct Data {
  std::vector<int> Values;
  void add(int);
  int sum() const;
};

class Shared {
public:
  std::shared_ptr<Data> snapshot() {
    std::lock_guard<std::mutex> Lock(Mu);
    return Current;
  }
  void set(std::shared_ptr<Data> To) {
    std::lock_guard<std::mutex> Lock(Mu);
    Current = To;
  }

  void addBad(int X) {
    if (Current.use_count() == 1)
      Current->add(X);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'Current': another thread can copy it between 'use_count' and the change of its object
    // CHECK-NOTES: :[[@LINE-3]]: note: the owners are counted here, without 'Mu', under which others copy it
  }

  void addUnlessBad(int X) {
    if (Current.use_count() > 1)
      return;
    Current->Values.push_back(X);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Current': another thread can copy it between 'use_count' and the change of its object
  }

  void addGood(int X) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Current.use_count() != 1)
      Current = std::make_shared<Data>(*Current);
    Current->add(X);
  }

  // Only looked at.
  int sumGood() {
    if (Current.use_count() == 1)
      return Current->sum();
    return 0;
  }

  // All of it under one lock.
  void replaceGood(int X) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto Made = std::make_shared<Data>(*Current);
    Made->add(X);
    Current = Made;
  }

private:
  std::mutex Mu;
  std::shared_ptr<Data> Current;
};

// A pointer of one's own: who else would copy it?
void addToOwnGood(std::shared_ptr<Data> P, int X) {
  if (P.use_count() == 1)
    P->add(X);
}

// Nobody copies it under a lock.
class Alone {
public:
  void addGood(int X) {
    if (Mine.use_count() == 1)
      Mine->add(X);
  }

private:
  std::shared_ptr<Data> Mine;
};

class Counts {
public:
  std::optional<int> get(const std::string &K) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Map.find(K);
    if (It == Map.end())
      return std::nullopt;
    return It->second;
  }
  void set(const std::string &K, int V) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map[K] = V;
  }

private:
  std::mutex Mu;
  std::map<std::string, int> Map;
};
int compute(const std::string &);

void countBad(Counts &C, const std::string &K) {
  C.set(K, C.get(K).value_or(0) + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'C': another thread can change it between 'get' and 'set'
}

void fillBad(Counts &C, const std::string &K) {
  int N = C.get(K).value_or(-1);
  if (N == -1)
    C.set(K, compute(K));
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'C': another thread can change it between 'get' and 'set'
}

int readGood(Counts &C, const std::string &K) { return C.get(K).value_or(0); }

void setGood(Counts &C, const std::string &K, int V) { C.set(K, V); }
