// RUN: %check_race %s race-stale-thread-comment
//
// What comments claim, and how they say it. Each class has one thread of its
// own beside its callers.

#include <mutex>
#include <thread>
#include <unordered_map>

class Confined {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int size() const { return (int)Map.size(); }

private:
  void loop() { Map[1] = 2; }
  // Only touched by the loop thread.
  std::unordered_map<int, int> Map;
  std::thread T;
};
// CHECK-MESSAGES: :[[@LINE-4]]: warning: comment says "{{.*}}", but 'Map' is touched by two threads without a common lock [race-stale-thread-comment]

class NoLock {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int count() const { return N; }

private:
  void loop() { ++N; }
  int N = 0; // no locking needed
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "no locking needed", but 'N' is touched by two threads without a common lock
  std::thread T;
};

class SingleThreaded {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int count() const { return N; }

private:
  void loop() { ++N; }
  /* single-threaded, no lock needed */
  int N = 0;
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'N' is touched by two threads
  std::thread T;
};

class GuardedMissing {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int count() const { return N; }

private:
  void loop() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  std::mutex Mu;
  int N = 0; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "guarded by Mu", but 'N' is touched by two threads without a common lock
  std::thread T;
};

class GuardedKept {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int count() const {
    std::lock_guard<std::mutex> L(Mu);
    return N;
  }

private:
  void loop() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  mutable std::mutex Mu;
  int N = 0; // guarded by Mu
  std::thread T;
};

// The same comment on something that is in fact locked everywhere.
class Harmless {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int count() const {
    std::lock_guard<std::mutex> L(Mu);
    return N;
  }

private:
  void loop() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  mutable std::mutex Mu;
  int N = 0; // only used by the loop thread
  std::thread T;
};

// History, denial, question, condition, plan: no claims.
class NoClaims {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int count() const { return A + B + C + D + E + F; }

private:
  void loop() { ++A, ++B, ++C, ++D, ++E, ++F; }
  // This used to be only touched by the loop thread.
  int A = 0;
  // Not only used by the loop thread.
  int B = 0;
  // Only used by the loop thread?
  int C = 0;
  // No locking needed if compiled single-threaded.
  int D = 0;
  // TODO: no locking needed once the loop is gone.
  int E = 0;
  // No longer single-threaded.
  int F = 0;
  std::thread T;
};

// Nothing is claimed at all.
class Silent {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int count() const { return N; }

private:
  void loop() { ++N; }
  // How many there are.
  int N = 0;
  std::thread T;
};

// No thread is started: the comment is true as far as anyone can see.
class NoThread {
public:
  void add() { ++N; }
  int count() const { return N; }

private:
  // Single-threaded, no locking needed.
  int N = 0;
};
