// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// Hand-backs and uses inside of other functions.

#include "pool.h"

static void one(Pool &P, Conn *C) { P.put(C); }
static void two(Pool &P, Conn *C) { one(P, C); }
static void three(Pool &P, Conn *C) { two(P, C); }

void levelOneBad(Pool &P) {
  Conn *C = P.get();
  one(P, C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'one'
}

void levelTwoBad(Pool &P) {
  Conn *C = P.get();
  two(P, C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'two'
}

void levelThreeBad(Pool &P) {
  Conn *C = P.get();
  three(P, C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'three'
}

void levelThreeGood(Pool &P) {
  Conn *C = P.get();
  C->write("x");
  three(P, C);
}

static void maybe(Pool &P, Conn *C, bool X) {
  if (X)
    P.put(C);
}

// Whether it is handed back depends on what the helper does not tell.
void maybeGood(Pool &P, bool X) {
  Conn *C = P.get();
  maybe(P, C, X);
  if (!X)
    C->write("x");
}

static void touch(Conn *C) { C->write("x"); }
static void touchDeep(Conn *C) { touch(C); }
static bool same(Conn *A, Conn *B) { return A == B; }

void usedInHelperBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  touch(C);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void usedDeepBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  touchDeep(C);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void comparedInHelperGood(Pool &P, Conn *Other) {
  Conn *C = P.get();
  P.put(C);
  if (same(C, Other))
    log("the other one");
}

// Calls itself until it is handed back.
static void retry(Pool &P, Conn *C, int N) {
  if (N == 0) {
    P.put(C);
    return;
  }
  retry(P, C, N - 1);
}

void recursionGood(Pool &P) {
  Conn *C = P.get();
  C->write("x");
  retry(P, C, 3);
}

struct Request {
  Conn *C;
  int Id;
};

static void finish(Pool &P, Request *R) { P.put(R->C); }

void fieldInHelperBad(Pool &P, Request *R) {
  finish(P, R);
  R->C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'R->C' is used after it was handed back by 'finish'
}

void fieldInHelperGood(Pool &P, Request *R) {
  finish(P, R);
  R->Id = 0;
  R->C = P.get();
  R->C->write("x");
}

static void finishAndNull(Pool &P, Request *R) {
  P.put(R->C);
  R->C = nullptr;
}

void nulledInHelperGood(Pool &P, Request *R) {
  finishAndNull(P, R);
  if (R->C)
    R->C->write("x");
}

class Handler {
public:
  explicit Handler(Pool &P) : P(P), C(P.get()) {}
  void runBad() {
    drop();
    C->write("x");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was handed back by 'drop'
  }
  void runGood() {
    C->write("x");
    drop();
  }
  void replaceGood() {
    drop();
    C = P.get();
    C->write("x");
  }

private:
  void drop() { P.put(C); }
  Pool &P;
  Conn *C;
};

static Conn *borrow(Pool &P) { return P.get(); }

void borrowedInHelperBad(Pool &P) {
  Conn *C = borrow(P);
  P.put(C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

static Conn *pass(Conn *C) { return C; }

void passedThroughBad(Pool &P) {
  Conn *C = P.get();
  Conn *D = pass(C);
  P.put(C);
  D->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void passedThroughGood(Pool &P) {
  Conn *C = P.get();
  Conn *D = pass(P.get());
  P.put(C);
  D->write("x");
}

static void putIfNotNull(Pool &P, Conn *C) {
  if (C)
    P.put(C);
}

void nullSafeHelperBad(Pool &P) {
  Conn *C = P.get();
  putIfNotNull(P, C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'putIfNotNull'
}

void nullSafeHelperGood(Pool &P) {
  Conn *C = nullptr;
  putIfNotNull(P, C);
  C = P.get();
  C->write("x");
}

static void byReference(Pool &P, Conn *&C) {
  P.put(C);
  C = nullptr;
}

void byReferenceGood(Pool &P) {
  Conn *C = P.get();
  byReference(P, C);
  if (C)
    C->write("x");
}
