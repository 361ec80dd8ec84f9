// RUN: %check_race %s race-check-then-act
//
// Containers whose every operation is atomic, as the presets know them.

namespace folly {
template <typename K, typename V> class ConcurrentHashMap {
public:
  struct ConstIterator {
    bool operator==(const ConstIterator &) const;
    bool operator!=(const ConstIterator &) const;
  };
  ConstIterator find(const K &) const;
  ConstIterator cend() const;
  ConstIterator end() const;
  bool empty() const;
  unsigned long erase(const K &);
  ConstIterator insert_or_assign(const K &, const V &);
  bool insert(const K &, const V &);
};
} // namespace folly

namespace tbb {
template <typename T> class concurrent_queue {
public:
  void push(const T &);
  bool try_pop(T &);
  bool empty() const;
};
} // namespace tbb

#include <atomic>
#include <memory>

void follyBad(folly::ConcurrentHashMap<int, int> &M, int K) {
  if (M.find(K) == M.end())
    M.insert_or_assign(K, 1);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'M': another thread can change it between 'find' and 'insert_or_assign'
}

void follyGood(folly::ConcurrentHashMap<int, int> &M, int K) {
  if (M.insert(K, 1))
    return;
}

int tryPopGood(tbb::concurrent_queue<int> &Q) {
  int N;
  if (Q.try_pop(N))
    return N;
  return -1;
}

// The pop tells by itself whether there was something.
int emptyTryPopGood(tbb::concurrent_queue<int> &Q) {
  int N;
  if (!Q.empty() && Q.try_pop(N))
    return N;
  return -1;
}

std::atomic<bool> Started;
void begin();

void atomicBad() {
  if (!Started.load()) {
    Started.store(true);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Started': another thread can change it between 'load' and 'store'
    begin();
  }
}

void atomicOperatorBad() {
  if (!Started) {
    Started = true;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Started'
    begin();
  }
}

void exchangeGood() {
  if (!Started.exchange(true))
    begin();
}

void compareExchangeGood() {
  bool Expected = false;
  if (Started.compare_exchange_strong(Expected, true))
    begin();
}

void loadOnlyGood() {
  if (Started.load())
    begin();
}

void storeOnlyGood() { Started.store(false); }

std::atomic<int> Peak;

void maximumGood(int N) {
  int Old = Peak.load();
  while (Old < N && !Peak.compare_exchange_weak(Old, N)) {
  }
}
