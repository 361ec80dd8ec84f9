//===- LocksetCallsTest.cpp - Locks that calls take and leave -------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FlowTestSupport.h"
#include "gtest/gtest.h"

using namespace race::flowtest;

TEST(LocksetOfCalls, ThreadSafetyAttributes) {
  expectProbes(R"cpp(
#define CAP(x) __attribute__((x))
class CAP(capability("mutex")) Mutex {
public:
  void lock() CAP(acquire_capability());
  void lockShared() CAP(acquire_shared_capability());
  void unlock() CAP(release_capability());
};
struct Store {
  Mutex M, N;
  void enter() CAP(acquire_capability(M));
  void leave() CAP(release_capability(M));
  void under() CAP(requires_capability(M));
  void underBoth() CAP(requires_capability(M, N));
};
void Store::under() {
  probe(); // = M
  N.lock();
  probe(); // = M N
  N.unlock();
  probe(); // = M
}
void Store::underBoth() {
  probe(); // = M N
}
void f(Store &S, Mutex *P) {
  S.enter();
  probe(); // = M
  P->lock();
  probe(); // = M P
  S.leave();
  probe(); // = P
  P->unlock();
  probe(); // = -
  P->lockShared();
  probe(); // = P(shared)
}
)cpp");
}

TEST(LocksetOfCalls, GuardClassOfOnesOwn) {
  expectProbes(R"cpp(
#include <mutex>
class Holder {
public:
  explicit Holder(std::mutex &M) : M(M) { M.lock(); }
  ~Holder() { M.unlock(); }
private:
  std::mutex &M;
};
class PointerHolder {
public:
  explicit PointerHolder(std::mutex *M) : M(M) { this->M->lock(); }
  ~PointerHolder() { M->unlock(); }
private:
  std::mutex *M;
};
class Wrapper {
public:
  explicit Wrapper(std::mutex &M) : G(M) {}
private:
  std::lock_guard<std::mutex> G;
};
std::mutex A;
void f() {
  {
    Holder H(A);
    probe(); // = A
  }
  probe(); // = -
  {
    PointerHolder H(&A);
    probe(); // = A
  }
  probe(); // = -
  {
    Wrapper W(A);
    probe(); // = A
  }
  probe(); // = -
}
)cpp");
}

TEST(LocksetOfCalls, FunctionsThatLockAndUnlock) {
  expectProbes(R"cpp(
#include <mutex>
struct Store {
  std::mutex M;
  void enter() { M.lock(); }
  void leave() { M.unlock(); }
  void twoDeep() { enter(); }
  void inside() { std::lock_guard<std::mutex> G(M); coin(); }
  bool tryEnter() { return M.try_lock(); }
};
std::mutex A;
void lockGiven(std::mutex &M) { M.lock(); }
void unlockGiven(std::mutex *M) { M->unlock(); }
void f(Store &S) {
  S.enter();
  probe(); // = M
  S.leave();
  probe(); // = -
  S.twoDeep();
  probe(); // = M
  S.leave();
  S.inside();
  probe(); // = -
  lockGiven(A);
  probe(); // = A
  unlockGiven(&A);
  probe(); // = -
  if (S.tryEnter()) {
    probe(); // = M
    S.leave();
  }
  probe(); // = -
}
)cpp");
}

TEST(LocksetOfCalls, GuardThatIsReturned) {
  expectProbes(R"cpp(
#include <mutex>
struct Store {
  std::mutex M;
  std::unique_lock<std::mutex> guard() { return std::unique_lock<std::mutex>(M); }
};
std::mutex A;
std::unique_lock<std::mutex> take() {
  return std::unique_lock<std::mutex>(A);
}
void f(Store &S) {
  {
    auto G = S.guard();
    probe(); // = M
    G.unlock();
    probe(); // = -
  }
  {
    std::unique_lock<std::mutex> G = take();
    probe(); // = A
  }
  probe(); // = -
}
)cpp");
}

TEST(LocksetOfCalls, DroppedAndRestored) {
  expectProbes(R"cpp(
#include <mutex>
std::mutex A;
void waitOutside() {
  A.unlock();
  probe(); // = -
  A.lock();
}
void f() {
  std::lock_guard<std::mutex> G(A);
  probe(); // = A
  waitOutside();
  probe(); // = A
}
)cpp");
}

TEST(LocksetOfCalls, WhatIsOtherwiseIsNotMixedUp) {
  expectProbes(R"cpp(
#include <mutex>
struct Store { std::mutex M; int N; };
void two(Store &One, Store &Other) {
  One.M.lock();
  Other.M.unlock();
  probe(); // = M
  One.M.unlock();
  probe(); // = -
}
void alias(Store *S) {
  std::mutex &M = S->M;
  std::mutex *P = &M;
  P->lock();
  probe(); // = M
  S->M.unlock();
  probe(); // = -
}
void local() {
  std::mutex L;
  std::lock_guard<std::mutex> G(L);
  probe(); // = L
}
)cpp");
}

TEST(LocksetOfCalls, LockProxy) {
  expectProbes(R"cpp(
#include <mutex>
struct Data { int N; void touch(); };
class Guarded {
  class Proxy {
  public:
    Proxy(Data *D, std::mutex &M) : D(D), M(M) { M.lock(); }
    ~Proxy() { M.unlock(); }
    Data *operator->() { return D; }
  private:
    Data *D;
    std::mutex &M;
  };
  Data D;
  std::mutex M;
public:
  Proxy operator->() { return Proxy(&D, M); }
  Proxy hold() { return Proxy(&D, M); }
};
void Data::touch() {}
void f(Guarded &G) {
  {
    auto P = G.hold();
    probe(); // = M
    P->N = 1;
    probe(); // = M
  }
  probe(); // = -
  G->N = 2;
  probe(); // = -
}
)cpp");
}
