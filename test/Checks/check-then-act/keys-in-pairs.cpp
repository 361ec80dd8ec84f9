// RUN: %check_race %s race-check-then-act
//
// The key may come as the first of a pair, or as a reference that was passed on.

#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

struct Family {
  int Id = 0;
};
Family *build(const std::string &Name);

class Families {
public:
  Family *bracesBad(const std::string &Name) {
    if (known(Name))
      return nullptr;
    Family *F = build(Name);
    std::lock_guard<std::mutex> Lock(Mu);
    All.insert({Name, F});
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'All': another thread can change it between 'known' and 'insert'
    return F;
  }
  Family *makePairBad(const std::string &Name) {
    if (known(Name))
      return nullptr;
    Family *F = build(Name);
    std::lock_guard<std::mutex> Lock(Mu);
    All.insert(std::make_pair(Name, F));
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'All': another thread can change it between 'known' and 'insert'
    return F;
  }
  Family *pairBad(const std::string &Name) {
    if (known(Name))
      return nullptr;
    Family *F = build(Name);
    std::pair<const std::string, Family *> Entry(Name, F);
    std::lock_guard<std::mutex> Lock(Mu);
    All.insert(Entry);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'All': another thread can change it between 'known' and 'insert'
    return F;
  }
  // In a function of its own.
  void add(const std::string &Name, Family *F) {
    std::lock_guard<std::mutex> Lock(Mu);
    All.insert(std::make_pair(Name, F));
  }
  bool known(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mu);
    return All.count(Name) != 0;
  }

  // Being second is noticed.
  Family *insertedGood(const std::string &Name) {
    if (known(Name))
      return nullptr;
    Family *F = build(Name);
    std::lock_guard<std::mutex> Lock(Mu);
    return All.insert(std::make_pair(Name, F)).first->second;
  }
  // Another key.
  void otherKeyGood(const std::string &Name, const std::string &Other) {
    if (known(Name))
      return;
    Family *F = build(Other);
    std::lock_guard<std::mutex> Lock(Mu);
    All.insert({Other, F});
    All.insert(std::make_pair(Other, F));
  }
  void togetherGood(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (All.find(Name) == All.end())
      All.insert({Name, build(Name)});
  }

private:
  std::mutex Mu;
  std::map<std::string, Family *> All;
};

void helperBad(Families &F, const std::string &Name) {
  if (!F.known(Name))
    F.add(Name, build(Name));
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'F': another thread can change it between 'known' and 'add'
}

void helperOtherKeyGood(Families &F, const std::string &Name,
                        const std::string &Other) {
  if (!F.known(Name))
    F.add(Other, build(Name));
}

// A limit holds for what has a key, too.
class Connections {
public:
  bool acceptBad(int Fd) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (Open.size() >= Most)
        return false;
    }
    std::lock_guard<std::mutex> Lock(Mu);
    Open.emplace(Fd, 0);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Open': another thread can change it between 'size' and 'emplace'
    return true;
  }
  bool acceptGood(int Fd) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Open.size() >= Most)
      return false;
    Open.emplace(Fd, 0);
    return true;
  }
  // Whether there are any at all limits nothing.
  void wakeGood(int Fd) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (!Open.empty())
        return;
    }
    std::lock_guard<std::mutex> Lock(Mu);
    Open.emplace(Fd, 0);
  }

private:
  std::mutex Mu;
  std::map<int, int> Open;
  unsigned Most = 16;
};
