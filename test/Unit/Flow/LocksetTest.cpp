//===- LocksetTest.cpp - Which locks are held where -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FlowTestSupport.h"
#include "gtest/gtest.h"

using namespace race::flowtest;

TEST(Lockset, PlainLockAndUnlock) {
  expectProbes(R"cpp(
#include <mutex>
std::mutex A, B;
struct S { std::mutex M; void f(); S *Other; };
void plain() {
  probe(); // = -
  A.lock();
  probe(); // = A
  B.lock();
  probe(); // = A B
  A.unlock();
  probe(); // = B
  B.unlock();
  probe(); // = -
}
void S::f() {
  M.lock();
  probe(); // = M
  Other->M.lock();
  M.unlock();
  probe(); // = M
  Other->M.unlock();
  probe(); // = -
}
void throughReference(std::mutex &R, S *P) {
  R.lock();
  probe(); // = R
  P->M.lock();
  probe(); // = M R
  R.unlock();
  P->M.unlock();
  probe(); // = -
}
)cpp");
}

TEST(Lockset, GuardsAndScopes) {
  expectProbes(R"cpp(
#include <mutex>
std::mutex A, B;
void guard() {
  {
    std::lock_guard<std::mutex> G(A);
    probe(); // = A
    {
      std::lock_guard<std::mutex> H(B);
      probe(); // = A B
    }
    probe(); // = A
  }
  probe(); // = -
}
void scoped() {
  {
    std::scoped_lock G(A, B);
    probe(); // = A B
  }
  probe(); // = -
  std::scoped_lock One(A);
  probe(); // = A
}
void inIf() {
  if (std::lock_guard<std::mutex> G(A); coin())
    probe(); // = A
  else
    probe(); // = A
  probe(); // = -
}
void adopt() {
  A.lock();
  {
    std::lock_guard<std::mutex> G(A, std::adopt_lock);
    probe(); // = A
  }
  probe(); // = -
}
void together() {
  std::lock(A, B);
  probe(); // = A B
  std::lock_guard<std::mutex> G(A, std::adopt_lock);
  B.unlock();
  probe(); // = A
}
void temporary() {
  std::lock_guard<std::mutex>{A};
  probe(); // = -
}
)cpp");
}

TEST(Lockset, UniqueLock) {
  expectProbes(R"cpp(
#include <mutex>
std::mutex A;
void relock() {
  {
    std::unique_lock<std::mutex> U(A);
    probe(); // = A
    U.unlock();
    probe(); // = -
    U.lock();
    probe(); // = A
  }
  probe(); // = -
}
void defer() {
  {
    std::unique_lock<std::mutex> U(A, std::defer_lock);
    probe(); // = -
    U.lock();
    probe(); // = A
  }
  probe(); // = -
}
void tryLock() {
  std::unique_lock<std::mutex> U(A, std::defer_lock);
  if (U.try_lock())
    probe(); // = A
  else
    probe(); // = -
}
void adopt() {
  A.lock();
  {
    std::unique_lock<std::mutex> U(A, std::adopt_lock);
    probe(); // = A
  }
  probe(); // = -
}
void unlockedInOneBranch() {
  std::unique_lock<std::mutex> U(A);
  if (coin())
    U.unlock();
  probe(); // = - | A
}
)cpp");
}

TEST(Lockset, SharedLocks) {
  expectProbes(R"cpp(
#include <mutex>
#include <shared_mutex>
std::shared_mutex A;
void f() {
  {
    std::shared_lock<std::shared_mutex> S(A);
    probe(); // = A(shared)
    S.unlock();
    probe(); // = -
    S.lock();
    probe(); // = A(shared)
  }
  probe(); // = -
  A.lock_shared();
  probe(); // = A(shared)
  A.unlock_shared();
  probe(); // = -
  std::unique_lock<std::shared_mutex> U(A);
  probe(); // = A
}
)cpp");
}

TEST(Lockset, TryLockAndBranches) {
  expectProbes(R"cpp(
#include <mutex>
std::mutex A;
void inIf() {
  if (A.try_lock()) {
    probe(); // = A
    A.unlock();
  }
  probe(); // = -
}
void negated() {
  if (!A.try_lock())
    return;
  probe(); // = A
  A.unlock();
}
void throughAFlag() {
  bool Got = A.try_lock();
  probe(); // = - | A
  if (Got)
    probe(); // = A
  else
    probe(); // = -
}
void correlated(bool Locked) {
  if (Locked)
    A.lock();
  probe(); // = - | A
  if (Locked)
    probe(); // = A
  if (Locked)
    A.unlock();
  probe(); // = -
}
void ownFlag() {
  bool Locked = false;
  if (coin()) {
    A.lock();
    Locked = true;
  }
  if (!Locked)
    probe(); // = -
  else
    probe(); // = A
}
void both() {
  if (coin())
    A.lock();
  else
    A.lock();
  probe(); // = A
}
)cpp");
}

TEST(Lockset, EarlyReturnAndLoops) {
  expectProbes(R"cpp(
#include <mutex>
std::mutex A, B;
void early() {
  A.lock();
  if (coin()) {
    A.unlock();
    probe(); // = -
    return;
  }
  probe(); // = A
  A.unlock();
}
void guardInLoop() {
  while (coin()) {
    probe(); // = -
    std::lock_guard<std::mutex> G(A);
    if (coin())
      continue;
    if (coin())
      break;
    probe(); // = A
  }
  probe(); // = -
}
void droppedInLoop() {
  std::unique_lock<std::mutex> U(A);
  for (int I = 0; I < 10; ++I) {
    probe(); // = A
    U.unlock();
    probe(); // = -
    U.lock();
  }
  probe(); // = A
}
void left() {
  do {
    A.lock();
    if (coin())
      goto out;
    A.unlock();
  } while (coin());
  probe(); // = -
  return;
out:
  probe(); // = A
  A.unlock();
}
)cpp");
}

TEST(Lockset, ConditionVariables) {
  expectProbes(R"cpp(
#include <condition_variable>
#include <mutex>
std::mutex A;
std::condition_variable C;
bool Ready;
void f() {
  std::unique_lock<std::mutex> U(A);
  while (!Ready) {
    C.wait(U);
    probe(); // = A
  }
  probe(); // = A
  C.wait(U, [] { return Ready; });
  probe(); // = A
}
)cpp");
}

TEST(Lockset, GuardsThatMayNotHold) {
  expectProbes(R"cpp(
#include <mutex>
#include <utility>
std::mutex A;
void tries() {
  std::unique_lock<std::mutex> U(A, std::try_to_lock);
  if (U.owns_lock())
    probe(); // = A
  else
    probe(); // = -
}
void triesShort() {
  std::unique_lock<std::mutex> U(A, std::try_to_lock);
  if (!U) {
    probe(); // = -
    return;
  }
  probe(); // = A
}
void triesInIf() {
  if (std::unique_lock<std::mutex> U(A, std::try_to_lock); U)
    probe(); // = A
  probe(); // = -
}
void known() {
  std::unique_lock<std::mutex> U(A);
  if (!U.owns_lock())
    probe(); // = unreached
  U.unlock();
  if (U)
    probe(); // = unreached
  probe(); // = -
}
void disowned() {
  {
    std::unique_lock<std::mutex> U(A);
    U.release();
    probe(); // = A
  }
  probe(); // = A
  A.unlock();
  probe(); // = -
}
void swapped() {
  std::unique_lock<std::mutex> Out;
  {
    std::unique_lock<std::mutex> U(A);
    std::swap(U, Out);
    probe(); // = A
  }
  probe(); // = A
}
void moved() {
  std::unique_lock<std::mutex> Out;
  {
    std::unique_lock<std::mutex> U(A);
    Out = std::move(U);
  }
  probe(); // = A
}
void take(std::unique_lock<std::mutex> U);
void movedInto() {
  std::unique_lock<std::mutex> U(A);
  take(std::move(U));
  probe(); // = -
}
static void dropAndTake(std::unique_lock<std::mutex> &U) {
  U.unlock();
  probe(); // = -
  U.lock();
}
static void drop(std::unique_lock<std::mutex> &U) { U.unlock(); }
void byReference() {
  std::unique_lock<std::mutex> U(A);
  dropAndTake(U);
  probe(); // = A
  drop(U);
  probe(); // = -
}
)cpp");
}

TEST(Lockset, WaitingLetsOthersIn) {
  expectProbes(R"cpp(
#include <condition_variable>
#include <mutex>
std::mutex A;
std::condition_variable V;
bool Ready;
void flag(Conn *C) {
  std::unique_lock<std::mutex> U(A);
  if (!Ready) {
    put(C);
    V.wait(U);
  }
  if (Ready)
    check(C); // = gone | held
}
)cpp");
}

TEST(Lockset, PosixThreads) {
  expectProbes(R"c(
#include <pthread.h>
static pthread_mutex_t A = PTHREAD_MUTEX_INITIALIZER;
struct Box { pthread_mutex_t M; pthread_rwlock_t R; };
void f(struct Box *B) {
  pthread_mutex_lock(&A);
  probe(); // = A
  pthread_mutex_lock(&B->M);
  probe(); // = A M
  pthread_mutex_unlock(&A);
  probe(); // = M
  pthread_mutex_unlock(&B->M);
  if (pthread_mutex_trylock(&A) == 0) {
    probe(); // = A
    pthread_mutex_unlock(&A);
  }
  if (pthread_mutex_trylock(&A)) {
    probe(); // = -
    return;
  }
  probe(); // = A
  pthread_mutex_unlock(&A);
  pthread_rwlock_rdlock(&B->R);
  probe(); // = R(shared)
  pthread_rwlock_unlock(&B->R);
  probe(); // = -
}
)c",
               "gnu11");
}
