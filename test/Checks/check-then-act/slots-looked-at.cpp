// RUN: %check_race %s race-check-then-act
//
// `auto &Slot = Map[Key]` under the lock: whoever looks at what is there does
// not rely on what was found before.

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

struct Counter {
  int N = 0;
};

int measure();

class Registry {
  std::shared_mutex Mu;
  std::map<std::string, std::unique_ptr<Counter>> Owned;
  std::map<int, Counter *> Plain;
  std::map<int, int> Sizes;
  std::map<int, std::vector<int>> Lists;

  bool has(int Id) {
    std::shared_lock<std::shared_mutex> Lock(Mu);
    return Plain.count(Id) != 0;
  }
  bool isMeasured(int Id) {
    std::shared_lock<std::shared_mutex> Lock(Mu);
    return Sizes.count(Id) != 0;
  }

public:
  Counter *ownedGood(const std::string &Name) {
    {
      std::shared_lock<std::shared_mutex> Lock(Mu);
      auto It = Owned.find(Name);
      if (It != Owned.end())
        return It->second.get();
    }
    std::unique_lock<std::shared_mutex> Lock(Mu);
    auto &Slot = Owned[Name];
    if (!Slot)
      Slot = std::make_unique<Counter>();
    return Slot.get();
  }
  Counter *ownedBad(const std::string &Name) {
    {
      std::shared_lock<std::shared_mutex> Lock(Mu);
      auto It = Owned.find(Name);
      if (It != Owned.end())
        return It->second.get();
    }
    std::unique_lock<std::shared_mutex> Lock(Mu);
    auto &Slot = Owned[Name];
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Owned': another thread can change it between 'find' and 'operator[]'
    Slot = std::make_unique<Counter>();
    return Slot.get();
  }
  void plainGood(int Id) {
    if (has(Id))
      return;
    std::unique_lock<std::shared_mutex> Lock(Mu);
    Counter *&Slot = Plain[Id];
    if (Slot == nullptr)
      Slot = new Counter;
  }
  void plainTwiceGood(int Id) {
    if (has(Id))
      return;
    std::unique_lock<std::shared_mutex> Lock(Mu);
    if (!Plain[Id])
      Plain[Id] = new Counter;
  }
  void plainBad(int Id) {
    if (has(Id))
      return;
    std::unique_lock<std::shared_mutex> Lock(Mu);
    Plain[Id] = new Counter;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Plain': another thread can change it between 'has' and 'operator[]'
  }
  void sizeGood(int Id) {
    if (isMeasured(Id))
      return;
    std::unique_lock<std::shared_mutex> Lock(Mu);
    int &Size = Sizes[Id];
    if (Size == 0)
      Size = measure();
  }
  void listGood(int Id) {
    {
      std::shared_lock<std::shared_mutex> Lock(Mu);
      if (Lists.count(Id))
        return;
    }
    std::unique_lock<std::shared_mutex> Lock(Mu);
    auto &List = Lists[Id];
    if (List.empty())
      List.push_back(measure());
  }
};
