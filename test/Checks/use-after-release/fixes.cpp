// Fixes are applied, compiled and run.
// RUN: sed /CHECK/d %s > %t.cpp
// RUN: %clang_tidy_race --checks=-*,race-use-after-release -fix %t.cpp -- -std=c++17 > %t.out
// RUN: FileCheck %s --input-file=%t.cpp
// RUN: %clangxx -std=c++17 -pthread %t.cpp -o %t.exe
// RUN: %t.exe

#include <cassert>
#include <mutex>
#include <vector>

struct Connection {
  int Id = 7, Sent = 0;
  int next() { return ++Sent; }
};

class Pool {
public:
  Connection *get() {
    std::lock_guard<std::mutex> Lock(M);
    if (Free.empty())
      return new Connection;
    Connection *C = Free.back();
    Free.pop_back();
    return C;
  }
  void put(Connection *C) {
    std::lock_guard<std::mutex> Lock(M);
    Free.push_back(C);
  }

private:
  std::mutex M;
  std::vector<Connection *> Free;
};

int declared(Pool &P) {
  Connection *C = P.get();
  C->Id = 5;
  P.put(C);
  int Id = C->Id + 1;
  return Id;
}
// CHECK-LABEL: int declared(Pool &P) {
// CHECK: C->Id = 5;
// CHECK-NEXT: int Id = C->Id + 1;
// CHECK-NEXT: P.put(C);
// CHECK-NEXT: return Id;

int assigned(Pool &P) {
  int Id = 0;
  Connection *C = P.get();
  C->Id = 6;
  P.put(C);
  Id = C->Id;
  return Id;
}
// CHECK-LABEL: int assigned(Pool &P) {
// CHECK: C->Id = 6;
// CHECK-NEXT: Id = C->Id;
// CHECK-NEXT: P.put(C);
// CHECK-NEXT: return Id;

// It does more than to read.
int called(Pool &P) {
  Connection *C = P.get();
  P.put(C);
  int N = C->next();
  return N;
}
// CHECK-LABEL: int called(Pool &P) {
// CHECK: P.put(C);
// CHECK-NEXT: int N = C->next();

// Something is between the two.
int between(Pool &P) {
  Connection *C = P.get();
  P.put(C);
  Connection *D = P.get();
  int N = C->Id;
  P.put(D);
  return N;
}
// CHECK-LABEL: int between(Pool &P) {
// CHECK: P.put(C);
// CHECK-NEXT: Connection *D = P.get();

// A comment stands between them.
int commented(Pool &P) {
  Connection *C = P.get();
  P.put(C);
  // The number of the one that was there.
  int N = C->Id;
  return N;
}
// CHECK-LABEL: int commented(Pool &P) {
// CHECK: P.put(C);
// CHECK-NEXT: // The number

int main() {
  Pool P;
  assert(declared(P) == 6);
  assert(assigned(P) == 6);
}
