// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// Two threads with two objects of one class.

#include <mutex>
#include <thread>
#include <vector>

// Not thread-safe.
class Buffer {
public:
  void add(int V) { grow(V); }

private:
  void grow(int V) { Values.push_back(V); }
  std::vector<int> Values;
};

class Apart {
public:
  void start() {
    T = std::thread([this] { A.add(1); });
    U = std::thread([this] { B.add(1); });
  }

private:
  Buffer A, B;
  std::thread T, U;
};

// Not thread-safe.
class Shared {
  // CHECK-MESSAGES: :[[@LINE-2]]:4: warning: comment says "Not thread-safe", but 'Values' is touched by two threads
public:
  void add(int V) { Values.push_back(V); }

private:
  std::vector<int> Values;
};
class Together {
public:
  void start() {
    T = std::thread([this] { A.add(1); });
    U = std::thread([this] { A.add(1); });
    V = std::thread([this] { B.add(1); });
  }

private:
  Shared A, B;
  std::thread T, U, V;
};

// Two references may lead to one.
class Log {
public:
  void add(int V) { Last = V; }

private:
  int Last = 0; // single-threaded, no locking needed
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: comment says "{{.*}}", but 'Last' is touched by two threads
};
class Reader {
public:
  explicit Reader(Log &L) : L(L) {}
  void start() {
    T = std::thread([this] { L.add(1); });
  }

private:
  Log &L;
  std::thread T;
};
class Writer {
public:
  explicit Writer(Log &Out) : Out(Out) {}
  void start() {
    T = std::thread([this] { Out.add(1); });
  }

private:
  Log &Out;
  std::thread T;
};
