// RUN: %check_race %s race-check-then-act
//
// Plain fields that one critical section tests and another one sets.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

struct Reader {
  explicit Reader(int);
};
void begin();
int compute(int);

class Service {
public:
  void startBad() {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Running)
        return;
    }
    begin();
    std::lock_guard<std::mutex> Lock(Mu);
    Running = true;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Running': another thread can change it between the test and the assignment
    // CHECK-NOTES: :[[@LINE-7]]: note: checked here; 'Mu' is held at both, but released in between
  }
  void startGood() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Running)
      return;
    begin();
    Running = true;
  }
  void startClaimsGood() {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Running)
        return;
      Running = true;
    }
    begin();
  }
  // Another field keeps the others out meanwhile.
  void startOtherClaimGood() {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Running || Starting)
        return;
      Starting = true;
    }
    begin();
    std::lock_guard<std::mutex> Lock(Mu);
    Running = true;
    Starting = false;
  }
  void startAgainGood() {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Running)
        return;
    }
    begin();
    std::lock_guard<std::mutex> Lock(Mu);
    if (!Running)
      Running = true;
  }
  void finishOwnWorkGood() {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (!Running)
        return;
    }
    begin();
    std::lock_guard<std::mutex> Lock(Mu);
    Running = false;
  }
  void addBad() {
    int N;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      N = Count;
    }
    N = compute(N);
    std::lock_guard<std::mutex> Lock(Mu);
    Count = N + 1;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Count': another thread can change it between the test and the assignment
  }
  void addTwiceBad() {
    Mu.lock();
    int N = Count;
    Mu.unlock();
    begin();
    Mu.lock();
    Count = N + 1;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Count': another thread can change it between the test and the assignment
    Mu.unlock();
  }
  void addGood() {
    Mu.lock();
    int N = Count;
    Mu.unlock();
    compute(N);
    Mu.lock();
    Count = Count + 1;
    Mu.unlock();
  }
  bool enterBad(int Max) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Inside >= Max)
        return false;
    }
    begin();
    std::lock_guard<std::mutex> Lock(Mu);
    ++Inside;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Inside'
    return true;
  }
  bool enterGood(int Max) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Inside2 >= Max)
      return false;
    ++Inside2;
    return true;
  }
  void waitGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    while (Busy)
      Cond.wait(Lock);
    Busy = true;
  }
  void waitPredicateGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    if (Busy)
      Cond.wait(Lock, [this] { return !Busy; });
    Busy = true;
  }

private:
  std::mutex Mu;
  std::condition_variable Cond;
  bool Running = false, Starting = false, Busy = false;
  int Count = 0, Inside = 0, Inside2 = 0;
};

class Lazy {
public:
  Reader &getBad() {
    if (!Made) {
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Made': it is tested without 'Mu', under which it is set
      // CHECK-NOTES: :[[@LINE-2]]: note: thread 1: tests 'Made'
      std::lock_guard<std::mutex> Lock(Mu);
      if (!Made)
        Made = std::make_unique<Reader>(1);
    }
    return *Made;
  }
  Reader &getGood() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (!Made2)
      Made2 = std::make_unique<Reader>(1);
    return *Made2;
  }
  Reader &getOnceGood() {
    std::call_once(Once, [this] {
      if (!Made2)
        Made2 = std::make_unique<Reader>(1);
    });
    return *Made2;
  }
  // The lock is given up too early.
  void setBad() {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Raw)
        return;
    }
    Raw = new Reader(2);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Raw': another thread can change it between the test and the assignment
  }
  void reset() {
    std::lock_guard<std::mutex> Lock(Mu);
    delete Raw;
    Raw = nullptr;
  }
  void setGood() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (!Raw)
      Raw = new Reader(2);
  }

private:
  std::mutex Mu;
  std::once_flag Once;
  std::unique_ptr<Reader> Made, Made2;
  Reader *Raw = nullptr;
};

// The same through functions that lock by themselves.
class Door {
public:
  bool isOpen() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Open;
  }
  void setOpen(bool O) {
    std::lock_guard<std::mutex> Lock(Mu);
    Open = O;
  }
  void open() {
    begin();
    std::lock_guard<std::mutex> Lock(Mu);
    Open = true;
    ++Times;
  }
  void openOnce() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Open)
      return;
    Open = true;
    begin();
  }
  int times() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Times;
  }
  void setTimes(int N) {
    std::lock_guard<std::mutex> Lock(Mu);
    Times = N;
  }

private:
  mutable std::mutex Mu;
  bool Open = false;
  int Times = 0;
};

void openBad(Door &D) {
  if (!D.isOpen())
    D.open();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'D': another thread can change it between 'isOpen' and 'open'
    // CHECK-NOTES: :[[@LINE-3]]: note: checked here; 'isOpen' and 'open' each lock 'Mu' on their own
}
void setAndDoBad(Door &D) {
  if (D.isOpen())
    return;
  D.setOpen(true);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'D': another thread can change it between 'isOpen' and 'setOpen'
  begin();
}
void countBad(Door &D) {
  D.setTimes(D.times() + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'D': another thread can change it between 'times' and 'setTimes'
}
// Once more does no harm.
void setOnlyGood(Door &D) {
  if (!D.isOpen())
    D.setOpen(true);
}
void openOnceGood(Door &D) {
  if (!D.isOpen())
    D.openOnce();
}
void otherDoorGood(Door &D, Door &E) {
  if (!D.isOpen())
    E.open();
}
void copyGood(Door &D, Door &E) { D.setTimes(E.times() + 1); }
void localGood() {
  Door D;
  if (!D.isOpen())
    D.open();
}
