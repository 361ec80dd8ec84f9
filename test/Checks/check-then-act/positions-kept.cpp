// RUN: %check_race %s race-check-then-act
//
// Iterators that were found under the lock, and what is done with them later.

#include <map>
#include <mutex>
#include <string>

class Sessions {
public:
  int ageBad(int Key) {
    std::map<int, int>::iterator It;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      It = Map.find(Key);
      if (It == Map.end())
        return 0;
    }
    return It->second;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': what 'find' found is used after 'Mu' was released
  }

  int ageGood(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Map.find(Key);
    return It == Map.end() ? 0 : It->second;
  }

  // A copy was made.
  int copyGood(int Key) {
    std::unique_lock<std::mutex> Lock(Mu);
    auto It = Map.find(Key);
    if (It == Map.end())
      return 0;
    int Age = It->second;
    Lock.unlock();
    return Age;
  }

  void dropBad(int Key) {
    std::unique_lock<std::mutex> Lock(Mu);
    auto It = Map.find(Key);
    if (It == Map.end())
      return;
    Lock.unlock();
    work();
    Lock.lock();
    Map.erase(It);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'find' and 'erase'
  }

  // Found anew.
  void dropGood(int Key) {
    std::unique_lock<std::mutex> Lock(Mu);
    auto It = Map.find(Key);
    if (It == Map.end())
      return;
    Lock.unlock();
    work();
    Lock.lock();
    It = Map.find(Key);
    if (It != Map.end())
      Map.erase(It);
  }

private:
  void work();
  std::mutex Mu;
  std::map<int, int> Map;
};

// Nothing is ever taken out.
class Names {
public:
  std::string nameGood(int Key) {
    std::map<int, std::string>::iterator It;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      It = Map.find(Key);
      if (It == Map.end())
        return "";
    }
    return It->second;
  }
  void add(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map[Key] = "";
  }

private:
  std::mutex Mu;
  std::map<int, std::string> Map;
};
