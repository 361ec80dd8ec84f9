// RUN: %check_race %s race-check-then-act
//
// Pointers that others set to null under a lock.

#include <memory>
#include <mutex>

struct Job {
  int Id;
  void run();
};

class Smart {
public:
  void set(std::unique_ptr<Job> J) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Current = std::move(J);
  }
  void drop() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Current.reset();
  }
  void testedBeforeBad() {
    if (Current) {
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: check-then-act on 'Current': it is tested before 'Mutex' is taken, under which it is set to null
      std::lock_guard<std::mutex> Lock(Mutex);
      Current->run();
    }
  }
  void testedAfterGood() {
    std::lock_guard<std::mutex> Lock(Mutex);
    if (Current)
      Current->run();
  }
  void testedAgainGood() {
    if (!Current)
      return;
    std::lock_guard<std::mutex> Lock(Mutex);
    if (Current)
      Current->run();
  }

private:
  std::mutex Mutex;
  std::unique_ptr<Job> Current;
};

class Shared {
public:
  void set(std::shared_ptr<Job> J) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Current = J;
  }
  void drop() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Current.reset();
  }
  void followedAfterBad() {
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      if (!Current)
        return;
    }
    Current->run();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Current': it is followed after 'Mutex' was released, under which it is set to null
  }
  void ownCopyGood() {
    std::shared_ptr<Job> Copy;
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Copy = Current;
    }
    if (Copy)
      Copy->run();
  }

private:
  std::mutex Mutex;
  std::shared_ptr<Job> Current;
};

// Nobody takes it away again.
class Lasting {
public:
  void set(Job *J) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Current = J;
  }
  void runGood() {
    if (!Current)
      return;
    std::lock_guard<std::mutex> Lock(Mutex);
    Current->run();
  }

private:
  std::mutex Mutex;
  Job *Current = nullptr;
};
