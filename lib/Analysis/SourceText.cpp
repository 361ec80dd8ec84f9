//===- SourceText.cpp - Names as the user wrote them ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Analysis/SourceText.h"
#include "race/Comments/CommentFinder.h"
#include "race/Flow/EntityMapper.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace race;

static const Expr *strip(const Expr *E) {
  for (;;) {
    const Expr *Inner = E->IgnoreParenImpCasts();
    if (const auto *X = dyn_cast<FullExpr>(Inner))
      Inner = X->getSubExpr();
    else if (const auto *X = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = X->getSubExpr();
    else if (const auto *X = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = X->getSubExpr();
    else if (const auto *X = dyn_cast<ExplicitCastExpr>(Inner))
      Inner = X->getSubExpr();
    else if (const auto *X = dyn_cast<CXXOperatorCallExpr>(Inner);
             X && X->getNumArgs() == 1 &&
             (X->getOperator() == OO_Arrow || X->getOperator() == OO_Star))
      Inner = X->getArg(0);
    else if (const auto *X = dyn_cast<CallExpr>(Inner);
             X && X->isCallToStdMove())
      Inner = X->getArg(0);
    else if (const auto *X = dyn_cast<CXXConstructExpr>(Inner);
             X && X->getNumArgs() == 1)
      Inner = X->getArg(0);
    if (Inner == E)
      return E;
    E = Inner;
  }
}

static std::string textOf(const Expr *E, const ASTContext &Ctx) {
  E = strip(E);
  if (isa<CXXThisExpr>(E))
    return "*this";
  const SourceManager &SM = Ctx.getSourceManager();
  CharSourceRange Range = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(E->getSourceRange()), SM,
      Ctx.getLangOpts());
  if (Range.isInvalid())
    return "";
  StringRef Text = Lexer::getSourceText(Range, SM, Ctx.getLangOpts());
  if (Text.empty() || Text.size() > 60 || Text.contains('\n'))
    return "";
  return Text.str();
}

std::string race::writtenObject(const Simulation &Sim, const Op &O) {
  const ASTContext &Ctx = Sim.graph().Function->getASTContext();
  if (const auto *C = dyn_cast_or_null<CXXMemberCallExpr>(O.Node)) {
    const Expr *Object = C->getImplicitObjectArgument();
    return Object && !isa<CXXThisExpr>(strip(Object)) ? textOf(Object, Ctx)
                                                      : "";
  }
  if (const auto *C = dyn_cast_or_null<CXXOperatorCallExpr>(O.Node))
    if (const auto *M = dyn_cast_or_null<CXXMethodDecl>(C->getDirectCallee());
        M && !M->getParent()->isLambda())
      return textOf(C->getArg(0), Ctx);
  return "";
}

std::string race::writtenName(const Simulation &Sim, const Op &O,
                              const AccessPath &P) {
  const ASTContext &Ctx = Sim.graph().Function->getASTContext();
  if (P.Root == AccessPath::This) {
    const auto *C = dyn_cast_or_null<CXXMemberCallExpr>(O.Node);
    if (C && C->getImplicitObjectArgument())
      return textOf(C->getImplicitObjectArgument(), Ctx);
    if (isa_and_nonnull<CXXOperatorCallExpr>(O.Node))
      if (std::string Object = writtenObject(Sim, O); !Object.empty())
        return Object;
    // A destructor that nobody wrote a call of: the member is what has a name.
    if (O.Kind == OpKind::Call && Sim.graph().Calls[O.Index].Destroyed >= 0)
      return Sim.names().display(P.lastEntity()).str();
    return "*this";
  }
  if (P.Root != AccessPath::Param)
    return Sim.names().display(P.lastEntity()).str();
  const Expr *Arg = nullptr;
  if (const auto *C = dyn_cast_or_null<CallExpr>(O.Node)) {
    unsigned I =
        P.Index + (isa<CXXOperatorCallExpr>(C) &&
                   isa_and_nonnull<CXXMethodDecl>(C->getDirectCallee()));
    if (I < C->getNumArgs())
      Arg = C->getArg(I);
  } else if (const auto *C = dyn_cast_or_null<CXXConstructExpr>(O.Node)) {
    if (P.Index < C->getNumArgs())
      Arg = C->getArg(P.Index);
  } else if (const auto *D = dyn_cast_or_null<CXXDeleteExpr>(O.Node)) {
    Arg = D->getArgument();
  }
  if (!Arg)
    return "";
  // A pointer inside of what was passed: its own name says more.
  for (const PathStep &S : P.Steps)
    if (S.Kind == PathStep::Field)
      return textOf(Arg, Ctx) + "->" +
             Sim.names().display(P.lastEntity()).str();
  return textOf(Arg, Ctx);
}

std::string race::calleeName(const Simulation &Sim, const Op &O) {
  if (isa_and_nonnull<AtomicExpr>(O.Node))
    return Sim.effects(O).Containers.front().Name;
  if (!O.Callee) {
    // Through a member that keeps a function.
    const auto *Call = dyn_cast_or_null<CallExpr>(O.Node);
    const auto *M =
        Call ? dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParenImpCasts())
             : nullptr;
    return M ? M->getMemberDecl()->getNameAsString() : "";
  }
  // The compiler adds the size to the name of an atomic operation.
  if (O.Callee->getBuiltinID() && O.Callee->getName().starts_with("__sync_"))
    return O.Callee->getName().rtrim("0123456789").rtrim('_').str();
  if (const auto *M = dyn_cast<CXXMethodDecl>(O.Callee);
      M && M->getParent()->isLambda())
    return "lambda";
  return O.Callee->getNameAsString();
}

bool race::mentions(const FunctionDecl *F,
                    std::initializer_list<StringRef> Words) {
  const ASTContext &Ctx = F->getASTContext();
  const SourceManager &SM = Ctx.getSourceManager();
  StringRef Text = Lexer::getSourceText(
      SM.getExpansionRange(F->getSourceRange()), SM, Ctx.getLangOpts());
  return llvm::any_of(Words,
                      [&](StringRef Word) { return Text.contains(Word); });
}

/// Whether \p Sentence, in lower case, says that a race does no harm.
static bool makesLightOf(StringRef Sentence) {
  llvm::SmallVector<StringRef, 32> Words;
  llvm::SplitString(Sentence, Words, " \t\n\r,:()\"'*/-");
  static constexpr llvm::StringLiteral Events[] = {
      "race",         "races",        "racy",           "racing", "concurrent",
      "concurrently", "simultaneous", "simultaneously", "stale"};
  static constexpr llvm::StringLiteral Verdicts[] = {
      "benign", "harmless", "fine", "ok", "okay", "acceptable", "tolerable"};
  bool Speaks = false, Light = false;
  for (size_t I = 0; I < Words.size(); ++I) {
    Speaks |= llvm::is_contained(Events, Words[I]);
    bool Denied = I && (Words[I - 1] == "not" || Words[I - 1] == "no" ||
                        Words[I - 1] == "never" || Words[I - 1] == "t");
    Light |= !Denied && llvm::is_contained(Verdicts, Words[I]);
  }
  return Speaks && Light;
}

bool race::isCalledHarmless(const FunctionDecl *F, unsigned FirstLine,
                            unsigned LastLine) {
  const ASTContext &Ctx = F->getASTContext();
  const SourceManager &SM = Ctx.getSourceManager();
  FileID File = SM.getFileID(SM.getExpansionLoc(F->getLocation()));
  constexpr unsigned Above = 4;
  for (const Comment &C : findComments(File, SM, Ctx.getLangOpts())) {
    unsigned Line = SM.getExpansionLineNumber(C.Range.getBegin());
    if (Line > LastLine + 1)
      break;
    if (Line + Above < FirstLine)
      continue;
    std::string Text = StringRef(C.Text).lower();
    llvm::SmallVector<StringRef, 8> Sentences;
    llvm::SplitString(Text, Sentences, ".;!?");
    if (llvm::any_of(Sentences, makesLightOf))
      return true;
  }
  return false;
}

std::string race::qualifiedName(const NamedDecl *D) {
  std::string Name;
  auto Prepend = [&](StringRef Part) {
    if (!Part.empty())
      Name = Name.empty() ? Part.str() : (Part + "::" + Name).str();
  };
  const auto *M = dyn_cast<CXXMethodDecl>(D);
  Prepend(M && M->getParent()->isLambda() ? "lambda" : D->getNameAsString());
  for (const DeclContext *C = D->getDeclContext(); C; C = C->getParent()) {
    const auto *R = dyn_cast<CXXRecordDecl>(C);
    const auto *Around = dyn_cast<NamedDecl>(C);
    if (!Around || (R && R->isLambda()))
      continue;
    const auto *Outer = dyn_cast<CXXMethodDecl>(C);
    Prepend(Outer && Outer->getParent()->isLambda()
                ? "lambda"
                : Around->getNameAsString());
  }
  return Name;
}

void race::setScope(Finding &F, const FunctionDecl *In) {
  F.Scope = qualifiedName(In);
  F.ScopeIsLocal = In->isMain() || !In->isExternallyVisible();
}

Anchor race::placeOf(const Simulation &Sim, const Op &O) {
  return anchorOf(O.Loc,
                  Sim.graph().Function->getASTContext().getSourceManager());
}
