// RUN: %check_race %s race-check-then-act
//
// Counters: who is the last one, and limits that are looked at and then passed.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

void finish();

class Shared {
public:
  void unrefBad() {
    Refs--;
    if (Refs == 0)
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Refs': another thread can change it between 'operator--' and 'operator int', and both are the last one
      delete this;
  }
  void unrefLoadBad() {
    Users.fetch_sub(1);
    if (!Users.load())
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Users': another thread can change it between 'fetch_sub' and 'load', and both are the last one
      delete this;
  }
  void doneBad() {
    Tasks -= 1;
    if (Tasks > 0)
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Tasks'
      return;
    finish();
  }
  // What the operation itself gives says who was last.
  void unrefGood() {
    if (--Refs2 == 0)
      delete this;
  }
  void unrefSubGood() {
    int Left = Refs2.fetch_sub(1) - 1;
    if (Left == 0)
      delete this;
  }
  // To wake once more does no harm.
  void wakeGood() {
    Waiting--;
    if (Waiting == 0)
      Cv.notify_all();
  }
  // Waits until nobody is left.
  void leaveGood() {
    Inside--;
    while (Inside != 0)
      std::this_thread::yield();
    finish();
  }
  void lockedGood() {
    std::lock_guard<std::mutex> Lock(Mu);
    Held--;
    if (Held == 0)
      finish();
  }

private:
  std::mutex Mu;
  std::condition_variable Cv;
  std::atomic<int> Refs{1}, Refs2{1}, Users{1}, Tasks{1}, Waiting{1}, Inside{1},
      Held{1};
};

class Tickets {
public:
  void takeBad() {
    if (Left > 0)
      Left--;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Left'
  }
  // Zero passes too: no limit, but a look whether something is wrong.
  void giveBackGood() {
    if (Given >= 0)
      Given--;
    else
      finish();
  }

private:
  std::atomic<int> Left{9}, Given{0};
};

class Workers {
public:
  void growBad() {
    size_t N;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      N = All.size();
    }
    if (N >= Max)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    All.emplace_back(finish);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'size' and 'emplace_back'
  }
  void growGood() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (All.size() < Max)
      All.emplace_back(finish);
  }
  // What is added is right however many there are.
  void firstGood() {
    bool First;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      First = All.size() == 0;
    }
    if (First)
      finish();
    std::lock_guard<std::mutex> Lock(Mu);
    All.emplace_back(finish);
  }

private:
  std::mutex Mu;
  std::vector<std::thread> All;
  size_t Max = 4;
};

// Each looks and counts under the lock, the two together do not.
class Slots {
public:
  bool full() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Used >= 8;
  }
  void take() {
    std::lock_guard<std::mutex> Lock(Mu);
    ++Used;
  }
  bool tryTake() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Used >= 8)
      return false;
    ++Used;
    return true;
  }
  bool isOpen() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return Open;
  }
  void close() {
    std::lock_guard<std::mutex> Lock(Mu);
    Open = false;
  }

private:
  mutable std::mutex Mu;
  int Used = 0;
  bool Open = true;
};

bool enterBad(Slots &S) {
  if (S.full())
    return false;
  S.take();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S': another thread can change it between 'full' and 'take'
  return true;
}
bool enterGood(Slots &S) { return !S.full() && S.tryTake(); }
void closeGood(Slots &S) {
  if (S.isOpen())
    S.close();
}
