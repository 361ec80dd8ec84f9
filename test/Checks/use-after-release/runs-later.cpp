// RUN: %check_race %s race-use-after-release -- -I%S/Inputs -std=c++17
//
// What was made before the hand-back and runs, or is given away, behind it.

#include "pool.h"
#include <functional>

void post(std::function<void()> Fn);
template <class F> void submit(F Fn) {
  post(Fn);
}
void each(std::function<bool(Conn *)> Fn);
void flush(Conn *C);
void count(int N);

void bindBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  post(std::bind(flush, C));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back to 'P'
}

void bindMemberBad(Pool &P) {
  Conn *C = P.get();
  auto Bye = std::bind(&Conn::write, C, "bye");
  P.put(C);
  Bye();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Bye' is used after it was handed back to 'P'
}

void bindGivenBad(Pool &P) {
  Conn *C = P.get();
  auto Bye = std::bind(&Conn::write, C, "bye");
  P.put(C);
  submit(Bye);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Bye' is used after it was handed back to 'P'
}

void bindValueGood(Pool &P) {
  Conn *C = P.get();
  auto Count = std::bind(count, C->Id);
  P.put(C);
  Count();
}

void bindBeforeGood(Pool &P) {
  Conn *C = P.get();
  auto Bye = std::bind(&Conn::write, C, "bye");
  Bye();
  P.put(C);
}

void bindOfPutGood(Pool &P) {
  Conn *C = P.get();
  auto Put = std::bind(&Pool::put, &P, C);
  C->write("bye");
  Put();
}

void copyRunsBad(Pool &P) {
  Conn *C = P.get();
  auto Bye = [C] { C->write("bye"); };
  P.put(C);
  Bye();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back to 'P'
}

void referenceRunsBad(Pool &P) {
  Conn *C = P.get();
  auto Bye = [&] { C->write("bye"); };
  P.put(C);
  Bye();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back to 'P'
}

void copyGivenBad(Pool &P) {
  Conn *C = P.get();
  auto Bye = [C] { C->write("bye"); };
  P.put(C);
  submit(Bye);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is kept for later after it was handed back to 'P'
}

void referenceToAnotherGood(Pool &P) {
  Conn *C = P.get();
  auto Bye = [&] { C->write("bye"); };
  P.put(C);
  C = P.get();
  Bye();
}

void takesAnotherGood(Pool &P) {
  Conn *C = P.get();
  auto Again = [&] {
    C = P.get();
    C->write("again");
  };
  P.put(C);
  Again();
}

void comparesGood(Pool &P, Conn *Other) {
  Conn *C = P.get();
  auto Same = [&] { return C == Other; };
  auto Is = [C](Conn *X) { return C == X; };
  P.put(C);
  if (Same())
    count(1);
  each(Is);
}

void runsBeforeGood(Pool &P) {
  Conn *C = P.get();
  auto Bye = [&] { C->write("bye"); };
  Bye();
  P.put(C);
}

void handsBackGood(Pool &P) {
  Conn *C = P.get();
  auto Done = [&] { P.put(C); };
  C->write("bye");
  Done();
}
