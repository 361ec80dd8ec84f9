// RUN: %check_race %s race-use-after-release --allow-errors -- -I%S/Inputs
//
// Code that does not compile: functions with errors are left alone, the others
// are judged.

#include "pool.h"

void broken(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  C->write(undeclared);
}

void brokenType(Pool &P, Unknown U) {
  Conn *C = P.get();
  P.put(C);
  C->write("x");
}

void fine(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void fineGood(Pool &P) {
  Conn *C = P.get();
  C->write("x");
  P.put(C);
}
