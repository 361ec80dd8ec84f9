//===- LoweringTest.cpp - From expressions to operations ------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FlowTestSupport.h"
#include "gtest/gtest.h"

using namespace race;
using namespace race::flowtest;

TEST(Lowering, Declarations) {
  Snippet S(R"cpp(
int next();
int Global;
void value() { int X = 1; int Y = X; }
void uninitialised() { int X; X = next(); }
void reference(int &R) { int &Q = R; Q = 2; R = 3; }
void staticLocal() { static int N = next(); N = 1; }
void global() { Global = 1; ::Global++; }
void threadLocal() { static thread_local int T = 0; T = 1; }
)cpp");
  EXPECT_EQ(S.effects("value"), "store X = 1; store Y = (X); end Y; end X");
  EXPECT_EQ(S.effects("uninitialised"), "next(); store X = next(); end X");
  EXPECT_EQ(S.effects("reference"), "store Q = &*(R); store *(Q) = 2; "
                                    "store *(R) = 3; end Q");
  EXPECT_EQ(S.effects("global"), "store ::Global = 1; change ::Global");
  // A static local is initialised by whoever comes first, not by this call.
  EXPECT_EQ(S.effects("staticLocal").find("store ::N = next()"),
            std::string::npos);
  EXPECT_NE(S.effects("staticLocal").find("store ::N = 1"), std::string::npos);
  // Each thread has its own.
  EXPECT_NE(S.effects("threadLocal").find("store T = 1"), std::string::npos);
}

TEST(Lowering, PointersMembersAndElements) {
  Snippet S(R"cpp(
struct Node { Node *Next; int V[4]; };
void members(Node *P, Node N) { P->Next = N.Next; (*P).Next = &N; }
void elements(Node *P, int I) { P->V[I] = 1; *(P->V) = 2; }
int *address(Node *P) { return &P->V[0]; }
int &reference(int *P) { return *P; }
struct Anonymous { union { int A; float B; }; };
void anonymous(Anonymous *P) { P->A = 1; }
)cpp");
  EXPECT_EQ(S.effects("members"),
            "store *(P).Next = (N.Next); store *(P).Next = &N");
  EXPECT_EQ(S.effects("elements"),
            "store *&*(P).V[(I)] = 1; store *&*(P).V = 2");
  EXPECT_EQ(S.effects("address"), "return &*&*(P).V[0]");
  EXPECT_EQ(S.effects("reference"), "return &*(P)");
  EXPECT_EQ(S.effects("anonymous"), "store *(P).A = 1");
}

TEST(Lowering, EvaluationOrder) {
  Snippet S(R"cpp(
int a(); int b(); int &l(); void two(int, int);
void assignment() { l() = a(); }
void arguments() { two(a(), b()); }
void nested() { two(a(), (b(), a())); }
int sum() { return a() + b(); }
)cpp");
  // The right operand of an assignment comes first, since C++17.
  EXPECT_EQ(S.effects("assignment"), "a(); l(); store *l() = a()");
  EXPECT_EQ(S.effects("arguments"), "a(); b(); two(a(), b())");
  EXPECT_EQ(S.effects("nested"), "a(); b(); a(); two(a(), a())");
  EXPECT_EQ(S.effects("sum"), "a(); b(); return of(a(), b())");
}

TEST(Lowering, Conditions) {
  Snippet S(R"cpp(
int a(); int b(); void yes(); void no();
void plain(int X) { if (X) yes(); else no(); }
void compare(int X) { if (X > 3) yes(); if (X <= 3) no(); }
void negated(void *P) { if (!P) yes(); }
void conjunction() { if (a() && b()) yes(); }
void disjunction() { if (a() || b()) yes(); }
void loop(int N) { while (N) yes(); }
)cpp");
  EXPECT_EQ(S.effects("plain"), "if (X); no(); yes()");
  EXPECT_EQ(S.effects("compare"), "if 3 < (X); yes(); if 3 >= (X); no()");
  EXPECT_EQ(S.effects("negated"), "if !(P); yes()");
  EXPECT_EQ(S.effects("conjunction"), "a(); if a(); b(); if b(); yes()");
  EXPECT_EQ(S.effects("disjunction"), "a(); if a(); b(); if b(); yes()");
  EXPECT_EQ(S.effects("loop"), "if (N); yes()");
}

TEST(Lowering, JoinRegisters) {
  Snippet S(R"cpp(
int a(); int b();
int choose(bool W) { return W ? a() : b(); }
int &chooseLocation(bool W, int &X, int &Y) { return W ? X : Y; }
bool both() { bool R = a() && b(); return R; }
bool either() { return a() || b(); }
int elvis() { return a() ?: b(); }
void statement(bool W) { W ? (void)a() : (void)b(); }
)cpp");
  EXPECT_EQ(S.effects("choose"), "if (W); b(); a(); return join(a(), b())");
  EXPECT_EQ(S.effects("chooseLocation"), "if (W); return &join(*(X), *(Y))");
  EXPECT_EQ(S.effects("both"), "a(); if a(); b(); store R = join(a(), b()); "
                               "return (R); end R");
  EXPECT_EQ(S.effects("either"), "a(); if a(); b(); return join(a(), b())");
  EXPECT_EQ(S.effects("elvis"), "a(); if a(); b(); return join(a(), b())");
  EXPECT_EQ(S.effects("statement"), "if (W); b(); a()");
  // A register that two arms set is read behind both.
  auto G = S.graph("choose");
  unsigned Copies = 0;
  for (const FlowBlock &B : G->Blocks)
    for (const Op &O : B.Ops)
      if (O.Kind == OpKind::Copy) {
        ++Copies;
        EXPECT_TRUE(G->LiveAcrossBlocks[O.Dst]);
      }
  EXPECT_EQ(Copies, 2u);
}

TEST(Lowering, Switch) {
  Snippet S(R"cpp(
void one(); void two(); void other();
enum Kind { First = 7, Second };
void f(int X) {
  switch (X) {
  case 1: one(); break;
  case -2: two(); break;
  default: other();
  }
}
void g(Kind K) {
  switch (K) {
  case First: one();
  case Second: two();
  }
}
void ranges(int X) {
  switch (X) {
  case 1 ... 5: one(); break;
  case 6: two(); break;
  }
}
)cpp");
  EXPECT_NE(S.effects("f").find("switch (X) -2/1/default"), std::string::npos);
  EXPECT_NE(S.effects("g").find("switch (K) 7/8/default"), std::string::npos);
  // A range of cases has no one value.
  EXPECT_NE(S.effects("ranges").find("switch (X) 6/default/default"),
            std::string::npos);
}

TEST(Lowering, Calls) {
  Snippet S(R"cpp(
struct Base { virtual void v(); void c() const; static void s(int); };
struct Last final : Base { void v() override final; };
void reference(int &R, const int &C, int V);
void variadic(const char *, ...);
void calls(Base *P, Base &R, int X) {
  P->v();
  R.Base::v();
  R.c();
  P->s(X);
  reference(X, X, X);
  variadic("", X);
}
void pointer(void (*Fn)(int), int X) { Fn(X); }
void gone(Base *P) { delete P; }
)cpp");
  EXPECT_EQ(S.effects("calls"),
            "*(P).v(); *(R).v(); *(R).c(); s((X)); "
            "reference(ref X, ref X, (X)); variadic(&any, (X))");
  EXPECT_EQ(S.effects("pointer"), "((Fn))((X))");
  EXPECT_EQ(S.effects("gone"), "delete((P))");
  auto G = S.graph("calls");
  ASSERT_EQ(G->Calls.size(), 6u);
  EXPECT_TRUE(G->Calls[0].Virtual);
  EXPECT_FALSE(G->Calls[1].Virtual) << "a qualified call is not virtual";
  EXPECT_TRUE(G->Calls[1].MayChange >> 31 & 1);
  EXPECT_FALSE(G->Calls[2].MayChange >> 31 & 1) << "a const method";
  EXPECT_EQ(G->Calls[4].ByReference, 3u);
  EXPECT_EQ(G->Calls[4].MayChange, 1u) << "not through a const reference";
  EXPECT_EQ(G->Calls[5].ValueOnly, 2u) << "what is passed through `...`";
  EXPECT_FALSE(G->Calls[0].ResultUsed);
}

TEST(Lowering, ResultUsed) {
  Snippet S(R"cpp(
struct Pair { bool Second; ~Pair(); };
Pair insert(); bool a();
void unused() { insert(); }
void dropped() { (void)a(); }
void used() { if (insert().Second) a(); }
void kept() { bool B = a(); }
)cpp");
  auto Used = [&](llvm::StringRef Name) {
    return bool(S.graph(Name)->Calls.front().ResultUsed);
  };
  EXPECT_FALSE(Used("unused")) << "a destructor is no look";
  EXPECT_FALSE(Used("dropped"));
  EXPECT_TRUE(Used("used"));
  EXPECT_TRUE(Used("kept"));
}

TEST(Lowering, Aggregates) {
  Snippet S(R"cpp(
struct Pair { int *P; int N; };
struct Holder { int &R; Pair Inner; };
int *get();
void f() { Pair X{get(), 2}; }
void partly() { Pair X{get()}; }
void reference(int &V) { Holder H{V, {}}; }
)cpp");
  EXPECT_EQ(S.effects("f"), "get(); store X = any; store X.P = get(); "
                            "store X.N = 2; end X");
  EXPECT_EQ(S.effects("partly"), "get(); store X = any; store X.P = get(); "
                                 "store X.N = 0; end X");
  EXPECT_NE(S.effects("reference").find("store H.R = &*(V)"),
            std::string::npos);
}

TEST(Lowering, ObjectsBeginAndEnd) {
  Snippet S(R"cpp(
struct Guard { explicit Guard(int &); ~Guard(); };
int M; void work(); bool coin();
void scope() { { Guard G(M); work(); } work(); }
void early() { Guard G(M); if (coin()) return; work(); }
void temporary() { Guard{M}; work(); }
)cpp");
  EXPECT_EQ(S.effects("scope"), "new Guard(ref ::M); store G = new Guard(ref "
                                "::M); work(); G.~Guard(); destroy G; end G; "
                                "work()");
  // On both ways out.
  std::string Early = S.effects("early");
  EXPECT_NE(Early.find("destroy G"), Early.rfind("destroy G"));
  EXPECT_EQ(S.effects("temporary"),
            "new Guard(ref ::M); new Guard(ref ::M).~Guard(); "
            "destroy new Guard(ref ::M); work()");
}

TEST(Lowering, ConstructorsAndThis) {
  Snippet S(R"cpp(
struct Part { Part(int); };
struct Whole {
  Whole(int *P, int &R) : P(P), R(R), Q(3) { N = 2; }
  void method() { N = this->Q.X; helper(); }
  void helper();
  int *P; int &R; struct Inner { Inner(int); int X; } Q; int N = 1;
};
)cpp");
  std::string Made = S.effects("Whole");
  for (const char *Part :
       {"store *this.P = (P)", "store *this.R = &*(R)", "store *this.N = 1",
        "store *this.Q = new Inner(3)", "store *this.N = 2"})
    EXPECT_NE(Made.find(Part), std::string::npos) << Part << " in " << Made;
  EXPECT_EQ(S.effects("method"), "store *this.N = (*this.Q.X); *this.helper()");
}

TEST(Lowering, CopiesHaveTheValueOfTheOriginal) {
  Snippet S(R"cpp(
struct Box { Box(); Box(const Box &); Box(Box &&); int N; };
namespace std { template <typename T> T &&move(T &X) { return static_cast<T &&>(X); } }
void copy(Box &B) { Box C = B; }
void assign(int *P) { struct Plain { int *P; } A{P}, B{P}; B = A; }
)cpp");
  EXPECT_EQ(S.effects("copy"), "store C = (*(B)); end C");
  EXPECT_NE(S.effects("assign").find("store B = (A)"), std::string::npos);
}

TEST(Lowering, LambdasAndCaptures) {
  Snippet S(R"cpp(
void run(void (*)());
int Global;
void outer(int X) {
  int Y = 1;
  auto L = [&, X] { Y = X; Global = 2; int Own = 0; Own = Y; };
  L();
}
struct S { int N; void m() { auto L = [this] { N = 1; }; L(); } };
)cpp");
  EXPECT_NE(S.effects("outer").find("store L = operator()"), std::string::npos);
  EXPECT_NE(S.effects("outer").find("L.operator()()"), std::string::npos);
  // The first operator() is that of outer's lambda.
  EXPECT_EQ(S.effects("operator()"),
            "store ^Y = (^X); store ::Global = 2; store Own = 0; "
            "store Own = (^Y); end Own");
}

TEST(Lowering, C) {
  Snippet S(R"c(
struct Node { struct Node *Next; int N; };
int next(void);
extern void *alloc(int);
static void f(struct Node *P, int I) {
  struct Node Local = {0, 1}, *Q;
  Q = alloc(3);
  P->Next = Q;
  I += next();
  ++P->N;
  if ((Q = P) != 0)
    next();
}
int macro(int X) {
  int Y = ({ int Z = X; Z; });
  return _Generic(Y, int: Y, default: 0);
}
)c",
            "gnu11");
  EXPECT_EQ(S.effects("f"),
            "store Local = any; store Local.Next = 0; store Local.N = 1; "
            "alloc(3); store Q = alloc(3); store *(P).Next = (Q); next(); "
            "change I; change *(P).N; store Q = (P); if (P) != 0; next(); "
            "end Q; end Local");
  EXPECT_EQ(S.effects("macro"),
            "store Z = (X); end Z; store Y = (Z); return (Y); end Y");
}

TEST(Lowering, WhatCannotBeLowered) {
  Snippet S(R"cpp(
template <typename T> void pattern(T X) { X.f(); }
struct A { void f(); };
void use(A X) { pattern(X); }
void declared();
void large(int X) { if (X) declared(); if (X) declared(); }
)cpp");
  // An instantiation can, its pattern cannot.
  EXPECT_TRUE(S.graph("pattern"));
  const clang::FunctionDecl *Large = S.function("large");
  EXPECT_FALSE(FlowGraph::build(Large, S.unit().entities(), 3));
  EXPECT_TRUE(FlowGraph::build(Large, S.unit().entities(), 100));
}

TEST(Lowering, OperationsHaveNumbersInOrder) {
  Snippet S(R"cpp(
int a();
int f(int X) { while (X) { X = a(); if (a()) break; } return X ? a() : X; }
)cpp");
  auto G = S.graph("f");
  unsigned Next = 0;
  for (const FlowBlock &B : G->Blocks)
    for (const Op &O : B.Ops)
      EXPECT_EQ(O.Id, Next++);
  EXPECT_EQ(G->Order.front(), G->Entry);
  EXPECT_EQ(G->Order.back(), G->Exit);
  for (const FlowBlock &B : G->Blocks)
    for (const Op &O : B.Ops)
      EXPECT_LT(O.Dst, int(G->NumRegs));
}

TEST(Lowering, LoopsComeBeforeWhatFollowsThem) {
  Snippet S(R"cpp(
bool test(); bool inner(); void a(); void b(); void c(); void d();
void loop() { while (test()) { if (inner()) break; a(); } b(); }
void nested() {
  for (;;) {
    a();
    while (test()) { b(); if (inner()) continue; c(); }
    if (inner()) return d();
  }
}
void jumps() {
again:
  a();
  if (test()) { b(); goto again; }
  if (inner()) { c(); goto again; }
  d();
}
)cpp");
  EXPECT_EQ(S.effects("loop"),
            "test(); if test(); inner(); if inner(); a(); b()");
  EXPECT_EQ(
      S.effects("nested"),
      "a(); test(); if test(); b(); inner(); if inner(); c(); inner(); if "
      "inner(); d(); return");
  EXPECT_EQ(S.effects("jumps"),
            "a(); test(); if test(); inner(); if inner(); c(); b(); d()");
}
