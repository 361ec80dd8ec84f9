//===- RemovalScan.cpp - Who removes objects from their owners ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RemovalScan.h"
#include "Expressions.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace race;

/// The name of the function or method that \p Call calls; empty if it has none.
/// In a generic lambda what is called is not known yet, but its name is.
static StringRef calledName(const CallExpr *Call) {
  const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
  if (const auto *M = dyn_cast<CXXDependentScopeMemberExpr>(Callee))
    return M->getMember().isIdentifier()
               ? M->getMember().getAsIdentifierInfo()->getName()
               : StringRef();
  const FunctionDecl *F = Call->getDirectCallee();
  return F && F->getIdentifier() ? F->getName() : StringRef();
}

namespace {
/// Looks for `p.get() == Param` and `&e == Param`, also within lambdas.
class SearchFinder : public RecursiveASTVisitor<SearchFinder> {
public:
  explicit SearchFinder(const ParmVarDecl *Param) : Param(Param) {}

  bool VisitBinaryOperator(BinaryOperator *E) {
    if (E->getOpcode() == BO_EQ)
      note(E->getLHS(), E->getRHS());
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *E) {
    if (E->getOperator() == OO_EqualEqual && E->getNumArgs() == 2)
      note(E->getArg(0), E->getArg(1));
    return true;
  }
  bool Found = false;

private:
  void note(const Expr *A, const Expr *B) {
    A = A->IgnoreParenImpCasts();
    B = B->IgnoreParenImpCasts();
    Found |= (isParam(A) && isElement(B)) || (isParam(B) && isElement(A));
  }
  bool isParam(const Expr *E) const {
    const auto *R = dyn_cast<DeclRefExpr>(E);
    return R && R->getDecl() == Param;
  }
  static bool isElement(const Expr *E) {
    if (const auto *Call = dyn_cast<CallExpr>(E))
      return calledName(Call) == "get";
    const auto *U = dyn_cast<UnaryOperator>(E);
    return U && U->getOpcode() == UO_AddrOf;
  }
  const ParmVarDecl *Param;
};

/// Whether an expression asks if a search found something.
class AnswerFinder : public RecursiveASTVisitor<AnswerFinder> {
public:
  bool VisitCallExpr(CallExpr *E) {
    StringRef Name = calledName(E);
    Found |= Name == "end" || Name == "cend" || Name == "get" ||
             Name == "contains" || Name == "count";
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *E) {
    Found |= E->getOpcode() == UO_AddrOf;
    return true;
  }
  bool Found = false;
};
} // namespace

static bool contains(const Stmt *S, const Stmt *Part) {
  if (!S || S == Part)
    return S != nullptr;
  return llvm::any_of(S->children(),
                      [&](const Stmt *Child) { return contains(Child, Part); });
}

static bool mayReturn(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  return isa<ReturnStmt, CXXThrowExpr, GotoStmt>(S) ||
         llvm::any_of(S->children(), mayReturn);
}

static bool asksForAnswer(const Expr *Condition) {
  AnswerFinder F;
  F.TraverseStmt(const_cast<Expr *>(Condition));
  return F.Found;
}

/// Whether \p S, which contains \p Part, always comes to it, but for a search
/// that finds nothing.
static bool alwaysReaches(const Stmt *S, const Stmt *Part) {
  if (const auto *Block = dyn_cast<CompoundStmt>(S)) {
    for (const Stmt *Child : Block->body()) {
      if (contains(Child, Part))
        return alwaysReaches(Child, Part);
      const auto *If = dyn_cast<IfStmt>(Child);
      if (mayReturn(Child) && !(If && asksForAnswer(If->getCond())))
        return false;
    }
    return false;
  }
  if (const auto *If = dyn_cast<IfStmt>(S)) {
    if (!If->getCond() || contains(If->getCond(), Part))
      return true;
    return If->getThen() && contains(If->getThen(), Part) &&
           asksForAnswer(If->getCond()) && alwaysReaches(If->getThen(), Part);
  }
  if (const auto *Loop = dyn_cast<ForStmt>(S))
    return alwaysReaches(Loop->getBody(), Part);
  if (const auto *Loop = dyn_cast<WhileStmt>(S))
    return alwaysReaches(Loop->getBody(), Part);
  if (const auto *Loop = dyn_cast<CXXForRangeStmt>(S))
    return alwaysReaches(Loop->getBody(), Part);
  return !isa<SwitchStmt, CXXTryStmt, DoStmt>(S);
}

/// The parameter that \p E is the value of; null if it is none.
static const ParmVarDecl *paramIn(const Expr *E) {
  const auto *R = dyn_cast<DeclRefExpr>(unwrapped(E));
  return R ? dyn_cast<ParmVarDecl>(R->getDecl()) : nullptr;
}

/// The parameter by which \p Erased, a key or an iterator, was chosen.
static const ParmVarDecl *keyOf(const Expr *Erased) {
  Erased = unwrapped(Erased);
  if (const auto *X = dyn_cast<CXXConstructExpr>(Erased);
      X && X->getNumArgs() == 1)
    Erased = unwrapped(X->getArg(0));
  if (const ParmVarDecl *P = paramIn(Erased))
    return P;
  const auto *R = dyn_cast<DeclRefExpr>(Erased);
  const auto *V = R ? dyn_cast<VarDecl>(R->getDecl()) : nullptr;
  const auto *Search =
      V && V->isLocalVarDecl() && V->getInit()
          ? dyn_cast<CXXMemberCallExpr>(unwrapped(V->getInit()))
          : nullptr;
  return Search && calledName(Search) == "find" && Search->getNumArgs() == 1
             ? paramIn(Search->getArg(0))
             : nullptr;
}

void RemovalScan::visitCall(const FunctionDecl *By, StringRef Name,
                            const Expr *Call) {
  const Expr *Container = nullptr;
  if (const auto *M = dyn_cast<CXXMemberCallExpr>(Call)) {
    if (Name == "erase" || Name == "remove_if")
      Container = M->getImplicitObjectArgument();
  } else if (const auto *C = dyn_cast<CallExpr>(Call)) {
    if (Name == "erase_if" && C->getNumArgs() == 2)
      Container = C->getArg(0);
  }
  const ValueDecl *D = Container ? namedObject(Container) : nullptr;
  if (D && !isLocal(D) && !isa<ParmVarDecl>(D))
    Erasures.push_back({By, Call, Container});
}

void RemovalScan::finish() {
  for (const Erasure &E : Erasures) {
    const Stmt *Body = E.By->getBody();
    const auto *Erase = dyn_cast<CXXMemberCallExpr>(E.Call);
    const ParmVarDecl *Key =
        Erase && Erase->getNumArgs() == 1 && calledName(Erase) == "erase"
            ? keyOf(Erase->getArg(0))
            : nullptr;
    for (const ParmVarDecl *P : E.By->parameters()) {
      QualType T = P->getType();
      const RecordDecl *R =
          T->isPointerType() ? T->getPointeeType()->getAsRecordDecl() : nullptr;
      bool ByKey = P == Key && !R;
      if (!ByKey && (!R || !ownsObjects(E.Container->getType(), R)))
        continue;
      SearchFinder Search(P);
      if (!ByKey)
        Search.TraverseStmt(const_cast<Stmt *>(Body));
      if ((ByKey || Search.Found) && alwaysReaches(Body, E.Call))
        Out.push_back({E.By, E.Container, P->getFunctionScopeIndex(), ByKey});
    }
  }
}
