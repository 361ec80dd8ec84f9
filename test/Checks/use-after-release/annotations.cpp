// RUN: %check_race %s race-use-after-release -- -I%source_dir/include -std=c++17
//
// race/annotations.h in C++, and clang's typestate attributes.

#include "race/annotations.h"

struct Connection {
  RACE_HAND_BACK void recycle();
  RACE_HAND_BACK_IF_TRUE bool tryRecycle();
  RACE_ACQUIRE void reopen();
  void write(const char *);
  int fd() const;
};

class Pool {
public:
  RACE_ACQUIRE Connection *get();
  // By its name and its sibling this would be a hand-back.
  void put(RACE_KEEP Connection *C);
  virtual void give(RACE_HAND_BACK Connection *C) = 0;
};

void selfBad(Connection *C) {
  C->recycle();
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back by 'recycle'
}

void selfGood(Connection *C) {
  C->write("x");
  C->recycle();
}

void triedBad(Connection *C) {
  if (C->tryRecycle())
    C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'C' is used after it was handed back by 'tryRecycle'
}

void triedGood(Connection *C) {
  if (!C->tryRecycle())
    C->write("x");
}

void reopenedGood(Connection *C) {
  C->recycle();
  C->reopen();
  C->write("x");
}

void keptGood(Pool &P) {
  Connection *C = P.get();
  P.put(C);
  C->write("x");
}

// The annotation of a virtual method holds for calls through the base.
void virtualBad(Pool &P, Connection *C) {
  P.give(C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back to 'P'
}

void virtualGood(Pool &P, Connection *C) {
  C->write("x");
  P.give(C);
}

class __attribute__((consumable(unconsumed))) Lease {
public:
  __attribute__((set_typestate(consumed))) void giveBack();
  __attribute__((set_typestate(unconsumed))) void renew();
  __attribute__((callable_when("unconsumed"))) void use();
  __attribute__((callable_when("unconsumed", "consumed"))) void name();
  void untold();
  __attribute__((test_typestate(unconsumed))) bool alive() const;
};

void stateBad(Lease *L) {
  L->giveBack();
  L->use();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'L' is used after it was handed back by 'giveBack'
}

void stateGood(Lease *L) {
  L->use();
  L->giveBack();
  L->name();
  L->untold();
  if (L->alive())
    L->untold();
}

void renewedGood(Lease *L) {
  L->giveBack();
  L->renew();
  L->use();
}

void parameterConsumed(Lease &L __attribute__((return_typestate(consumed))));

void parameterBad(Lease *L) {
  parameterConsumed(*L);
  L->use();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '*L' is used after it was handed back by 'parameterConsumed'
}

void parameterGood(Lease *L) {
  L->use();
  parameterConsumed(*L);
}
