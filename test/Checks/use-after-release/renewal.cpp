// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// A variable that is given a new value names another object.

#include "pool.h"
#include <memory>
#include <utility>

void reacquireGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  C = P.get();
  C->write("mine again");
  P.put(C);
}

void maybeReacquireBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  if (cond())
    C = P.get();
  C->write("perhaps");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void outParameterGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  fill(&C);
  C->write("a new one");
}

void referenceParameterGood(Pool &P, void (*Refill)(Conn *&)) {
  Conn *C = P.get();
  P.put(C);
  Refill(C);
  C->write("a new one");
}

void renew(Conn *&C);

void referenceParameterGood2(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  renew(C);
  C->write("a new one");
}

void swapGood(Pool &P) {
  Conn *A = P.get();
  Conn *B = P.get();
  P.put(A);
  std::swap(A, B);
  A->write("was B");
}

void exchangeGood(Pool &P) {
  Conn *C = P.get();
  P.put(std::exchange(C, nullptr));
  if (C)
    C->write("never");
}

void exchangeNewGood(Pool &P) {
  Conn *C = P.get();
  P.put(std::exchange(C, P.get()));
  C->write("the other");
  P.put(C);
}

class Session {
public:
  explicit Session(Pool &P) : P(P) {}
  void closeGood() {
    P.put(C);
    C = nullptr;
  }
  void reopenGood() {
    P.put(C);
    C = P.get();
    C->write("hello");
  }
  void closeBad() {
    P.put(C);
    C->write("bye");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
  }
  void exchangeGood() {
    if (Conn *Old = std::exchange(C, nullptr))
      P.put(Old);
  }
  void exchangeBad() {
    Conn *Old = std::exchange(C, nullptr);
    P.put(Old);
    Old->write("bye");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'Old' is used after it was handed back to 'P'
  }

private:
  Pool &P;
  Conn *C = nullptr;
};

struct Request {
  Conn *C;
};

void fieldGood(Pool &P, Request *R) {
  P.put(R->C);
  R->C = P.get();
  R->C->write("new");
}

void fieldBad(Pool &P, Request *R) {
  P.put(R->C);
  R->C->write("old");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'R->C' is used after it was handed back to 'P'
}

void otherFieldGood(Pool &P, Request *R, Request *Q) {
  P.put(R->C);
  Q->C->write("another request's");
}

void initialiserGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  {
    Conn *C = P.get();
    C->write("the inner one");
    P.put(C);
  }
}
