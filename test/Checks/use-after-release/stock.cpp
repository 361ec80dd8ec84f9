// RUN: %check_race %s race-use-after-release -- -std=c++17
// What a function puts among what nobody uses is handed back there and then,
// if the pool is one by what its methods do, its locks and its names.
#include <deque>
#include <mutex>
#include <string>
#include <vector>

void log(const char *Format, ...);

struct Task {
  int State;
  std::string Name;
  Task *Next;
  void run();
};

class Worker {
  std::deque<Task *> Free;
  std::deque<Task *> Work;
  std::deque<Task *> Done;
  std::mutex Mutex;

public:
  Task *obtain() {
    std::lock_guard<std::mutex> Guard(Mutex);
    if (Free.empty())
      return new Task;
    Task *T = Free.front();
    Free.pop_front();
    return T;
  }
  void finish(Task *T) {
    T->run();
    {
      std::lock_guard<std::mutex> Guard(Mutex);
      Free.push_back(T);
    }
    T->State = 0;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'T' is used after it was handed back to 'Free'
  }
  void loop() {
    while (true) {
      Task *T = nullptr;
      {
        std::lock_guard<std::mutex> Guard(Mutex);
        if (Work.empty())
          return;
        T = Work.front();
        Work.pop_front();
      }
      T->run();
      {
        std::lock_guard<std::mutex> Guard(Mutex);
        Free.push_back(T);
      }
      log("done: %s", T->Name.c_str());
      // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'T' is used after it was handed back to 'Free'
    }
  }

  // Under the lock it is still nobody else's.
  void underTheLock(Task *T) {
    std::lock_guard<std::mutex> Guard(Mutex);
    Free.push_back(T);
    T->State = 0;
  }
  void before(Task *T) {
    T->State = 0;
    std::lock_guard<std::mutex> Guard(Mutex);
    Free.push_back(T);
  }
  // Nobody takes from there.
  void noPool(Task *T) {
    {
      std::lock_guard<std::mutex> Guard(Mutex);
      Done.push_back(T);
    }
    T->State = 0;
  }
};

// A list through its elements: its name and its lock make it a pool.
class FreeList {
  Task *Head = nullptr;
  std::mutex Mutex;

public:
  Task *pop() {
    std::lock_guard<std::mutex> Guard(Mutex);
    Task *T = Head;
    if (T)
      Head = T->Next;
    return T;
  }
  void push(Task *T) {
    std::lock_guard<std::mutex> Guard(Mutex);
    T->Next = Head;
    Head = T;
  }
};

void goesOn(FreeList &F) {
  Task *T = F.pop();
  if (!T)
    return;
  F.push(T);
  T->State = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'T' is used after it was handed back to 'F'
}

void inOrder(FreeList &F) {
  while (Task *T = F.pop()) {
    T->State = 1;
    F.push(T);
  }
}

// The same without such a name is a list of work as well.
class Inbox {
  Task *Head = nullptr;
  std::mutex Mutex;

public:
  Task *pop() {
    std::lock_guard<std::mutex> Guard(Mutex);
    Task *T = Head;
    if (T)
      Head = T->Next;
    return T;
  }
  void push(Task *T) {
    std::lock_guard<std::mutex> Guard(Mutex);
    T->Next = Head;
    Head = T;
  }
};

void sends(Inbox &I, Task *T) {
  I.push(T);
  log("sent %d", T->State);
}
