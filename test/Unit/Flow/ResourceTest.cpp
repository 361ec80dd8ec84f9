//===- ResourceTest.cpp - What is still ours where ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FlowTestSupport.h"
#include "gtest/gtest.h"

using namespace race::flowtest;

TEST(Resource, HandedBackOnAStraightWay) {
  expectProbes(R"cpp(
void f() {
  Conn *C = get();
  check(C); // = held
  put(C);
  check(C); // = gone
  C = nullptr;
  check(C); // = null
  C = get();
  check(C); // = held
}
void parameter(Conn *C, Conn *D) {
  put(C);
  check(C); // = gone
  check(D); // = held
}
)cpp");
}

TEST(Resource, Branches) {
  expectProbes(R"cpp(
void oneArm(Conn *C) {
  if (coin())
    put(C);
  check(C); // = gone | held
}
void bothArms(Conn *C) {
  if (coin())
    put(C);
  else
    put(C);
  check(C); // = gone
}
void earlyReturn(Conn *C) {
  if (coin()) {
    put(C);
    check(C); // = gone
    return;
  }
  check(C); // = held
}
void nullAfter(Conn *C) {
  if (coin()) {
    put(C);
    C = nullptr;
  }
  if (C)
    check(C); // = held
}
void tested(Conn *C) {
  if (C)
    put(C);
  if (!C)
    check(C); // = null
  else
    check(C); // = gone
}
)cpp");
}

TEST(Resource, CorrelatedFlags) {
  expectProbes(R"cpp(
void parameterFlag(Conn *C, bool Done) {
  if (Done)
    put(C);
  if (!Done)
    check(C); // = held
  if (Done)
    check(C); // = gone
}
void ownFlag(Conn *C) {
  bool Released = false;
  if (coin()) {
    put(C);
    Released = true;
  }
  if (Released)
    check(C); // = gone
  else
    check(C); // = held
}
void status(Conn *C, int Kind) {
  if (Kind == 3)
    put(C);
  if (Kind != 3)
    check(C); // = held
  switch (Kind) {
  case 3:
    check(C); // = gone
    break;
  case 4:
    check(C); // = held
    break;
  default:
    check(C); // = held
  }
}
void conjunction(Conn *C, bool A, bool B) {
  if (A && B)
    put(C);
  if (!A)
    check(C); // = held
}
void negative(Conn *C, int Rc) {
  if (Rc < 0)
    put(C);
  if (Rc >= 0)
    check(C); // = held
  if (Rc == -1)
    check(C); // = gone
}
)cpp");
}

TEST(Resource, Loops) {
  expectProbes(R"cpp(
void acquireEachTime(int N) {
  for (int I = 0; I < N; ++I) {
    Conn *C = get();
    check(C); // = held
    put(C);
    check(C); // = gone
  }
}
void acquireAgain(int N) {
  Conn *C = get();
  while (coin()) {
    check(C); // = held
    put(C);
    C = get();
  }
  check(C); // = held
}
void notAgain(Conn *C) {
  while (coin()) {
    check(C); // = gone | held
    put(C);
  }
}
void leaves(Conn *C) {
  for (;;) {
    check(C); // = held
    if (coin()) {
      put(C);
      break;
    }
  }
  check(C); // = gone
}
void list(Conn *Head) {
  for (Conn *C = Head; C;) {
    Conn *Next = C->Next;
    check(C); // = held
    put(C);
    check(Next); // = held
    C = Next;
  }
}
)cpp");
}

TEST(Resource, Aliases) {
  expectProbes(R"cpp(
struct Holder { Conn *C; Conn *D; };
Conn *Shared;
void copy(Conn *C) {
  Conn *D = C;
  put(D);
  check(C); // = gone
  D = get();
  check(C); // = gone
  check(D); // = held
}
void member(Holder &H) {
  put(H.C);
  check(H.C); // = gone
  check(H.D); // = held
  H.C = get();
  check(H.C); // = held
}
void reference(Conn *&R) {
  Conn *C = R;
  put(C);
  check(R); // = gone
  R = nullptr;
  check(R); // = null
}
void cast(void *P) {
  put(static_cast<Conn *>(P));
  check(static_cast<Conn *>(P)); // = gone
}
void address(Conn &C) {
  put(&C);
  check(&C); // = gone
}
void element(Conn **A, int I, int J) {
  put(A[I]);
  check(A[I]); // = gone
  check(A[J]); // = held
}
)cpp");
}

TEST(Resource, JoinOperators) {
  expectProbes(R"cpp(
void choose(Conn *A, Conn *B, bool W) {
  Conn *C = W ? A : B;
  put(C);
  check(C); // = gone
}
void guarded(Conn *A) {
  coin() && (put(A), true);
  check(A); // = gone | held
}
)cpp");
}

TEST(Resource, OutcomesOfModels) {
  expectProbes(R"cpp(
bool tryPut(Conn *C);
int submit(Conn *C);
void release(Conn **C);
void drop(Conn *C);
void whenTrue(Conn *C) {
  if (tryPut(C))
    check(C); // = gone
  else
    check(C); // = held
}
void throughAVariable(Conn *C) {
  bool Ok = tryPut(C);
  if (!Ok)
    check(C); // = held
}
void whenNegative(Conn *C) {
  int Rc = submit(C);
  if (Rc < 0)
    check(C); // = gone
  else
    check(C); // = held
}
void nulls(Conn *C) {
  release(&C);
  check(C); // = null
}
)cpp",
               "c++17", R"yaml(
library: a test
functions:
  - names: tryPut
    hand-back: {what: arg0, when: true}
  - names: submit
    hand-back: {what: arg0, when: negative}
  - names: release
    hand-back: {what: "*arg0", nulls: true}
)yaml");
}

TEST(Resource, ThroughFunctionsOfOnesOwn) {
  expectProbes(R"cpp(
struct Box { Conn *C; };
void giveUp(Conn *C) { put(C); }
void giveUpTwice(Conn *C) { giveUp(C); }
void giveUpMember(Box *B) { put(B->C); }
bool maybe(Conn *C) {
  if (coin())
    return false;
  put(C);
  return true;
}
Conn *same(Conn *C) { return C; }
void f(Conn *C, Conn *D, Conn *E, Box *B) {
  giveUpTwice(C);
  check(C); // = gone
  if (!maybe(D))
    check(D); // = held
  else
    check(D); // = gone
  put(same(E));
  check(E); // = gone
  giveUpMember(B);
  check(B->C); // = gone
}
)cpp");
}

TEST(Resource, InC) {
  expectProbes(R"c(
void f(struct Conn *C, int Error) {
  if (Error)
    goto out;
  check(C); // = held
out:
  put(C);
  check(C); // = gone
}
void g(struct Conn *C) {
  put(C), C = 0;
  check(C); // = null
}
)c",
               "c11");
}

TEST(Resource, Handlers) {
  expectProbes(R"cpp(
#include <mutex>
std::mutex A;
void mayThrow();
void never() noexcept;
void before(Conn *C) {
  put(C);
  try {
    mayThrow();
  } catch (...) {
    check(C); // = gone
  }
}
void allAfter(Conn *C) {
  try {
    put(C);
    mayThrow();
  } catch (...) {
    check(C); // = gone
  }
}
void someBefore(Conn *C) {
  try {
    mayThrow();
    put(C);
    mayThrow();
  } catch (...) {
    check(C); // = held
  }
  check(C); // = gone | held
}
void thrown(Conn *C, bool Bad) {
  try {
    if (Bad) {
      put(C);
      throw 1;
    }
    mayThrow();
  } catch (int) {
    check(C); // = gone | held
    return;
  }
  check(C); // = held
}
void rethrown(Conn *C) {
  try {
    mayThrow();
  } catch (...) {
    put(C);
    throw;
  }
  check(C); // = held
}
void locked() {
  try {
    std::lock_guard<std::mutex> G(A);
    mayThrow();
    probe(); // = A
  } catch (...) {
    probe(); // = -
  }
}
void lockedAround() {
  std::lock_guard<std::mutex> G(A);
  try {
    mayThrow();
  } catch (...) {
    probe(); // = A
  }
}
)cpp");
}

TEST(Resource, OneOfSomeValues) {
  expectProbes(R"cpp(
void codes(Conn *C, int N) {
  int Rc = 0;
  if (N == 1)
    Rc = -1;
  else if (N == 2)
    Rc = -2;
  if (Rc < 0)
    put(C);
  if (Rc == 0)
    check(C); // = held
}
void either(Conn *C, int E) {
  if (E == 3 || E == 4)
    put(C);
  if (E == 5)
    check(C); // = held
}
void fallsThrough(Conn *C, int E) {
  switch (E) {
  case 1:
  case 2:
    put(C);
    break;
  default:
    break;
  }
  if (E == 3)
    check(C); // = held
  if (E == 1)
    check(C); // = gone
}
)cpp");
}
