// What is said of a pointer to a function, or of a std::function, may be about
// the calls through it, or about who sets it.
//
// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
#include <functional>
#include <mutex>
#include <thread>

class Stream {
public:
  void start() {
    IoThread = std::thread(&Stream::io, this);
    Watchdog = std::thread(&Stream::watch, this);
  }
  void configure(std::function<void(int)> F) { OnData = std::move(F); }
  void reconfigure(void (*F)()) { OnDrain = F; }

private:
  void io() {
    OnData(1);
    OnDrain();
    OnClose();
  }
  void watch() { OnDrain(); }
  // Set by the main thread, called by another: that is what it says.
  std::function<void(int)> OnData; // called from the IO thread
  // Only called from the IO thread.
  void (*OnDrain)() = nullptr;
  // CHECK-MESSAGES: :[[@LINE-2]]:6: warning: comment says "Only called from the IO thread", but 'OnDrain' is called by the thread that runs 'Stream::watch'
  void (*OnClose)() = nullptr; // called from I/O thread context
  std::thread IoThread, Watchdog;
};

// Called with the lock held, but for once.
class Table {
public:
  void start() {
    T = std::thread([this] { sweep(); });
  }
  void add() {
    std::lock_guard<std::mutex> Guard(Mu);
    OnChange();
    OnAdd();
  }

private:
  void sweep() {
    OnChange();
    std::lock_guard<std::mutex> Guard(Mu);
    OnAdd();
  }
  std::mutex Mu;
  std::function<void()> OnChange; // called with Mu held
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "called with Mu held", but 'OnChange' is called without 'Mu'
  std::function<void()> OnAdd; // called with Mu held
  std::thread T;
};

// The pointer itself is what two threads touch.
class Hooks {
public:
  void start() {
    T = std::thread([this] { Hook = nullptr; });
  }
  void set(void (*F)()) { Hook = F; }

private:
  void (*Hook)() = nullptr; // only touched by the main thread
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "only touched by the main thread", but 'Hook' is touched by two threads
  std::thread T;
};
