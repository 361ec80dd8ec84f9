// RUN: %check_race %s race-check-then-act
//
// What looks like a check and an act, where only one thread can be the one that
// acts; and beside each what is almost the same.

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

void work();

// A state that is taken by compare-and-exchange: who has it moves on.
class Socket {
public:
  enum State { Closed, Resolving, Connecting, Connected };
  void connectAsync() {
    State Expected = Closed;
    if (Status.compare_exchange_strong(Expected, Resolving))
      std::thread([this] { connectGood(); }).detach();
  }
  void connectGood() {
    if (Status != Closed && Status != Resolving)
      return;
    Status = Connecting;
    work();
  }

private:
  std::atomic<State> Status{Closed};
};

// A flag has no states.
class Flag {
public:
  bool take() {
    bool Expected = false;
    return Taken.compare_exchange_strong(Expected, true);
  }
  void takeBad() {
    if (!Taken) {
      Taken = true;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'Taken': another thread can change it between 'operator bool' and 'operator='
      work();
    }
  }

private:
  std::atomic<bool> Taken{false};
};

// What is set is what was compared with.
class Version {
public:
  void setGood(int To) {
    if (Current != To) {
      Current = To;
      work();
    }
  }

private:
  std::atomic<int> Current{0};
};

class Database {
public:
  // Must be called from the main thread
  void changed(int V) {
    Protocol = V;
    restart();
  }
  void checkGood(int Old, int New) {
    if (Protocol == Old)
      changed(New);
  }

private:
  void restart();
  std::atomic<int> Protocol{0};
};

// A queue with a lock of its own.
template <typename T> class Queue {
public:
  void push(const T &X) {
    std::lock_guard<std::mutex> Lock(Mu);
    Items.push_back(X);
  }
  bool empty() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Items.empty();
  }
  T front() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Items.front();
  }
  void pop() {
    std::lock_guard<std::mutex> Lock(Mu);
    Items.pop_front();
  }

private:
  mutable std::mutex Mu;
  std::deque<T> Items;
};

// Only one thread takes something out.
class OneConsumer {
public:
  void start() { Thread = std::thread(&OneConsumer::run, this); }
  void add(int X) { Inputs.push(X); }

private:
  void run() {
    while (advanceGood())
      work();
  }
  bool advanceGood() {
    if (Inputs.empty())
      return false;
    int X = Inputs.front();
    Inputs.pop();
    return X != 0;
  }
  Queue<int> Inputs;
  std::thread Thread;
};

template <typename T> class OtherQueue {
public:
  bool empty() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Items.empty();
  }
  T pop() {
    std::lock_guard<std::mutex> Lock(Mu);
    T X = Items.front();
    Items.pop_front();
    return X;
  }

private:
  mutable std::mutex Mu;
  std::deque<T> Items;
};

// Several do.
class Consumers {
public:
  void start() {
    for (std::thread &T : Threads)
      T = std::thread(&Consumers::run, this);
  }

private:
  void run() {
    while (!Inputs.empty())
      Inputs.pop();
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Inputs': another thread can change it between 'empty' and 'pop'
  }
  OtherQueue<int> Inputs;
  std::thread Threads[4];
};

// The callers' lock, which is let go of for a while: they know.
class __attribute__((capability("mutex"))) Mutex {
public:
  void Lock() __attribute__((acquire_capability()));
  void Unlock() __attribute__((release_capability()));
};

class Log {
  Mutex Mu;

public:
  void recoverGood() __attribute__((requires_capability(Mu))) {
    if (!Empty) {
      Mu.Unlock();
      work();
      Mu.Lock();
      Empty = true;
      work();
    }
  }
  int recycleGood() __attribute__((requires_capability(Mu))) {
    int N = 0;
    if (!Files.empty())
      N = Files.front();
    Mu.Unlock();
    work();
    Mu.Lock();
    if (N != 0)
      Files.pop_front();
    return N;
  }
  // Others can have made the same in the meantime.
  void openBad(int Key) __attribute__((requires_capability(Mu))) {
    if (Tables.count(Key))
      return;
    Mu.Unlock();
    work();
    Mu.Lock();
    Tables[Key] = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Tables': another thread can change it between 'count' and 'operator[]'
  }

private:
  std::atomic<bool> Empty{true};
  std::deque<int> Files;
  std::map<int, int> Tables;
};

// What the last turn of a loop tested has led to this turn, and to no act.
class Pool {
public:
  void runGood() {
    for (;;) {
      work();
      std::lock_guard<std::mutex> Lock(Mu);
      if (Stopped || (Threads > 1 && Idle)) {
        --Threads;
        break;
      }
    }
  }

private:
  std::mutex Mu;
  bool Stopped = false, Idle = false;
  int Threads = 0;
};

// To change an element is no change of what is in the container.
class Channels {
public:
  void renameGood(int Key, const std::string &Name) {
    auto It = Map.find(Key);
    if (It == Map.end())
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    It->second->Name = Name;
  }

private:
  struct Channel {
    std::string Name;
  };
  std::mutex Mu;
  std::map<int, Channel *> Map;
};

// That it could not be read is no answer about what is in there.
class Anchors {
public:
  bool readGood(int From, int To) {
    if (!readAll(From))
      return false;
    return add(To);
  }

private:
  bool readAll(int From) {
    for (int I = 0; I < From; ++I)
      if (!add(I))
        return false;
    return true;
  }
  bool add(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Map.count(Key) && Map.size() > 10)
      return false;
    Map[Key] = 1;
    return true;
  }
  std::mutex Mu;
  std::map<int, int> Map;
};
