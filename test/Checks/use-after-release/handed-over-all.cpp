// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Queues that another thread empties at once.

#include <deque>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

struct Job {
  int Flags = 0, Error = 0;
};
int perform(Job &);
void dispose(Job *J) { delete J; }

class Swapped {
public:
  void deliver() {
    std::deque<Job *> Jobs;
    {
      std::lock_guard<std::mutex> Lock(M);
      Jobs.swap(Done);
    }
    for (Job *J : Jobs)
      delete J;
  }
  int bad(Job *J) {
    complete(J);
    return J->Flags;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'J' is used after it was handed back by 'complete'
  }
  int good(Job *J) {
    int Flags = J->Flags;
    complete(J);
    return Flags;
  }

private:
  void complete(Job *J) {
    std::lock_guard<std::mutex> Lock(M);
    Done.push_back(J);
  }
  std::mutex M;
  std::deque<Job *> Done;
};

class Moved {
public:
  void deliver() {
    std::vector<Job *> Jobs;
    {
      std::lock_guard<std::mutex> Lock(M);
      Jobs = std::exchange(Done, {});
    }
    for (Job *J : Jobs)
      dispose(J);
  }
  int bad(Job *J) {
    complete(J);
    return J->Flags;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'J' is used after it was handed back by 'complete'
  }

private:
  void complete(Job *J) {
    std::lock_guard<std::mutex> Lock(M);
    Done.push_back(J);
  }
  std::mutex M;
  std::vector<Job *> Done;
};

class Spliced {
public:
  void deliver() {
    std::list<Job *> Jobs;
    {
      std::lock_guard<std::mutex> Lock(M);
      Jobs.splice(Jobs.end(), Done);
    }
    for (Job *J : Jobs)
      delete J;
  }
  int bad(Job *J) {
    complete(J);
    return J->Flags;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'J' is used after it was handed back by 'complete'
  }

private:
  void complete(Job *J) {
    std::lock_guard<std::mutex> Lock(M);
    Done.push_back(J);
  }
  std::mutex M;
  std::list<Job *> Done;
};

// What is taken is only looked at.
class Watched {
public:
  int count() {
    std::deque<Job *> Jobs;
    {
      std::lock_guard<std::mutex> Lock(M);
      Jobs.swap(Seen);
    }
    int N = 0;
    for (Job *J : Jobs)
      N += J->Error;
    return N;
  }
  int good(Job *J) {
    note(J);
    return J->Flags;
  }

private:
  void note(Job *J) {
    std::lock_guard<std::mutex> Lock(M);
    Seen.push_back(J);
  }
  std::mutex M;
  std::deque<Job *> Seen;
};

// One thread.
class Alone {
public:
  void deliver() {
    std::deque<Job *> Jobs;
    Jobs.swap(Done);
    for (Job *J : Jobs)
      delete J;
  }
  int good(Job *J) {
    complete(J);
    return J->Flags;
  }

private:
  void complete(Job *J) { Done.push_back(J); }
  std::deque<Job *> Done;
};
