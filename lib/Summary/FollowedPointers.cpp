//===- FollowedPointers.cpp - Members through which a function looks ------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of a function that is given an object: which of its pointer members it looks
// through, as they were when it was called. Only what it does whatever the
// rest of the object's state says, or if that very pointer is not null: of
// anything else the callers know more.
//
//===----------------------------------------------------------------------===//

#include "EffectPlaces.h"
#include "Expressions.h"
#include "race/Summary/CallEffects.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"

using namespace clang;
using namespace race;

namespace {
class FollowScan : public RecursiveASTVisitor<FollowScan> {
  using Base = RecursiveASTVisitor<FollowScan>;

public:
  FollowScan(const FunctionDecl *F, EntityMapper &Entities)
      : F(F), Entities(Entities), SM(F->getASTContext().getSourceManager()) {}

  llvm::SmallVector<FollowEffect, 1> Found;

  bool shouldTraversePostOrder() const { return true; }

  bool TraverseIfStmt(IfStmt *S) {
    TraverseStmt(S->getInit());
    TraverseStmt(S->getConditionVariableDeclStmt());
    TraverseStmt(S->getCond());
    bool Outer = std::exchange(Leaves, false);
    under(nonNull(S->getCond(), true), [&] { TraverseStmt(S->getThen()); });
    bool ThenLeaves = std::exchange(Leaves, false);
    under(nonNull(S->getCond(), false), [&] { TraverseStmt(S->getElse()); });
    // What follows runs only if no branch has left.
    if (ThenLeaves)
      narrow(nonNull(S->getCond(), false));
    if (Leaves)
      narrow(nonNull(S->getCond(), true));
    Leaves |= ThenLeaves | Outer;
    return true;
  }
  bool TraverseBinaryOperator(BinaryOperator *E) {
    if (!E->isLogicalOp())
      return Base::TraverseBinaryOperator(E);
    TraverseStmt(E->getLHS());
    under(nonNull(E->getLHS(), E->getOpcode() == BO_LAnd),
          [&] { TraverseStmt(E->getRHS()); });
    return true;
  }
  bool TraverseConditionalOperator(ConditionalOperator *E) {
    TraverseStmt(E->getCond());
    under(nonNull(E->getCond(), true), [&] { TraverseStmt(E->getTrueExpr()); });
    under(nonNull(E->getCond(), false),
          [&] { TraverseStmt(E->getFalseExpr()); });
    return true;
  }
  // What may not run, or not with what was there at first.
  bool TraverseWhileStmt(WhileStmt *S) { return apart(S); }
  bool TraverseForStmt(ForStmt *S) { return apart(S); }
  bool TraverseDoStmt(DoStmt *S) { return apart(S); }
  bool TraverseCXXForRangeStmt(CXXForRangeStmt *S) { return apart(S); }
  bool TraverseSwitchStmt(SwitchStmt *S) { return apart(S); }
  bool TraverseCXXTryStmt(CXXTryStmt *S) { return apart(S); }
  bool TraverseLabelStmt(LabelStmt *S) { return apart(S); }
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool TraverseUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr *) {
    return true;
  }

  bool VisitReturnStmt(ReturnStmt *) { return Leaves = true; }
  bool VisitGotoStmt(GotoStmt *) { return Leaves = true; }
  bool VisitCXXThrowExpr(CXXThrowExpr *) { return Leaves = true; }

  bool VisitVarDecl(VarDecl *V) {
    if (auto P = V->getInit() ? member(V->getInit()) : std::nullopt)
      Copies.try_emplace(V, *P);
    return true;
  }
  bool VisitMemberExpr(MemberExpr *E) {
    if (E->isArrow())
      look(E->getBase(), E->getMemberLoc());
    return true;
  }
  bool VisitArraySubscriptExpr(ArraySubscriptExpr *E) {
    look(E->getBase(), E->getExprLoc());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *E) {
    if (E->getOpcode() == UO_Deref)
      look(E->getSubExpr(), E->getExprLoc());
    else if (E->isIncrementDecrementOp() || E->getOpcode() == UO_AddrOf)
      change(E->getSubExpr());
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *E) {
    if (E->isAssignmentOp())
      change(E->getLHS());
    return true;
  }
  bool VisitCallExpr(CallExpr *E) {
    const FunctionDecl *Callee = E->getDirectCallee();
    if (const auto *C = dyn_cast<CXXMemberCallExpr>(E))
      if (const auto *M = dyn_cast_or_null<CXXMethodDecl>(Callee);
          !M || !M->isConst())
        given(C->getImplicitObjectArgument());
    for (unsigned I = 0; I < E->getNumArgs(); ++I) {
      const Expr *A = E->getArg(I);
      QualType T = Callee && I < Callee->getNumParams()
                       ? Callee->getParamDecl(I)->getType()
                       : A->getType();
      if (!T->isPointerType() && !T->isReferenceType())
        continue;
      if (!T->getPointeeType().isConstQualified())
        given(A);
    }
    return true;
  }

private:
  bool apart(Stmt *S) {
    under(std::nullopt, [&] {
      for (Stmt *Child : S->children())
        TraverseStmt(Child);
    });
    // A loop may also be left from its middle.
    if (std::exchange(Leaves, true))
      narrow(std::nullopt);
    return true;
  }

  /// The pointer member that \p E, or the variable that it names, holds.
  std::optional<AccessPath> member(const Expr *E) const {
    E = unwrapped(E);
    if (!E->getType()->isPointerType())
      return std::nullopt;
    if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
      auto It = Copies.find(R->getDecl());
      return It == Copies.end() ? std::nullopt
                                : std::optional<AccessPath>(It->second);
    }
    if (!isa<MemberExpr>(E))
      return std::nullopt;
    for (const Expr *X = E; const auto *M = dyn_cast<MemberExpr>(X);)
      if (X = unwrapped(M->getBase());
          !isa<MemberExpr, CXXThisExpr>(X) && parameterIn(X, F) < 0)
        return std::nullopt;
    auto P = pathOf(E, F, Entities);
    if (!P || P->Steps.size() > 4)
      return std::nullopt;
    return P;
  }

  /// The pointer that is not null where \p Cond is \p Truth.
  std::optional<AccessPath> nonNull(const Expr *Cond, bool Truth) const {
    const Expr *E = unwrapped(Cond);
    if (const auto *U = dyn_cast<UnaryOperator>(E);
        U && U->getOpcode() == UO_LNot)
      return nonNull(U->getSubExpr(), !Truth);
    if (const auto *B = dyn_cast<BinaryOperator>(E)) {
      if (!B->isEqualityOp() || (B->getOpcode() == BO_NE) != Truth)
        return std::nullopt;
      auto IsNull = [&](const Expr *X) {
        return X->isNullPointerConstant(F->getASTContext(),
                                        Expr::NPC_NeverValueDependent);
      };
      return IsNull(B->getRHS())   ? member(B->getLHS())
             : IsNull(B->getLHS()) ? member(B->getRHS())
                                   : std::nullopt;
    }
    return Truth ? member(E) : std::nullopt;
  }

  /// Runs \p Walk over what is done only if \p Pointer is not null, or under
  /// another condition if there is none.
  void under(std::optional<AccessPath> Pointer,
             llvm::function_ref<void()> Walk) {
    auto Before = std::make_pair(Conditional, Only);
    narrow(std::move(Pointer));
    Walk();
    std::tie(Conditional, Only) = std::move(Before);
  }
  void narrow(std::optional<AccessPath> Pointer) {
    if (Conditional && !(Only == Pointer))
      Pointer.reset();
    Conditional = true;
    Only = std::move(Pointer);
  }

  void look(const Expr *Pointer, SourceLocation At) {
    auto P = member(Pointer);
    if (!P || Changed || (Conditional && !(Only == P)) ||
        llvm::is_contained(Lost, *P) || Found.size() >= 6 ||
        llvm::any_of(Found, [&](const auto &X) { return X.Pointer == *P; }))
      return;
    Found.push_back({*P, anchorOf(At, SM)});
  }
  /// \p To holds something else from here on.
  void change(const Expr *To) {
    if (const auto *R = dyn_cast<DeclRefExpr>(unwrapped(To)))
      Copies.erase(R->getDecl());
    else if (auto P = member(To))
      Lost.push_back(*P);
  }
  /// A function gets \p E and may change any member of it.
  void given(const Expr *E) {
    E = unwrapped(E);
    if (const auto *U = dyn_cast<UnaryOperator>(E);
        U && (U->getOpcode() == UO_Deref || U->getOpcode() == UO_AddrOf))
      E = unwrapped(U->getSubExpr());
    Changed |= isa<CXXThisExpr>(E) || parameterIn(E, F) >= 0;
  }

  const FunctionDecl *F;
  EntityMapper &Entities;
  const SourceManager &SM;
  /// Local variables that hold what a member did.
  llvm::DenseMap<const ValueDecl *, AccessPath> Copies;
  std::vector<AccessPath> Lost;
  /// Whether what is walked over runs under a condition, and the pointer that
  /// this is about, if it is the only one.
  bool Conditional = false;
  std::optional<AccessPath> Only;
  /// A branch leaves the function.
  bool Leaves = false;
  bool Changed = false;
};
} // namespace

void CallEffects::addFollows(const FunctionDecl *Definition, Effects &E) const {
  FollowScan Scan(Definition, Entities);
  Scan.TraverseStmt(Definition->getBody());
  E.Follows = std::move(Scan.Found);
}
