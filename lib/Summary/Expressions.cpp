//===- Expressions.cpp - What an expression stands for --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expressions.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace race;

const Expr *race::unwrapped(const Expr *E) {
  for (;;) {
    E = E->IgnoreParenImpCasts();
    if (const auto *X = dyn_cast<FullExpr>(E))
      E = X->getSubExpr();
    else if (const auto *X = dyn_cast<MaterializeTemporaryExpr>(E))
      E = X->getSubExpr();
    else if (const auto *X = dyn_cast<CXXBindTemporaryExpr>(E))
      E = X->getSubExpr();
    else if (const auto *X = dyn_cast<ExplicitCastExpr>(E))
      E = X->getSubExpr();
    else
      return E;
  }
}

static const FunctionDecl *calledThrough(const Expr *E, unsigned Depth) {
  if (!E || Depth > 8)
    return nullptr;
  E = unwrapped(E);
  if (const auto *X = dyn_cast<LambdaExpr>(E))
    return X->getCallOperator();
  if (const auto *X = dyn_cast<UnaryOperator>(E))
    return calledThrough(X->getSubExpr(), Depth + 1);
  if (const auto *X = dyn_cast<CXXConstructExpr>(E))
    return X->getNumArgs() ? calledThrough(X->getArg(0), Depth + 1) : nullptr;
  if (const auto *X = dyn_cast<InitListExpr>(E))
    return X->getNumInits() ? calledThrough(X->getInit(0), Depth + 1) : nullptr;
  if (const auto *X = dyn_cast<CallExpr>(E)) {
    // std::bind(f, ...), std::ref(f), std::move(f), std::mem_fn(f)
    const FunctionDecl *F = X->getDirectCallee();
    if (F && F->isInStdNamespace() && X->getNumArgs())
      return calledThrough(X->getArg(0), Depth + 1);
    return nullptr;
  }
  if (const auto *X = dyn_cast<MemberExpr>(E))
    return dyn_cast<FunctionDecl>(X->getMemberDecl());
  if (const auto *X = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *F = dyn_cast<FunctionDecl>(X->getDecl()))
      return F;
    if (const auto *V = dyn_cast<VarDecl>(X->getDecl());
        V && V->isLocalVarDecl())
      return calledThrough(V->getInit(), Depth + 1);
  }
  return nullptr;
}

const FunctionDecl *race::calledThrough(const Expr *E) {
  return ::calledThrough(E, 0);
}

/// The small struct that \p M is a pointer of, if it is part of a larger one:
/// a list's head with its first and last element, as sys/queue.h has them. The
/// head stands for both.
static const Expr *listHeadOf(const MemberExpr *M) {
  const Expr *Base = M->getBase()->IgnoreParenImpCasts();
  const auto *U = dyn_cast<UnaryOperator>(Base);
  if (U && U->getOpcode() == UO_AddrOf)
    Base = U->getSubExpr()->IgnoreParenImpCasts();
  else if (M->isArrow())
    return nullptr;
  const auto *Whole = dyn_cast<MemberExpr>(Base);
  const RecordDecl *R = Base->getType()->getAsRecordDecl();
  if (!Whole || !R || !M->getType()->isPointerType() ||
      std::distance(R->field_begin(), R->field_end()) > 3)
    return nullptr;
  return Base;
}

const ValueDecl *race::namedObject(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (const auto *M = dyn_cast<MemberExpr>(E)) {
    if (const Expr *Whole = listHeadOf(M))
      return namedObject(Whole);
    return dyn_cast<FieldDecl>(M->getMemberDecl());
  }
  if (const auto *R = dyn_cast<DeclRefExpr>(E))
    if (const auto *V = dyn_cast<VarDecl>(R->getDecl()))
      return V;
  return nullptr;
}

bool race::isLocal(const ValueDecl *D) {
  const auto *V = dyn_cast_or_null<VarDecl>(D);
  return V && !V->hasGlobalStorage() && !V->getType()->isReferenceType();
}

int race::parameterIn(const Expr *E, const FunctionDecl *F) {
  E = unwrapped(E);
  if (const auto *X = dyn_cast<CXXConstructExpr>(E))
    return X->getNumArgs() == 1 ? parameterIn(X->getArg(0), F) : -2;
  if (const auto *X = dyn_cast<CallExpr>(E)) {
    const FunctionDecl *Callee = X->getDirectCallee();
    if (Callee && Callee->isInStdNamespace() && X->getNumArgs() == 1)
      return parameterIn(X->getArg(0), F);
    return -2;
  }
  if (isa<CXXThisExpr>(E))
    return -1;
  if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *P = dyn_cast<ParmVarDecl>(R->getDecl());
        P && P->getDeclContext() == F)
      return P->getFunctionScopeIndex();
    // struct node *n = parameter;
    if (const auto *V = dyn_cast<VarDecl>(R->getDecl());
        V && V->isLocalVarDecl() && V->getInit() &&
        V->getType()->isPointerType())
      return parameterIn(V->getInit(), F);
  }
  return -2;
}

const StringLiteral *race::textOf(const Expr *E) {
  E = unwrapped(E);
  if (const auto *C = dyn_cast<CXXConstructExpr>(E); C && C->getNumArgs())
    E = unwrapped(C->getArg(0));
  const auto *Text = dyn_cast<StringLiteral>(E);
  return Text && Text->isOrdinary() ? Text : nullptr;
}

const Expr *race::objectOf(const Expr *E) {
  if (const auto *C = dyn_cast<CXXMemberCallExpr>(E))
    return C->getImplicitObjectArgument();
  if (const auto *C = dyn_cast<CXXOperatorCallExpr>(E))
    return C->getNumArgs() ? C->getArg(0) : nullptr;
  return nullptr;
}

bool race::ownsObjects(QualType Container, const RecordDecl *R) {
  const auto *C = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Container.getNonReferenceType()->getAsCXXRecordDecl());
  if (!C || !C->isInStdNamespace())
    return false;
  for (const TemplateArgument &A : C->getTemplateArgs().asArray()) {
    if (A.getKind() != TemplateArgument::Type)
      continue;
    QualType T = A.getAsType();
    if (const auto *S = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
            T->getAsCXXRecordDecl());
        S && S->isInStdNamespace() && S->getIdentifier() &&
        S->getName() == "unique_ptr")
      T = S->getTemplateArgs()[0].getAsType();
    const RecordDecl *D = T->getAsRecordDecl();
    if (D && D->getCanonicalDecl() == R->getCanonicalDecl())
      return true;
  }
  return false;
}
