//===- EffectPlaces.cpp - Where in a call an effect happens ---------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EffectPlaces.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace race;

/// Whether a value of type \p T is itself the resource (a pointer, a smart
/// pointer, a handle number) rather than an object that is the resource.
static bool isPointerLike(QualType T) {
  if (T->isPointerType() || T->isIntegralOrEnumerationType())
    return true;
  const CXXRecordDecl *R = T->getAsCXXRecordDecl();
  return R && R->isInStdNamespace() && R->getIdentifier() &&
         R->getName().ends_with("_ptr");
}

static QualType paramType(const FunctionDecl *F, unsigned I) {
  if (I < F->getNumParams())
    return F->getParamDecl(I)->getType();
  return QualType();
}

/// The location that holds the resource's pointer, for a hand-back.
AccessPath race::resourceAt(const Place &P, const FunctionDecl *F) {
  AccessPath Path = AccessPath::thisPointer();
  if (P.Kind == Place::Result)
    Path = AccessPath::result();
  if (P.Kind == Place::Argument || P.Kind == Place::RestOfArguments) {
    Path = AccessPath::param(P.Index);
    QualType T = paramType(F, P.Index);
    if (!T.isNull() && T->isReferenceType() &&
        isPointerLike(T->getPointeeType()))
      Path = Path.then(PathStep::deref());
  }
  for (unsigned I = 0; I < P.Derefs; ++I)
    Path = Path.then(PathStep::deref());
  return Path;
}

/// The location of the object itself, for locks and containers.
AccessPath race::objectAt(const Place &P, const FunctionDecl *F) {
  AccessPath Path = AccessPath::thisPointer().then(PathStep::deref());
  if (P.Kind == Place::Result)
    Path = AccessPath::result();
  if (P.Kind == Place::Argument || P.Kind == Place::RestOfArguments) {
    Path = AccessPath::param(P.Index);
    QualType T = paramType(F, P.Index);
    if (T.isNull() || T->isReferenceType() || T->isPointerType())
      Path = Path.then(PathStep::deref());
    // A reference to a pointer to the object.
    if (!T.isNull() && T->isReferenceType() &&
        T->getPointeeType()->isPointerType())
      Path = Path.then(PathStep::deref());
  }
  for (unsigned I = 0; I < P.Derefs; ++I)
    Path = Path.then(PathStep::deref());
  return Path;
}

AccessPath race::valueOfParam(const FunctionDecl *F, unsigned I) {
  AccessPath P = AccessPath::param(I);
  if (F->getParamDecl(I)->getType()->isReferenceType())
    return P.then(PathStep::deref());
  return P;
}

AccessPath race::valueAt(const Place &P, const FunctionDecl *F) {
  if (P.Kind != Place::Argument)
    return objectAt(P, F);
  AccessPath Path = AccessPath::param(P.Index);
  QualType T = paramType(F, P.Index);
  if (!T.isNull() && T->isReferenceType())
    Path = Path.then(PathStep::deref());
  for (unsigned I = 0; I < P.Derefs; ++I)
    Path = Path.then(PathStep::deref());
  return Path;
}

bool race::isHandedBack(const Effects &E, const AccessPath &What) {
  return llvm::any_of(E.HandBacks,
                      [&](const HandBackEffect &H) { return H.What == What; });
}

/// The smart pointer that \p E asks for its pointer or looks through; null if
/// it does not.
static const Expr *smartPointerIn(const CallExpr *E) {
  const auto *M = dyn_cast_or_null<CXXMethodDecl>(E->getDirectCallee());
  if (!M || M->getNumParams() || !M->getParent()->isInStdNamespace() ||
      !M->getParent()->getIdentifier() ||
      !M->getParent()->getName().ends_with("_ptr"))
    return nullptr;
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
    return M->getIdentifier() && M->getName() == "get" &&
                   !Call->getImplicitObjectArgument()
                        ->getType()
                        ->isPointerType()
               ? Call->getImplicitObjectArgument()
               : nullptr;
  return isa<CXXOperatorCallExpr>(E) &&
                 (M->getOverloadedOperator() == OO_Star ||
                  M->getOverloadedOperator() == OO_Arrow)
             ? E->getArg(0)
             : nullptr;
}

std::optional<AccessPath> race::pathOf(const Expr *E, const FunctionDecl *F,
                                       EntityMapper &Entities) {
  E = E->IgnoreParenImpCasts();
  if (const auto *C = dyn_cast<CallExpr>(E)) {
    // A smart pointer's value is the pointer that it holds.
    const Expr *Smart = smartPointerIn(C);
    auto P = Smart ? pathOf(Smart, F, Entities) : std::nullopt;
    if (P && C->isGLValue())
      return P->then(PathStep::deref());
    return P;
  }
  if (const auto *U = dyn_cast<UnaryOperator>(E)) {
    auto P = pathOf(U->getSubExpr(), F, Entities);
    if (P && U->getOpcode() == UO_Deref)
      return P->then(PathStep::deref());
    return P;
  }
  if (isa<CXXThisExpr>(E))
    return AccessPath::thisPointer();
  if (const auto *X = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(X->getMemberDecl());
    auto P = Field ? pathOf(X->getBase(), F, Entities) : std::nullopt;
    if (!P)
      return std::nullopt;
    if (X->isArrow())
      P = P->then(PathStep::deref());
    return P->then(PathStep::field(Entities.entity(Field)));
  }
  if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *P = dyn_cast<ParmVarDecl>(R->getDecl())) {
      AccessPath Path = AccessPath::param(P->getFunctionScopeIndex());
      if (P->getType()->isReferenceType())
        Path = Path.then(PathStep::deref());
      return Path;
    }
    if (const auto *V = dyn_cast<VarDecl>(R->getDecl());
        V && V->hasGlobalStorage())
      return AccessPath::global(Entities.entity(V));
  }
  return std::nullopt;
}

const Expr *race::argumentOf(const Expr *Site, unsigned I) {
  if (const auto *C = dyn_cast<CXXConstructExpr>(Site))
    return I < C->getNumArgs() ? C->getArg(I) : nullptr;
  const auto *C = dyn_cast<CallExpr>(Site);
  if (!C)
    return nullptr;
  if (isa<CXXOperatorCallExpr>(C) &&
      isa_and_nonnull<CXXMethodDecl>(C->getDirectCallee()))
    ++I;
  return I < C->getNumArgs() ? C->getArg(I) : nullptr;
}
