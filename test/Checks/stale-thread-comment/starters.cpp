// RUN: %check_race %s race-stale-thread-comment -- -std=c++20 -pthread
//
// What starts a thread.

#include <functional>
#include <future>
#include <pthread.h>
#include <thread>
#include <vector>

class Lambda {
public:
  void start() {
    T = std::thread([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::thread T;
};

class Member {
public:
  void start() { T = std::thread(&Member::loop, this); }
  int get() const { return N; }

private:
  void loop() { ++N; }
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::thread T;
};

static int FunctionN; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'FunctionN' is touched
static void functionLoop() { ++FunctionN; }
std::thread startFunction() { return std::thread(functionLoop); }
int getFunctionN() { return FunctionN; }

class Emplaced {
public:
  void start() {
    Threads.emplace_back([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::vector<std::thread> Threads;
};

class Pushed {
public:
  void start() {
    Threads.push_back(std::thread([this] { ++N; }));
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::vector<std::thread> Threads;
};

class Async {
public:
  void start() {
    F = std::async(std::launch::async, [this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::future<void> F;
};

class AsyncNoPolicy {
public:
  void start() {
    F = std::async([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::future<void> F;
};

class JThread {
public:
  void start() {
    T = std::jthread([this] { ++N; });
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::jthread T;
};

static int PosixN; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'PosixN' is touched
static void *posixLoop(void *) {
  ++PosixN;
  return nullptr;
}
int startPosix(pthread_t *T) {
  return pthread_create(T, nullptr, posixLoop, nullptr);
}
int getPosixN() { return PosixN; }

class Detached {
public:
  void start() {
    std::thread([this] { ++N; }).detach();
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
};

class NamedLambda {
public:
  void start() {
    auto Loop = [this] { ++N; };
    T = std::thread(Loop);
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::thread T;
};

class InitList {
public:
  InitList() : T([this] { ++N; }) {}
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::thread T;
};

class Bound {
public:
  void start() { T = std::thread(std::bind(&Bound::loop, this)); }
  int get() const { return N; }

private:
  void loop() { ++N; }
  int N = 0; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
  std::thread T;
};

// A lambda that is only called.
class Called {
public:
  void start() {
    auto Step = [this] { ++N; };
    Step();
    T = std::thread([] {});
  }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  std::thread T;
};

// Moving a thread starts none.
class Moved {
public:
  void adopt(std::thread Other) { T = std::move(Other); }
  void add() { ++N; }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  std::thread T;
};

// The thread does something else.
class Elsewhere {
public:
  void start() {
    T = std::thread([this] { ++Other; });
  }
  void add() { ++N; }
  int get() const { return N; }

private:
  int N = 0; // single-threaded
  int Other = 0;
  std::thread T;
};
