//===- StandardLibraryTest.cpp - Models against real std headers ----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelTestSupport.h"
#include "gtest/gtest.h"

using namespace race;
using namespace race::modeltest;

TEST(StandardLibrary, Locks) {
  expectLines(Models::withPresets(), R"cpp(
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
struct Mine : std::mutex {};
template <typename T> struct Deep : Mine {};
void f(std::mutex &M, std::recursive_mutex &R, std::shared_mutex &S,
       std::timed_mutex &T, std::unique_lock<std::mutex> &U, Deep<int> &D,
       std::condition_variable &C, std::condition_variable_any &A) {
  M.lock(); // = lock acquire this
  M.unlock(); // = lock release this
  M.try_lock(); // = lock acquire this when true
  R.lock(); // = lock acquire this
  S.lock_shared(); // = lock acquire this shared
  S.try_lock_shared(); // = lock acquire this shared when true
  S.unlock_shared(); // = lock release this shared
  T.try_lock_for(std::chrono::seconds(1)); // = lock acquire this when true
  D.lock(); // = lock acquire this
  U.lock(); // = lock acquire this
  U.unlock(); // = lock release this
  U.release(); // = lock disown this
  std::shared_lock<std::shared_mutex> L(S); // = nothing
  L.lock(); // = lock acquire this shared
  std::lock(M, R); // = lock acquire args0+
  std::try_lock(M, R); // = lock acquire args0+ when negative
  C.wait(U); // = lock wait arg0, calls-arguments
  C.wait_for(U, std::chrono::seconds(1)); // = lock wait arg0, calls-arguments
  A.wait(M); // = lock wait arg0, calls-arguments
  C.notify_all(); // = nothing
}
)cpp");
}

TEST(StandardLibrary, Threads) {
  expectLines(Models::withPresets(), R"cpp(
#include <cstdlib>
#include <future>
#include <mutex>
#include <signal.h>
#include <thread>
int run(int);
void handler(int);
std::thread make();
void f(std::once_flag &O) {
  std::thread A(run, 1); // = thread arg0 context arg1
  std::thread B = make(); // = nothing
  std::thread C(std::move(A)); // = no effects & alias arg0
  A.join(); // = join this
  A.detach(); // = nothing
  std::jthread J([] {}); // = thread arg0 context arg1
  J.join(); // = join this
  auto F = std::async(run, 1); // = task args0+
  auto G = std::async(std::launch::async, run, 1); // = task args0+
  F.get(); // = join this
  F.wait(); // = join this
  std::call_once(O, run, 1); // = calls-arguments, once
  signal(SIGINT, handler); // = signal arg1
  std::abort(); // = noreturn
}
)cpp",
              "c++20");
}

TEST(StandardLibrary, Atomics) {
  expectLines(Models::withPresets(), R"cpp(
#include <atomic>
#include <memory>
struct Pair { int A, B; };
void f(std::atomic<int> &I, std::atomic<bool> &B, std::atomic<int *> &P,
       std::atomic<Pair> &S, std::atomic<double> &D, std::atomic_flag &F,
       std::atomic<std::shared_ptr<int>> &Q, std::atomic_ref<int> &R) {
  int E = 0;
  I.load(); // = query this
  I.store(1); // = act this
  I = 1; // = act this
  E = I; // = query this
  I++; // = atomic this
  I += 2; // = atomic this
  I.fetch_add(1); // = atomic this
  I.exchange(1); // = atomic this
  I.compare_exchange_strong(E, 1); // = atomic this
  if (B) { // = query this
  }
  B = true; // = act this
  B.exchange(true); // = atomic this
  int *Raw = P; // = query this
  P.store(Raw); // = act this
  S.load(); // = query this
  S.store({1, 2}); // = act this
  D.load(); // = query this
  D.fetch_add(1); // = atomic this
  F.test_and_set(); // = atomic this
  F.clear(); // = act this
  Q.load(); // = query this
  R.load(); // = query this
  std::atomic_load(&I); // = query arg0
}
)cpp",
              "c++20");
}

TEST(StandardLibrary, Containers) {
  expectLines(Models::withPresets(), R"cpp(
#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>
void f(std::map<int, int> &M, std::unordered_map<std::string, int> &U,
       std::set<int> &S, std::vector<int> &V, std::vector<bool> &B,
       std::queue<int> &Q, std::optional<int> &O, std::string &T,
       const std::map<int, int> &CM) {
  M.find(1); // = query this key arg0
  CM.count(1); // = query this key arg0
  M.empty(); // = query this
  M[1]; // = act this key arg0
  M.at(1); // = act this key arg0
  M.insert({1, 1}); // = act this key arg0 atomic-if-used
  M.insert(CM.begin(), CM.end()); // = act this & read this, alias this & read this
  M.emplace(1, 1); // = act this key arg0 atomic-if-used
  M.try_emplace(1, 1); // = act this key arg0 atomic-if-used
  M.insert_or_assign(1, 1); // = act this key arg0
  M.erase(1); // = act this key arg0
  M.clear(); // = act this
  S.insert(1); // = act this key arg0 atomic-if-used
  S.count(1); // = query this key arg0
  U.size(); // = query this
  V.push_back(1); // = act this
  V.size(); // = query this
  V.data(); // = read this, alias this
  V[0]; // = act this key arg0
  B.push_back(true); // = act this
  Q.empty(); // = query this
  Q.front(); // = act this
  Q.pop(); // = act this
  O.has_value(); // = query this
  if (O) { // = query this
  }
  *O; // = read this, alias this
  O.reset(); // = act this
  T.c_str(); // = read this, alias this
  T += "x"; // = act this
}
)cpp");
}

TEST(StandardLibrary, PointersAliasesAndCalls) {
  expectLines(Models::withPresets(), R"cpp(
#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>
struct Thing { int X; };
void f(std::unique_ptr<Thing> &U, std::shared_ptr<Thing> &S,
       std::weak_ptr<Thing> &W, std::vector<int> &V, std::vector<int> &To) {
  U.get(); // = alias this
  *U; // = alias this
  U->X; // = alias this
  S.get(); // = alias this
  S->X; // = alias this
  *S; // = alias this
  W.expired(); // = query this
  W.lock(); // = atomic this
  std::move(V); // = alias arg0
  std::move(V.data(), V.data() + 1, To.data()); // = read this, alias this & read this, alias this & read this, alias this
  std::forward<int>(1); // = alias arg0
  std::addressof(V); // = alias arg0
  std::sort(V.data(), V.data() + 1); // = calls-arguments & read this, alias this & read this, alias this
  std::any_of(&V[0], &V[0], [](int) { return true; }); // = calls-arguments & act this key arg0 & act this key arg0
  std::ranges::sort(V); // = calls-arguments
  std::filesystem::exists("x"); // = query files key arg0
  std::filesystem::remove("x"); // = atomic files key arg0
}
)cpp",
              "c++20");
}

TEST(StandardLibrary, Types) {
  Models Known = Models::withPresets();
  auto Unit = parse(R"cpp(
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <thread>
using Alias = const std::mutex;
struct Mine : std::mutex {};
struct Hidden : private std::mutex {};
std::mutex M; Alias A; Mine Own; Hidden H;
std::unique_lock<std::mutex> U; std::shared_lock<std::shared_mutex> S;
std::scoped_lock<std::mutex> G(M); std::lock_guard<std::mutex> L(M);
std::atomic<int> I; std::atomic_bool B; std::map<int, int> C;
std::shared_ptr<int> P; std::jthread J; std::once_flag O; int Plain;
pthread_mutex_t PM; pthread_spinlock_t PS; pthread_t PT;
std::mutex &Ref = M;
template <typename T> struct Cache { std::map<int, T> Dependent; };
)cpp",
                    "c++20");
  ASSERT_TRUE(Unit);
  auto Kind = [&](llvm::StringRef Name) -> int {
    const auto *V = find<clang::VarDecl>(*Unit, Name);
    const TypeModel *T = V ? Known.lookup(V->getType()) : nullptr;
    return T ? T->Kind : -1;
  };
  for (const char *Mutex : {"M", "A", "Own", "PM", "PS", "Ref"})
    EXPECT_EQ(Kind(Mutex), TypeModel::Mutex) << Mutex;
  for (const char *Guard : {"U", "S", "G", "L"})
    EXPECT_EQ(Kind(Guard), TypeModel::Guard) << Guard;
  EXPECT_EQ(Kind("H"), -1);
  EXPECT_EQ(Kind("Plain"), -1);
  EXPECT_EQ(Kind("I"), TypeModel::Atomic);
  EXPECT_EQ(Kind("B"), TypeModel::Atomic);
  EXPECT_EQ(Kind("C"), TypeModel::Container);
  EXPECT_EQ(Kind("P"), TypeModel::SmartPointer);
  EXPECT_EQ(Kind("J"), TypeModel::Thread);
  EXPECT_EQ(Kind("PT"), TypeModel::Thread);
  EXPECT_EQ(Kind("O"), TypeModel::OnceFlag);
  auto Type = [&](llvm::StringRef Name) {
    return Known.lookup(find<clang::VarDecl>(*Unit, Name)->getType());
  };
  EXPECT_TRUE(Type("U")->Relockable);
  EXPECT_FALSE(Type("L")->Relockable);
  EXPECT_EQ(Type("S")->Mode, LockMode::Shared);
  EXPECT_EQ(Type("G")->GuardMutex.Kind, Place::RestOfArguments);
  EXPECT_TRUE(Type("J")->JoinsInDestructor);
  EXPECT_TRUE(Type("I")->Synchronized);
  EXPECT_FALSE(Type("C")->Synchronized);
  const auto *Dependent = find<clang::NamedDecl>(*Unit, "Dependent");
  const TypeModel *T =
      Known.lookup(llvm::cast<clang::ValueDecl>(Dependent)->getType());
  ASSERT_TRUE(T);
  EXPECT_EQ(T->Name, "std::map");
}

TEST(StandardLibrary, PosixAndC11) {
  expectLines(Models::withPresets(), R"cpp(
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <threads.h>
void *run(void *);
int run11(void *);
void init(void);
int compare(const void *, const void *);
void f(pthread_mutex_t *M, pthread_rwlock_t *R, pthread_cond_t *C, mtx_t *X,
       cnd_t *N, once_flag *O, pthread_once_t *P, void *Data) {
  pthread_t T;
  thrd_t T11;
  pthread_mutex_lock(M); // = lock acquire arg0
  pthread_mutex_trylock(M); // = lock acquire arg0 when false
  pthread_mutex_unlock(M); // = lock release arg0
  pthread_rwlock_rdlock(R); // = lock acquire arg0 shared
  pthread_rwlock_unlock(R); // = lock release arg0
  pthread_cond_wait(C, M); // = lock wait arg1
  pthread_create(&T, 0, run, Data); // = thread arg2 context arg3
  pthread_join(T, 0); // = join arg0
  pthread_once(P, init); // = calls-arguments, once
  mtx_lock(X); // = lock acquire arg0
  mtx_trylock(X); // = lock acquire arg0 when false
  cnd_wait(N, X); // = lock wait arg1
  thrd_create(&T11, run11, Data); // = thread arg1 context arg2
  call_once(O, init); // = calls-arguments, once
  signal(SIGTERM, SIG_DFL); // = signal arg1
  qsort(Data, 1, 1, compare); // = calls-arguments
  free(Data); // = hand-back arg0 memory 'memory'
  exit(0); // = noreturn
}
)cpp",
              "gnu11");
}
