// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// A second hand-back puts the object on the free list twice.

#include "pool.h"

void twiceBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  P.put(C);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is handed back twice
  // CHECK-NOTES: :[[@LINE-3]]: note: first handed back here
  // CHECK-NOTES: :[[@LINE-5]]: note: borrowed here
}

void twiceOnOnePathBad(Pool &P) {
  Conn *C = P.get();
  if (!C->ok())
    P.put(C);
  P.put(C);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is handed back twice
}

void onceEachGood(Pool &P) {
  Conn *C = P.get();
  if (!C->ok())
    P.put(C);
  else
    P.put(C);
}

void returnBetweenGood(Pool &P) {
  Conn *C = P.get();
  if (!C->ok()) {
    P.put(C);
    return;
  }
  P.put(C);
}

void renewedGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  C = P.get();
  P.put(C);
}

void nulledGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  C = nullptr;
  if (C)
    P.put(C);
}

void twoObjectsGood(Pool &P) {
  Conn *A = P.get();
  Conn *B = P.get();
  P.put(A);
  P.put(B);
}

static void drop(Pool &P, Conn *C) { P.put(C); }

void throughHelperBad(Pool &P) {
  Conn *C = P.get();
  drop(P, C);
  P.put(C);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is handed back twice
}

void aliasBad(Pool &P) {
  Conn *C = P.get();
  Conn *D = C;
  P.put(C);
  P.put(D);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is handed back twice
}

void loopBad(Pool &P) {
  Conn *C = P.get();
  while (cond())
    P.put(C);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is handed back twice
}

void loopGood(Pool &P) {
  while (cond())
    P.put(P.get());
}
