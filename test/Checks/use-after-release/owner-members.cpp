// RUN: %check_race %s race-use-after-release -- -I%S/Inputs -std=c++17
//
// Owners with a deleter that hands back, as members, and plain pointers beside
// them.

#include "pool.h"
#include <memory>
#include <utility>

struct PutBack {
  Pool *P;
  void operator()(Conn *C) const { P->put(C); }
};
using Lease = std::unique_ptr<Conn, PutBack>;

class Client {
public:
  explicit Client(Pool &P) : P(P), Held(P.get(), PutBack{&P}) {}

  void copyBad() {
    Conn *C = Held.get();
    Held.reset();
    C->write("bye");
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: {{.*}} is used after it was handed back
  }
  void memberBad() {
    Current = Held.get();
    Held.reset();
    Current->write("bye");
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: {{.*}} is used after it was handed back
  }

  void resetGood() {
    Held->write("bye");
    Held.reset();
    Current = nullptr;
  }
  void renewedGood() {
    Held.reset();
    Held = Lease(P.get(), PutBack{&P});
    Current = Held.get();
    Current->write("hello");
  }
  void movedGood(Lease &Other) {
    Conn *C = Held.get();
    Other = std::move(Held);
    C->write("hello");
  }
  void testedGood() {
    Held.reset();
    if (Held)
      Held->write("x");
  }

private:
  Pool &P;
  Lease Held;
  Conn *Current = nullptr;
};

void otherBad(Lease &L) {
  Conn *C = L.get();
  L = nullptr;
  C->write("bye");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: {{.*}} is used after it was handed back
}

void otherGood(Lease &L, Conn *C) {
  L = nullptr;
  C->write("bye");
}
