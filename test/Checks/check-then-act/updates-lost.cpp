// RUN: %check_race %s race-check-then-act
//
// What was read under the lock is changed without it, and put back.

#include <map>
#include <memory>
#include <mutex>
#include <string>

using Table = std::map<std::string, int>;
std::shared_ptr<Table> clone(const Table &Of);
long cost(long Of);

class Quota {
  std::mutex Mu;
  long Used = 0;
  long Most = 100;

public:
  bool takeBad(long N) {
    long Now;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      Now = Used;
    }
    Now += cost(N);
    if (Now > Most)
      return false;
    std::lock_guard<std::mutex> Lock(Mu);
    Used = Now;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Used': another thread can change it between the test and the assignment
    return true;
  }
  void countBad() {
    Mu.lock();
    long Now = Used;
    Mu.unlock();
    ++Now;
    Mu.lock();
    Used = Now;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Used': another thread can change it between the test and the assignment
    Mu.unlock();
  }
  bool takeGood(long N) {
    long More = cost(N);
    std::lock_guard<std::mutex> Lock(Mu);
    long Now = Used;
    Now += More;
    if (Now > Most)
      return false;
    Used = Now;
    return true;
  }
  // The number is set to what has nothing to do with what it was.
  long resetGood() {
    long Old;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      Old = Used;
    }
    long Fresh = cost(0);
    ++Fresh;
    std::lock_guard<std::mutex> Lock(Mu);
    Used = Fresh;
    return Old;
  }
};

class Peak {
  std::mutex Mu;
  long Most = 0;

public:
  void noteBad(long N) {
    bool Higher;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      Higher = N > Most;
    }
    if (!Higher)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    Most = N;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Most': another thread can change it between the test and the assignment
  }
  void noteGood(long N) {
    bool Higher;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      Higher = N > Most;
    }
    if (!Higher)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    if (N > Most)
      Most = N;
  }
};

// The table is copied, the copy is changed, and published.
class Routes {
  mutable std::mutex Mu;
  std::shared_ptr<const Table> All;

public:
  std::shared_ptr<const Table> get() const {
    std::lock_guard<std::mutex> Lock(Mu);
    return All;
  }
  void set(std::shared_ptr<const Table> New) {
    std::lock_guard<std::mutex> Lock(Mu);
    All = std::move(New);
  }
  void addBad(const std::string &Name, int N) {
    auto Copy = std::make_shared<Table>(*get());
    (*Copy)[Name] = N;
    std::lock_guard<std::mutex> Lock(Mu);
    All = Copy;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'get' and the assignment
  }
  void addByCloneBad(const std::string &Name, int N) {
    std::shared_ptr<const Table> Old = get();
    auto Copy = clone(*Old);
    (*Copy)[Name] = N;
    set(Copy);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'get' and 'set'
  }
  void addGood(const std::string &Name, int N) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto Copy = std::make_shared<Table>(*All);
    (*Copy)[Name] = N;
    All = Copy;
  }
  // All of it is new.
  void replaceGood(const std::string &Name, int N) {
    bool Known = get()->count(Name) != 0;
    auto New = std::make_shared<Table>();
    (*New)[Name] = Known ? N : 0;
    set(New);
  }
};
