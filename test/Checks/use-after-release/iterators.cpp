// RUN: %check_race %s race-use-after-release -- -I%S/Inputs -std=c++17
//
// Where an iterator stands is one element, as long as it stays there.

#include "pool.h"
#include <list>
#include <map>
#include <unordered_map>

void mappedBad(Pool &P, std::map<int, Conn *> &All) {
  auto It = All.find(3);
  if (It == All.end())
    return;
  P.put(It->second);
  It->second->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was handed back to 'P'
}

void listedBad(Pool &P, std::list<Conn *> &All) {
  auto It = All.begin();
  P.put(*It);
  (*It)->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was handed back to 'P'
}

void mappedGood(Pool &P, std::map<int, Conn *> &All) {
  auto It = All.find(3);
  if (It == All.end())
    return;
  It->second->write("x");
  P.put(It->second);
  It->second = nullptr;
}

void assignedGood(Pool &P, std::unordered_map<int, Conn *> &All) {
  auto It = All.find(3);
  P.put(It->second);
  It->second = P.get();
  It->second->write("x");
}

void nextGood(Pool &P, std::map<int, Conn *> &All) {
  for (auto It = All.begin(); It != All.end(); ++It) {
    It->second->write("x");
    P.put(It->second);
  }
}

void erasedGood(Pool &P, std::map<int, Conn *> &All) {
  for (auto It = All.begin(); It != All.end();) {
    It->second->write("x");
    P.put(It->second);
    It = All.erase(It);
  }
}

void rangeGood(Pool &P, std::map<int, Conn *> &All) {
  for (auto &Entry : All) {
    Entry.second->write("x");
    P.put(Entry.second);
  }
}
