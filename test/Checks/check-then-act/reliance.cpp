// RUN: %check_race %s race-check-then-act
//
// The act is reported only if it relies on the answer.

#include <map>
#include <mutex>
#include <optional>

class Store {
public:
  bool has(int K) const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Map.count(K) != 0;
  }
  std::optional<int> find(int K) const {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Map.find(K);
    return It == Map.end() ? std::nullopt : std::optional<int>(It->second);
  }
  void put(int K, int V) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map[K] = V;
  }
  void erase(int K) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map.erase(K);
  }

private:
  mutable std::mutex Mu;
  std::map<int, int> Map;
};

void log(bool);

void thenBad(Store &S, int K) {
  if (!S.has(K)) {
    S.put(K, 1);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S'
  }
}

void elseBad(Store &S, int K) {
  if (S.has(K)) {
    log(true);
  } else {
    S.put(K, 1);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S'
  }
}

void earlyReturnBad(Store &S, int K) {
  if (S.has(K))
    return;
  S.put(K, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S'
}

void variableBad(Store &S, int K) {
  const bool Missing = !S.has(K);
  log(Missing);
  if (Missing)
    S.put(K, 1);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S'
}

void ternaryBad(Store &S, int K) {
  S.has(K) ? log(true) : S.put(K, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S'
}

void andBad(Store &S, int K, bool Wanted) {
  if (Wanted && !S.has(K))
    S.put(K, 1);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S'
}

void loopBad(Store &S, int K) {
  while (!S.has(K))
    S.put(K, 1);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S'
}

void continueBad(Store &S) {
  for (int K = 0; K < 10; ++K) {
    if (S.has(K))
      continue;
    S.put(K, 1);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S'
  }
}

// Read, change, write back: one of two increments is lost.
void incrementBad(Store &S, int K) {
  int N = S.find(K).value_or(0);
  S.put(K, N + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S'
}

void logGood(Store &S, int K) {
  log(S.has(K));
  S.put(K, 1);
}

void branchJoinsGood(Store &S, int K) {
  if (S.has(K))
    log(true);
  S.put(K, 1);
}

void answerOverwrittenGood(Store &S, int K) {
  bool There = S.has(K);
  log(There);
  There = K > 3;
  if (There)
    S.put(K, 1);
}

void otherConditionGood(Store &S, int K) {
  log(S.has(K));
  if (K > 3)
    S.put(K, 1);
}

void actFirstGood(Store &S, int K) {
  S.put(K, 1);
  if (S.has(K))
    log(true);
}

void otherKeyGood(Store &S, int K, int L) {
  if (!S.has(K))
    S.put(L, 1);
}

void constantKeysGood(Store &S) {
  if (!S.has(1))
    S.put(2, 1);
}

void otherObjectGood(Store &S, Store &T, int K) {
  if (!S.has(K))
    T.put(K, 1);
}

void copyGood(Store &S, Store &T, int K) {
  if (auto V = S.find(K))
    T.put(K, *V);
}
