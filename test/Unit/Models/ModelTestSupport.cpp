//===- ModelTestSupport.cpp - Code snippets that say what they expect -----===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelTestSupport.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/Version.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"
#include <dlfcn.h>
#include <map>

using namespace clang;
using namespace race;

static std::string describe(const Place &P) {
  std::string Text(P.Derefs, '*');
  switch (P.Kind) {
  case Place::This:
    return Text + "this";
  case Place::Argument:
    return Text + "arg" + std::to_string(P.Index);
  case Place::Result:
    return Text + "result";
  case Place::RestOfArguments:
    return Text + "args" + std::to_string(P.Index) + "+";
  }
  return "?";
}

static std::string describe(Outcome O) {
  static const char *const Words[] = {"", " when true", " when false",
                                      " when negative", " when non-negative"};
  return Words[size_t(O)];
}

static std::string noun(const std::string &Noun) {
  return Noun.empty() ? "" : " '" + Noun + "'";
}

std::string race::modeltest::describe(const FunctionModel *M) {
  static const char *const LockOps[] = {"acquire", "release", "assert-held",
                                        "wait",    "owns",    "disown"};
  static const char *const ContainerOps[] = {"query", "act", "atomic", "read"};
  static const char *const Starts[] = {
      "thread", "task", "timer", "signal", "callback", "parallel", "loop"};
  std::vector<std::string> Out;
  if (!M)
    return "nothing";
  for (const HandBackModel &H : M->HandBacks)
    Out.push_back(
        "hand-back " + ::describe(H.What) + ::describe(H.When) +
        (H.Nulls ? " nulls" : "") + (H.Reference ? " reference" : "") +
        (H.Memory ? " memory" : "") + (H.Arena ? " arena" : "") +
        (H.Since ? " since " + ::describe(*H.Since) : "") +
        (H.Chain.empty() ? "" : " chain " + H.Chain) +
        (H.IfZero ? " if-zero " + ::describe(*H.IfZero) : "") + noun(H.Noun));
  for (const AcquireModel &A : M->Acquires)
    Out.push_back("acquire " + ::describe(A.What) +
                  (A.From ? " from " + ::describe(*A.From) : "") +
                  noun(A.Noun));
  for (const LockModel &L : M->Locks)
    Out.push_back(
        std::string("lock ") + LockOps[L.Op] + " " + ::describe(L.Mutex) +
        (L.Mode == LockMode::Shared ? " shared" : "") + ::describe(L.When));
  for (const ContainerOpModel &C : M->ContainerOps)
    Out.push_back(std::string(ContainerOps[C.Kind]) + " " +
                  (C.Of == StateKind::Files      ? "files"
                   : C.Of == StateKind::Database ? "database"
                                                 : ::describe(C.Object)) +
                  (C.Key ? " key " + ::describe(*C.Key) : "") +
                  (C.AtomicIfUsed ? " atomic-if-used" : ""));
  for (const ThreadStartModel &S : M->Starts)
    Out.push_back(std::string(Starts[S.Kind]) + " " + ::describe(S.Callable) +
                  (S.Context ? " context " + ::describe(*S.Context) : "") +
                  (S.Concurrent ? " concurrent" : ""));
  for (const JoinModel &J : M->Joins)
    Out.push_back("join " + ::describe(J.Thread));
  if (M->ReturnsAlias)
    Out.push_back("alias " + ::describe(*M->ReturnsAlias));
  if (M->ReturnsView)
    Out.push_back("view " + ::describe(*M->ReturnsView));
  if (M->CallsArguments)
    Out.push_back("calls-arguments");
  if (M->Once)
    Out.push_back("once");
  if (M->IgnoresPointees)
    Out.push_back(*M->IgnoresPointees ? "ignores-pointees" : "looks-at-all");
  if (M->NoReturn)
    Out.push_back("noreturn");
  return Out.empty() ? "no effects" : llvm::join(Out, ", ");
}

std::string race::modeltest::message(llvm::Error E) {
  return E ? llvm::toString(std::move(E)) : "";
}

/// Where clang's own headers are: beside the libclang-cpp that is loaded.
static std::string resourceDir() {
  std::vector<std::string> Candidates;
#ifdef RACE_RESOURCE_DIR
  Candidates.push_back(RACE_RESOURCE_DIR);
#endif
  Dl_info Info;
  auto *Parse = &tooling::buildASTFromCodeWithArgs;
  if (dladdr(reinterpret_cast<void *>(Parse), &Info) && Info.dli_fname) {
    llvm::StringRef Lib = llvm::sys::path::parent_path(Info.dli_fname);
    Candidates.push_back((Lib + "/clang/" + CLANG_VERSION_MAJOR_STRING).str());
  }
  Candidates.push_back("/usr/lib/llvm-" CLANG_VERSION_MAJOR_STRING
                       "/lib/clang/" CLANG_VERSION_MAJOR_STRING);
  for (const std::string &Dir : Candidates)
    if (llvm::sys::fs::exists(Dir + "/include/stddef.h"))
      return Dir;
  ADD_FAILURE() << "clang's resource directory is not found";
  return {};
}

std::unique_ptr<ASTUnit> race::modeltest::parse(llvm::StringRef Code,
                                                llvm::StringRef Standard) {
  bool IsC = !Standard.contains("++");
  auto Unit = tooling::buildASTFromCodeWithArgs(
      Code,
      {"-std=" + Standard.str(), "-resource-dir=" + resourceDir(), "-w",
       "-pthread"},
      IsC ? "test.c" : "test.cpp");
  EXPECT_TRUE(Unit && !Unit->getDiagnostics().hasErrorOccurred());
  return Unit;
}

namespace {
class CallsByLine : public RecursiveASTVisitor<CallsByLine> {
public:
  CallsByLine(const Models &Known, const SourceManager &SM)
      : Known(Known), SM(SM) {}

  bool VisitCallExpr(CallExpr *E) {
    if (const FunctionDecl *F = E->getDirectCallee())
      note(E, F);
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    note(E, E->getConstructor());
    return true;
  }

  std::map<unsigned, std::vector<std::string>> Lines;

private:
  void note(const Expr *E, const FunctionDecl *F) {
    if (SM.isInMainFile(SM.getExpansionLoc(E->getExprLoc())))
      if (const FunctionModel *M = Known.lookup(F))
        Lines[SM.getExpansionLineNumber(E->getExprLoc())].push_back(
            modeltest::describe(M));
  }

  const Models &Known;
  const SourceManager &SM;
};
} // namespace

void race::modeltest::expectLines(const Models &Known, llvm::StringRef Code,
                                  llvm::StringRef Standard) {
  auto Unit = parse(Code, Standard);
  ASSERT_TRUE(Unit);
  CallsByLine Calls(Known, Unit->getSourceManager());
  for (Decl *D : Unit->getASTContext().getTranslationUnitDecl()->decls())
    if (Unit->getSourceManager().isInMainFile(D->getLocation()))
      Calls.TraverseDecl(D);
  llvm::SmallVector<llvm::StringRef> Lines;
  Code.split(Lines, '\n');
  unsigned Expectations = 0;
  for (unsigned I = 0; I != Lines.size(); ++I) {
    auto [Text, Expected] = Lines[I].split("// = ");
    if (Expected.empty())
      continue;
    ++Expectations;
    auto &Found = Calls.Lines[I + 1];
    EXPECT_EQ(Found.empty() ? "nothing" : llvm::join(Found, " & "),
              Expected.rtrim().str())
        << "line " << I + 1 << ": " << Text.trim().str();
  }
  EXPECT_GT(Expectations, 0u);
}

namespace {
template <typename T> class Finder : public RecursiveASTVisitor<Finder<T>> {
public:
  explicit Finder(llvm::StringRef Name) : Name(Name) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool VisitNamedDecl(NamedDecl *D) {
    if (auto *Found = dyn_cast<T>(D); Found && D->getNameAsString() == Name) {
      Result = Found;
      return false;
    }
    return true;
  }
  const T *Result = nullptr;

private:
  llvm::StringRef Name;
};
} // namespace

template <typename T>
const T *race::modeltest::find(ASTUnit &Unit, llvm::StringRef Name) {
  Finder<T> F(Name);
  F.TraverseAST(Unit.getASTContext());
  EXPECT_TRUE(F.Result) << "no " << Name.str();
  return F.Result;
}

template const NamedDecl *race::modeltest::find<NamedDecl>(ASTUnit &,
                                                           llvm::StringRef);
template const FunctionDecl *
race::modeltest::find<FunctionDecl>(ASTUnit &, llvm::StringRef);
template const RecordDecl *race::modeltest::find<RecordDecl>(ASTUnit &,
                                                             llvm::StringRef);
template const VarDecl *race::modeltest::find<VarDecl>(ASTUnit &,
                                                       llvm::StringRef);
