// RUN: %check_race %s race-check-then-act
//
// A wait after which nobody looks again.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

struct Job {
  int Id;
};

void run(const Job &J);

class Mailbox {
public:
  Job takeBad() {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Jobs.empty())
      Ready.wait(Lock);
    Job J = Jobs.front();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: check-then-act on 'Jobs': it is not asked again after 'wait', before 'front'
    Jobs.pop_front();
    return J;
  }
  Job takeLaterBad(std::chrono::seconds Limit) {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Jobs.size() == 0)
      Ready.wait_for(Lock, Limit);
    Job J = Jobs.back();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: check-then-act on 'Jobs': it is not asked again after 'wait_for', before 'back'
    Jobs.pop_back();
    return J;
  }
  Job takeGood() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (Jobs.empty())
      Ready.wait(Lock);
    Job J = Jobs.front();
    Jobs.pop_front();
    return J;
  }
  Job takeByPredicateGood() {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Jobs.empty())
      Ready.wait(Lock, [this] { return !Jobs.empty(); });
    Job J = Jobs.front();
    Jobs.pop_front();
    return J;
  }
  // Looks once more, and gives up.
  bool takeOrNotGood(Job &J) {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Jobs.empty())
      Ready.wait(Lock);
    if (Jobs.empty())
      return false;
    J = Jobs.front();
    Jobs.pop_front();
    return true;
  }
  // Either waits or takes.
  bool takeOrWaitGood(Job &J) {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Jobs.empty()) {
      Ready.wait(Lock);
      return false;
    }
    J = Jobs.front();
    Jobs.pop_front();
    return true;
  }
  // The turns of the loop look again.
  void loopGood() {
    std::unique_lock<std::mutex> Lock(Mutex);
    for (;;) {
      if (Jobs.empty()) {
        Ready.wait(Lock);
        continue;
      }
      Job J = Jobs.front();
      Jobs.pop_front();
      Lock.unlock();
      run(J);
      Lock.lock();
    }
  }
  // What is added does not rely on there being nothing.
  void putGood(Job J) {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Jobs.empty())
      Ready.wait(Lock);
    Jobs.push_back(J);
  }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<Job> Jobs;
};

class Device {
public:
  void openBad() {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Busy)
      Free.wait(Lock);
    Busy = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Busy': it is not asked again after 'wait', before the assignment
  }
  void openGood() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (Busy)
      Free.wait(Lock);
    Busy = true;
  }
  // What nobody waits for.
  void closeGood() {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Busy)
      Free.wait(Lock);
    Busy = false;
  }
  void takeBad() {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Room == 0)
      Free.wait(Lock);
    --Room;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Room': it is not asked again after 'wait', before the change
  }
  void takeGood() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (Room == 0)
      Free.wait(Lock);
    --Room;
  }
  void give() {
    std::lock_guard<std::mutex> Lock(Mutex);
    ++Room;
    Busy = false;
    Free.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable Free;
  bool Busy = false;
  int Room = 4;
};

// What was asked without the mutex is not asked again under it.
class Packets {
public:
  void waitBad() {
    if (isEmpty()) {
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: check-then-act: what is asked here is not asked again when 'Mutex' is taken to wait for its change
      std::unique_lock<std::mutex> Lock(Mutex);
      Ready.wait(Lock);
    }
  }
  void waitDirectlyBad() {
    if (Count == 0) {
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: check-then-act: what is asked here is not asked again when 'Mutex' is taken to wait for its change
      std::unique_lock<std::mutex> Lock(Mutex);
      Ready.wait(Lock);
    }
  }
  void waitGood() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (isEmpty())
      Ready.wait(Lock);
  }
  void waitAgainGood() {
    if (isEmpty()) {
      std::unique_lock<std::mutex> Lock(Mutex);
      while (Count == 0)
        Ready.wait(Lock);
    }
  }
  // What decides is nothing that others change under the mutex.
  void waitIfAskedGood() {
    if (Blocking) {
      std::unique_lock<std::mutex> Lock(Mutex);
      Ready.wait(Lock);
    }
  }
  // A limit ends it.
  void waitForSomeTimeGood(std::chrono::seconds Limit) {
    if (isEmpty()) {
      std::unique_lock<std::mutex> Lock(Mutex);
      Ready.wait_for(Lock, Limit);
    }
  }
  void add() {
    std::lock_guard<std::mutex> Lock(Mutex);
    ++Count;
    Ready.notify_one();
  }

private:
  bool isEmpty() const { return Count == 0; }
  std::mutex Mutex;
  std::condition_variable Ready;
  int Count = 0;
  bool Blocking = true;
};
