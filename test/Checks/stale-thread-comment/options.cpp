// RUN: %check_race %s race-stale-thread-comment --suffix=DEFAULT -- -std=c++17 -pthread
// RUN: %check_race %s race-stale-thread-comment --suffix=OUTDATED -config="{CheckOptions: {race-stale-thread-comment.ReportOutdated: true}}" -- -std=c++17 -pthread
// RUN: %check_race %s race-stale-thread-comment --suffix=NAMES -config="{CheckOptions: {race-stale-thread-comment.ThreadNames: 'reactor=Net::poll'}}" -- -std=c++17 -pthread
// RUN: %check_race %s race-stale-thread-comment --suffix=PHRASES -config="{CheckOptions: {race-stale-thread-comment.Phrases: 'confined: sequencer only; guarded(Mu): by the big one'}}" -- -std=c++17 -pthread

#include <mutex>
#include <thread>

// Everybody locks: the comment is out of date, and does no harm.
class Locked {
public:
  void start() {
    T = std::thread([this] { add(); });
  }
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }

private:
  std::mutex Mu;
  int N = 0; // counts
  int M = 0; // single-threaded, no lock needed
  std::thread T;
};

class StillTrue {
public:
  void start() {
    T = std::thread([this] { ++N; });
  }

private:
  int N = 0; // single-threaded
  std::thread T;
};

class Net {
public:
  void start() {
    A = std::thread(&Net::poll, this);
    B = std::thread([this] { read(); });
  }

private:
  void poll() { read(); }
  // Only called from the reactor thread.
  void read();
  // CHECK-MESSAGES-NAMES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'Net::read' is called by the thread that is started at line 42
  std::thread A, B;
};

class Own {
public:
  void start() {
    T = std::thread([this] { ++N, ++M; });
  }
  int get() const { return N + M; }
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    ++M;
  }

private:
  std::mutex Mu;
  int N = 0; // sequencer only
  // CHECK-MESSAGES-PHRASES: :[[@LINE-1]]: warning: comment says "{{.*}}", but 'N' is touched by two threads
  int M = 0; // kept by the big one
  // CHECK-MESSAGES-PHRASES: :[[@LINE-1]]: warning: comment says "by the big one", but 'M' is touched by two threads
  std::thread T;
};

class Outdated {
public:
  void start() {
    T = std::thread([this] { add(); });
  }
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  int get() {
    std::lock_guard<std::mutex> L(Mu);
    return N;
  }

private:
  std::mutex Mu;
  int N = 0; // single-threaded
  // CHECK-MESSAGES-OUTDATED: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is guarded by 'Mu' everywhere
  std::thread T;
};
