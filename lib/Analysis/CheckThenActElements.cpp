//===- CheckThenActElements.cpp - Elements that functions give ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that looks something up under a lock may return where it is in the
// container, and the lock is released by then. What it returns leads into the
// element if the container owns that: the element itself, or what a unique
// pointer in it leads to. A plain pointer that the container merely keeps, and
// a shared one, do not.
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace race;

static bool isCalled(const CXXRecordDecl *R,
                     std::initializer_list<StringRef> Names) {
  return R && R->getIdentifier() && llvm::is_contained(Names, R->getName());
}

static const Expr *stripped(const Expr *E) {
  for (;;) {
    const Expr *Inner = E->IgnoreParenImpCasts();
    if (const auto *X = dyn_cast<ExprWithCleanups>(Inner))
      Inner = X->getSubExpr();
    else if (const auto *X = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = X->getSubExpr();
    if (Inner == E)
      return E;
    E = Inner;
  }
}

/// Whether \p E is an iterator's target, or a member of it: `*It`,
/// `It->second`, `It->second.Name`.
static bool isInElement(const Expr *E) {
  for (unsigned Depth = 0; Depth < 8; ++Depth) {
    E = stripped(E);
    if (const auto *M = dyn_cast<MemberExpr>(E)) {
      // Not through a pointer that the element holds.
      if (M->isArrow() && !isa<CXXOperatorCallExpr>(stripped(M->getBase())))
        return false;
      E = M->getBase();
      continue;
    }
    const auto *Op = dyn_cast<CXXOperatorCallExpr>(E);
    if (!Op || Op->getNumArgs() != 1 ||
        (Op->getOperator() != OO_Arrow && Op->getOperator() != OO_Star))
      return false;
    const Expr *Of = stripped(Op->getArg(0));
    const CXXRecordDecl *R = Of->getType()->getAsCXXRecordDecl();
    if (isCalled(R, {"unique_ptr", "scoped_ptr"})) {
      E = Of;
      continue;
    }
    return isa<DeclRefExpr>(Of) && R && R->getIdentifier() &&
           R->getName().contains("iterator");
  }
  return false;
}

/// Whether \p E, which is returned as a pointer or, if \p Reference, as a
/// reference, leads into an element.
static bool leadsIntoElement(const Expr *E, bool Reference) {
  E = stripped(E);
  if (const auto *C = dyn_cast<ConditionalOperator>(E))
    return leadsIntoElement(C->getTrueExpr(), Reference) ||
           leadsIntoElement(C->getFalseExpr(), Reference);
  if (Reference)
    return isInElement(E);
  if (const auto *U = dyn_cast<UnaryOperator>(E))
    return U->getOpcode() == UO_AddrOf && isInElement(U->getSubExpr());
  const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  return Method && Method->getIdentifier() && Method->getName() == "get" &&
         isCalled(Method->getParent(), {"unique_ptr", "scoped_ptr"}) &&
         isInElement(Call->getImplicitObjectArgument());
}

namespace {
/// Looks for a statement that returns an element.
class ElementReturn : public RecursiveASTVisitor<ElementReturn> {
public:
  explicit ElementReturn(bool Reference) : Reference(Reference) {}
  bool VisitReturnStmt(ReturnStmt *S) {
    Found |= S->getRetValue() && leadsIntoElement(S->getRetValue(), Reference);
    return !Found;
  }
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool Found = false;

private:
  const bool Reference;
};
} // namespace

bool CheckThenActWatcher::givesElement(const FunctionDecl *F) const {
  const FunctionInfo *Body = F ? TU.scan().find(F) : nullptr;
  if (!Body)
    return false;
  QualType T = F->getReturnType();
  if (!T->isPointerType() && !T->isReferenceType())
    return false;
  ElementReturn Finder(T->isReferenceType());
  Finder.TraverseStmt(Body->Decl->getBody());
  return Finder.Found;
}
