// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// Claims about functions: who must call them, when, and holding what.

#include <functional>
#include <mutex>
#include <thread>

class Cache {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  void put(int V) {
    std::lock_guard<std::mutex> L(Mu);
    putLocked(V);
  }

private:
  void loop() {
    putLocked(2); // not locked
  }
  // Requires: Mu is held.
  void putLocked(int V) { Value = V; }
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "Requires: Mu is held", but 'Cache::putLocked' is called without 'Mu'
  // CHECK-NOTES: :[[@LINE-5]]:5: note: called here by the thread that is started at line 12, without a lock
  // CHECK-NOTES: :[[@LINE-15]]:30: note: called here
  // CHECK-NOTES: :[[@LINE-16]]:9: note: the thread is started here
  // CHECK-NOTES: :[[@LINE-13]]:5: note: called here holding 'Mu'
  std::mutex Mu;
  int Value = 0;
  std::thread T;
};

// Everybody does as the comment says; one caller says so itself.
class KeptCache {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  void put(int V) {
    std::lock_guard<std::mutex> L(Mu);
    putLocked(V);
  }

private:
  void loop() {
    std::lock_guard<std::mutex> L(Mu);
    twice(2);
  }
  // Mu must be held by the caller.
  void twice(int V) {
    putLocked(V);
    putLocked(V);
  }
  // Requires: Mu is held.
  void putLocked(int V) { Value = V; }
  std::mutex Mu;
  int Value = 0;
  std::thread T;
};

// Whoever calls from elsewhere may hold the lock.
class OpenCache {
public:
  std::mutex Mu;
  void set(int V) { putLocked(V); }
  void put(int V) {
    std::lock_guard<std::mutex> L(Mu);
    putLocked(V);
  }

private:
  // The lock must be held.
  void putLocked(int V) { Value = V; }
  int Value = 0;
};

// The constructor has its object for itself.
class FilledCache {
public:
  FilledCache() { putLocked(1); }
  void start() {
    T = std::thread([this] { put(3); });
  }
  void put(int V) {
    std::lock_guard<std::mutex> L(Mu);
    putLocked(V);
  }

private:
  // Caller must hold Mu.
  void putLocked(int V) { Value = V; }
  std::mutex Mu;
  int Value = 0;
  std::thread T;
};

class Window {
public:
  void start() {
    T = std::thread([this] { poll(); });
  }

private:
  void poll() { redraw(); }
  // Must be called on the main thread.
  void redraw();
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'Window::redraw' is called by the thread that is started at line 102
  std::thread T;
};

// Posted to the main thread, however it gets there.
void runOnMainThread(std::function<void()> F);
class PostingWindow {
public:
  void start() { T = std::thread(&PostingWindow::mainLoop, this); }

private:
  // The name says that it is the main thread.
  void mainLoop() { redraw(); }
  // Must be called on the main thread.
  void redraw();
  std::thread T;
};

// The IO thread is the one that is called so; who else calls, lies.
class Net {
public:
  void start() {
    IoThread = std::thread([this] { read(); });
    Stats = std::thread([this] { read(); });
  }

private:
  // Only called from the IO thread.
  void read();
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'Net::read' is called by the thread that is started at line 132
  std::thread IoThread;
  std::thread Stats;
};

// Nobody knows which thread is meant.
class UnknownNet {
public:
  void start() {
    A = std::thread([this] { read(); });
  }

private:
  // Only called from the reactor thread.
  void read();
  std::thread A;
};

class Settings {
public:
  void start() {
    T = std::thread([this] { reload(); });
  }
  // Must be called before any thread is started.
  void load();
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'Settings::load' is called by the thread that is started at line 159

private:
  void reload() { load(); }
  std::thread T;
};

class EarlySettings {
public:
  void start() {
    load();
    T = std::thread([this] { run(); });
  }
  // Must be called before any thread is started.
  void load();

private:
  void run();
  std::thread T;
};

class Parser {
public:
  void start() {
    A = std::thread([this] { next(); });
    B = std::thread([this] { next(); });
  }

private:
  // Not thread-safe.
  void next() { ++Pos; }
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "Not thread-safe", but 'Pos' is touched by two threads
  int Pos = 0;
  std::thread A, B;
};

// Both calls are under one lock.
class LockedParser {
public:
  void start() {
    A = std::thread([this] { step(); });
    B = std::thread([this] { step(); });
  }

private:
  void step() {
    std::lock_guard<std::mutex> L(Mu);
    next();
  }
  // Not thread-safe.
  void next() { ++Pos; }
  std::mutex Mu;
  int Pos = 0;
  std::thread A, B;
};

// Each thread has a parser of its own.
class Tokens {
public:
  // Not thread-safe.
  void next() { ++Pos; }

private:
  int Pos = 0;
};
static void parse() {
  Tokens T;
  T.next();
}
void parseAll() {
  std::thread A(parse), B(parse);
  A.join();
  B.join();
}
