// RUN: %check_race %s race-check-then-act
//
// A loop lets go of the lock in its body, and goes on with its iterator.

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

struct Client {
  int Id;
  int Uses;
  void send(const std::string &Text) const;
  void retain();
  void release();
};

class Hub {
  std::mutex Mu;
  std::map<int, std::shared_ptr<Client>> ById;
  std::vector<Client *> List;
  std::set<Client *> Set;
  std::list<Client *> Fixed;

public:
  void remove(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    ById.erase(Id);
  }
  void removeFromList(Client *C) {
    std::lock_guard<std::mutex> Lock(Mu);
    for (auto It = List.begin(); It != List.end(); ++It)
      if (*It == C) {
        List.erase(It);
        break;
      }
  }
  void removeFromSet(Client *C) {
    std::lock_guard<std::mutex> Lock(Mu);
    Set.erase(C);
  }

  void sendAllBad() {
    std::unique_lock<std::mutex> Lock(Mu);
    for (auto &Entry : ById) {
      // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: check-then-act on 'ById': the loop goes on with an iterator that it kept while 'Mu' was released
      std::shared_ptr<Client> C = Entry.second;
      Lock.unlock();
      C->send("x");
      Lock.lock();
    }
  }
  void sendListBad() {
    Mu.lock();
    for (Client *C : List) {
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: check-then-act on 'List': the loop goes on with an iterator that it kept while 'Mu' was released
      Mu.unlock();
      C->send("x");
      Mu.lock();
    }
    Mu.unlock();
  }
  void dropAllBad() {
    std::unique_lock<std::mutex> Lock(Mu);
    for (auto It = Set.begin(); It != Set.end();) {
      Client *C = *It;
      Lock.unlock();
      C->send("x");
      Lock.lock();
      Set.erase(It++);
      // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: check-then-act on 'Set': the loop goes on with an iterator that it kept while 'Mu' was released
    }
  }

  void takeEachGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    while (!Set.empty()) {
      auto It = Set.begin();
      Client *C = *It;
      Set.erase(It);
      Lock.unlock();
      C->send("x");
      Lock.lock();
    }
  }
  void beginAgainGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    for (auto It = Set.begin(); It != Set.end();) {
      Client *C = *It;
      Lock.unlock();
      C->send("x");
      Lock.lock();
      It = Set.upper_bound(C);
    }
  }
  void onlyOneGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    for (auto It = Set.begin(); It != Set.end(); ++It) {
      Client *C = *It;
      if (C->Id == 3) {
        Lock.unlock();
        C->send("x");
        return;
      }
    }
  }
  // What is retained, or marked as used, may well stay where it is.
  void retainedGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    for (auto It = Set.begin(); It != Set.end(); ++It) {
      Client *C = *It;
      C->retain();
      Lock.unlock();
      C->send("x");
      Lock.lock();
      C->release();
    }
  }
  void usedGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    for (auto It = Set.begin(); It != Set.end(); ++It) {
      Client *C = *It;
      C->Uses++;
      Lock.unlock();
      C->send("x");
      Lock.lock();
      C->Uses--;
    }
  }
  void copyGood() {
    std::vector<Client *> Copy;
    {
      std::unique_lock<std::mutex> Lock(Mu);
      Copy.assign(Set.begin(), Set.end());
    }
    for (Client *C : Copy) {
      std::unique_lock<std::mutex> Lock(Mu);
      C->send("x");
    }
  }
  // Nobody takes anything out.
  void fixedGood() {
    std::unique_lock<std::mutex> Lock(Mu);
    for (Client *C : Fixed) {
      Lock.unlock();
      C->send("x");
      Lock.lock();
    }
  }
};
