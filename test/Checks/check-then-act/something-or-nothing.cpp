// RUN: %check_race %s race-check-then-act
//
// What takes something out looks by itself whether there is something, and gives
// null if there is not. Whoever asked before must look at what it gives.

#include <deque>
#include <memory>
#include <mutex>

struct Job {
  void run();
  int Id;
};

class Jobs {
public:
  bool empty() const {
    std::lock_guard<std::mutex> Lock(Mutex);
    return Items.empty();
  }
  Job *take() {
    std::lock_guard<std::mutex> Lock(Mutex);
    if (Items.empty())
      return nullptr;
    Job *J = Items.front();
    Items.pop_front();
    return J;
  }
  Job *takeOrThrow() {
    std::lock_guard<std::mutex> Lock(Mutex);
    if (Items.empty())
      throw 1;
    Job *J = Items.front();
    Items.pop_front();
    return J;
  }
  Job *takeByHelper() {
    std::lock_guard<std::mutex> Lock(Mutex);
    return takeOne();
  }

private:
  Job *takeOne() {
    Job *J = nullptr;
    if (!Items.empty()) {
      J = Items.front();
      Items.pop_front();
    }
    return J;
  }
  mutable std::mutex Mutex;
  std::deque<Job *> Items;
};

class Owned {
public:
  bool empty() const {
    std::lock_guard<std::mutex> Lock(Mutex);
    return Items.empty();
  }
  std::shared_ptr<Job> take() {
    std::lock_guard<std::mutex> Lock(Mutex);
    std::shared_ptr<Job> J;
    if (!Items.empty()) {
      J = Items.front();
      Items.pop_front();
    }
    return J;
  }

private:
  mutable std::mutex Mutex;
  std::deque<std::shared_ptr<Job>> Items;
};

void runBad(Jobs &All) {
  if (!All.empty()) {
    Job *J = All.take();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'empty' and 'take'
    J->run();
  }
}

void numberBad(Jobs &All) {
  while (!All.empty()) {
    Job *J = All.takeByHelper();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'empty' and 'takeByHelper'
    J->Id = 1;
  }
}

void runOwnedBad(Owned &All) {
  if (!All.empty())
    All.take()->run();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'empty' and 'take'
}

// To come second is an error there.
void throwsBad(Jobs &All) {
  while (!All.empty())
    All.takeOrThrow()->run();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'empty' and 'takeOrThrow'
}

void runGood(Jobs &All) {
  while (!All.empty()) {
    Job *J = All.take();
    if (!J)
      break;
    J->run();
  }
}

void runOwnedGood(Owned &All) {
  if (!All.empty())
    if (std::shared_ptr<Job> J = All.take())
      J->run();
}

// Callers know what null says.
Job *passOnGood(Jobs &All) { return All.empty() ? nullptr : All.take(); }

// The answer ends the loop, and the next turn asks anew.
void serveGood(Jobs &All) {
  for (;;) {
    if (Job *J = All.takeByHelper())
      J->run();
    if (All.empty())
      break;
  }
}
