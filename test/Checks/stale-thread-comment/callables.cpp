// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// What is kept in one place and called in another: which thread runs it.

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

// A pool is known by its shape: what goes in comes out on another thread.
class Pool {
public:
  explicit Pool(int N) {
    for (int I = 0; I < N; ++I)
      Workers.emplace_back([this] { work(); });
  }
  void submit(std::function<void()> Job) {
    std::lock_guard<std::mutex> L(Mu);
    Jobs.push_back(std::move(Job));
  }

private:
  void work() {
    for (;;) {
      std::function<void()> Job;
      {
        std::lock_guard<std::mutex> L(Mu);
        if (Jobs.empty())
          return;
        Job = std::move(Jobs.front());
        Jobs.pop_front();
      }
      Job();
    }
  }
  std::mutex Mu;
  std::deque<std::function<void()>> Jobs;
  std::vector<std::thread> Workers;
};

class Submits {
public:
  void start(Pool &P) {
    P.submit([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched by two threads
};

// A queue that its owner empties is no thread.
class Deferred {
public:
  void defer(std::function<void()> Job) { Jobs.push_back(std::move(Job)); }
  void flush() {
    for (auto &Job : Jobs)
      Job();
    Jobs.clear();
  }

private:
  std::vector<std::function<void()>> Jobs;
};

class Defers {
public:
  void add() {
    D.defer([this] { ++N; });
  }
  int get() const { return N; }

private:
  Deferred D;
  int N = 0; // single-threaded
};

// A callback is kept, and called by the thread that watches.
class Watcher {
public:
  void onChange(std::function<void(int)> F) { Changed = std::move(F); }
  void start() {
    T = std::thread([this] { watch(); });
  }

private:
  void watch() { Changed(1); }
  std::function<void(int)> Changed;
  std::thread T;
};

class Watches {
public:
  explicit Watches(Watcher &W) {
    W.onChange([this](int V) { Last = V; });
  }
  int last() const { return Last; }

private:
  int Last = 0; // only used by the main thread
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "only used by the main thread", but 'Last' is touched by two threads
};

// The same callback under a lock that the reader takes.
class LockedWatcher {
public:
  void onChange(std::function<void(int)> F) { Changed = std::move(F); }
  void start() {
    T = std::thread([this] { Changed(1); });
  }

private:
  std::function<void(int)> Changed;
  std::thread T;
};

class WatchesLocked {
public:
  explicit WatchesLocked(LockedWatcher &W) {
    W.onChange([this](int V) {
      std::lock_guard<std::mutex> L(Mu);
      Last = V;
    });
  }
  int last() {
    std::lock_guard<std::mutex> L(Mu);
    return Last;
  }

private:
  std::mutex Mu;
  int Last = 0; // guarded by Mu
};

// A table of functions.
struct Command {
  const char *Name;
  void (*Run)(int);
};
static int Count; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Count' is touched by two threads
static void countCommand(int V) { Count += V; }
static const Command Commands[] = {{"count", countCommand}};
static void serve() { Commands[0].Run(1); }
std::thread startServer() { return std::thread(serve); }
int counted() { return Count; }

// Nobody is seen to call what the table holds.
struct Hook {
  void (*Run)(int);
};
static int Hooked; // single-threaded
static void hook(int V) { Hooked += V; }
Hook Hooks[] = {{hook}};
int hooked() { return Hooked; }

// A thread class of the project: the base starts, the derived one runs.
class Runner {
public:
  virtual ~Runner() = default;
  void start() { T = std::thread(&Runner::main, this); }

protected:
  virtual void run() = 0;

private:
  void main() { run(); }
  std::thread T;
};

class CountingRunner : public Runner {
public:
  int get() const { return N; }

protected:
  void run() override { ++N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched by two threads
};

class QuietRunner : public Runner {
protected:
  void run() override { ++N; }

private:
  int N = 0; // single-threaded
};

// A helper that starts what it is given.
static void spawn(std::function<void()> F) { std::thread(std::move(F)).detach(); }

class Spawns {
public:
  void start() {
    spawn([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched by two threads
};

// A helper that calls what it is given, there and then.
template <typename Fn> static void twice(Fn F) {
  F();
  F();
}

class CallsBack {
public:
  void start() {
    T = std::thread([this] { done(); });
  }
  void count() {
    twice([this] { ++N; });
  }
  int get() const { return N; }

private:
  void done();
  int N = 0; // single-threaded
  std::thread T;
};

// Bound members.
class Bound {
public:
  void start() { T = std::thread(std::bind(&Bound::loop, this)); }
  int get() const { return N; }

private:
  void loop() { ++N; }
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched by two threads
  std::thread T;
};

// Threads that are kept by pointers.
class Owned {
public:
  void start() {
    T = std::make_unique<std::thread>([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched by two threads
  std::unique_ptr<std::thread> T;
};

// Many threads of one kind share what their object has ...
class Workers {
public:
  void start() {
    for (int I = 0; I < 4; ++I)
      Ts.emplace_back([this] { work(); });
  }

private:
  void work() { ++N; }
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched by two threads
  std::vector<std::thread> Ts;
};

// ... but not what each has for itself.
struct Worker {
  int N = 0; // single-threaded
  void work() { ++N; }
};

class OwnWorkers {
public:
  void start() {
    for (int I = 0; I < 4; ++I)
      Ts.emplace_back([] {
        Worker W;
        W.work();
      });
  }

private:
  std::vector<std::thread> Ts;
};
