// RUN: %check_race %s race-check-then-act
//
// State that one thread alone changes, or whose turn it is: nothing can come
// between its check and its act. Beside each its twin that others can reach.

#include <atomic>
#include <mutex>
#include <pthread.h>
#include <string>
#include <unordered_map>

void begin();
void work(int);
void log(const char *);

// What a guard remembers of its lock.
class HandGuard {
public:
  explicit HandGuard(pthread_mutex_t &M) : M(&M), Held(false) { lock(); }
  ~HandGuard() {
    if (Held)
      pthread_mutex_unlock(M);
  }
  void lock() {
    if (Held)
      return;
    pthread_mutex_lock(M);
    Held = true;
  }
  void unlock() {
    if (!Held)
      return;
    Held = false;
    pthread_mutex_unlock(M);
  }

private:
  pthread_mutex_t *M;
  bool Held;
};

// The same members in what is no guard.
class Door {
public:
  void open() {
    if (Open)
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Open': it is tested without 'M', under which it is set
      return;
    pthread_mutex_lock(&M);
    Open = true;
    begin();
    pthread_mutex_unlock(&M);
  }

private:
  pthread_mutex_t M;
  bool Open = false;
};

// Each thread's own.
template <typename T> class ThreadLocalPtr {
public:
  T *get() const;
};
template <typename T> class SharedPtr {
public:
  T *get() const;
};
struct Counters {
  std::atomic<unsigned long> Reads{0};
};
ThreadLocalPtr<Counters> Mine;
SharedPtr<Counters> Ours;

void ownCounterGood() {
  auto *C = Mine.get();
  if (!C) {
    begin();
    C = Mine.get();
  }
  C->Reads = C->Reads + 1;
}
void sharedCounterBad() {
  auto *C = Ours.get();
  C->Reads = C->Reads + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on
}

// The order is in the type's name.
template <typename T> struct RelaxedAtomic : std::atomic<T> {
  using std::atomic<T>::atomic;
  using std::atomic<T>::operator=;
};
struct Thread {
  RelaxedAtomic<int> Done{0};
  std::atomic<int> Started{0};
};
void taskDoneGood(Thread &T) { T.Done = T.Done + 1; }
void taskStartedBad(Thread &T) {
  T.Started = T.Started + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on
}

// One side sets it and waits for zero, the other one clears it when all is done.
std::atomic<int> Pending{0};
void workerGood() {
  for (;;) {
    while (Pending == 0) {
    }
    work(Pending);
    log("done");
    Pending = 0;
  }
}
// To take what is there is another thing: two can take it.
std::atomic<bool> Dirty{false};
void flushBad() {
  if (Dirty) {
    Dirty = false;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Dirty'
    work(1);
  }
}

// What does not decide the act: the ways have met again.
class Sessions {
public:
  void closeBad(int Id) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Map.find(Id) == Map.end())
        return;
    }
    std::lock_guard<std::mutex> Lock(Mu);
    Map[Id] = 0;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map'
  }
  bool openGood(int Id, bool Full) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Map.count(Id))
        log("again");
    }
    if (Full)
      return false;
    std::lock_guard<std::mutex> Lock(Mu);
    Map[Id] = 1;
    return true;
  }
  void openLaterBad(int Id) {
    bool Known = false;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Map.count(Id))
        Known = true;
    }
    log("looked");
    if (Known)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    Map[Id] = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map'
  }
  // To take out what is gone already does nothing, whatever guards are made.
  void dropGood(int Id) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Map.find(Id) == Map.end())
        return;
    }
    std::lock_guard<std::mutex> Lock(Mu);
    Map.erase(Id);
  }
  void dropAndTellBad(int Id) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Map.find(Id) == Map.end())
        return;
    }
    std::lock_guard<std::mutex> Lock(Mu);
    Map.erase(Id);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map'
    work(Id);
  }

private:
  std::mutex Mu;
  std::unordered_map<int, int> Map;
};
