//===- CheckThenActFixes.cpp - Edits that make check and act one ----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Only shapes in which the edit is sure to keep the meaning: what is removed or
// moved stands first in its block, and no macro is involved.
//
//===----------------------------------------------------------------------===//

#include "CheckThenActFixes.h"
#include "race/Flow/EntityMapper.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMapContext.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace race;

namespace {
/// Makes the edits for one finding.
class Fixer {
public:
  Fixer(ASTContext &Ctx, const Models &M)
      : Ctx(Ctx), SM(Ctx.getSourceManager()), M(M) {}

  /// `if (!flag) { flag = true; ...` becomes `if (!flag.exchange(true)) { ...`.
  bool exchangeFlag(const Expr *Load, const Expr *Store);
  /// `n = n + x` becomes `n += x`.
  bool addInOne(const Expr *Load, const Expr *Store);
  /// `m[k] = v` becomes `v = m.try_emplace(k, v).first->second`.
  bool insertIfAbsent(const Expr *Act);
  /// `if (!w.expired()) { auto p = w.lock(); ...` becomes
  /// `if (auto p = w.lock()) { ...`.
  bool lockAtOnce(const Expr *Asked, const Expr *Lock);
  /// The guard that stands first inside of the `if` is moved before it.
  bool guardBoth(const Expr *Asked);

  std::vector<SourceEdit> Edits;

private:
  std::string text(const Stmt *S) const {
    return Lexer::getSourceText(
               CharSourceRange::getTokenRange(S->getSourceRange()), SM,
               Ctx.getLangOpts())
        .str();
  }
  bool replace(SourceLocation Begin, SourceLocation End, std::string By) {
    if (Begin.isInvalid() || End.isInvalid() || Begin.isMacroID() ||
        End.isMacroID())
      return false;
    Edits.push_back({anchorOf(Begin, SM), anchorOf(End, SM), std::move(By)});
    return true;
  }
  bool replace(const Stmt *S, std::string By) {
    return !S->getEndLoc().isMacroID() &&
           replace(S->getBeginLoc(),
                   Lexer::getLocForEndOfToken(S->getEndLoc(), 0, SM,
                                              Ctx.getLangOpts()),
                   std::move(By));
  }
  /// Removes the statement \p S with its semicolon.
  bool remove(const Stmt *S) {
    SourceLocation Last = S->getEndLoc();
    if (Last.isMacroID())
      return false;
    // A declaration's range has its semicolon in it, an expression's has not.
    SourceLocation After =
        isa<DeclStmt>(S)
            ? Lexer::getLocForEndOfToken(Last, 0, SM, Ctx.getLangOpts())
            : Lexer::findLocationAfterToken(Last, tok::semi, SM,
                                            Ctx.getLangOpts(), false);
    return replace(S->getBeginLoc(), After, "");
  }
  const Stmt *parent(const Stmt *S) const {
    DynTypedNodeList Parents = Ctx.getParents(*S);
    // An initialiser belongs to the statement that declares the variable.
    if (!Parents.empty())
      if (const auto *V = Parents[0].get<VarDecl>())
        Parents = Ctx.getParents(*V);
    return Parents.empty() ? nullptr : Parents[0].get<Stmt>();
  }
  /// The statement of a block that \p E is all of.
  const Stmt *statementOf(const Expr *E) const {
    const Stmt *S = E;
    while (const Stmt *Up = parent(S)) {
      if (isa<CompoundStmt>(Up))
        return S;
      if (!isa<ExprWithCleanups, ImplicitCastExpr, MaterializeTemporaryExpr,
               CXXBindTemporaryExpr, DeclStmt>(Up))
        return nullptr;
      S = Up;
    }
    return nullptr;
  }
  /// The `if` whose condition is nothing but `!E`.
  const IfStmt *ifNot(const Expr *E) const {
    bool Not = false;
    const Stmt *S = E;
    while (const Stmt *Up = parent(S)) {
      if (const auto *If = dyn_cast<IfStmt>(Up))
        return Not && If->getCond() == S && !If->getInit() &&
                       !If->getConditionVariable() && !If->getElse()
                   ? If
                   : nullptr;
      const auto *U = dyn_cast<UnaryOperator>(Up);
      if (U && U->getOpcode() == UO_LNot && !Not)
        Not = true;
      else if (!isa<ExprWithCleanups, ImplicitCastExpr, ParenExpr>(Up))
        return nullptr;
      S = Up;
    }
    return nullptr;
  }
  const Stmt *firstOf(const IfStmt *If) const {
    const auto *Body = dyn_cast_or_null<CompoundStmt>(If->getThen());
    return Body && !Body->body_empty() ? Body->body_front() : nullptr;
  }
  static const Expr *objectOf(const Expr *E) {
    if (const auto *C = dyn_cast<CXXMemberCallExpr>(E))
      return C->getImplicitObjectArgument();
    if (const auto *C = dyn_cast<CXXOperatorCallExpr>(E))
      return C->getArg(0);
    return nullptr;
  }
  /// What a store stores: the argument of `store` or `=`.
  static const Expr *storedBy(const Expr *E) {
    if (const auto *C = dyn_cast<CXXMemberCallExpr>(E))
      return C->getNumArgs() ? C->getArg(0) : nullptr;
    if (const auto *C = dyn_cast<CXXOperatorCallExpr>(E))
      return C->getNumArgs() == 2 ? C->getArg(1) : nullptr;
    return nullptr;
  }

  ASTContext &Ctx;
  const SourceManager &SM;
  const Models &M;
};
} // namespace

bool Fixer::exchangeFlag(const Expr *Load, const Expr *Store) {
  const IfStmt *If = ifNot(Load);
  const Stmt *S = statementOf(Store);
  const Expr *Flag = objectOf(Load), *Value = storedBy(Store);
  if (!If || !S || S != firstOf(If) || !Flag || !Value)
    return false;
  const auto *True = dyn_cast<CXXBoolLiteralExpr>(Value->IgnoreImpCasts());
  if (!True || !True->getValue())
    return false;
  return replace(If->getCond(), "!" + text(Flag) + ".exchange(true)") &&
         remove(S);
}

bool Fixer::addInOne(const Expr *Load, const Expr *Store) {
  const Expr *Stored = storedBy(Store), *Object = objectOf(Load);
  if (!Stored || !Object || !statementOf(Store))
    return false;
  const auto *Sum = dyn_cast<BinaryOperator>(Stored->IgnoreImpCasts());
  if (!Sum || (Sum->getOpcode() != BO_Add && Sum->getOpcode() != BO_Sub) ||
      !Sum->getType()->isIntegerType() ||
      Sum->getLHS()->IgnoreParenImpCasts() != Load->IgnoreParenImpCasts())
    return false;
  return replace(Store, text(Object) +
                            (Sum->getOpcode() == BO_Add ? " += " : " -= ") +
                            text(Sum->getRHS()));
}

bool Fixer::insertIfAbsent(const Expr *Act) {
  // The act is m[k]; what it is assigned is a variable.
  const auto *At = dyn_cast<CXXOperatorCallExpr>(Act);
  if (!At || At->getOperator() != OO_Subscript ||
      !Ctx.getLangOpts().CPlusPlus17)
    return false;
  const auto *Map = At->getArg(0)->getType()->getAsCXXRecordDecl();
  if (!Map || !Map->isInStdNamespace() || !Map->getIdentifier() ||
      (Map->getName() != "map" && Map->getName() != "unordered_map"))
    return false;
  const Stmt *Up = parent(At);
  const Expr *Value = nullptr;
  if (const auto *B = dyn_cast_or_null<BinaryOperator>(Up);
      B && B->getOpcode() == BO_Assign && B->getLHS() == At)
    Value = B->getRHS();
  if (const auto *C = dyn_cast_or_null<CXXOperatorCallExpr>(Up);
      C && C->getOperator() == OO_Equal && C->getArg(0) == At)
    Value = C->getArg(1);
  const auto *Ref =
      Value ? dyn_cast<DeclRefExpr>(Value->IgnoreParenImpCasts()) : nullptr;
  const auto *V = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!V || !V->isLocalVarDecl() || V->getType().isConstQualified() ||
      !Ctx.hasSameUnqualifiedType(V->getType(), At->getType()) ||
      !statementOf(cast<Expr>(Up)))
    return false;
  std::string Name = text(Ref);
  return replace(Up, Name + " = " + text(At->getArg(0)) + ".try_emplace(" +
                         text(At->getArg(1)) + ", " + Name + ").first->second");
}

bool Fixer::lockAtOnce(const Expr *Asked, const Expr *Lock) {
  const IfStmt *If = ifNot(Asked);
  const auto *D = If ? dyn_cast_or_null<DeclStmt>(firstOf(If)) : nullptr;
  if (!D || !D->isSingleDecl() || statementOf(Lock) != D)
    return false;
  const auto *V = dyn_cast<VarDecl>(D->getSingleDecl());
  if (!V || !V->hasInit())
    return false;
  std::string Text = text(D);
  if (Text.empty() || Text.back() != ';')
    return false;
  Text.pop_back();
  return replace(If->getCond(), Text) && remove(D);
}

bool Fixer::guardBoth(const Expr *Asked) {
  const Stmt *S = Asked;
  while (S && !isa<IfStmt>(S)) {
    if (isa<CompoundStmt, DeclStmt>(S))
      return false;
    S = parent(S);
  }
  const auto *If = dyn_cast_or_null<IfStmt>(S);
  if (!If || If->getElse() || If->getInit() || If->getConditionVariable() ||
      !isa_and_nonnull<CompoundStmt>(parent(If)))
    return false;
  const auto *D = dyn_cast_or_null<DeclStmt>(firstOf(If));
  const auto *V =
      D && D->isSingleDecl() ? dyn_cast<VarDecl>(D->getSingleDecl()) : nullptr;
  const TypeModel *T = V ? M.lookup(V->getType()) : nullptr;
  if (!T || T->Kind != TypeModel::Guard)
    return false;
  // What else the condition calls may take the lock itself.
  SmallVector<const Stmt *, 8> Work{If->getCond()};
  while (!Work.empty()) {
    const Stmt *At = Work.pop_back_val();
    if (const auto *C = dyn_cast<CallExpr>(At)) {
      const FunctionDecl *F = C->getDirectCallee();
      if (!F || !SM.isInSystemHeader(F->getLocation()))
        return false;
    }
    for (const Stmt *Child : At->children())
      if (Child)
        Work.push_back(Child);
  }
  std::string Guard = text(D);
  if (Guard.empty() || Guard.back() != ';' || If->getEndLoc().isMacroID())
    return false;
  SourceLocation End =
      Lexer::getLocForEndOfToken(If->getEndLoc(), 0, SM, Ctx.getLangOpts());
  return replace(If->getBeginLoc(), If->getBeginLoc(), "{\n" + Guard + "\n") &&
         remove(D) && replace(End, End, "\n}");
}

std::vector<SourceEdit> race::fixCheckThenAct(const Op &Asked, const Op &Act,
                                              StateKind Of, bool Outside,
                                              ASTContext &Ctx,
                                              const Models &M) {
  const auto *Ask = dyn_cast_or_null<Expr>(Asked.Node);
  const auto *Do = dyn_cast_or_null<Expr>(Act.Node);
  if (!Ask || !Do)
    return {};
  auto Try = [&](auto Make) {
    Fixer F(Ctx, M);
    return Make(F) ? std::move(F.Edits) : std::vector<SourceEdit>();
  };
  std::vector<SourceEdit> Edits;
  auto Otherwise = [&](auto Make) {
    if (Edits.empty())
      Edits = Try(Make);
  };
  switch (Of) {
  case StateKind::Atomic:
    Otherwise([&](Fixer &F) { return F.exchangeFlag(Ask, Do); });
    Otherwise([&](Fixer &F) { return F.addInOne(Ask, Do); });
    break;
  case StateKind::Owners:
    Otherwise([&](Fixer &F) { return F.lockAtOnce(Ask, Do); });
    break;
  case StateKind::Container:
    Otherwise([&](Fixer &F) { return Outside && F.guardBoth(Ask); });
    Otherwise([&](Fixer &F) { return F.insertIfAbsent(Do); });
    break;
  case StateKind::Plain:
    Otherwise([&](Fixer &F) { return Outside && F.guardBoth(Ask); });
    break;
  case StateKind::Files:
  case StateKind::Database:
    break;
  }
  return Edits;
}
