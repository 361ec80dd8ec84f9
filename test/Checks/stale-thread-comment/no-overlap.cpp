// RUN: %check_race %s race-stale-thread-comment
//
// Comments that hold, although threads are around.

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

class Atomic {
public:
  void start() {
    T = std::thread([this] { ++N; });
  }
  int get() const { return N; }

private:
  std::atomic<int> N{0}; // no locking needed
  std::thread T;
};

class Constant {
public:
  void start() {
    T = std::thread([this] { use(N); });
  }
  int get() const { return N; }

private:
  static void use(int);
  const int N = 3; // no locking needed
  std::thread T;
};

class ReadOnly {
public:
  void start() {
    T = std::thread([this] { use(N); });
  }
  int get() const { return N; }

private:
  static void use(int);
  int N = 3; // no locking needed
  std::thread T;
};

class OneThread {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }

private:
  void loop() {
    ++N;
    if (N > 3)
      N = 0;
  }
  int N = 0; // only used by the loop thread
  std::thread T;
};

class BeforeStart {
public:
  void start() {
    N = 1;
    T = std::thread([this] { ++N; });
  }

private:
  int N = 0; // only used by the loop thread
  std::thread T;
};

class AfterJoin {
public:
  int run() {
    std::thread T([this] { ++N; });
    T.join();
    return N;
  }

private:
  int N = 0; // only used by the worker thread
};

class Construction {
public:
  Construction() { N = 1; }
  ~Construction() { N = 0; }
  void start() {
    T = std::thread([this] { ++N; });
  }

private:
  int N = 0; // only used by the loop thread
  std::thread T;
};

// The private helper is only called with the lock.
class LockedByCallers {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    bump();
  }

private:
  void loop() {
    std::lock_guard<std::mutex> L(Mu);
    bump();
  }
  void bump() { ++N; }
  std::mutex Mu;
  int N = 0; // no lock needed here
  std::thread T;
};

// One of the callers forgets it.
class ForgottenByCaller {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  void add() { bump(); }

private:
  void loop() {
    std::lock_guard<std::mutex> L(Mu);
    bump();
  }
  void bump() { ++N; }
  std::mutex Mu;
  int N = 0; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "guarded by Mu", but 'N' is touched by two threads without a common lock
  std::thread T;
};

// Two different locks are none.
class DifferentLocks {
public:
  void start() {
    T = std::thread([this] {
      std::lock_guard<std::mutex> L(mu_a);
      ++N;
    });
  }
  void add() {
    std::lock_guard<std::mutex> L(mu_b);
    ++N;
  }

private:
  std::mutex mu_a, mu_b;
  int N = 0; // guarded by mu_a
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "guarded by mu_a", but 'N' is touched by two threads without a common lock
  std::thread T;
};

// A helper's helper.
class Deep {
public:
  void start() {
    T = std::thread([this] { one(); });
  }
  int get() const { return N; }

private:
  void one() { two(); }
  void two() { three(); }
  void three() { ++N; }
  int N = 0; // only used by the loop thread
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "{{.*}}", but 'N' is touched by two threads without a common lock
  std::thread T;
};

class DeepLocked {
public:
  void start() {
    T = std::thread([this] { one(); });
  }
  int get() {
    std::lock_guard<std::mutex> L(Mu);
    return N;
  }

private:
  void one() {
    std::lock_guard<std::mutex> L(Mu);
    two();
  }
  void two() { three(); }
  void three() { ++N; }
  std::mutex Mu;
  int N = 0; // only used by the loop thread
  std::thread T;
};

// Each worker has an object of its own.
class Worker {
public:
  void run() { ++N; }

private:
  int N = 0; // only used by its own thread
};

void manyWorkers(std::vector<Worker> &All) {
  std::vector<std::thread> Threads;
  for (Worker &W : All)
    Threads.emplace_back([&W] { W.run(); });
  for (std::thread &T : Threads)
    T.join();
}

static thread_local int PerThread; // only touched by its own thread
static void bumpPerThread() { ++PerThread; }
std::thread startPerThread() { return std::thread(bumpPerThread); }
int getPerThread() { return PerThread; }
