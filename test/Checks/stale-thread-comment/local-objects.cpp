// A local object is its function's own, until one of its methods starts a
// thread that works on it.
//
// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
#include <thread>
#include <vector>

class Server {
public:
  void start() { launch(); }
  void stop() { T.join(); }
  void tune(int V) { Level = V; }
  int level() const { return Level; }

private:
  void launch() {
    T = std::thread([this] { Level = 2; });
  }
  int Level = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Level' is touched by two threads
  std::thread T;
};
void serve() {
  Server S;
  S.start();
  S.tune(1);
  S.stop();
}

// The constructor starts it.
class Poller {
public:
  Poller() : T(&Poller::run, this) {}
  ~Poller() { T.join(); }
  void add(int V) { Items.push_back(V); }

private:
  void run() { Items.clear(); }
  std::vector<int> Items; // only used by the poller thread
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "only used by the poller thread", but 'Items' is touched by two threads
  std::thread T;
};
int poll() {
  Poller P;
  P.add(1);
  return 0;
}

// Only before the start, and after the end.
class Job {
public:
  void start() {
    T = std::thread([this] { Level = 2; });
  }
  void stop() { T.join(); }
  void tune(int V) { Level = V; }

private:
  int Level = 0; // single-threaded
  std::thread T;
};
void work() {
  Job J;
  J.tune(1);
  J.start();
  J.stop();
  J.tune(2);
}

// Nobody gives it to a thread.
class Plain {
public:
  void tune(int V) { Level = V; }

private:
  int Level = 0; // single-threaded
};
static Job Other;
void plain() {
  Plain P;
  Other.start();
  P.tune(1);
}

// A thread that has another object.
class Logger {
public:
  void start(int *Where) {
    T = std::thread([Where] { *Where = 1; });
  }
  void log() { ++Lines; }

private:
  int Lines = 0; // single-threaded
  std::thread T;
};
int logs(int *Where) {
  Logger L;
  L.start(Where);
  L.log();
  return 0;
}
