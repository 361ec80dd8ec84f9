// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Functions that remove an object from the container that owns it.

#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

void log(int);

class Manager;
struct Session {
  int Id;
  int Bytes;
  std::string Peer;
  Manager *Owner;
  int id() const { return Id; }
  void closeBad();
  void closeByPointerBad();
  void closeGood();
  void closeOtherGood(Session *Other);
};

class Manager {
public:
  void remove(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    ById.erase(Id);
  }
  void removeFound(int Id) {
    auto It = ById.find(Id);
    if (It == ById.end())
      return;
    ById.erase(It);
  }
  void removeIdle(int Id) {
    auto It = ById.find(Id);
    if (It->second->Bytes > 0)
      return;
    ById.erase(It);
  }
  void removeIt(Session *S) {
    auto It = std::find_if(All.begin(), All.end(),
                           [S](const auto &P) { return P.get() == S; });
    if (It != All.end())
      All.erase(It);
  }
  void removeAll(Session *S) {
    All.erase(std::remove_if(All.begin(), All.end(),
                             [&](const std::unique_ptr<Session> &P) {
                               return P.get() == S;
                             }),
              All.end());
  }
  void removeInLoop(const Session *S) {
    for (auto It = Values.begin(); It != Values.end(); ++It)
      if (&*It == S) {
        Values.erase(It);
        return;
      }
  }
  // Looks alike, and ends another one, or none.
  void removeOthers(Session *S) {
    Values.remove_if([S](const Session &E) { return &E != S; });
  }
  void removeIfIdle(Session *S) {
    if (S->Bytes > 0)
      return;
    auto It = std::find_if(All.begin(), All.end(),
                           [S](const auto &P) { return P.get() == S; });
    All.erase(It);
  }
  void forget(Session *S) {
    Known.erase(std::remove_if(Known.begin(), Known.end(),
                               [S](Session *P) { return P == S; }),
                Known.end());
  }
  void removeName(const std::string &Name) { Names.erase(Name); }

private:
  std::mutex Mu;
  std::unordered_map<int, std::unique_ptr<Session>> ById;
  std::vector<std::unique_ptr<Session>> All;
  std::list<Session> Values;
  std::vector<Session *> Known;
  std::map<std::string, std::shared_ptr<Session>> Names;
};

void Session::closeBad() {
  Owner->remove(Id);
  log(Bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: '*this' is used after it was removed from 'Owner'
  // CHECK-NOTES: :[[@LINE-3]]:3: note: removed here: 'remove' erases it from 'ById', which owns it
}
void Session::closeByPointerBad() {
  Owner->removeIt(this);
  log(Bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: '*this' is used after it was removed from 'Owner'
  // CHECK-NOTES: :[[@LINE-3]]:3: note: removed here: 'removeIt' erases it from 'All', which owns it
}
void Session::closeGood() {
  Manager *M = Owner;
  int N = Bytes;
  M->remove(Id);
  log(N);
}
void Session::closeOtherGood(Session *Other) {
  Owner->removeIt(Other);
  log(Bytes);
}

void byKeyBad(Manager &M, Session *S) {
  M.removeFound(S->id());
  log(S->Bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'S' is used after it was removed from 'M'
}
void byPointerBad(Manager &M, Session *S) {
  M.removeAll(S);
  log(S->Bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'S' is used after it was removed from 'M'
}
void inLoopBad(Manager &M, Session *S, bool Done) {
  if (Done)
    M.removeInLoop(S);
  log(S->Bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'S' is used after it was removed from 'M'
}
void throughBad(Manager &M, Session *S) {
  auto End = [&M](Session *X) { M.removeIt(X); };
  End(S);
  log(S->Bytes);
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'S' is used after it was
}

void copiedKeyGood(Manager &M, Session *S, int Id) {
  M.remove(Id);
  log(S->Bytes);
}
void conditionalGood(Manager &M, Session *S) {
  M.removeIdle(S->Id);
  log(S->Bytes);
  M.removeIfIdle(S);
  log(S->Bytes);
}
void othersGood(Manager &M, Session *S) {
  M.removeOthers(S);
  log(S->Bytes);
}
// The container does not own it, or not alone.
void notOwnedGood(Manager &M, Session *S) {
  M.forget(S);
  log(S->Bytes);
  M.removeName(S->Peer);
  log(S->Bytes);
}
void lastUseGood(Manager &M, Session *S) {
  log(S->Bytes);
  M.removeIt(S);
  S = nullptr;
}
