// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// What starts threads by words of its own: task runners, seastar's shards, the
// loops of libevent, and Abseil's locks among them.

#include <functional>
#include <map>
#include <memory>
#include <thread>

namespace base {
class TaskRunner {
public:
  virtual ~TaskRunner() = default;
  virtual void PostTask(std::function<void()> Task) = 0;
};
} // namespace base

namespace seastar {
struct smp {
  static void submit_to(unsigned Shard, std::function<void()> Func);
  static void invoke_on_all(std::function<void()> Func);
};
} // namespace seastar

namespace absl {
class Mutex {
public:
  void Lock();
  void Unlock();
  void ReaderLock();
  void ReaderUnlock();
};
class MutexLock {
public:
  explicit MutexLock(Mutex *);
  ~MutexLock();
};
class ReaderMutexLock {
public:
  explicit ReaderMutexLock(Mutex *);
  ~ReaderMutexLock();
};
namespace synchronization_internal {
class ThreadPool {
public:
  void Schedule(std::function<void()> Func);
};
} // namespace synchronization_internal
} // namespace absl

extern "C" {
struct event_base;
struct event;
event *event_new(event_base *, int, short, void (*)(int, short, void *), void *);
int event_base_dispatch(event_base *);
}

// A service's calls go through an interface that is not seen.
class Endpoint {
public:
  virtual ~Endpoint() = default;
  virtual void commit(int Data) = 0;
};

class Arbiter {
public:
  Arbiter(Endpoint *E, base::TaskRunner *R) : Producer(E), Runner(R) {}
  void returned(int Data) {
    Runner->PostTask([this, Data] { flush(Data); });
  }
  // TODO: post this. It works for now because everything is single threaded.
  void flush(int Data) { Producer->commit(Data); }
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'Arbiter::flush' is called by two threads

  void start() {
    T = std::thread([this] { flush(1); });
  }

private:
  Endpoint *const Producer;
  base::TaskRunner *const Runner;
  std::thread T;
};

class Posts {
public:
  Posts(Endpoint *E, base::TaskRunner *R) : Producer(E), Runner(R) {}
  void returned(int Data) {
    Runner->PostTask([this, Data] { flush(Data); });
  }
  // TODO: post this. It works for now because everything is single threaded.
  void flush(int Data) { Producer->commit(Data); }

private:
  Endpoint *const Producer;
  base::TaskRunner *const Runner;
};

// One object for all shards.
// This object must be used by only one cpu.
class Tracker {
public:
  void add(int Id) { Repairs[Id] = Id; }
  void remove(int Id) { Repairs.erase(Id); }

private:
  std::map<int, int> Repairs;
};
static Tracker TheTracker;

void repair() {
  seastar::smp::invoke_on_all([] { TheTracker.add(1); });
  seastar::smp::submit_to(1, [] { TheTracker.remove(1); });
}
// CHECK-MESSAGES: :[[@LINE-15]]: warning: comment says "{{.*}}", but 'Repairs' is touched by two threads


// Only ever used on one shard.
class Quiet {
public:
  void add(int Id) { Ids[Id] = Id; }

private:
  std::map<int, int> Ids; // must be used by only one cpu
};
void quiet() {
  Quiet Own;
  Own.add(1);
}

// A pool's tasks are many threads.
class Cordz {
public:
  void start(absl::synchronization_internal::ThreadPool &Pool) {
    Pool.Schedule([this] { count(); });
  }
  int get() {
    absl::MutexLock L(&Mu);
    return N;
  }

private:
  void count() { ++N; }
  absl::Mutex Mu;
  int N = 0; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "guarded by Mu", but 'N' is touched by two threads
};

class CordzReader {
public:
  void start(absl::synchronization_internal::ThreadPool &Pool) {
    for (int I = 0; I < 2; ++I)
      Pool.Schedule([this] { count(); });
  }

private:
  void count() {
    absl::ReaderMutexLock L(&Mu);
    ++N;
  }
  absl::Mutex Mu;
  int N = 0; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "guarded by Mu", but 'N' is touched by two threads
};

class CordzLocked {
public:
  void start(absl::synchronization_internal::ThreadPool &Pool) {
    for (int I = 0; I < 2; ++I)
      Pool.Schedule([this] { count(); });
  }

private:
  void count() {
    absl::MutexLock L(&Mu);
    ++N;
  }
  absl::Mutex Mu;
  int N = 0; // guarded by Mu
};

// The loop's callback, and a thread beside it.
static int Pending; // only touched by one thread
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "{{.*}}", but 'Pending' is touched by two threads
static void onPending(int, short, void *) { ++Pending; }
void startPending(event_base *Base) {
  event_new(Base, 0, 0, onPending, nullptr);
  std::thread([] { Pending = 0; }).detach();
}

static int Served; // only touched by one thread
static void onServed(int, short, void *) { ++Served; }
void startServed(event_base *Base) {
  event_new(Base, 0, 0, onServed, nullptr);
  event_base_dispatch(Base);
}
