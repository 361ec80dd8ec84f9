// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// Comments inside of functions speak of the statement that they stand on.

#include <cstdio>
#include <ctime>
#include <list>
#include <mutex>
#include <thread>

class Statement {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  int get() const { return N; }

private:
  void loop() {
    // No lock needed: nobody else touches it.
    ++N;
    // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'N' is touched by two threads
  }
  int N = 0;
  std::thread T;
};

// The statement calls what touches it.
class Pipeline {
public:
  void push(int V) { Items.push_back(V); }
  void pop() { Items.pop_front(); }
  std::mutex &mutex() { return Mu; }

private:
  std::list<int> Items;
  std::mutex Mu;
};

class Server {
public:
  void receive(Pipeline *P) {
    // Requests come in on the same thread, so no lock is needed.
    P->push(1);
    // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "no lock is needed", but 'Items' is touched by two threads
  }
  void answer(Pipeline *P) {
    std::thread([P] {
      std::lock_guard<std::mutex> L(P->mutex());
      P->pop();
    }).detach();
  }
};

// A lock that a getter returns is the same lock each time.
class LockedPipeline {
public:
  void push(int V) { Items.push_back(V); }
  void pop() { Items.pop_front(); }
  std::mutex &mutex() { return Mu; }

private:
  std::list<int> Items; // guarded by Mu
  std::mutex Mu;
};
void receiveLocked(LockedPipeline *P) {
  std::lock_guard<std::mutex> L(P->mutex());
  P->push(1);
}
void answerLocked(LockedPipeline *P) {
  std::thread([P] {
    std::lock_guard<std::mutex> L(P->mutex());
    P->pop();
  }).detach();
}

// A buffer that library code writes.
static const char *describe(int E) {
  static char Text[32];
  // This isn't thread-safe, but it never happens.
  std::snprintf(Text, sizeof Text, "error %d", E);
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "isn't thread-safe", but 'Text' is touched by two threads
  return Text;
}
void report(int E) { std::puts(describe(E)); }
std::thread reporter() {
  return std::thread([] { std::puts(describe(1)); });
}

// One that only one thread uses.
static const char *describeOnce(int E) {
  static char Text[32];
  // This isn't thread-safe, but it never happens.
  std::snprintf(Text, sizeof Text, "error %d", E);
  return Text;
}
void reportOnce(int E) { std::puts(describeOnce(E)); }

// The state is the C library's.
static int hour() {
  std::time_t Now = std::time(nullptr);
  // Not thread-safe, which does no harm here.
  return ::localtime(&Now)->tm_hour;
  // CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "Not thread-safe", but 'localtime' is touched by two threads
}
int hourNow() { return hour(); }
std::thread hourly() {
  return std::thread([] { hour(); });
}

// What is so at this place is no demand.
class Tells {
public:
  void start() {
    T = std::thread([this] { add(); });
  }
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    addLocked();
  }

private:
  void addLocked() {
    // Mu is held here.
    ++N;
  }
  std::mutex Mu;
  int N = 0;
  std::thread T;
};

// A comment that argues speaks for its function.
class Argues {
public:
  void start() {
    T = std::thread([this] { loop(); });
  }
  void add() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }

private:
  void loop() {
    std::lock_guard<std::mutex> L(Mu);
    ++N;
  }
  int peek() const {
    // No lock needed: a stale value does no harm.
    return N;
  }
  std::mutex Mu;
  int N = 0; // guarded by Mu
  std::thread T;
};

// The comment speaks of all that follows it line by line; what its first
// statement only names is looked at below.
class Config {
public:
  void set(int L) {
    std::lock_guard<std::mutex> G(Mu);
    Level = L;
    Mask = L;
    Name = L;
  }
  int Level = 0, Mask = 0, Name = 0;
  std::mutex Mu;
};

class Logger {
public:
  explicit Logger(Config *C) : Conf(C) {}
  void start() {
    T = std::thread([this] { enabled(); });
  }

private:
  int enabled() {
    // These are assumed to be read atomically, so the lock is not needed.
    const Config *C = Conf;
    int Level = C->Level;
    // CHECK-MESSAGES: :[[@LINE-3]]: warning: comment says "assumed to be read atomically", but 'Level' is touched by two threads
    return Level;
  }
  Config *Conf;
  std::thread T;
};

class Quiet {
public:
  struct More : Config {
    mutable std::mutex Mu2;
    int Second = 0;
  };
  explicit Quiet(More *C) : Conf(C) {}
  void start() {
    T = std::thread([this] { enabled(); });
  }

private:
  int enabled() {
    // The pointer is never changed, so no lock is needed.
    const More *C = Conf;

    std::lock_guard<std::mutex> G(C->Mu2);
    return C->Second;
  }
  More *Conf;
  std::thread T;
};
