// RUN: %check_race %s race-check-then-act
//
// Classes whose every method takes the lock: no data race, and yet two threads
// do it twice.

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

struct Record {
  int N = 0;
  bool isOld() const;
};
Record make(const std::string &Key);

class Cache {
public:
  std::optional<Record> get(const std::string &Key) const {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Map.find(Key);
    if (It == Map.end())
      return std::nullopt;
    return It->second;
  }
  void set(const std::string &Key, const Record &R) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map[Key] = R;
  }
  bool contains(const std::string &Key) const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Map.count(Key) != 0;
  }
  void remove(const std::string &Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map.erase(Key);
  }
  bool insertIfAbsent(const std::string &Key, const Record &R) {
    std::lock_guard<std::mutex> Lock(Mu);
    return Map.emplace(Key, R).second;
  }
  Record getOrCreate(const std::string &Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Map.find(Key);
    if (It == Map.end())
      It = Map.emplace(Key, make(Key)).first;
    return It->second;
  }
  void setLater(const std::string &Key, const Record &R) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Map.find(Key) == Map.end())
      Map.emplace(Key, R);
  }

private:
  mutable std::mutex Mu;
  std::map<std::string, Record> Map;
};

Record getSetBad(Cache &C, const std::string &Key) {
  std::optional<Record> Existing = C.get(Key);
  if (!Existing) {
    Record R = make(Key);
    C.set(Key, R);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'C': another thread can change it between 'get' and 'set'
    // CHECK-NOTES: :[[@LINE-5]]: note: checked here
    return R;
  }
  return *Existing;
}

Record getSetEarlyReturnBad(Cache &C, const std::string &Key) {
  auto Existing = C.get(Key);
  if (Existing)
    return *Existing;
  Record R = make(Key);
  C.set(Key, R);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'C': another thread can change it between 'get' and 'set'
  return R;
}

void containsSetBad(Cache &C, const std::string &Key) {
  if (!C.contains(Key))
    C.set(Key, make(Key));
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'C': another thread can change it between 'contains' and 'set'
}

void drop(const std::string &Key);

// Both drop it.
void containsRemoveBad(Cache &C, const std::string &Key) {
  bool There = C.contains(Key);
  if (There == true) {
    C.remove(Key);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'C': another thread can change it between 'contains' and 'remove'
    drop(Key);
  }
}

// What is in it decides, and may have changed. Not seen yet where that is looked
// at through an optional.
void getRemoveMissed(Cache &C, const std::string &Key) {
  auto There = C.get(Key);
  if (There && There->isOld())
    C.remove(Key);
}

// To remove what is not there any more does nothing.
void containsRemoveGood(Cache &C, const std::string &Key) {
  if (C.contains(Key))
    C.remove(Key);
}

Record oneOperationGood(Cache &C, const std::string &Key) {
  return C.getOrCreate(Key);
}

void insertIfAbsentGood(Cache &C, const std::string &Key) {
  if (!C.insertIfAbsent(Key, make(Key)))
    return;
}

// The operation looks again under its own lock.
void looksAgainGood(Cache &C, const std::string &Key) {
  if (!C.contains(Key))
    C.setLater(Key, make(Key));
}

void otherKeyGood(Cache &C, const std::string &Key, const std::string &Other) {
  if (!C.contains(Key))
    C.set(Other, make(Other));
}

void otherCacheGood(Cache &C, Cache &D, const std::string &Key) {
  if (!C.contains(Key))
    D.set(Key, make(Key));
}

void independentGood(Cache &C, const std::string &Key) {
  bool There = C.contains(Key);
  C.set(Key, make(Key));
  if (There)
    make("log");
}

void localGood(const std::string &Key) {
  Cache C;
  if (!C.contains(Key))
    C.set(Key, make(Key));
}

Record readOnlyGood(Cache &C, const std::string &Key) {
  if (auto R = C.get(Key))
    return *R;
  return make(Key);
}

void setOnlyGood(Cache &C, const std::string &Key) { C.set(Key, make(Key)); }

// A queue: empty, then pop.
class Queue {
public:
  bool empty() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Items.empty();
  }
  int pop() {
    std::lock_guard<std::mutex> Lock(Mu);
    int N = Items.back();
    Items.pop_back();
    return N;
  }
  bool tryPop(int &N) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Items.empty())
      return false;
    N = Items.back();
    Items.pop_back();
    return true;
  }
  void push(int N) {
    std::lock_guard<std::mutex> Lock(Mu);
    Items.push_back(N);
  }

private:
  mutable std::mutex Mu;
  std::vector<int> Items;
};

int emptyPopBad(Queue &Q) {
  if (!Q.empty())
    return Q.pop();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Q': another thread can change it between 'empty' and 'pop'
  return -1;
}

int drainBad(Queue &Q) {
  int Sum = 0;
  while (!Q.empty())
    Sum += Q.pop();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Q': another thread can change it between 'empty' and 'pop'
  return Sum;
}

void yield();
int waitThenPopBad(Queue &Q) {
  while (Q.empty())
    yield();
  return Q.pop();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Q': another thread can change it between 'empty' and 'pop'
}

void serveBad(Queue &Q) {
  for (;;) {
    while (Q.empty())
      yield();
    make(std::to_string(Q.pop()));
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Q': another thread can change it between 'empty' and 'pop'
  }
}

int waitUntilDoneGood(Queue &Q) {
  int N = 0;
  while (!Q.tryPop(N))
    yield();
  return N;
}

void waitThenPushGood(Queue &Q) {
  while (!Q.empty())
    yield();
  Q.push(1);
}

int tryPopGood(Queue &Q) {
  int N;
  return Q.tryPop(N) ? N : -1;
}

int drainGood(Queue &Q) {
  int Sum = 0, N;
  while (Q.tryPop(N))
    Sum += N;
  return Sum;
}

// The same shape without a lock is not shared as far as anyone can tell.
class PlainCache {
public:
  bool contains(const std::string &Key) const { return Map.count(Key) != 0; }
  void set(const std::string &Key, const Record &R) { Map[Key] = R; }

private:
  std::map<std::string, Record> Map;
};

void plainGood(PlainCache &C, const std::string &Key) {
  if (!C.contains(Key))
    C.set(Key, make(Key));
}
