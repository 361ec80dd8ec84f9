// RUN: %check_race %s race-use-after-release -- -I%S/Inputs -std=c++17
//
// A handle in an optional ends with it, at its reset, or when it is set to
// nothing.

#include "pool.h"
#include <memory>
#include <optional>

class Handle {
public:
  explicit Handle(Pool &P) : P(P), C(P.get()) {}
  Handle(const Handle &) = delete;
  ~Handle() { P.put(C); }
  Conn *get() const { return C; }
  Conn *operator->() const { return C; }

private:
  Pool &P;
  Conn *C;
};

struct Return {
  Pool *P;
  void operator()(Conn *C) const { P->put(C); }
};
using Owned = std::unique_ptr<Conn, Return>;
Owned borrow(Pool &P);

void resetBad(Pool &P) {
  std::optional<Handle> H(std::in_place, P);
  Conn *C = H->get();
  H.reset();
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'H' is used after it was handed back by 'reset'
}

void setToNothingBad(Pool &P) {
  std::optional<Handle> H(std::in_place, P);
  Conn *C = (*H).get();
  H = std::nullopt;
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'H' is used after it was handed back by 'operator='
}

void scopeBad(Pool &P) {
  Conn *C = nullptr;
  {
    std::optional<Handle> H(std::in_place, P);
    C = H.value().get();
  }
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back by '~optional'
}

void uniqueBad(Pool &P) {
  std::optional<Owned> H = borrow(P);
  Conn *C = H->get();
  H.reset();
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back by 'reset'
}

void beforeGood(Pool &P) {
  std::optional<Handle> H(std::in_place, P);
  Conn *C = H->get();
  C->write("x");
  H.reset();
}

void againGood(Pool &P) {
  std::optional<Handle> H(std::in_place, P);
  Conn *C = H->get();
  C->write("x");
  H.reset();
  H.emplace(P);
  C = H->get();
  C->write("y");
}

// Handed back once, at the reset; at its end it holds nothing.
void onceGood(Pool &P) {
  std::optional<Handle> H(std::in_place, P);
  H->get()->write("x");
  H.reset();
}

void ifAnyGood(Pool &P, bool Want) {
  std::optional<Handle> H;
  if (Want)
    H.emplace(P);
  if (H)
    H->get()->write("x");
}

// Nothing ends with a number.
void plainGood(Conn *C) {
  std::optional<Conn *> Maybe(C);
  Maybe.reset();
  C->write("x");
}
