// RUN: %check_race %s race-check-then-act
//
// Checks that what another function does makes stale.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

void work();
void pause();
void closeAll();
void openAll();

// One raises a flag and waits for a counter; the other must count first.
class Gate {
public:
  void shutBad() {
    Shut = true;
    while (Inside != 0)
      pause();
    closeAll();
  }
  bool enterBad() {
    if (Shut)
      return false;
    Inside.fetch_add(1, std::memory_order_relaxed);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Shut': it is tested before 'Inside' is raised, by which others know that it was seen
    work();
    --Inside;
    return true;
  }
  bool enterGood() {
    ++Inside;
    if (Shut) {
      --Inside;
      return false;
    }
    work();
    --Inside;
    return true;
  }
  bool enterTwiceGood() {
    if (Shut)
      return false;
    ++Inside;
    if (Shut) {
      --Inside;
      return false;
    }
    work();
    --Inside;
    return true;
  }

private:
  std::atomic<bool> Shut{false};
  std::atomic<int> Inside{0};
};

// Nobody waits for the counter.
class Statistics {
public:
  void off() { Off = true; }
  void noteGood() {
    if (Off)
      return;
    ++Hits;
  }

private:
  std::atomic<bool> Off{false};
  std::atomic<int> Hits{0};
};

// The last one out tidies up under a lock that the next one in needs.
class Library {
public:
  void useBad() {
    ++Users;
    std::lock_guard<std::mutex> Lock(Mu);
    if (!Ready) {
      openAll();
      Ready = true;
    }
  }
  void leaveBad() {
    if (--Users != 0)
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Users': it is dropped and tested without 'Mu', under which is done what relies on it
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    closeAll();
    Ready = false;
  }

private:
  std::mutex Mu;
  std::atomic<int> Users{0};
  bool Ready = false;
};

class LibraryGood {
public:
  int use() {
    std::lock_guard<std::mutex> Lock(Mu);
    int N = ++Users;
    if (N == 1)
      Ready = true;
    return N;
  }
  void leave() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (--Users == 0)
      Ready = false;
  }

private:
  std::mutex Mu;
  std::atomic<int> Users{0};
  bool Ready = false;
};

// Looks again under the lock.
class Entry {
public:
  void ref() {
    std::lock_guard<std::mutex> Lock(Mu);
    ++Refs;
  }
  void unref() {
    if (--Refs != 0)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    if (Refs == 0)
      closeAll();
  }

private:
  std::mutex Mu;
  std::atomic<int> Refs{0};
};

// Waits for a group: raised outside, and nothing that the end sets is used at
// the start.
class Group {
public:
  void add() {
    int N = ++Pending;
    std::lock_guard<std::mutex> Lock(Mu);
    Added += N;
  }
  void done() {
    if (--Pending != 0)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    Done = true;
    Cond.notify_all();
  }

private:
  std::mutex Mu;
  std::condition_variable Cond;
  std::atomic<int> Pending{0};
  bool Done = false;
  int Added = 0;
};

// The notification comes between the test and the wait.
class Budget {
public:
  void takeBad() {
    while (Used.load() > Max) {
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Used': 'load' asks it before 'Mu' is taken to wait for its change
      std::unique_lock<std::mutex> Lock(Mu);
      Freed.wait(Lock);
    }
  }
  void takeGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    while (Used.load() > Max)
      Freed.wait(Lock);
  }
  void takePredicateGood() {
    if (Used.load() <= Max)
      return;
    std::unique_lock<std::mutex> Lock(Mu);
    Freed.wait(Lock, [this] { return Used.load() <= Max; });
  }
  void takeAgainGood() {
    if (Used.load() <= Max)
      return;
    std::unique_lock<std::mutex> Lock(Mu);
    while (Used.load() > Max)
      Freed.wait(Lock);
  }
  void pollGood() {
    while (Used.load() > Max) {
      std::unique_lock<std::mutex> Lock(Mu);
      Freed.wait_for(Lock, std::chrono::milliseconds(10));
    }
  }

private:
  const int Max = 10;
  std::mutex Mu;
  std::condition_variable Freed;
  std::atomic<int> Used{0};
};

struct Session {
  bool idle() const;
  void go();
};

class Sessions {
public:
  std::shared_ptr<Session> getBad() {
    static std::mutex Mu;
    static std::weak_ptr<Session> Global;
    std::lock_guard<std::mutex> Lock(Mu);
    if (!Global.expired())
      return Global.lock();
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Global': its object can go between 'expired' and 'lock', whose result is not tested
    auto Made = std::make_shared<Session>();
    Global = Made;
    return Made;
  }
  void goBad() {
    if (!Last.expired())
      Last.lock()->go();
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Last': its object can go between 'expired' and 'lock', whose result is not tested
  }
  void parameterBad(std::weak_ptr<Session> W) {
    if (W.expired())
      return;
    auto S = W.lock();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'W'
    S->go();
  }
  void askedBad(std::weak_ptr<Session> W) {
    if (W.expired())
      return;
    auto S = W.lock();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'W'
    if (S->idle())
      S->go();
  }
  void goGood() {
    if (auto S = Last.lock())
      S->go();
  }
  void testedGood() {
    if (Last.expired())
      return;
    auto S = Last.lock();
    if (!S)
      return;
    S->go();
  }
  void comparedGood() {
    if (Last.expired())
      return;
    auto S = Last.lock();
    if (S != nullptr)
      S->go();
  }
  void forgetGood() {
    if (Last.expired())
      Last.reset();
  }

private:
  std::weak_ptr<Session> Last;
};
