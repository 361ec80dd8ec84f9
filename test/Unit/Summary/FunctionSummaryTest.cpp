//===- FunctionSummaryTest.cpp - What callers know of functions -----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Flow/FlowTestSupport.h"
#include "SummaryTestSupport.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace race;
using namespace race::summarytest;

namespace {
class Summarised {
public:
  explicit Summarised(llvm::StringRef Code, llvm::StringRef Standard = "c++17")
      : S(flowtest::Prelude + Code.str(), Standard) {}

  std::string operator[](llvm::StringRef Name) {
    const clang::FunctionDecl *F = S.function(Name);
    return F ? describe(S.unit().effects().of(F), S.unit().names()) : "";
  }

private:
  flowtest::Snippet S;
};
} // namespace

TEST(FunctionSummary, HandBackAlwaysAndByResult) {
  Summarised S(R"cpp(
enum Code { Ok, Full, Closed };
void always(Conn *C) { put(C); }
void second(int, Conn *C) { put(C); }
void unlessNull(Conn *C) { if (C) put(C); }
void sometimes(Conn *C) { if (coin()) put(C); }
bool whenTrue(Conn *C) { if (coin()) return false; put(C); return true; }
bool whenFalse(Conn *C) { if (coin()) return true; put(C); return false; }
int whenNegative(Conn *C) { if (coin()) { put(C); return -1; } return 0; }
Code exactly(Conn *C) {
  if (coin()) { put(C); return Closed; }
  return coin() ? Full : Ok;
}
void none(Conn *C) { check(C); }
void replaced(Conn *C) { C = get(); put(C); }
void twice(Conn *C, Conn *D) { put(C); put(D); }
)cpp");
  EXPECT_EQ(S["always"], "hand-back arg0");
  EXPECT_EQ(S["second"], "hand-back arg1");
  EXPECT_EQ(S["unlessNull"], "hand-back arg0");
  EXPECT_EQ(S["sometimes"], "hand-back arg0 maybe");
  EXPECT_EQ(S["whenTrue"], "hand-back arg0 when true exactly 1");
  EXPECT_EQ(S["whenFalse"], "hand-back arg0 when false exactly 0");
  // -1 is the only one that is not zero.
  EXPECT_EQ(S["whenNegative"], "hand-back arg0 when true exactly -1");
  EXPECT_EQ(S["none"], "nothing");
  EXPECT_EQ(S["replaced"], "nothing");
  EXPECT_EQ(S["twice"], "hand-back arg0; hand-back arg1");
}

TEST(FunctionSummary, HandBackOfWhatIsReached) {
  Summarised S(R"cpp(
struct Box { Conn *C; Conn *D; void close() { put(C); } };
Conn *Global;
void member(Box *B) { put(B->C); }
void reference(Box &B) { put(B.D); }
void global() { put(Global); }
void pointerToPointer(Conn **C) { put(*C); }
)cpp");
  EXPECT_EQ(S["member"], "hand-back arg0->C");
  EXPECT_EQ(S["reference"], "hand-back arg0->D");
  EXPECT_EQ(S["global"], "hand-back ::Global");
  EXPECT_EQ(S["pointerToPointer"], "hand-back *arg0");
  EXPECT_EQ(S["close"], "hand-back this->C");
}

TEST(FunctionSummary, HandBackThroughCallees) {
  Summarised S(R"cpp(
struct Box { Conn *C; };
void one(Conn *C) { put(C); }
void two(Conn *C) { one(C); }
void ofMember(Box *B) { two(B->C); }
bool maybe(Conn *C) { if (coin()) return false; put(C); return true; }
bool passedOn(Conn *C) { return maybe(C); }
bool inverted(Conn *C) { if (maybe(C)) return false; return true; }
void ignored(Conn *C) { maybe(C); }
)cpp");
  EXPECT_EQ(S["two"], "hand-back arg0");
  EXPECT_EQ(S["ofMember"], "hand-back arg0->C");
  EXPECT_EQ(S["passedOn"], "hand-back arg0 when true exactly 1");
  EXPECT_EQ(S["inverted"], "hand-back arg0 when false exactly 0");
  EXPECT_EQ(S["ignored"], "hand-back arg0 maybe");
}

TEST(FunctionSummary, Recursion) {
  Summarised S(R"cpp(
void walk(Conn *C) { if (coin()) { walk(C); return; } check(C); }
void even(Conn *C, int N);
void odd(Conn *C, int N) { if (N) even(C, N - 1); }
void even(Conn *C, int N) { if (N) odd(C, N - 1); else put(C); }
void calls(Conn *C) { put(C); calls(get()); }
)cpp");
  EXPECT_EQ(S["walk"], "nothing");
  EXPECT_EQ(S["odd"], "nothing");
  EXPECT_EQ(S["calls"], "hand-back arg0");
}

TEST(FunctionSummary, LocksTakenAndLeft) {
  Summarised S(R"cpp(
#include <mutex>
#include <shared_mutex>
std::mutex A, B;
std::shared_mutex W;
struct Store {
  std::mutex M;
  void enter() { M.lock(); }
  void leave() { M.unlock(); }
  bool tryEnter() { return M.try_lock(); }
  bool tryEnterAgain() { if (!M.try_lock()) return false; coin(); return true; }
  void inside() { std::lock_guard<std::mutex> G(M); coin(); }
  void deeper() { enter(); B.lock(); }
};
void given(std::mutex &X) { X.lock(); }
void pointer(Store *S) { S->M.lock(); }
void shared() { W.lock_shared(); }
void balanced() { A.lock(); A.unlock(); }
void oneArm() { if (coin()) A.lock(); }
void swap() { A.unlock(); B.lock(); }
void outside() { A.unlock(); coin(); A.lock(); }
std::unique_lock<std::mutex> guard() { return std::unique_lock<std::mutex>(A); }
)cpp");
  EXPECT_EQ(S["enter"], "acquire this->M");
  EXPECT_EQ(S["leave"], "release this->M");
  EXPECT_EQ(S["tryEnter"], "acquire this->M when true");
  EXPECT_EQ(S["tryEnterAgain"], "acquire this->M when true");
  EXPECT_EQ(S["inside"], "nothing");
  EXPECT_EQ(S["deeper"], "acquire this->M; acquire ::B");
  EXPECT_EQ(S["given"], "acquire *arg0");
  EXPECT_EQ(S["pointer"], "acquire arg0->M");
  EXPECT_EQ(S["shared"], "acquire ::W shared");
  EXPECT_EQ(S["balanced"], "nothing");
  EXPECT_EQ(S["oneArm"], "nothing");
  EXPECT_EQ(S["swap"], "acquire ::B; release ::A");
  EXPECT_EQ(S["outside"], "nothing");
  EXPECT_EQ(S["guard"], "acquire ::A owned");
}

TEST(FunctionSummary, GuardsRecognisedByTheirStructure) {
  Summarised S(R"cpp(
#include <mutex>
class Holder {
public:
  explicit Holder(std::mutex &M) : M(M) { M.lock(); }
  ~Holder() { M.unlock(); }
private:
  std::mutex &M;
};
struct LocksForGood { explicit LocksForGood(std::mutex &M) { M.lock(); } };
)cpp");
  EXPECT_NE(S["Holder"].find("acquire *arg0 owned"), std::string::npos)
      << S["Holder"];
  EXPECT_EQ(S["LocksForGood"], "acquire *arg0");
}

TEST(FunctionSummary, Containers) {
  Summarised S(R"cpp(
#include <map>
#include <mutex>
struct Cache {
  std::map<int, int> Map;
  std::mutex M;
  bool has(int K) { std::lock_guard<std::mutex> G(M); return Map.count(K); }
  void set(int K, int V) { std::lock_guard<std::mutex> G(M); Map[K] = V; }
  void setIfNew(int K, int V) {
    std::lock_guard<std::mutex> G(M);
    if (Map.find(K) == Map.end())
      Map[K] = V;
  }
  void setIfNewLate(int K, int V) {
    { std::lock_guard<std::mutex> G(M); if (Map.count(K)) return; }
    std::lock_guard<std::mutex> G(M);
    Map[K] = V;
  }
  void asksForItself(int K) { std::lock_guard<std::mutex> G(M); (void)Map.count(K); }
  void own(int K) { std::map<int, int> Own; std::lock_guard<std::mutex> G(M); Own[K] = 1; }
};
bool has2(Cache &C, int Key) { return C.has(Key); }
)cpp");
  EXPECT_EQ(S["has"], "query this->Map key arg0 under this->M");
  EXPECT_EQ(S["set"], "act this->Map key arg0 under this->M");
  EXPECT_NE(S["setIfNew"].find("act this->Map key arg0 under this->M rechecks"),
            std::string::npos)
      << S["setIfNew"];
  EXPECT_EQ(S["setIfNewLate"].find("rechecks"), std::string::npos)
      << S["setIfNewLate"];
  EXPECT_EQ(S["asksForItself"], "nothing");
  EXPECT_EQ(S["own"], "nothing");
  EXPECT_EQ(S["has2"], "query arg0->Map key arg1 under arg0->M");
}

TEST(FunctionSummary, ReturnsAlias) {
  Summarised S(R"cpp(
struct Box {
  Conn *C; Conn Inner;
  Conn *get2() const { return C; }
  Conn *inner() { return &Inner; }
  Conn &ref() { return Inner; }
  Conn copy() { return Inner; }
};
Conn *Global;
Conn *global() { return Global; }
Conn *same(Conn *C) { return C; }
Conn *either(Conn *C, Conn *D) { return coin() ? C : D; }
Conn *made() { return get(); }
)cpp");
  EXPECT_EQ(S["get2"], "returns this->C");
  EXPECT_EQ(S["inner"], "returns &this->Inner");
  EXPECT_EQ(S["ref"], "returns this->Inner");
  EXPECT_EQ(S["copy"], "nothing");
  EXPECT_EQ(S["global"], "returns ::Global");
  EXPECT_EQ(S["same"], "returns arg0");
  EXPECT_EQ(S["either"], "nothing");
  EXPECT_EQ(S["made"], "nothing");
}

TEST(FunctionSummary, Assigns) {
  Summarised S(R"cpp(
struct Keeper {
  Conn *Kept; Conn *Other;
  // Hands back, so that it is worth a look.
  explicit Keeper(Conn *C, Conn *D) : Kept(C), Other(nullptr) { put(D); }
};
struct Late {
  Conn *Kept;
  explicit Late(Conn *C, Conn *D) { put(D); if (coin()) Kept = C; }
};
)cpp");
  EXPECT_EQ(S["Keeper"], "hand-back arg1; this->Kept = arg0; this->Other = 0");
  EXPECT_EQ(S["Late"], "hand-back arg1");
}

TEST(FunctionSummary, WhatIsLookedAt) {
  flowtest::Snippet S(flowtest::Prelude + std::string(R"cpp(
void compares(Conn *C, Conn *D) { if (C == D || !C) put(D); }
void reads(Conn *C, Conn *D) { if (C->Id) put(D); }
)cpp"));
  auto Derefs = [&](llvm::StringRef Name) {
    return S.unit().effects().of(S.function(Name)).Derefs;
  };
  EXPECT_FALSE(Derefs("compares") & 1);
  EXPECT_TRUE(Derefs("reads") & 1);
}

TEST(FunctionSummary, PoolsOfOnesOwn) {
  Summarised S(R"cpp(
#include <vector>
#include <mutex>
struct Pool {
  std::mutex M;
  std::vector<Conn *> Free;
  Conn *take() {
    std::lock_guard<std::mutex> G(M);
    if (Free.empty())
      return new Conn;
    Conn *C = Free.back();
    Free.pop_back();
    return C;
  }
  void give(Conn *C) { std::lock_guard<std::mutex> G(M); Free.push_back(C); }
  bool giveIfRoom(Conn *C) {
    std::lock_guard<std::mutex> G(M);
    if (Free.size() > 10)
      return false;
    Free.push_back(C);
    return true;
  }
};
void through(Pool &P, Conn *C) { P.give(C); }
)cpp");
  EXPECT_EQ(S["give"].find("hand-back arg0;"), 0u) << S["give"];
  EXPECT_EQ(S["giveIfRoom"].find("hand-back arg0 when true"), 0u)
      << S["giveIfRoom"];
  EXPECT_EQ(S["through"].find("hand-back arg1"), 0u) << S["through"];
}
