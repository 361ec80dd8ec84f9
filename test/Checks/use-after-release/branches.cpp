// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// Only what can happen on one path is reported.

#include "pool.h"

void earlyReturnBad(Pool &P, bool Cancelled) {
  Conn *C = P.get();
  if (Cancelled) {
    P.put(C);
    C->write("cancelled");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
    return;
  }
  C->write("answer");
  P.put(C);
}

void earlyReturnGood(Pool &P, bool Cancelled) {
  Conn *C = P.get();
  if (Cancelled) {
    C->write("cancelled");
    P.put(C);
    return;
  }
  C->write("answer");
  P.put(C);
}

void fallsThroughBad(Pool &P, bool Cancelled) {
  Conn *C = P.get();
  if (Cancelled)
    P.put(C);
  C->write("answer");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void elseGood(Pool &P, bool Cancelled) {
  Conn *C = P.get();
  if (Cancelled)
    P.put(C);
  else
    use(C);
}

void flagGood(Pool &P) {
  bool Done = false;
  Conn *C = P.get();
  if (cond()) {
    P.put(C);
    Done = true;
  }
  if (!Done)
    C->write("answer");
}

void flagBad(Pool &P) {
  bool Done = false;
  Conn *C = P.get();
  if (cond()) {
    P.put(C);
    Done = true;
  }
  if (Done)
    C->write("answer");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void sameConditionGood(Pool &P, bool X) {
  Conn *C = P.get();
  if (X)
    P.put(C);
  log("between");
  if (!X)
    C->write("answer");
}

void sameConditionBad(Pool &P, bool X) {
  Conn *C = P.get();
  if (X)
    P.put(C);
  log("between");
  if (X)
    C->write("answer");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

int errorCodeGood(Pool &P) {
  Conn *C = P.get();
  int Err = status();
  if (Err != 0)
    P.put(C);
  if (Err == 0)
    C->write("answer");
  return Err;
}

int errorConstantGood(Pool &P) {
  int Err = 0;
  Conn *C = P.get();
  if (cond()) {
    P.put(C);
    Err = -1;
  }
  if (Err)
    return Err;
  use(C);
  P.put(C);
  return 0;
}

void nulledGood(Pool &P) {
  Conn *C = P.get();
  if (cond()) {
    P.put(C);
    C = nullptr;
  }
  if (C)
    C->write("answer");
}

void nulledBad(Pool &P) {
  Conn *C = P.get();
  Conn *D = C;
  P.put(C);
  C = nullptr;
  D->write("answer");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void switchBad(Pool &P, int Kind) {
  Conn *C = P.get();
  switch (Kind) {
  case 1:
    P.put(C);
    // falls through by mistake
  case 2:
    C->write("two");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
    break;
  default:
    break;
  }
}

void switchGood(Pool &P, int Kind) {
  Conn *C = P.get();
  switch (Kind) {
  case 1:
    P.put(C);
    break;
  case 2:
    C->write("two");
    break;
  default:
    use(C);
  }
}

void shortCircuitBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  if (cond() && C->ok())
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
    log("ok");
}

void shortCircuitGood(Pool &P, bool Gone) {
  Conn *C = P.get();
  if (Gone)
    P.put(C);
  if (!Gone && C->ok())
    log("ok");
}

int ternaryGood(Pool &P, bool Gone) {
  Conn *C = P.get();
  if (Gone)
    P.put(C);
  return Gone ? -1 : C->fd();
}

int ternaryBad(Pool &P, bool Gone) {
  Conn *C = P.get();
  if (Gone)
    P.put(C);
  return Gone ? C->fd() : -1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

[[noreturn]] void fail();

void noReturnGood(Pool &P) {
  Conn *C = P.get();
  if (cond()) {
    P.put(C);
    fail();
  }
  C->write("answer");
  P.put(C);
}

void throwGood(Pool &P) {
  Conn *C = P.get();
  if (cond()) {
    P.put(C);
    throw 1;
  }
  C->write("answer");
  P.put(C);
}

void catchBad(Pool &P) {
  Conn *C = P.get();
  try {
    if (cond()) {
      P.put(C);
      throw 1;
    }
  } catch (int) {
    C->write("sorry");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
  }
}

void tryGood(Pool &P) {
  Conn *C = P.get();
  try {
    use(C);
  } catch (int) {
    P.put(C);
    return;
  }
  use(C);
  P.put(C);
}

// Null leads nowhere: what was looked at is not null.
struct Holder {
  Conn *C;
  int Kind;
};

void lookedAtGood(Pool &P, Holder *List, Holder *(*Next)(Holder *)) {
  Conn *C = P.get();
  Holder *Found = nullptr;
  for (Holder *H = List; H; H = Next(H)) {
    Found = H;
    if (Found->Kind != 1) {
      Found = nullptr;
      continue;
    }
    P.put(C);
    break;
  }
  if (!Found)
    C->write("none");
}

void lookedAtBad(Pool &P, Holder *List, Holder *(*Next)(Holder *)) {
  Conn *C = P.get();
  Holder *Found = nullptr;
  for (Holder *H = List; H; H = Next(H)) {
    Found = H;
    P.put(C);
    break;
  }
  if (Found)
    C->write("some");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}
