// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Objects that are given to another thread, which disposes of them.

#include <deque>
#include <mutex>

struct Job {
  Job *Next = nullptr;
  int Flags = 0, Error = 0;
};
int perform(Job &);

class JobList {
public:
  void push(Job *J) {
    J->Next = nullptr;
    if (Last)
      Last->Next = J;
    else
      First = J;
    Last = J;
  }
  Job *takeAll() {
    Job *J = First;
    First = Last = nullptr;
    return J;
  }

private:
  Job *First = nullptr, *Last = nullptr;
};

class Worker {
public:
  // On the thread that waits for results.
  void finishAll() {
    Job *J;
    {
      std::lock_guard<std::mutex> Lock(M);
      J = Completed.takeAll();
    }
    while (J) {
      Job *Next = J->Next;
      delete J;
      J = Next;
    }
  }
  void bad(Job *J) {
    execute(J);
    if (J->Flags)
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'J' is used after it was handed back by 'execute'
      perform(*J);
  }
  void good(Job *J) {
    int Flags = J->Flags;
    execute(J);
    Seen = Flags;
  }

private:
  void execute(Job *J) {
    J->Error = perform(*J);
    complete(J);
  }
  void complete(Job *J) {
    std::lock_guard<std::mutex> Lock(M);
    Completed.push(J);
  }
  std::mutex M;
  JobList Completed;
  int Seen = 0;
};

// Nobody can take it before the lock is free.
class Locked {
public:
  void run() {
    Job *J = nullptr;
    {
      std::lock_guard<std::mutex> Lock(M);
      J = Queue.front();
      Queue.pop_front();
    }
    delete J;
  }
  void good(Job *J) {
    std::lock_guard<std::mutex> Lock(M);
    Queue.push_back(J);
    J->Flags = 1;
  }
  void bad(Job *J) {
    post(J);
    J->Flags = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'J' is used after it was handed back by 'post'
  }

private:
  void post(Job *J) {
    std::lock_guard<std::mutex> Lock(M);
    Queue.push_back(J);
  }
  std::mutex M;
  std::deque<Job *> Queue;
};

// A queue of one thread: whoever takes comes later.
class Unlocked {
public:
  void run() {
    Job *J = Queue.front();
    Queue.pop_front();
    delete J;
  }
  void good(Job *J) {
    post(J);
    J->Flags = 1;
  }
  void post(Job *J) { Queue.push_back(J); }

private:
  std::deque<Job *> Queue;
};

// A registry keeps what it is given; taking it out does not end its life.
class Registry {
public:
  void add(Job *J) {
    std::lock_guard<std::mutex> Lock(M);
    All.push_back(J);
  }
  void drop() {
    std::lock_guard<std::mutex> Lock(M);
    All.pop_back();
  }
  void good(Job *J) {
    add(J);
    J->Flags = 1;
  }

private:
  std::mutex M;
  std::deque<Job *> All;
};
