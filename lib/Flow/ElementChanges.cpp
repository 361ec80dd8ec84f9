//===- ElementChanges.cpp - Who changes what a container has --------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementChanges.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSwitch.h"
#include <vector>

using namespace clang;
using namespace race;

bool race::findsElements(const CXXMethodDecl *Method) {
  const CXXRecordDecl *R = Method->getParent();
  if (Method->isConst() || Method->isStatic() || !R->isInStdNamespace())
    return false;
  if (Method->getOverloadedOperator() == OO_Subscript)
    // That of a map makes what it does not find.
    return R->getIdentifier() && !R->getName().contains("map");
  return Method->getIdentifier() &&
         llvm::StringSwitch<bool>(Method->getName())
             .Cases("begin", "end", "rbegin", "rend", "find", true)
             .Cases("lower_bound", "upper_bound", "equal_range", true)
             .Cases("front", "back", "at", "data", true)
             .Default(false);
}

namespace {
/// Notes what is changed, and which variables stand for elements.
class ChangeScan : public RecursiveASTVisitor<ChangeScan> {
public:
  explicit ChangeScan(llvm::DenseSet<const Stmt *> &Changed)
      : Changed(Changed) {}

  bool shouldVisitImplicitCode() const { return true; }
  bool TraverseTypeLoc(TypeLoc) { return true; }

  bool VisitBinaryOperator(BinaryOperator *E) {
    if (E->isAssignmentOp())
      change(E->getLHS());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *E) {
    // Where the address goes is not followed.
    if (E->isIncrementDecrementOp() || E->getOpcode() == UO_AddrOf)
      change(E->getSubExpr());
    return true;
  }
  bool VisitVarDecl(VarDecl *V) {
    if (const Expr *Init = V->getInit())
      if (isWritable(V->getType()) || V->getType()->isRecordType())
        StandsFor.push_back({V, Init});
    return true;
  }
  bool VisitCallExpr(CallExpr *E) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(E->getDirectCallee());
    unsigned First = 0;
    if (const auto *M = dyn_cast<CXXMemberCallExpr>(E)) {
      if (Method && !Method->isConst() && !findsElements(Method))
        change(M->getImplicitObjectArgument());
    } else if (isa<CXXOperatorCallExpr>(E) && Method && !Method->isStatic()) {
      First = 1;
      // To move an iterator changes no element.
      bool Moves = E->getNumArgs() == 1 || isIterator(E->getArg(0)->getType());
      if (!Method->isConst() && !findsElements(Method) && !Moves)
        change(E->getArg(0));
    }
    noteArguments(E->getDirectCallee(), E, First);
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    if (!E->getConstructor()->isCopyOrMoveConstructor())
      noteArguments(E->getConstructor(), E, 0);
    return true;
  }

  /// From the variables that are changed to what they stand for.
  void finish() {
    for (bool Again = true; Again;) {
      Again = false;
      for (auto &[V, Init] : StandsFor)
        if (Init && Variables.contains(V)) {
          change(Init);
          Init = nullptr;
          Again = true;
        }
    }
  }

private:
  /// A reference or pointer through which can be written.
  static bool isWritable(QualType T) {
    QualType Inner = T->getPointeeType();
    return !Inner.isNull() && !Inner.isConstQualified();
  }
  static bool isIterator(QualType T) {
    const auto *R = T.getNonReferenceType()->getAsCXXRecordDecl();
    return R && R->getIdentifier() && R->getName().contains("iterator");
  }
  /// Whether \p F is an algorithm that changes the elements it is given.
  static bool rearranges(const FunctionDecl *F) {
    return F && F->isInStdNamespace() && F->getIdentifier() &&
           llvm::StringSwitch<bool>(F->getName())
               .Cases("sort", "stable_sort", "partial_sort", "nth_element",
                      true)
               .Cases("fill", "generate", "iota", "reverse", "rotate", true)
               .Cases("shuffle", "remove", "remove_if", "unique", true)
               .Cases("replace", "replace_if", "partition", true)
               .Cases("make_heap", "push_heap", "pop_heap", "sort_heap", true)
               .Default(false);
  }
  template <class Call>
  void noteArguments(const FunctionDecl *Callee, const Call *E,
                     unsigned First) {
    for (unsigned I = First; I < E->getNumArgs(); ++I) {
      const Expr *Arg = E->getArg(I);
      bool Known = Callee && I - First < Callee->getNumParams();
      QualType T =
          Known ? Callee->getParamDecl(I - First)->getType() : Arg->getType();
      // A copy of an iterator leads to the element as well.
      if ((isWritable(T) && !T->isRValueReferenceType()) ||
          (isIterator(Arg->getType()) && rearranges(Callee)))
        change(Arg);
    }
  }
  /// \p E, or what it is a part of, is changed.
  void change(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      Variables.insert(Ref->getDecl());
      return;
    }
    if (const auto *M = dyn_cast<MemberExpr>(E)) {
      // What a pointer leads to is no element.
      if (!M->isArrow() ||
          isa<CXXOperatorCallExpr>(M->getBase()->IgnoreParenImpCasts()))
        change(M->getBase());
      return;
    }
    if (const auto *U = dyn_cast<UnaryOperator>(E)) {
      // `*p`, where p is an iterator that is a pointer.
      if (U->getOpcode() == UO_Deref)
        change(U->getSubExpr());
      return;
    }
    if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
      return change(A->getBase());
    const auto *Call = dyn_cast<CallExpr>(E);
    const auto *Method =
        Call ? dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee())
             : nullptr;
    if (!Method)
      return;
    if (findsElements(Method)) {
      Changed.insert(Call);
      const Expr *Object =
          isa<CXXMemberCallExpr>(Call)
              ? cast<CXXMemberCallExpr>(Call)->getImplicitObjectArgument()
              : Call->getArg(0);
      change(Object);
      return;
    }
    // `*it`, `it->second`.
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
        Operator && isIterator(Operator->getArg(0)->getType()))
      change(Operator->getArg(0));
  }

  llvm::DenseSet<const Stmt *> &Changed;
  llvm::DenseSet<const ValueDecl *> Variables;
  std::vector<std::pair<const VarDecl *, const Expr *>> StandsFor;
};
} // namespace

llvm::DenseSet<const Stmt *> race::elementChanges(const FunctionDecl *F) {
  llvm::DenseSet<const Stmt *> Changed;
  ChangeScan Scan(Changed);
  Scan.TraverseStmt(F->getBody());
  Scan.finish();
  return Changed;
}
