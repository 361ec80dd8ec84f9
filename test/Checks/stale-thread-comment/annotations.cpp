// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread -I%source_dir/include
//
// The same claims as annotations, which are checked in the same way.

#include "race/annotations.h"
#include <mutex>
#include <thread>

class Annotated {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int get() const { return A + B + C; }

private:
  void loop() { ++A, ++B, ++C, ++D; }
  RACE_CONFINED_TO("loop") int A = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: annotation says "confined loop", but 'A' is touched by two threads
  RACE_SINGLE_THREADED int B = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: annotation says "confined", but 'B' is touched by two threads
  std::mutex Mu;
  RACE_GUARDED_BY(Mu) int C = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: annotation says "guarded Mu", but 'C' is touched by two threads
  RACE_CONFINED_TO("loop") int D = 0;
  std::thread T;
};

class Kept {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int get() {
    std::lock_guard<std::mutex> L(Mu);
    return C;
  }

private:
  void loop() {
    std::lock_guard<std::mutex> L(Mu);
    add();
  }
  RACE_REQUIRES(Mu) void add() { ++C; }
  std::mutex Mu;
  RACE_GUARDED_BY(Mu) int C = 0;
  RACE_IMMUTABLE_AFTER_INIT int Limit = 3;
  std::thread T;
};

class Broken {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  void put() {
    std::lock_guard<std::mutex> L(Mu);
    add();
  }
  int limit() const { return Limit; }

private:
  void loop() {
    add();
    load();
    Limit = 4;
  }
  RACE_REQUIRES(Mu) void add();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: annotation says "{{.*}}", but 'Broken::add' is called without 'Mu'
  RACE_BEFORE_THREADS void load();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: annotation says "before-threads", but 'Broken::load' is called by the thread
  std::mutex Mu;
  RACE_IMMUTABLE_AFTER_INIT int Limit = 3;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: annotation says "immutable", but 'Limit' is touched by two threads
  std::thread T;
};

class RACE_NOT_THREAD_SAFE Counter {
public:
  void add() { ++N; }

private:
  int N = 0;
};
// CHECK-MESSAGES: :[[@LINE-7]]: warning: annotation says "not-thread-safe", but 'N' is touched by two threads

class Counts {
public:
  void start() {
    T = std::thread([this] { C.add(); });
  }
  void add() { C.add(); }

private:
  Counter C;
  std::thread T;
};

// Each has its own.
class RACE_NOT_THREAD_SAFE OwnCounter {
public:
  void add() { ++N; }

private:
  int N = 0;
};
void countAll() {
  std::thread T([] {
    OwnCounter C;
    C.add();
  });
  OwnCounter C;
  C.add();
  T.join();
}
