// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Work that is handed to another thread, and ends itself there.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

void log(int);

struct Task {
  virtual ~Task() = default;
  virtual void run() = 0;
  int Id = 0;
};
class Workers {
public:
  void post(Task *T) {
    std::lock_guard<std::mutex> Lock(Mu);
    Queue.push_back(T);
    Ready.notify_one();
  }
  void work() {
    for (;;) {
      Task *T;
      {
        std::unique_lock<std::mutex> Lock(Mu);
        Ready.wait(Lock, [this] { return !Queue.empty(); });
        T = Queue.front();
        Queue.pop_front();
      }
      T->run();
    }
  }

private:
  std::mutex Mu;
  std::condition_variable Ready;
  std::deque<Task *> Queue;
};
struct Print : Task {
  void run() override {
    log(Id);
    delete this;
  }
};
struct Count : Task {
  void run() override { delete this; }
};

int postBad(Workers &W) {
  Task *T = new Print;
  W.post(T);
  return T->Id;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'T' is used after it was handed back
  // CHECK-NOTES: :[[@LINE-3]]:3: note: handed back here: 'post' stores its argument in 'Queue', from which 'work' takes and disposes of it
}
int postGood(Workers &W) {
  Task *T = new Count;
  int Id = T->Id;
  W.post(T);
  return Id;
}

// These live on: one of them does not end itself.
struct Step {
  virtual ~Step() = default;
  virtual void run() = 0;
  int Id = 0;
};
class Steps {
public:
  void post(Step *S) {
    std::lock_guard<std::mutex> Lock(Mu);
    Queue.push_back(S);
  }
  void work() {
    Step *S;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      S = Queue.front();
      Queue.pop_front();
    }
    S->run();
  }

private:
  std::mutex Mu;
  std::deque<Step *> Queue;
};
struct Once : Step {
  void run() override { delete this; }
};
struct Static : Step {
  void run() override { log(Id); }
};
int stepGood(Steps &W, Step *S) {
  W.post(S);
  return S->Id;
}

// Not virtual.
struct Job {
  void finish() { delete this; }
  void start() { log(Id); }
  int Id = 0;
};
class Jobs {
public:
  void post(Job *J) {
    std::lock_guard<std::mutex> Lock(Mu);
    Queue.push_back(J);
  }
  void watch(Job *J) {
    std::lock_guard<std::mutex> Lock(Mu);
    Watched.push_back(J);
  }
  void work() {
    std::lock_guard<std::mutex> Lock(Mu);
    Job *J = Queue.back();
    Queue.pop_back();
    J->finish();
  }
  void look() {
    std::lock_guard<std::mutex> Lock(Mu);
    Job *J = Watched.back();
    Watched.pop_back();
    J->start();
  }

private:
  std::mutex Mu;
  std::vector<Job *> Queue, Watched;
};
int jobBad(Jobs &W, Job *J) {
  W.post(J);
  return J->Id;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'J' is used after it was handed back
}
int watchedGood(Jobs &W, Job *J) {
  W.watch(J);
  return J->Id;
}
