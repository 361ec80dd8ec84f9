// RUN: %check_race %s race-check-then-act
//
// Locks that a program makes of atomics, and guards of them.

#include <atomic>
#include <map>
#include <string>
#include <thread>

class SpinLock {
public:
  void lock() {
    while (Taken.test_and_set())
      std::this_thread::yield();
  }
  void unlock() { Taken.clear(); }

private:
  std::atomic_flag Taken = ATOMIC_FLAG_INIT;
};

class SpinGuard {
public:
  explicit SpinGuard(SpinLock &L) : Lock(L) { Lock.lock(); }
  ~SpinGuard() { Lock.unlock(); }

private:
  SpinLock &Lock;
};

std::string render(int Key);

class Pages {
public:
  std::string getBad(int Key) {
    {
      SpinGuard Guard(Lock);
      auto It = Made.find(Key);
      if (It != Made.end())
        return It->second;
    }
    std::string Page = render(Key);
    SpinGuard Guard(Lock);
    Made[Key] = Page;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Made': another thread can change it between 'find' and 'operator[]'
    return Page;
  }
  std::string getByHandBad(int Key) {
    Lock.lock();
    bool There = Made.count(Key) != 0;
    Lock.unlock();
    std::string Page = render(Key);
    Lock.lock();
    if (!There)
      Made[Key] = Page;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Made': another thread can change it between 'count' and 'operator[]'
    Lock.unlock();
    return Page;
  }
  std::string getGood(int Key) {
    SpinGuard Guard(Lock);
    auto It = Made.find(Key);
    if (It != Made.end())
      return It->second;
    return Made[Key] = render(Key);
  }
  std::string getAgainGood(int Key) {
    {
      SpinGuard Guard(Lock);
      auto It = Made.find(Key);
      if (It != Made.end())
        return It->second;
    }
    std::string Page = render(Key);
    SpinGuard Guard(Lock);
    if (!Made.count(Key))
      Made[Key] = Page;
    return Made[Key];
  }

private:
  SpinLock Lock;
  std::map<int, std::string> Made;
};

// What is called a lock, and is a flag of a door.
class DoorLock {
public:
  void lock() { Shut = true; }
  void unlock() { Shut = false; }

private:
  std::atomic<bool> Shut{false};
};
class Doors {
public:
  void shutGood(int Key) {
    if (Open.count(Key) == 0)
      return;
    Lock.lock();
    Open.erase(Key);
  }

private:
  DoorLock Lock;
  std::map<int, int> Open;
};
