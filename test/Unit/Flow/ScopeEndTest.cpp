//===- ScopeEndTest.cpp - What runs where an object ends ------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FlowTestSupport.h"
#include "gtest/gtest.h"

using namespace race::flowtest;

TEST(ScopeEnd, HandleOfOnesOwn) {
  expectProbes(R"cpp(
class Lease {
public:
  explicit Lease(Conn *C) : C(C) {}
  ~Lease() { put(C); }
  Conn *raw() { return C; }
private:
  Conn *C;
};
void scope(Conn *C) {
  {
    Lease L(C);
    check(C); // = held
  }
  check(C); // = gone
}
void raw() {
  Conn *P;
  {
    Lease L(get());
    P = L.raw();
    check(P); // = held
  }
  check(P); // = gone
}
void loop() {
  while (coin()) {
    Lease L(get());
    check(L.raw()); // = held
  }
}
void early(Conn *C) {
  Lease L(C);
  if (coin())
    return;
  check(C); // = held
}
void temporary(Conn *C) {
  Lease{C};
  check(C); // = gone
}
)cpp");
}

TEST(ScopeEnd, MembersAndAggregates) {
  expectProbes(R"cpp(
struct Lease {
  explicit Lease(Conn *C) : C(C) {}
  ~Lease() { put(C); }
  Conn *C;
};
struct Closer {
  ~Closer() { close(); }
  void close() { put(C); }
  Conn *C;
};
struct Pair { Closer One; int N; };
void aggregate(Conn *C) {
  {
    Closer X{C};
    check(C); // = held
  }
  check(C); // = gone
}
void field(Conn *C) {
  {
    Pair P;
    P.One.C = C;
    check(C); // = held
  }
  check(C); // = gone
}
)cpp");
}

TEST(ScopeEnd, Cancelled) {
  expectProbes(R"cpp(
class Lease {
public:
  explicit Lease(Conn *C) : C(C) {}
  ~Lease() {
    if (C)
      put(C);
  }
  Conn *release() {
    Conn *Was = C;
    C = nullptr;
    return Was;
  }
private:
  Conn *C;
};
class Flagged {
public:
  explicit Flagged(Conn *C) : C(C) {}
  ~Flagged() {
    if (Active)
      put(C);
  }
  void dismiss() { Active = false; }
private:
  Conn *C;
  bool Active = true;
};
void released(Conn *C) {
  {
    Lease L(C);
    L.release();
  }
  check(C); // = held
}
void dismissed(Conn *C, Conn *D, bool Ok) {
  {
    Flagged F(C);
    Flagged G(D);
    F.dismiss();
  }
  check(C); // = held
  check(D); // = gone
  {
    Flagged H(C);
    if (Ok)
      H.dismiss();
  }
  if (Ok)
    check(C); // = held
}
)cpp");
}

TEST(ScopeEnd, MovedOrReturned) {
  expectProbes(R"cpp(
#include <utility>
struct Lease {
  explicit Lease(Conn *C) : C(C) {}
  Lease(Lease &&O) : C(O.C) { O.C = nullptr; }
  ~Lease() {
    if (C)
      put(C);
  }
  Conn *C;
};
void keep(Lease L);
void refer(Lease &&L);
void moved(Conn *C) {
  {
    Lease A(C);
    keep(std::move(A));
  }
  check(C); // = held
}
void movedToReference(Conn *C) {
  {
    Lease A(C);
    refer(std::move(A));
  }
  check(C); // = held
}
Lease make(Conn *C) {
  Lease L(C);
  return L;
}
void made(Conn *C) {
  Lease L = make(C);
  check(C); // = held
}
)cpp");
}

TEST(ScopeEnd, CountedCopiesAreNoEnd) {
  expectProbes(R"cpp(
struct Ref {
  explicit Ref(Conn *C) : C(C) {}
  Ref(const Ref &O) : C(O.C) { ++C->Id; }
  ~Ref() { put(C); }
  Conn *C;
};
void f(Conn *C) {
  {
    Ref R(C);
  }
  check(C); // = held
}
)cpp");
}

static const char *const Guards = R"cpp(
#include <functional>
#include <utility>
template <class F> class Final {
public:
  explicit Final(F Fn) : Fn(std::move(Fn)) {}
  Final(Final &&O) : Fn(std::move(O.Fn)), On(std::exchange(O.On, false)) {}
  ~Final() {
    if (On)
      Fn();
  }
  void dismiss() { On = false; }
private:
  F Fn;
  bool On = true;
};
template <class F> Final<F> finally(F Fn) { return Final<F>(std::move(Fn)); }
class Erased {
public:
  explicit Erased(std::function<void()> Fn) : Fn(std::move(Fn)) {}
  ~Erased() {
    if (Fn)
      Fn();
  }
  void cancel() { Fn = nullptr; }
private:
  std::function<void()> Fn;
};
class Call {
public:
  Call(void (*Fn)(Conn *), Conn *C) : Fn(Fn), C(C) {}
  ~Call() { Fn(C); }
private:
  void (*Fn)(Conn *);
  Conn *C;
};
)cpp";

TEST(ScopeEnd, GuardThatRunsALambda) {
  expectProbes(std::string(Guards) + R"cpp(
void direct(Conn *C, Conn *D) {
  {
    Final G([&] { put(C); });
    check(C); // = held
  }
  check(C); // = gone
  check(D); // = held
  {
    Final H([=] { put(D); });
  }
  check(D); // = gone
}
void dismissed(Conn *C) {
  {
    Final G([&] { put(C); });
    G.dismiss();
  }
  check(C); // = held
}
void somethingElse(Conn *C) {
  int N = 0;
  {
    Final G([&] { ++N; });
  }
  check(C); // = held
}
)cpp");
}

TEST(ScopeEnd, GuardFromAFactory) {
  expectProbes(std::string(Guards) + R"cpp(
void made(Conn *C) {
  {
    auto G = finally([&] { put(C); });
    check(C); // = held
  }
  check(C); // = gone
}
void dismissed(Conn *C) {
  {
    auto G = finally([&] { put(C); });
    G.dismiss();
  }
  check(C); // = held
}
)cpp");
}

TEST(ScopeEnd, GuardThatRunsAFunction) {
  expectProbes(std::string(Guards) + R"cpp(
void nothing(Conn *) {}
void pointer(Conn *C, Conn *D) {
  {
    Call X(put, C);
    Call Y(nothing, D);
    check(C); // = held
  }
  check(C); // = gone
  check(D); // = held
}
void erased(Conn *C) {
  {
    Erased E([&] { put(C); });
    check(C); // = held
  }
  check(C); // = gone
}
void cancelled(Conn *C) {
  {
    Erased E([&] { put(C); });
    E.cancel();
  }
  check(C); // = held
}
)cpp");
}

static const char *const Deleters = R"cpp(
#include <functional>
#include <memory>
struct Back {
  void operator()(Conn *C) const { put(C); }
};
using Held = std::unique_ptr<Conn, Back>;
)cpp";

TEST(ScopeEnd, UniquePtrWithDeleter) {
  expectProbes(std::string(Deleters) + R"cpp(
void scope(Conn *C) {
  {
    Held H(C);
    check(C); // = held
    check(H.get()); // = held
  }
  check(C); // = gone
}
void raw() {
  Conn *P;
  {
    Held H(get());
    P = H.get();
  }
  check(P); // = gone
}
void reset(Conn *C) {
  Held H(C);
  H.reset();
  check(C); // = gone
}
void resetToOther(Conn *C, Conn *D) {
  Held H(C);
  H.reset(D);
  check(C); // = gone
  check(D); // = held
}
)cpp");
}

TEST(ScopeEnd, UniquePtrThatLetsGo) {
  expectProbes(std::string(Deleters) + R"cpp(
void released(Conn *C) {
  {
    Held H(C);
    check(H.release()); // = held
  }
  check(C); // = held
}
void moved(Conn *C) {
  Held Outer;
  {
    Held H(C);
    Outer = std::move(H);
  }
  check(C); // = held
}
void shared(Conn *C, std::shared_ptr<Conn> &Out) {
  {
    std::shared_ptr<Conn> H(C, [](Conn *P) { put(P); });
    Out = H;
  }
  check(C); // = held
}
)cpp");
}

TEST(ScopeEnd, DeletersOfOtherKinds) {
  expectProbes(std::string(Deleters) + R"cpp(
void lambda(Conn *C) {
  auto Give = [](Conn *P) { put(P); };
  {
    std::unique_ptr<Conn, decltype(Give)> H(C, Give);
    check(C); // = held
  }
  check(C); // = gone
}
void pointer(Conn *C) {
  {
    std::unique_ptr<Conn, void (*)(Conn *)> H(C, &put);
    check(C); // = held
  }
  check(C); // = gone
}
void erased(Conn *C) {
  {
    std::unique_ptr<Conn, std::function<void(Conn *)>> H(
        C, [](Conn *P) { put(P); });
    check(C); // = held
  }
  check(C); // = gone
}
)cpp");
}

TEST(ScopeEnd, LambdasThatAreCalled) {
  expectProbes(R"cpp(
#include <algorithm>
#include <functional>
#include <vector>
template <class F> void run(F Fn) { Fn(); }
template <class F> void with(Conn *C, F Fn) { Fn(C); }
void unknown(std::function<void()> Fn);
void renewed(Conn *C) {
  auto Renew = [&] { C = get(); };
  put(C);
  check(C); // = gone
  Renew();
  check(C); // = held
}
void renewedByOther(Conn *C) {
  put(C);
  unknown([&] { C = get(); });
  check(C); // = held
}
void passed(Conn *C, Conn *D) {
  run([&] { put(C); });
  check(C); // = gone
  run([&] { coin(); });
  check(D); // = held
  with(D, [](Conn *P) { put(P); });
  check(D); // = gone
}
void wrapped(Conn *C) {
  std::function<void()> Fn = [&] { put(C); };
  check(C); // = held
  Fn();
  check(C); // = gone
}
void renewedInEach(Conn *C, std::vector<int> &V) {
  put(C);
  std::for_each(V.begin(), V.end(), [&](int) { C = get(); });
  check(C); // = held
}
)cpp");
}
