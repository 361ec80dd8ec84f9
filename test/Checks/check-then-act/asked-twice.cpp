// RUN: %check_race %s race-check-then-act
//
// A getter is called twice: what it gives the second time may be null.

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

struct Session {
  std::string User;
  void close();
};

class Holder {
  std::mutex Mu;
  std::shared_ptr<Session> Current;
  std::shared_ptr<Session> Fixed;
  Session *Raw = nullptr;

public:
  std::shared_ptr<Session> get() {
    std::lock_guard<std::mutex> Lock(Mu);
    return Current;
  }
  std::shared_ptr<Session> fixed() {
    std::lock_guard<std::mutex> Lock(Mu);
    return Fixed;
  }
  Session *raw() {
    std::lock_guard<std::mutex> Lock(Mu);
    return Raw;
  }
  void set(std::shared_ptr<Session> S) {
    std::lock_guard<std::mutex> Lock(Mu);
    Current = S;
  }
  void fix(std::shared_ptr<Session> S) {
    std::lock_guard<std::mutex> Lock(Mu);
    Fixed = S;
  }
  void clear() {
    std::lock_guard<std::mutex> Lock(Mu);
    Current.reset();
    Raw = nullptr;
  }
};

std::string userBad(Holder &H) {
  if (H.get())
    return H.get()->User;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Current': what 'get' gives now may be null, whatever it gave before
  return "";
}

void useBad(Holder &H) {
  if (!H.raw())
    return;
  H.raw()->close();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Raw': what 'raw' gives now may be null, whatever it gave before
}

std::string userGood(Holder &H) {
  if (auto S = H.get())
    return S->User;
  return "";
}

void testedGood(Holder &H) {
  if (!H.raw())
    return;
  Session *S = H.raw();
  if (S)
    S->close();
}

// Nobody clears it.
void fixedGood(Holder &H) {
  if (H.fixed())
    H.fixed()->close();
}

std::string other(const std::string &Name);

class Names {
  std::mutex Mu;
  std::set<std::string> Used;

public:
  bool has(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mu);
    return Used.count(Name) > 0;
  }
  void add(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mu);
    Used.insert(Name);
  }
  bool tryAdd(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mu);
    return Used.insert(Name).second;
  }
};

// A name that nobody has, asked for in a loop.
std::string makeBad(Names &All, std::string Name) {
  while (All.has(Name))
    Name = other(Name);
  All.add(Name);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'has' and 'add'
  return Name;
}

std::string makeGood(Names &All, std::string Name) {
  while (!All.tryAdd(Name))
    Name = other(Name);
  return Name;
}

// One text, written twice.
void rootBad(Names &All) {
  if (!All.has("root"))
    All.add("root");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'has' and 'add'
}

void otherTextGood(Names &All) {
  if (!All.has("root"))
    All.add("user");
}

struct Idle {
  bool isStale() const;
};

class Registry {
  std::mutex Mu;
  std::map<int, std::shared_ptr<Idle>> All;

public:
  void put(int Id, std::shared_ptr<Idle> S) {
    std::lock_guard<std::mutex> Lock(Mu);
    All[Id] = S;
  }
  // Another one may be there by now.
  void dropStaleBad(int Id) {
    std::shared_ptr<Idle> S;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      auto It = All.find(Id);
      if (It == All.end())
        return;
      S = It->second;
    }
    if (!S->isStale())
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    All.erase(Id);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between 'find' and 'erase'
  }
  void dropStaleGood(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = All.find(Id);
    if (It != All.end() && It->second->isStale())
      All.erase(It);
  }
};
