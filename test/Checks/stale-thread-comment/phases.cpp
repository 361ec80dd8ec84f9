// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// Claims about when something is touched: before threads start, or never after
// it is initialised.

#include <map>
#include <thread>

class Rewritten {
public:
  void start() {
    T = std::thread([this] { reload(); });
  }
  int get() const { return Limit; }

private:
  void reload() { Limit = 2; }
  int Limit = 1; // immutable after construction
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "immutable after construction", but 'Limit' is touched by two threads
  std::thread T;
};

class SetByCaller {
public:
  void start() {
    T = std::thread([this] { run(Limit); });
  }
  void reset() { Limit = 3; }

private:
  static void run(int);
  int Limit = 1; // never changes after construction
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "never changes after construction", but 'Limit' is touched by two threads
  std::thread T;
};

// What a setter does may be part of the initialisation.
class Configured {
public:
  void start() {
    T = std::thread([this] { run(Limit); });
  }
  void setLimit(int V) { Limit = V; }

private:
  static void run(int);
  int Limit = 1; // never changes after initialization
  std::thread T;
};

class Kept {
public:
  explicit Kept(int V) { Limit = V; }
  void start() {
    T = std::thread([this] { run(Limit); });
  }
  int get() const { return Limit; }

private:
  static void run(int);
  int Limit = 1; // immutable after construction
  std::thread T;
};

static std::map<int, int> Table; // only changed before threads are started
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "{{.*}}", but 'Table' is touched by two threads
static void refresh() { Table[1] = 2; }
int main() {
  Table[0] = 1;
  std::thread A(refresh);
  int N = Table.size();
  A.join();
  Table.clear();
  return N;
}

// What a function does before it hands out a task is over by then, unless it
// only hands one out now and then.
namespace tasks {
class ThreadPool {
public:
  template <class F> void Submit(F);
};
class Rows {
public:
  explicit Rows(ThreadPool &P) : Pool(P) {}
  void write(int Row) {
    Last = Row;
    if (++Count > 100)
      Pool.Submit([this] { Count = 0; });
  }
  void handOver(int Row) {
    Handed = Row;
    Pool.Submit([this] { ++Handed; });
  }

private:
  ThreadPool &Pool;
  int Count = 0; // only used by the apply thread
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "only used by the apply thread", but 'Count' is touched
  int Last = 0;   // only used by the apply thread
  int Handed = 0; // only used by the apply thread
};
} // namespace tasks
