// RUN: %check_race %s race-use-after-release -- -std=c++17
// Loops over a container whose body takes out of it, or puts into it, what the
// loop stands on.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

struct Session {
  int Id;
  bool Dead;
  std::string Name;
  void touch();
  bool expired() const;
};

void byStructuredKey(std::map<std::string, Session> &M) {
  for (auto &[K, S] : M)
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the loop goes on after its element was removed from 'M'
    if (S.expired())
      M.erase(K);
  // CHECK-NOTES: :[[@LINE-1]]:7: note: removed here
}
void byKey(std::map<int, Session *> &M) {
  for (auto KV : M)
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: the loop goes on after its element was removed from 'M'
    if (KV.second->expired())
      M.erase(KV.first);
}
void ofASet(std::set<Session *> &All) {
  for (Session *S : All)
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the loop goes on after its element was removed from 'All'
    if (S->expired())
      All.erase(S);
}
void byHand(std::map<int, Session *> &M) {
  for (auto It = M.begin(); It != M.end(); ++It)
    // CHECK-MESSAGES: :[[@LINE-1]]:44: warning: 'It' is used after it was removed from 'M'
    if (It->second->expired())
      M.erase(It->first);
}
void found(std::vector<Session *> &All) {
  for (Session *S : All)
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the loop goes on after 'erase' on 'All' has moved the elements
    if (S->expired())
      All.erase(std::find(All.begin(), All.end(), S));
}
void added(std::vector<Session *> &All, Session *New) {
  for (Session *S : All)
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the loop goes on after 'push_back' on 'All' has moved the elements
    if (S->expired())
      All.push_back(New);
  // CHECK-NOTES: :[[@LINE-1]]:7: note: moved here
}

class Registry {
  std::map<int, std::unique_ptr<Session>> Owned;
  std::vector<Session *> List;
  std::unordered_map<int, Session> Table;

  void remove(int Id) { Owned.erase(Id); }
  void drop(Session *S) {
    List.erase(std::remove(List.begin(), List.end(), S), List.end());
  }

public:
  void inAHelper() {
    for (auto &P : Owned)
      // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: the loop goes on after its element was removed by 'remove'
      if (P.second->expired())
        remove(P.first);
  }
  void byTheIdOfTheElement() {
    for (auto &P : Owned)
      // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: the loop goes on after its element was removed by 'remove'
      if (P.second->expired())
        remove(P.second->Id);
  }
  void shiftedInAHelper() {
    for (Session *S : List)
      // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: the loop goes on after 'drop' has moved the elements
      if (S->expired())
        drop(S);
  }

  // Look-alikes.
  void stops() {
    for (auto &P : Owned)
      if (P.second->expired()) {
        remove(P.first);
        break;
      }
  }
  void returns() {
    for (Session *S : List)
      if (S->expired()) {
        drop(S);
        return;
      }
  }
  void goesOnFromTheResult() {
    for (auto It = Table.begin(); It != Table.end();)
      if (It->second.expired())
        It = Table.erase(It);
      else
        ++It;
  }
  void steppedOnBefore() {
    for (auto It = Table.begin(); It != Table.end();) {
      auto Here = It++;
      if (Here->second.expired())
        Table.erase(Here);
    }
  }
  void steppedOnInTheCall() {
    for (auto It = Owned.begin(); It != Owned.end();) {
      if (It->second->expired())
        Owned.erase(It++);
      else
        ++It;
    }
  }
  void steppedOnBeforeTheHelper() {
    for (auto It = Owned.begin(); It != Owned.end();) {
      int Id = It->first;
      ++It;
      if (Id > 3)
        remove(Id);
    }
  }
  void keysFirst() {
    std::vector<int> Gone;
    for (auto &P : Owned)
      if (P.second->expired())
        Gone.push_back(P.first);
    for (int Id : Gone)
      remove(Id);
  }
  void overACopy() {
    auto Copy = List;
    for (Session *S : Copy)
      if (S->expired())
        drop(S);
  }
  void outOfAnotherTable() {
    for (auto &P : Owned)
      if (P.second->expired())
        Table.erase(P.first);
  }
  void anotherKey(int Id) {
    for (auto &P : Owned)
      if (P.second->expired())
        Owned.erase(Id);
  }
  void untilEmpty() {
    while (!Table.empty())
      Table.erase(Table.begin());
  }
  void toAnotherList(std::vector<Session *> &Other) {
    for (Session *S : List)
      Other.push_back(S);
  }
};
