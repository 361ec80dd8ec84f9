//===- ClaimAttacherTest.cpp - What claims are about ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Comments/CommentFinder.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Frontend/ASTUnit.h"
#include "clang/Lex/Lexer.h"
#include "clang/Tooling/Tooling.h"
#include "gtest/gtest.h"

using namespace clang;
using namespace llvm;
using namespace race;

namespace {

/// Parses code and says in one line each what its claims are about:
/// "kind[:name] subject,subject @line" or
/// "kind[:name] in function: statement @line".
class ClaimAttacherTest : public ::testing::Test {
protected:
  using Strings = std::vector<std::string>;

  Strings find(StringRef Code,
               std::vector<std::pair<std::string, std::string>> Headers = {},
               std::vector<std::string> Args = {"-std=c++17"},
               StringRef File = "test.cpp") {
    Args.push_back("-w");
    AST = tooling::buildASTFromCodeWithArgs(
        Code, Args, File, "race-test",
        std::make_shared<PCHContainerOperations>(),
        tooling::getClangStripDependencyFileAdjuster(), Headers,
        new IgnoringDiagConsumer);
    Claims = findClaims(AST->getASTContext());
    Strings Lines;
    for (const AttachedClaim &A : Claims)
      Lines.push_back(show(A));
    return Lines;
  }

  Strings findC(StringRef Code) { return find(Code, {}, {"-std=c11"}, "t.c"); }

  std::string show(const AttachedClaim &A) {
    static const char *const Kinds[] = {"confined", "no-lock", "guarded",
                                        "holds",    "before",  "immutable",
                                        "unsafe"};
    SourceManager &SM = AST->getSourceManager();
    std::string Line = Kinds[A.C.Kind];
    if (!A.C.Thread.empty() || !A.C.Lock.empty())
      Line += ":" + A.C.Thread + A.C.Lock;
    Line += ' ';
    for (size_t I = 0; I < A.Subjects.size(); ++I)
      Line += (I ? "," : "") +
              cast<NamedDecl>(A.Subjects[I])->getQualifiedNameAsString();
    if (A.Function) {
      Line += "in " + A.Function->getQualifiedNameAsString() + ": ";
      Line += A.Statement
                  ? Lexer::getSourceText(CharSourceRange::getTokenRange(
                                             A.Statement->getSourceRange()),
                                         SM, AST->getLangOpts())
                        .split('\n')
                        .first.str()
                  : "end";
    }
    return Line + " @" + std::to_string(SM.getSpellingLineNumber(A.Loc));
  }

  std::unique_ptr<ASTUnit> AST;
  std::vector<AttachedClaim> Claims;
};

TEST_F(ClaimAttacherTest, Fields) {
  EXPECT_EQ(find("struct A {\n"
                 "  int a; // guarded by mu_\n"
                 "  // Only used by the IO thread.\n"
                 "  int b;\n"
                 "  int c;\n"
                 "  int d, e; // guarded by mu_\n"
                 "  int f = 1; // protected by mu_,\n"
                 "             // as is nothing else\n"
                 "};\n"),
            (Strings{"guarded:mu_ A::a @2", "confined:io A::b,A::c @3",
                     "guarded:mu_ A::d,A::e @6", "guarded:mu_ A::f @7"}));
  EXPECT_EQ(Claims[1].Quote, "Only used by the IO thread");
}

TEST_F(ClaimAttacherTest, Groups) {
  // A comment that says more is about the first field only.
  EXPECT_EQ(find("struct A {\n"
                 "  // The number of elements. Guarded by mu_.\n"
                 "  int a;\n"
                 "  int b;\n"
                 "};\n"),
            (Strings{"guarded:mu_ A::a @2"}));
  // The plural makes it about all, up to an empty line.
  EXPECT_EQ(find("struct A {\n"
                 "  // The following fields are for the writers and are only\n"
                 "  // used by the IO thread:\n"
                 "  int a;\n"
                 "  int b; // how many\n"
                 "\n"
                 "  int c;\n"
                 "};\n"),
            (Strings{"confined:io A::a,A::b @2"}));
  // A comment, a method and an own claim end or leave the group.
  EXPECT_EQ(find("struct A {\n"
                 "  // guarded by mu_\n"
                 "  int a;\n"
                 "  int b; // guarded by other_mu_\n"
                 "  int c;\n"
                 "  // something else\n"
                 "  int d;\n"
                 "  // guarded by mu_\n"
                 "  int e;\n"
                 "  void f();\n"
                 "  int g;\n"
                 "};\n"),
            (Strings{"guarded:mu_ A::a,A::c @2", "guarded:other_mu_ A::b @4",
                     "guarded:mu_ A::e @8"}));
}

TEST_F(ClaimAttacherTest, Classes) {
  EXPECT_EQ(find("// Keeps things.\n"
                 "// Not thread-safe.\n"
                 "class A {\n"
                 "  /// Not thread-safe.\n"
                 "  struct B { int x; };\n"
                 "  int a;\n"
                 "};\n"
                 "/** This class is not thread-safe */\n"
                 "template <typename T> class C { T t; };\n"
                 "class D { // not thread-safe\n"
                 "  int d;\n"
                 "};\n"
                 "C<int> Instance;\n"),
            (Strings{"unsafe A @2", "unsafe A::B @4", "unsafe C @8",
                     "unsafe D @10"}));
  EXPECT_TRUE(isa<CXXRecordDecl>(Claims[2].Subjects[0]));
  EXPECT_FALSE(isa<ClassTemplateSpecializationDecl>(Claims[2].Subjects[0]));
}

TEST_F(ClaimAttacherTest, Methods) {
  EXPECT_EQ(find("#include \"a.h\"\n"
                 "// REQUIRES: mu_ held\n"
                 "int A::g() { return 1; }\n"
                 "int A::f(int x) { return x; }\n",
                 {{"a.h", "struct A {\n"
                          "  // Returns x. Caller must hold mu_.\n"
                          "  int f(int x);\n"
                          "  int g();\n"
                          "  // REQUIRES: mu_ held\n"
                          "  template <class T> void h(T t) { t(); }\n"
                          "  int i(int a,  // guarded by mu_\n"
                          "        int b); // REQUIRES: mu_ held\n"
                          "};\n"}}),
            (Strings{"holds:mu_ A::g @2", "holds:mu_ A::f @2",
                     "holds:mu_ A::h @5", "holds:mu_ A::i @8"}));
  for (const AttachedClaim &A : Claims)
    EXPECT_EQ(A.Subjects[0], A.Subjects[0]->getCanonicalDecl());
}

TEST_F(ClaimAttacherTest, FunctionHeads) {
  EXPECT_EQ(find("void f() { // Caller must hold mu_.\n"
                 "}\n"
                 "void g() // Caller must hold mu_.\n"
                 "{\n"
                 "}\n"
                 "void h(); // not thread-safe\n"
                 "static void i()\n"
                 "{\n"
                 "  // Called with mu_ held.\n"
                 "}\n"),
            (Strings{"holds:mu_ f @1", "holds:mu_ g @3", "unsafe h @6",
                     "holds:mu_ in i: end @9"}));
}

TEST_F(ClaimAttacherTest, Bodies) {
  EXPECT_EQ(find("int x, y;\n"
                 "void f(bool b) {\n"
                 "  // no locking needed\n"
                 "  x = 1;\n"
                 "  y = 2; // no lock needed\n"
                 "  if (b) {\n"
                 "    y = 3;\n"
                 "    // no locking needed\n"
                 "  }\n"
                 "  if (b) // no lock needed\n"
                 "    x = 4;\n"
                 "  auto L = [&] {\n"
                 "    // No lock needed.\n"
                 "    x = 5;\n"
                 "  };\n"
                 "  switch (x) {\n"
                 "  case 1:\n"
                 "    // no lock needed\n"
                 "    x = 6;\n"
                 "  }\n"
                 "  f(x /* no lock needed */ == 7);\n"
                 "}\n"),
            (Strings{"no-lock in f: x = 1 @3", "no-lock in f: y = 2 @5",
                     "no-lock in f: end @8", "no-lock in f: x = 4 @10",
                     "no-lock in f: x = 5 @13", "no-lock in f: x = 6 @18",
                     "no-lock in f: f(x /* no lock needed */ == 7) @21"}));
}

TEST_F(ClaimAttacherTest, Variables) {
  EXPECT_EQ(find("namespace n {\n"
                 "// single-threaded, no locking needed\n"
                 "static int a;\n"
                 "\n"
                 "extern int b; // Only accessed by the main thread.\n"
                 "struct { int x; } s; // guarded by mu_\n"
                 "}\n"),
            (Strings{"confined n::a @2", "confined:main n::b @5",
                     "guarded:mu_ n::s @6"}));
  EXPECT_EQ(Claims[0].Quote, "single-threaded, no locking needed");
}

TEST_F(ClaimAttacherTest, CCode) {
  EXPECT_EQ(findC("/* Only the main thread touches\r\n"
                  " * this list. */\r\n"
                  "static struct list { int n; } clients;\r\n"
                  "/* Must be called with list_lock held. */\r\n"
                  "void add(struct list *l);\r\n"
                  "typedef struct queue {\r\n"
                  "\tint head;\t/* protected by lock */\r\n"
                  "} queue;\r\n"),
            (Strings{"confined:main clients @1", "holds:list_lock add @4",
                     "guarded queue::head @7"}));
}

TEST_F(ClaimAttacherTest, NothingBetween) {
  // An attribute, a macro, `template` and `typedef` do not part.
  EXPECT_EQ(find("#define API\n"
                 "struct A;\n"
                 "// not thread-safe\n"
                 "[[nodiscard]] API int f();\n"
                 "// not thread-safe\n"
                 "// (really)\n"
                 "typedef struct { int x; } T;\n"),
            (Strings{"unsafe f @3", "unsafe T @5"}));
  // An empty line, another declaration, a directive and a label do.
  EXPECT_EQ(find("// Copyright.\n"
                 "// Nothing here is thread-safe. Not thread-safe.\n"
                 "\n"
                 "int a;\n"
                 "// not thread-safe\n"
                 "using B = int;\n"
                 "int b;\n"
                 "// not thread-safe\n"
                 "#define X\n"
                 "int c;\n"
                 "struct S {\n"
                 "  // guarded by mu_\n"
                 "private:\n"
                 "  int d;\n"
                 "  // guarded by mu_\n"
                 "};\n"
                 "int e;\n"
                 "// not thread-safe"),
            Strings{});
}

TEST_F(ClaimAttacherTest, NotInMacrosAndDeadCode) {
  EXPECT_EQ(find("#define M int m; // not thread-safe\n"
                 "#define N \\\n"
                 "  /* guarded by mu_ */ \\\n"
                 "  int n;\n"
                 "M N\n"
                 "#if 0\n"
                 "// not thread-safe\n"
                 "#endif\n"
                 "int a;\n"),
            Strings{});
}

TEST_F(ClaimAttacherTest, FollowsTheSubject) {
  EXPECT_EQ(find("struct RingBuffer {};\n"
                 "// Uses a RingBuffer. RingBuffer is not thread-safe.\n"
                 "struct A {\n"
                 "  // Access to b_ is guarded by mu_.\n"
                 "  int a;\n"
                 "  int b_;\n"
                 "  // missing_ is guarded by mu_\n"
                 "  int c;\n"
                 "};\n"
                 "// The cache is not thread-safe.\n"
                 "class LRUCache {};\n"
                 "// The cache is not thread-safe.\n"
                 "class Other {};\n"
                 "// run() must be called with mu_ held.\n"
                 "class Runner {\n"
                 "  void run();\n"
                 "};\n"),
            (Strings{"unsafe RingBuffer @2", "guarded:mu_ A::b_ @4",
                     "unsafe LRUCache @10", "holds:mu_ Runner::run @14"}));
}

TEST_F(ClaimAttacherTest, OnTheLock) {
  EXPECT_EQ(find("struct Mutex {};\n"
                 "struct A {\n"
                 "  Mutex m; // protects head and tail_\n"
                 "  int head;\n"
                 "  int tail_;\n"
                 "  // Protects gone_.\n"
                 "  Mutex n;\n"
                 "};\n"),
            (Strings{"guarded:m A::head @3", "guarded:m A::tail_ @3"}));
  EXPECT_EQ(find("struct Mutex {};\n"
                 "struct A {\n"
                 "  // Protects the fields below.\n"
                 "  Mutex m;\n"
                 "  int a, b;\n"
                 "\n"
                 "  int c;\n"
                 "};\n"),
            (Strings{"guarded:m A::a,A::b @3"}));
  EXPECT_EQ(find("struct Mutex {};\n"
                 "// Protects head_ and tail_.\n"
                 "Mutex m;\n"
                 "int head_, tail_;\n"),
            (Strings{"guarded:m head_ @2", "guarded:m tail_ @2"}));
}

TEST_F(ClaimAttacherTest, DataHasNoCaller) {
  EXPECT_EQ(find("struct A {\n"
                 "  int a; // mu_ must be held\n"
                 "};\n"),
            (Strings{"guarded:mu_ A::a @2"}));
}

TEST_F(ClaimAttacherTest, Headers) {
  // A header is read once; system headers are not.
  EXPECT_EQ(find("#include \"a.h\"\n"
                 "#include \"a.h\"\n"
                 "#include <sys.h>\n",
                 {{"a.h", "#ifndef A\n#define A\n"
                          "// not thread-safe\n"
                          "struct S {};\n"
                          "#endif\n"},
                  {"/sys/sys.h", "// not thread-safe\nstruct T {};\n"}},
                 {"-std=c++17", "-isystem", "/sys"}),
            (Strings{"unsafe S @3"}));
}

TEST_F(ClaimAttacherTest, BrokenCode) {
  EXPECT_EQ(find("struct A {\n"
                 "  Unknown a; // guarded by mu_\n"
                 "  int b; // guarded by mu_\n"
                 "};\n"
                 "// not thread-safe\n"
                 "class B\n"),
            (Strings{"guarded:mu_ A::b @3"}));
}

} // namespace
