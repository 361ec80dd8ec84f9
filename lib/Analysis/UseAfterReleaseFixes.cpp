//===- UseAfterReleaseFixes.cpp - The use goes first ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UseAfterReleaseFixes.h"
#include "race/Flow/EntityMapper.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMapContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include <utility>

using namespace clang;
using namespace race;

/// The statement of a block that \p S is in, and that block.
static std::pair<const Stmt *, const CompoundStmt *>
statementAround(const Stmt *S, ASTContext &Ctx) {
  for (unsigned Depth = 0; S && Depth < 32; ++Depth) {
    DynTypedNodeList Parents = Ctx.getParents(*S);
    if (Parents.size() != 1)
      return {};
    const Stmt *Up = Parents[0].get<Stmt>();
    // An initialiser belongs to the statement that declares the variable.
    if (const auto *V = Parents[0].get<VarDecl>()) {
      DynTypedNodeList Of = Ctx.getParents(*V);
      Up = Of.size() == 1 ? Of[0].get<DeclStmt>() : nullptr;
    }
    if (const auto *Block = dyn_cast_or_null<CompoundStmt>(Up))
      return {S, Block};
    S = Up;
  }
  return {};
}

namespace {
/// Whether an expression does nothing but read.
class OnlyReads : public RecursiveASTVisitor<OnlyReads> {
public:
  bool VisitStmt(Stmt *S) {
    Plain &= isa<DeclRefExpr, MemberExpr, ImplicitCastExpr, ParenExpr,
                 IntegerLiteral, ArraySubscriptExpr, CXXThisExpr>(S) ||
             isArithmetic(S);
    if (const auto *E = dyn_cast<Expr>(S))
      Plain &= !E->getType().isVolatileQualified() &&
               !E->getType()->isAtomicType() && !E->getBeginLoc().isMacroID();
    return Plain;
  }
  bool Plain = true;

private:
  static bool isArithmetic(const Stmt *S) {
    if (const auto *B = dyn_cast<BinaryOperator>(S))
      return !B->isAssignmentOp();
    const auto *U = dyn_cast<UnaryOperator>(S);
    return U && !U->isIncrementDecrementOp();
  }
};
} // namespace

static bool onlyReads(const Expr *E) {
  OnlyReads V;
  V.TraverseStmt(const_cast<Expr *>(E));
  return V.Plain;
}

static const VarDecl *localIn(const Expr *E) {
  const auto *R = dyn_cast<DeclRefExpr>(E->IgnoreParens());
  const auto *V = R ? dyn_cast<VarDecl>(R->getDecl()) : nullptr;
  return V && V->hasLocalStorage() ? V : nullptr;
}

/// The local variable that \p S does nothing but set to a plain value.
static const VarDecl *setBy(const Stmt *S) {
  const VarDecl *V = nullptr;
  const Expr *Value = nullptr;
  if (const auto *D = dyn_cast<DeclStmt>(S)) {
    V = D->isSingleDecl() ? dyn_cast<VarDecl>(D->getSingleDecl()) : nullptr;
    Value = V ? V->getInit() : nullptr;
  } else if (const auto *B = dyn_cast<BinaryOperator>(S);
             B && B->getOpcode() == BO_Assign) {
    V = localIn(B->getLHS());
    Value = B->getRHS();
  }
  // A pointer read out of the object may lead to what goes with it.
  return V && V->hasLocalStorage() && Value &&
                 V->getType()->isArithmeticType() && onlyReads(Value)
             ? V
             : nullptr;
}

namespace {
class Mentions : public RecursiveASTVisitor<Mentions> {
public:
  explicit Mentions(const VarDecl *V) : V(V) {}
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    Found |= E->getDecl() == V;
    return !Found;
  }
  bool Found = false;

private:
  const VarDecl *V;
};
} // namespace

std::vector<SourceEdit> race::fixUseAfterRelease(const Op &By, const Op &Use,
                                                 ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  if (!By.Node || !Use.Node)
    return {};
  auto [First, Block] = statementAround(By.Node, Ctx);
  auto [Then, SameBlock] = statementAround(Use.Node, Ctx);
  if (!First || !Then || Block != SameBlock)
    return {};
  // The hand-back is all that its statement does.
  const auto *Whole = dyn_cast<Expr>(First);
  if (!Whole || Whole->IgnoreParenImpCasts()->IgnoreUnlessSpelledInSource() !=
                    cast<Expr>(By.Node)->IgnoreUnlessSpelledInSource())
    return {};
  const auto *At = llvm::find(Block->body(), First);
  if (At == Block->body_end() || std::next(At) == Block->body_end() ||
      *std::next(At) != Then)
    return {};
  const VarDecl *Set = setBy(Then);
  Mentions Uses(Set);
  Uses.TraverseStmt(const_cast<Stmt *>(First));
  if (!Set || Uses.Found)
    return {};
  SourceLocation Begin = Then->getBeginLoc(), End = Then->getEndLoc();
  if (First->getBeginLoc().isMacroID() || Begin.isMacroID() || End.isMacroID())
    return {};
  SourceLocation After =
      isa<DeclStmt>(Then)
          ? Lexer::getLocForEndOfToken(End, 0, SM, Ctx.getLangOpts())
          : Lexer::findLocationAfterToken(End, tok::semi, SM, Ctx.getLangOpts(),
                                          false);
  // From the end of the hand-back's statement: its line's end goes as well.
  SourceLocation Between = Lexer::findLocationAfterToken(
      First->getEndLoc(), tok::semi, SM, Ctx.getLangOpts(), false);
  if (After.isInvalid() || Between.isInvalid())
    return {};
  auto Text = [&](SourceLocation B, SourceLocation E) {
    return Lexer::getSourceText(CharSourceRange::getCharRange(B, E), SM,
                                Ctx.getLangOpts());
  };
  // A comment between the two belongs to one of them.
  StringRef Space = Text(Between, Begin);
  if (!Space.trim().empty())
    return {};
  Anchor Put = anchorOf(First->getBeginLoc(), SM);
  return {{Put, Put, (Text(Begin, After) + Space).str()},
          {anchorOf(Between, SM), anchorOf(After, SM), ""}};
}
