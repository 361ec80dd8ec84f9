//===- CodeScanTest.cpp - One walk over a translation unit ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/CodeScan.h"
#include "Models/ModelTestSupport.h"
#include "race/Summary/PoolFinder.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace race;

namespace {
class Scanned {
public:
  explicit Scanned(llvm::StringRef Code, llvm::StringRef Standard = "c++17")
      : Known(Models::withPresets()), Unit(modeltest::parse(Code, Standard)),
        Scan(Unit->getASTContext(), Known) {}

  const FunctionInfo &info(llvm::StringRef Name) const {
    static const FunctionInfo None;
    for (const auto &F : Scan.functions())
      if (F->Decl->getNameAsString() == Name)
        return *F;
    ADD_FAILURE() << "no function " << Name.str();
    return None;
  }

  /// What the function starts: "run" or "lambda", "?" if unknown, with a star
  /// if it is in a loop.
  std::string starts(llvm::StringRef Name) const {
    std::vector<std::string> Out;
    for (const StartSite &S : info(Name).Starts) {
      const auto *M = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(S.Root);
      Out.push_back((!S.Root ? "?"
                     : M && M->getParent()->isLambda()
                         ? "lambda"
                         : S.Root->getNameAsString()) +
                    (S.InLoop ? "*" : ""));
    }
    return llvm::join(Out, " ");
  }

  std::string calls(llvm::StringRef Name) const {
    std::vector<std::string> Out;
    for (const CallSite &C : info(Name).Calls)
      Out.push_back(C.Callee->getNameAsString());
    return llvm::join(Out, " ");
  }

  std::string stores(llvm::StringRef Name) const {
    std::vector<std::string> Out;
    for (const StoreSite &S : info(Name).Stores)
      Out.push_back((S.Param < 0 ? "this" : "arg" + std::to_string(S.Param)) +
                    ">" + S.Container->getNameAsString() +
                    (S.Intrusive ? " linked" : ""));
    return llvm::join(Out, ", ");
  }

  std::string takes(llvm::StringRef Name) const {
    std::vector<std::string> Out;
    for (const TakeSite &S : info(Name).Takes)
      Out.push_back(S.Container->getNameAsString() +
                    (S.Intrusive ? " linked" : ""));
    return llvm::join(Out, ", ");
  }

  /// The pools found: "put arg0 get container", with a "?" if not certain.
  std::vector<std::string> pools() const {
    std::vector<std::string> Out;
    for (const PoolPut &P : findPools(Scan, PoolNames()))
      Out.push_back(P.Put->getNameAsString() + " " +
                    (P.Param < 0 ? "this" : "arg" + std::to_string(P.Param)) +
                    " " + P.Get->getNameAsString() + " " +
                    P.Container->getNameAsString() + (P.Certain ? "" : " ?"));
    return Out;
  }

  Models Known;
  std::unique_ptr<clang::ASTUnit> Unit;
  CodeScan Scan;
};
using Pools = std::vector<std::string>;
} // namespace

TEST(CodeScan, FunctionsInTheOrderOfTheText) {
  Scanned S(R"cpp(
#include <vector>
void b(); void declared();
void a() { b(); auto L = [] { declared(); }; L(); }
template <typename T> void pattern(T X) { X(); b(); }
void b() { pattern([] {}); pattern(declared); }
struct C { void m() { b(); m(); } C() { m(); } };
)cpp");
  EXPECT_EQ(S.calls("a"), "b operator()");
  EXPECT_EQ(S.calls("m"), "b m");
  EXPECT_EQ(S.calls("C"), "m");
  // The lambda is a function of its own.
  const FunctionInfo &Lambda = S.info("operator()");
  ASSERT_TRUE(Lambda.Encloser);
  EXPECT_EQ(Lambda.Encloser->getNameAsString(), "a");
  EXPECT_EQ(S.calls("operator()"), "declared");
  // Of a template, one instantiation.
  unsigned Patterns = 0;
  for (const auto &F : S.Scan.functions())
    Patterns += F->Decl->getNameAsString() == "pattern";
  EXPECT_EQ(Patterns, 1u);
  EXPECT_FALSE(S.Scan.usesThreads());
  EXPECT_EQ(S.Scan.find(nullptr), nullptr);
  EXPECT_NE(S.Scan.find(S.info("b").Decl), nullptr);
}

TEST(CodeScan, StartsOfThreads) {
  Scanned S(R"cpp(
#include <functional>
#include <future>
#include <thread>
#include <vector>
void run(); void work(int);
struct Server {
  void loop();
  void start() { T = std::thread(&Server::loop, this); }
  void startMany() { for (int I = 0; I < 4; ++I) All.emplace_back(&Server::loop, this); }
  void startLambdas() { while (true) All.emplace_back([this] { loop(); }); }
  std::thread T;
  std::vector<std::thread> All;
};
void plain() { std::thread T(run); T.join(); }
void arguments() { std::thread T(work, 1); T.detach(); }
void bound() { std::thread T(std::bind(work, 2)); T.join(); }
void lambda() { std::thread T([] { run(); }); T.join(); }
void named() { auto L = [] {}; std::thread T(L); T.join(); }
void pushed() { std::vector<std::thread> V; V.push_back(std::thread(run)); }
void async() { std::async(run); std::async(std::launch::async, work, 1); }
void unknown(std::function<void()> F) { std::thread T(F); T.join(); }
void moved(std::thread &T) { std::thread U(std::move(T)); }
void inLoop() { do std::thread(run).detach(); while (true); }
)cpp");
  EXPECT_TRUE(S.Scan.usesThreads());
  EXPECT_EQ(S.starts("plain"), "run");
  EXPECT_EQ(S.starts("arguments"), "work");
  EXPECT_EQ(S.starts("bound"), "work");
  EXPECT_EQ(S.starts("lambda"), "lambda");
  EXPECT_EQ(S.starts("named"), "lambda");
  EXPECT_EQ(S.starts("pushed"), "run");
  EXPECT_EQ(S.starts("async"), "run work");
  EXPECT_EQ(S.starts("unknown"), "?");
  EXPECT_EQ(S.starts("moved"), "");
  EXPECT_EQ(S.starts("inLoop"), "run*");
  EXPECT_EQ(S.starts("start"), "loop");
  EXPECT_EQ(S.starts("startMany"), "loop*");
  EXPECT_EQ(S.starts("startLambdas"), "lambda*");
  EXPECT_TRUE(S.info("plain").LastJoin);
  EXPECT_FALSE(S.info("arguments").LastJoin);
}

TEST(CodeScan, StartsInC) {
  Scanned S(R"c(
#include <pthread.h>
#include <signal.h>
static void *run(void *P) { return P; }
static void handler(int N) {}
void start(void) {
  pthread_t T;
  pthread_create(&T, 0, run, 0);
  pthread_create(&T, 0, &run, 0);
  pthread_join(T, 0);
}
void signals(void) { signal(SIGTERM, handler); }
void given(void *(*F)(void *)) { pthread_t T; pthread_create(&T, 0, F, 0); }
)c",
            "gnu11");
  EXPECT_EQ(S.starts("start"), "run run");
  EXPECT_TRUE(S.info("start").LastJoin);
  EXPECT_EQ(S.starts("signals"), "handler");
  EXPECT_EQ(S.starts("given"), "?");
  // Whose address was taken runs at a time nobody knows.
  ASSERT_EQ(S.info("signals").AddressTaken.size(), 1u);
}

TEST(CodeScan, WhatIsWorthALook) {
  Scanned S(R"cpp(
#include <map>
#include <memory>
#include <mutex>
std::mutex M;
std::map<int, int> Shared;
std::once_flag Once;
void guards() { std::lock_guard<std::mutex> G(M); }
void locks() { M.lock(); }
void queries() { Shared.find(1); }
void queriesOwn() { std::map<int, int> Own; Own.find(1); }
void creates() { auto P = std::make_unique<int>(); }
void makes() { delete new int; }
void once() { std::call_once(Once, [] { Shared.clear(); }); }
void my_lock_it();
void unknown() { my_lock_it(); }
void nothing() {}
)cpp");
  EXPECT_TRUE(S.info("guards").Locks);
  EXPECT_TRUE(S.info("locks").Locks);
  EXPECT_TRUE(S.info("queries").Containers);
  EXPECT_FALSE(S.info("queriesOwn").Containers);
  EXPECT_TRUE(S.info("creates").Creates);
  EXPECT_TRUE(S.info("makes").Creates);
  EXPECT_TRUE(S.info("operator()").Once);
  EXPECT_TRUE(S.info("unknown").UnknownLocks);
  const FunctionInfo &None = S.info("nothing");
  EXPECT_FALSE(None.Locks || None.Containers || None.Creates || None.Once ||
               None.UnknownLocks || None.HandsBack);
}

TEST(CodeScan, StoresAndTakes) {
  Scanned S(R"cpp(
#include <list>
#include <memory>
#include <vector>
struct Item { Item *Next; };
struct Pool {
  std::vector<Item *> Free;
  std::vector<std::unique_ptr<Item>> Owned;
  Item *Head;
  Item *Array[16];
  int Count;
  void push(Item *I) { Free.push_back(I); }
  void pushSecond(int, Item *I) { Free.push_back(I); }
  void pushOwned(std::unique_ptr<Item> I) { Owned.push_back(std::move(I)); }
  void pushOther(Item *I) { Item *J = I->Next; Free.push_back(J); }
  Item *pop() { Item *I = Free.back(); Free.pop_back(); return I; }
  void link(Item *I) { I->Next = Head; Head = I; }
  Item *unlink() { Item *I = Head; Head = I->Next; return I; }
  void assign(Item *I) { Head = I; }
  void slot(Item *I) { Array[Count++] = I; }
  Item *unslot() { return Array[--Count]; }
};
void local(Item *I) { std::vector<Item *> V; V.push_back(I); }
)cpp");
  EXPECT_EQ(S.stores("push"), "arg0>Free");
  EXPECT_EQ(S.stores("pushSecond"), "arg1>Free");
  EXPECT_EQ(S.stores("pushOwned"), "arg0>Owned");
  EXPECT_EQ(S.stores("pushOther"), "");
  EXPECT_EQ(S.takes("pop"), "Free");
  EXPECT_EQ(S.stores("link"), "arg0>Head linked");
  EXPECT_EQ(S.takes("unlink"), "Head linked");
  EXPECT_EQ(S.stores("assign"), "");
  EXPECT_EQ(S.stores("slot"), "arg0>Array");
  EXPECT_EQ(S.takes("unslot"), "Array");
  EXPECT_EQ(S.stores("local"), "");
}

TEST(PoolFinder, ByTheStructure) {
  Scanned S(R"cpp(
#include <vector>
struct Item { Item *Next; };
struct Other {};
struct Certain {
  std::vector<Item *> Free;
  void giveBack(Item *I) { Free.push_back(I); }
  Item *obtain() {
    if (Free.empty())
      return new Item;
    Item *I = Free.back();
    Free.pop_back();
    return I;
  }
};
struct Queue {
  std::vector<Item *> Work;
  void submit(Item *I) { Work.push_back(I); }
  Item *next() { Item *I = Work.back(); Work.pop_back(); return I; }
};
struct Linked {
  Item *Head;
  void put(Item *I) { I->Next = Head; Head = I; }
  Item *get() { Item *I = Head; Head = I->Next; return I; }
};
struct OneWay {
  std::vector<Item *> All;
  void add(Item *I) { All.push_back(I); }
  Item *first() { return All.front(); }
};
struct OtherType {
  std::vector<void *> Free;
  void put(Item *I) { Free.push_back(I); }
  Other *get() { auto *I = static_cast<Other *>(Free.back()); Free.pop_back(); return I; }
};
)cpp");
  EXPECT_EQ(S.pools(),
            (Pools{"giveBack arg0 obtain Free", "submit arg0 next Work ?",
                   "put arg0 get Head ?"}));
}

TEST(PoolFinder, InC) {
  Scanned S(R"c(
#include <stdlib.h>
struct item { struct item *next; };
static struct item *freelist;
void item_free(struct item *i) { i->next = freelist; freelist = i; }
struct item *item_new(void) {
  struct item *i = freelist;
  if (!i)
    return malloc(sizeof *i);
  freelist = i->next;
  return i;
}
)c",
            "gnu11");
  EXPECT_EQ(S.pools(), (Pools{"item_free arg0 item_new freelist"}));
}

TEST(PoolFinder, ByDeclaration) {
  Scanned S(R"cpp(
struct Item {}; struct Other {};
struct Pool { Item *get(); void put(Item *I); bool tryRelease(Item *I); };
struct Wrong { Other *get(); void put(Item *I); };
struct Named { Item *get(); void add(Item *I); };
struct Reference { Item *get(); void put(Item &I); };
void use(Pool P, Wrong W, Named N, Reference R) {
  P.put(nullptr); P.tryRelease(nullptr); W.put(nullptr); N.add(nullptr);
  R.put(*P.get());
}
)cpp");
  std::vector<bool> Found;
  for (const CallSite &C : S.info("use").Calls)
    if (C.Callee->getNumParams() == 1)
      Found.push_back(poolByDeclaration(C.Callee, PoolNames()).has_value());
  EXPECT_EQ(Found, (std::vector<bool>{true, true, false, false, false}));
}
