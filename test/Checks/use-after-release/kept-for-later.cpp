// RUN: %check_race %s race-use-after-release -- -I%S/Inputs -std=c++17
//
// What a lambda keeps a copy of, it looks at when it runs.

#include "pool.h"
#include <functional>

void post(std::function<void()> Fn);
void each(std::function<bool(Conn *)> Fn);

void keptBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  post([C] { C->write("later"); });
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'C' is kept for later after it was handed back to 'P'
}

void keptByDefaultBad(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  auto Later = [=] { C->write("later"); };
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'C' is kept for later after it was handed back to 'P'
  post(Later);
}

void onePathBad(Pool &P, bool Failed) {
  Conn *C = P.get();
  if (Failed)
    P.put(C);
  post([C] { C->write("later"); });
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'C' is kept for later after it was handed back to 'P'
}

void beforeGood(Pool &P) {
  Conn *C = P.get();
  post([&P, C] {
    C->write("later");
    P.put(C);
  });
}

void comparedGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  each([C](Conn *Other) { return Other == C; });
}

void notMentionedGood(Pool &P, int N) {
  Conn *C = P.get();
  P.put(C);
  post([=] { log("%d", N); });
  (void)C;
}

// It names another connection when the lambda runs.
void byReferenceGood(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  auto Write = [&C] { C->write("x"); };
  C = P.get();
  Write();
  P.put(C);
}

void anotherOneGood(Pool &P, Conn *Other) {
  Conn *C = P.get();
  P.put(C);
  C = Other;
  post([C] { C->write("later"); });
}
