// RUN: %check_race %s race-check-then-act
//
// Atomics whose loads and stores are atomic, and whose pairs are not.

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

void begin();
void work(int);

std::atomic<int> Total;
std::atomic<bool> Started;

void lostUpdateBad(int N) {
  int Old = Total.load();
  Total.store(Old + N);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Total': another thread can change it between 'load' and 'store'
  // CHECK-NOTES: :[[@LINE-2]]: note: thread 1: 'store' overwrites what thread 2 made of it
}

class Stats {
public:
  void addBad(int N) {
    Bytes = Bytes + N;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Bytes'
  }
  void peakBad(int N) {
    Peak.store(std::max(Peak.load(), N));
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Peak'
  }
  void peakByTestBad(int N) {
    if (N > Peak.load())
      Peak.store(N);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Peak'
  }
  // To set it once more changes nothing.
  void sameGood(int N) {
    if (Peak != N)
      Peak = N;
  }
  void atLeastGood() {
    if (Peak < 4)
      Peak = 4;
  }
  void toggleBad() {
    Paused.store(!Paused.load());
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Paused'
  }
  int get() const { return Shown.load(); }
  void set(int N) { Shown.store(N); }

  void addGood(int N) { Bytes += N; }
  void fetchAddGood(int N) { Bytes.fetch_add(N); }
  void setGood(int N) { Bytes = N; }
  void copyGood() {
    int N = Bytes.load();
    Peak.store(N);
  }
  void peakGood(int N) {
    int Old = Peak.load();
    while (Old < N && !Peak.compare_exchange_weak(Old, N)) {
    }
  }
  // One writer, who says so with the order.
  void ownCounterGood() {
    Own.store(Own.load(std::memory_order_relaxed) + 1,
              std::memory_order_relaxed);
  }
  void lockedGood(int N) {
    std::lock_guard<std::mutex> Lock(Mu);
    Bytes.store(Bytes.load() + N);
  }

private:
  std::mutex Mu;
  std::atomic<int> Bytes{0}, Peak{0}, Own{0}, Shown{0};
  std::atomic<bool> Paused{false};
};

void throughAccessorsBad(Stats &S) {
  S.set(S.get() + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S': another thread can change it between 'get' and 'set'
}

void throughAccessorsGood(Stats &S, Stats &T) { S.set(T.get() + 1); }

int freshGood() {
  auto *S = new Stats;
  S->set(S->get() + 1);
  return S->get();
}

int localGood() {
  std::atomic<int> N{0};
  N.store(N.load() + 1);
  return N;
}

// A limit that is looked at, and then passed.
class Limit {
public:
  bool enterBad() {
    if (Inside.load() >= Max)
      return false;
    ++Inside;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Inside': another thread can change it between 'load' and 'operator++'
    return true;
  }
  void takeBad(int N) {
    if (Left > N)
      Left.fetch_sub(N);
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Left'
  }
  bool enterGood() {
    if (Entered.fetch_add(1) >= Max) {
      Entered.fetch_sub(1);
      return false;
    }
    return true;
  }
  bool lookFirstGood() {
    if (Entered.load() >= Max)
      return false;
    int Before = Entered.fetch_add(1);
    return Before < Max;
  }
  bool exchangeGood() {
    int N = Inside2.load();
    do {
      if (N >= Max)
        return false;
    } while (!Inside2.compare_exchange_weak(N, N + 1));
    return true;
  }
  void countGood(bool Hit) {
    if (Hit)
      ++Hits;
  }
  void independentGood() {
    if (Hits.load() > 100)
      begin();
    ++Hits;
  }

private:
  const int Max = 10;
  std::atomic<int> Inside{0}, Left{0}, Entered{0}, Inside2{0}, Hits{0};
};

void onceBad() {
  if (!Started) {
    Started = true;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Started': another thread can change it between 'operator bool' and 'operator='
    begin();
  }
}

class Thread {
public:
  void startBad() {
    if (Started)
      return;
    Started = true;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Started'
    Worker = std::thread([] {});
  }
  void startGood() {
    if (Started.exchange(true))
      return;
    Worker = std::thread([] {});
  }

private:
  std::atomic<bool> Started{false};
  std::thread Worker;
};

class Service {
public:
  bool isRunning() const { return Running.load(); }
  void setRunning(bool R) { Running.store(R); }
  void startBad() {
    if (isRunning())
      return;
    setRunning(true);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Running': another thread can change it between 'isRunning' and 'setRunning'
    begin();
  }
  void startGood() {
    if (Running.exchange(true))
      return;
    begin();
  }
  void startExpectedGood() {
    bool Expected = false;
    if (Running.compare_exchange_strong(Expected, true))
      begin();
  }
  // Twice does no harm.
  void markGood() {
    if (!Running.load())
      Running.store(true);
  }
  void doubleCheckedGood() {
    if (Ready.load())
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    if (!Ready.load()) {
      begin();
      Ready.store(true);
    }
  }

private:
  std::mutex Mu;
  std::atomic<bool> Running{false}, Ready{false};
};

void freeFunctionBad(std::atomic<int> *N) {
  int Old = std::atomic_load(N);
  std::atomic_store(N, Old + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on '{{.*}}': another thread can change it between 'atomic_load' and 'atomic_store'
}
