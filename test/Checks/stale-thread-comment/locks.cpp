// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// Which lock is held: dropped and taken again, wrapped, missing in one place.

#include <mutex>
#include <shared_mutex>
#include <thread>

// The caller's lock is let go for a while.
class Drops {
public:
  void start() {
    T = std::thread([this] { run(); });
  }
  int get() {
    std::lock_guard<std::mutex> L(Mu);
    return N;
  }

private:
  void run() {
    Mu.lock();
    refill();
    Mu.unlock();
  }
  // Called with Mu held; lets go of it for a while.
  void refill() {
    Mu.unlock();
    count();
    Mu.lock();
  }
  void count() { ++N; }
  std::mutex Mu;
  int N = 0; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "guarded by Mu", but 'N' is touched by two threads
  std::thread T;
};

class TakesAgain {
public:
  void start() {
    T = std::thread([this] { run(); });
  }
  int get() {
    std::lock_guard<std::mutex> L(Mu);
    return N;
  }

private:
  void run() {
    Mu.lock();
    refill();
    Mu.unlock();
  }
  // Called with Mu held; lets go of it for a while.
  void refill() {
    Mu.unlock();
    wait();
    Mu.lock();
    count();
  }
  void wait();
  void count() { ++N; }
  std::mutex Mu;
  int N = 0; // guarded by Mu
  std::thread T;
};

// A class around a mutex is the lock.
class Lock {
public:
  void lock() { M.lock(); }
  void unlock() { M.unlock(); }

private:
  std::mutex M;
};
class LockGuard {
public:
  explicit LockGuard(Lock &L) : L(L) { L.lock(); }
  ~LockGuard() { L.unlock(); }

private:
  Lock &L;
};

class Wrapped {
public:
  void start() {
    T = std::thread([this] { add(); });
  }
  void add() {
    LockGuard G(Mu);
    ++N;
  }
  int get() {
    LockGuard G(Mu);
    return N;
  }

private:
  Lock Mu;
  int N = 0; // guarded by Mu
  std::thread T;
};

// Two locks of one class are two locks.
class WrappedTwo {
public:
  void start() {
    T = std::thread([this] { add(); });
  }
  void add() {
    LockGuard G(Mu);
    ++N;
  }
  int get() {
    LockGuard G(Other);
    return N;
  }

private:
  Lock Mu, Other;
  int N = 0; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "guarded by Mu", but 'N' is touched by two threads
  std::thread T;
};

// Where a class locks, its callers are many threads, though none is in sight.
class Deviates {
public:
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  void sub() {
    std::lock_guard<std::mutex> L(Mu);
    --N;
  }
  int get() const { return N; }

private:
  std::mutex Mu;
  int N = 0; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "guarded by Mu", but 'N' is read without 'Mu'
};

// The lock is for all to take: callers may.
class OpenLock {
public:
  std::mutex Mu;
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  int get() const { return N; }

private:
  int N = 0; // guarded by Mu
};

// Whoever unlocks first knows what he does.
class Releases {
public:
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  int wait() {
    Mu.lock();
    Mu.unlock();
    return N;
  }

private:
  std::mutex Mu;
  int N = 0; // guarded by Mu
};

// Constructors, destructors, start and end have the object alone.
class Phases {
public:
  Phases() { N = 1; }
  ~Phases() { N = 0; }
  void init() { N = 2; }
  void shutdown() { N = 3; }
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }

private:
  std::mutex Mu;
  int N = 0; // guarded by Mu
};

// What a pointer leads to is guarded, where nobody changes the pointer.
class Counts {
public:
  Counts(std::mutex *Mu, int *Count, int *Kept)
      : Mu(Mu), Count(Count), Kept(Kept) {}
  void add() {
    std::lock_guard<std::mutex> L(*Mu);
    ++*Count;
    ++*Kept;
  }
  int get() const { return *Count; }
  int getKept() const {
    std::lock_guard<std::mutex> L(*Mu);
    return *Kept;
  }

private:
  std::mutex *Mu;
  // The mutex is required when accessing it.
  int *Count;
  // CHECK-MESSAGES: :[[@LINE-2]]:6: warning: comment says "{{.*}}", but what 'Count' points to is read without 'Mu'
  // The mutex is required when accessing it.
  int *Kept;
};

// As many do without it as with: the comment means something else.
class Habit {
public:
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  int get() const { return N; }
  int next() const { return N + 1; }

private:
  std::mutex Mu;
  int N = 0; // guarded by Mu
};
