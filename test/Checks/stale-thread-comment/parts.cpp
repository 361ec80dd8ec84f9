// A comment on a structure is about its parts, however deep.
//
// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
#include <mutex>
#include <thread>

struct Numbers {
  long Hits = 0, Misses = 0;
  struct {
    int Low, High;
  } Range = {};
};

class Cache {
public:
  void start() { Worker = std::thread(&Cache::run, this); }
  Numbers snapshot() const { return Totals; }
  int high() const { return Nested.Range.High; }
  long kept() const { return Kept.Hits; }
  long locked() {
    std::lock_guard<std::mutex> Guard(Mu);
    return Locked.Misses;
  }

private:
  void run() {
    if (Kept.Hits == 0)
      Totals.Hits++;
    else
      Totals.Misses++;
    Nested.Range.High = 1;
    std::lock_guard<std::mutex> Guard(Mu);
    Locked.Hits++;
    Own.Hits++;
  }
  Numbers Totals; // updated by the worker thread only, no lock needed
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "no lock needed", but 'Totals' is touched by two threads
  Numbers Single; // single-threaded
  Numbers Nested; // single-threaded
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Nested' is touched by two threads
  // Only read by both.
  Numbers Kept;   // single-threaded
  Numbers Locked; // single-threaded
  Numbers Own;    // single-threaded
  std::mutex Mu;
  std::thread Worker;
};

// A global variable, and what a pointer leads to.
static Numbers Global; // only touched by the main thread
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "only touched by the main thread", but 'Global' is touched by two threads
static void count() { ++Global.Range.Low; }
static std::thread Counter;
void begin() { Counter = std::thread(count); }
int low() { return Global.Range.Low; }
