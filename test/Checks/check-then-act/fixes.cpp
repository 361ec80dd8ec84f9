// Fixes are applied, compiled and run.
// RUN: sed /CHECK/d %s > %t.cpp
// RUN: %clang_tidy_race --checks=-*,race-check-then-act -fix %t.cpp -- -std=c++17 > %t.out
// RUN: FileCheck %s --input-file=%t.cpp
// RUN: %clangxx -std=c++17 -pthread %t.cpp -o %t.exe
// RUN: %t.exe

#include <atomic>
#include <cassert>
#include <map>
#include <memory>
#include <mutex>
#include <string>

int Begun = 0;
void begin() { ++Begun; }

std::atomic<bool> Started{false};
void start() {
  if (!Started.load()) {
    Started.store(true);
    begin();
  }
}
// CHECK-LABEL: void start() {
// CHECK-NEXT: if (!Started.exchange(true)) {
// CHECK-NOT: store
// CHECK: begin();

std::atomic<int> Total{0};
void add(int N) { Total = Total + N; }
// CHECK-LABEL: void add(int N)
// CHECK-SAME: Total += N;

struct Session {
  int N = 7;
};
std::weak_ptr<Session> Last;
int look() {
  if (!Last.expired()) {
    auto S = Last.lock();
    return S->N;
  }
  return 0;
}
// CHECK-LABEL: int look() {
// CHECK-NEXT: if (auto S = Last.lock()) {
// CHECK-NOT: expired
// CHECK: return S->N;

std::mutex Mu;
std::map<std::string, int> Known;
int make(const std::string &Key) { return Key.size(); }
int get(const std::string &Key) {
  {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Known.find(Key);
    if (It != Known.end())
      return It->second;
  }
  int Made = make(Key);
  std::lock_guard<std::mutex> Lock(Mu);
  Known[Key] = Made;
  return Made;
}
// CHECK-LABEL: int get(const std::string &Key) {
// CHECK: Made = Known.try_emplace(Key, Made).first->second;

std::map<int, int> Ids;
void reserve(int Id) {
  if (Ids.count(Id) == 0) {
    std::lock_guard<std::mutex> Lock(Mu);
    Ids[Id] = 1;
  }
}
// CHECK-LABEL: void reserve(int Id) {
// CHECK-NEXT: {
// CHECK-NEXT: std::lock_guard<std::mutex> Lock(Mu);
// CHECK-NEXT: if (Ids.count(Id) == 0) {
// CHECK-NOT: lock_guard
// CHECK: Ids[Id] = 1;

int main() {
  start();
  start();
  assert(Begun == 1);
  add(2);
  add(3);
  assert(Total == 5);
  assert(look() == 0);
  auto S = std::make_shared<Session>();
  Last = S;
  assert(look() == 7);
  assert(get("abc") == 3 && get("abc") == 3 && Known.size() == 1);
  reserve(1);
  reserve(1);
  assert(Ids.size() == 1);
}
