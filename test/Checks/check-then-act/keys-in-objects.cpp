// RUN: %check_race %s race-check-then-act -- -std=c++17
// What is registered is found by a key that it holds itself.
#include <mutex>
#include <string>
#include <unordered_map>

struct Item {
  std::string Name;
  std::string Title;
  int Id = 0;
  std::string getName() const { return Name; }
  const std::string &getTitle() const { return Title; }
  int getId() const { return Id; }
};

class Registry {
  std::mutex Mu;
  std::unordered_map<std::string, Item *> ByName;
  std::unordered_map<int, Item *> ById;

public:
  Item *find(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = ByName.find(Name);
    return It == ByName.end() ? nullptr : It->second;
  }
  Item *find(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = ById.find(Id);
    return It == ById.end() ? nullptr : It->second;
  }
  void add(Item *I) {
    std::lock_guard<std::mutex> Lock(Mu);
    ByName[I->getName()] = I;
  }
  void addById(Item *I) {
    std::lock_guard<std::mutex> Lock(Mu);
    ById[I->getId()] = I;
  }
  bool tryAdd(Item *I) {
    std::lock_guard<std::mutex> Lock(Mu);
    return ByName.emplace(I->getName(), I).second;
  }
};
bool complain();

bool nameBad(Registry &R, Item &I, const std::string &Name) {
  if (R.find(Name) != nullptr)
    return complain();
  I.Name = Name;
  R.add(&I);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'R'
  return true;
}
bool numberBad(Registry &R, Item &I, int Id) {
  if (R.find(Id))
    return complain();
  I.Id = Id;
  R.addById(&I);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'R'
  return true;
}

bool otherKeyGood(Registry &R, Item &I, const std::string &Name) {
  if (R.find(Name) != nullptr)
    return complain();
  R.add(&I); // under the name that it has
  return true;
}
bool otherObjectGood(Registry &R, Item &I, Item &J, const std::string &Name) {
  if (R.find(Name) != nullptr)
    return complain();
  J.Name = Name;
  R.add(&I);
  return true;
}
bool triedGood(Registry &R, Item &I, const std::string &Name) {
  if (R.find(Name) != nullptr)
    return complain();
  I.Name = Name;
  if (!R.tryAdd(&I))
    return complain();
  return true;
}
