// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// Looking at the pointer is not looking at the object.

#include "pool.h"
#include <cassert>
#include <cstdint>
#include <cstdio>
#include <set>
#include <vector>

void compareGood(Pool &P, Conn *Last) {
  Conn *C = P.get();
  P.put(C);
  if (C == Last)
    log("the last one");
}

void nullCheckGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  if (!C)
    log("was null");
}

void assertGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  assert(C != nullptr);
}

void sizeofGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  log("%d", (int)sizeof(C->Buf));
}

void voidGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  (void)C;
}

void printGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  printf("handed back %p\n", (void *)C);
}

void numberGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  auto N = reinterpret_cast<std::uintptr_t>(C);
  log("%d", (int)(N >> 4));
}

void assignGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  C = nullptr;
}

void copyPointerGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  Conn *Old = C;
  (void)Old;
}

void eraseKeyGood(Pool &P, std::set<Conn *> &Busy) {
  Conn *C = P.get();
  P.put(C);
  Busy.erase(C);
}

void decltypeGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  decltype(C->fd()) N = 0;
  log("%d", N);
}

void fieldAddressBad(Pool &P, void (*Take)(char *)) {
  Conn *C = P.get();
  P.put(C);
  Take(C->Buf);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void dereferenceBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  Conn Copy = *C;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
  (void)Copy;
}

void passedBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  use(C);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

Conn *returnedBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  return C;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is returned after it was handed back to 'P'
}

void deleteBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  delete C;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is deleted after it was handed back to 'P'
}

