// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// What starts a thread may go on beside it, and what ends one has begun before
// the thread is gone.

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

// Too early.
class Poller {
public:
  void start() {
    T = std::thread([this] { loop(); });
    Fds.insert(0);
  }
  void stop() {
    Running = false;
    Waiting.clear();
    T.join();
  }

private:
  void loop() {
    while (Running) {
      Fds.erase(1);
      Waiting.insert(2);
    }
  }
  std::atomic<bool> Running{true};
  std::set<int> Fds;     // accessed only on the poller thread
  // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: comment says "{{.*}}", but 'Fds' is touched by two threads
  std::set<int> Waiting; // accessed only on the poller thread
  // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: comment says "{{.*}}", but 'Waiting' is touched by two threads
  std::thread T;
};

// In time.
class GoodPoller {
public:
  void start() {
    Fds.insert(0);
    T = std::thread([this] { loop(); });
  }
  void stop() {
    Running = false;
    T.join();
    Fds.clear();
  }

private:
  void loop() {
    while (Running)
      Fds.erase(1);
  }
  std::atomic<bool> Running{true};
  std::set<int> Fds; // accessed only on the poller thread
  std::thread T;
};

// Another class's thread is not the one that is started here.
static int Level; // only used by the poller thread
class Other {
public:
  void start() {
    T = std::thread([] { Level++; });
  }
  void stop() { T.join(); }

private:
  std::thread T;
};
class Third {
public:
  void start() {
    T = std::thread([this] { N++; });
    Level = 1;
  }
  void stop() {
    Level = 0;
    T.join();
  }

private:
  int N = 0;
  std::thread T;
};

// The flag is tested without the lock under which it is set.
class Worker {
public:
  void start() {
    T = std::thread([this] {
      while (!Stopping)
        step();
    });
  }
  void stop() {
    {
      std::lock_guard<std::mutex> L(Mu);
      Stopping = true;
    }
    T.join();
  }

private:
  void step();
  std::mutex Mu;
  bool Stopping = false; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: comment says "{{.*}}", but 'Stopping' is touched by two threads
  std::thread T;
};

class Loader {
public:
  void load() {
    Result = std::async(std::launch::async, [this] { Parts.push_back(1); });
    Parts.reserve(100);
  }
  size_t wait() {
    Result.get();
    return 0;
  }

private:
  std::future<void> Result;
  std::vector<int> Parts; // only the loader's thread writes this
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: comment says "{{.*}}", but 'Parts' is touched by two threads
};
