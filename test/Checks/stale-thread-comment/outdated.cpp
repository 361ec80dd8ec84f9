// Comments that promise what is not true any more, and do no harm: a lock is
// held wherever the state is touched. Only an option reports these.
//
// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
// RUN: %check_race %s race-stale-thread-comment --suffix=OPTION -config="{CheckOptions: {race-stale-thread-comment.ReportOutdated: true}}" -- -std=c++17 -pthread

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

// The lock came later, and so did the thread.
class Registry {
public:
  void start() { Sweeper = std::thread(&Registry::sweep, this); }
  void add(int Key) {
    std::lock_guard<std::mutex> Guard(Mu);
    Entries[Key] = 1;
  }
  int find(int Key) {
    std::lock_guard<std::mutex> Guard(Mu);
    return Entries[Key];
  }

private:
  void sweep() {
    std::lock_guard<std::mutex> Guard(Mu);
    Entries.clear();
  }
  std::mutex Mu;
  // No locking needed.
  std::map<int, int> Entries;
  // CHECK-MESSAGES-OPTION: :[[@LINE-2]]:6: warning: comment says "No locking needed", but 'Entries' is guarded by 'Mu' everywhere
  // CHECK-NOTES-OPTION: :[[@LINE-16]]:5: note: {{.*}} by the caller's thread, holding 'Mu'
  std::thread Sweeper;
};

// The lock is the callers'.
class Counter {
public:
  void start() {
    T = std::thread([this] {
      std::lock_guard<std::mutex> Guard(Mu);
      bump();
    });
  }
  void add() {
    std::lock_guard<std::mutex> Guard(Mu);
    bump();
  }

private:
  void bump() { ++N; }
  std::mutex Mu;
  int N = 0; // only accessed by the main thread
  // CHECK-MESSAGES-OPTION: :[[@LINE-1]]: warning: comment says "only accessed by the main thread", but 'N' is guarded by 'Mu' everywhere
  std::thread T;
};

static std::mutex TableLock;
// Single-threaded.
static int Table;
// CHECK-MESSAGES-OPTION: :[[@LINE-2]]: warning: comment says "Single-threaded", but 'Table' is guarded by 'TableLock' everywhere
static void fill() {
  std::unique_lock<std::mutex> Guard(TableLock);
  Table = 1;
}
static std::thread Filler;
void begin() { Filler = std::thread(fill); }
int look() {
  std::unique_lock<std::mutex> Guard(TableLock);
  return Table;
}

// Still true: only one thread comes by, and locks for the sake of another field.
class OneThread {
public:
  void start() {
    T = std::thread([this] {
      std::lock_guard<std::mutex> Guard(Mu);
      ++Own;
      ++Shared;
    });
  }
  int get() {
    std::lock_guard<std::mutex> Guard(Mu);
    return Shared;
  }

private:
  std::mutex Mu;
  int Shared = 0;
  int Own = 0; // single-threaded
  std::thread T;
};

// Two locks, and each thread holds another: not out of date but wrong.
class TwoLocks {
public:
  void start() {
    T = std::thread([this] {
      std::lock_guard<std::mutex> Guard(A);
      ++N;
    });
  }
  int get() {
    std::lock_guard<std::mutex> Guard(B);
    return N;
  }

private:
  std::mutex A, B;
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched by two threads without a common lock
  // CHECK-MESSAGES-OPTION: :[[@LINE-2]]: warning: comment says "single-threaded", but 'N' is touched by two threads without a common lock
  std::thread T;
};

// What is said of the lock is true.
class Guarded {
public:
  void start() {
    T = std::thread([this] { add(); });
  }
  void add() {
    std::lock_guard<std::mutex> Guard(Mu);
    ++N;
  }

private:
  std::mutex Mu;
  int N = 0; // guarded by Mu
  std::thread T;
};

// No lock is needed for another reason.
class Atomic {
public:
  void start() {
    T = std::thread([this] {
      std::lock_guard<std::mutex> Guard(Mu);
      ++N;
    });
  }
  int get() {
    std::lock_guard<std::mutex> Guard(Mu);
    return N;
  }

private:
  std::mutex Mu;
  std::atomic<int> N{0}; // single-threaded
  std::thread T;
};
