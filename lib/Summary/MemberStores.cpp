//===- MemberStores.cpp - Which members a function may set ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MemberStores.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;
using namespace race;

/// Whether something of type \p T, given to a function, lets it set members of
/// objects that it can reach from there.
static bool leadsToMembers(QualType T) {
  if (!T->isPointerType() && !T->isReferenceType())
    return T->isRecordType() && !T.getUnqualifiedType().isTriviallyCopyableType(
                                    T->getAsRecordDecl()->getASTContext());
  QualType To = T->getPointeeType();
  return !To.isConstQualified() &&
         (To->isRecordType() || To->isVoidType() || To->isPointerType());
}

namespace race {
/// Reads one body.
class StoreVisitor : public RecursiveASTVisitor<StoreVisitor> {
public:
  StoreVisitor(MemberStores &Stores) : Stores(Stores) {}

  llvm::SmallDenseSet<EntityId, 8> Found;
  bool Any = false;

  bool shouldVisitImplicitCode() const { return true; }
  bool TraverseTypeLoc(TypeLoc) { return true; }
  bool TraverseUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr *) {
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *E) {
    if (E->isAssignmentOp())
      set(E->getLHS());
    return !Any;
  }
  bool VisitUnaryOperator(UnaryOperator *E) {
    // Whoever has a member's address may set it.
    if (E->isIncrementDecrementOp() || E->getOpcode() == UO_AddrOf)
      set(E->getSubExpr(), E->getOpcode() == UO_AddrOf);
    return !Any;
  }
  bool VisitVarDecl(VarDecl *V) {
    if (V->getInit() && V->getType()->isReferenceType() &&
        !V->getType()->getPointeeType().isConstQualified())
      set(V->getInit(), true);
    return !Any;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    given(E->getConstructor(), {E->getArgs(), E->getNumArgs()});
    return !Any;
  }
  bool VisitCallExpr(CallExpr *E) {
    const FunctionDecl *Callee = E->getDirectCallee();
    if (!Callee) {
      Any |= !isa<CXXPseudoDestructorExpr>(E->getCallee()->IgnoreParens());
      return !Any;
    }
    llvm::ArrayRef<const Expr *> Args(E->getArgs(), E->getNumArgs());
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
    if (Method && Method->isInstance() && !Method->isConst()) {
      const Expr *Object =
          isa<CXXOperatorCallExpr>(E) ? E->getArg(0)
          : isa<CXXMemberCallExpr>(E)
              ? cast<CXXMemberCallExpr>(E)->getImplicitObjectArgument()
              : nullptr;
      // A library's object that is a member is set by what changes it.
      if (Object && !Object->getType()->isPointerType())
        set(Object, true);
      Any |= !Stores.Scan.find(Callee) && !inLibrary(Callee);
    }
    if (Method && isa<CXXOperatorCallExpr>(E))
      Args = Args.drop_front();
    Any |= Method && Method->isVirtual() && !Method->isConst();
    given(Callee, Args);
    return !Any;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    // Called, or given to somebody who calls it.
    if (const auto *F = dyn_cast<FunctionDecl>(E->getDecl()))
      called(F);
    return !Any;
  }
  bool VisitMemberExpr(MemberExpr *E) {
    if (const auto *F = dyn_cast<FunctionDecl>(E->getMemberDecl()))
      called(F);
    return !Any;
  }

private:
  static bool inLibrary(const FunctionDecl *F) {
    return F->getBuiltinID() ||
           F->getASTContext().getSourceManager().isInSystemHeader(
               F->getLocation());
  }

  /// What is seen of \p F counts here, too.
  void called(const FunctionDecl *F) {
    if (!Stores.Scan.find(F))
      return;
    const MemberStores::Members &Inner = Stores.of(F);
    if (Inner)
      Found.insert(Inner->begin(), Inner->end());
    Any |= !Inner || Found.size() > MaxMembers;
  }

  /// \p F is given \p Args. If it is not seen, what they lead to is lost.
  void given(const FunctionDecl *F, llvm::ArrayRef<const Expr *> Args) {
    bool Seen = Stores.Scan.find(F);
    unsigned I = 0;
    for (const Expr *A : Args) {
      // Of what is not declared, loggers look at the value.
      if (I >= F->getNumParams())
        return;
      QualType T = F->getParamDecl(I++)->getType();
      if (T->isReferenceType() && !T->getPointeeType().isConstQualified())
        set(A, true);
      if (Seen || !leadsToMembers(T))
        continue;
      // The library knows no member of ours, but may write over the whole.
      QualType Is = A->IgnoreParenCasts()->getType();
      Any |= !inLibrary(F) ||
             (T->isVoidPointerType() && Is->isPointerType() &&
              Is->getPointeeType()->isRecordType() && F->getNumParams() > 1);
    }
  }

  /// \p E is written to; or may be, from now on, if its \p Address is taken.
  void set(const Expr *E, bool Address = false) {
    E = E->IgnoreParenCasts();
    if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
      return set(A->getBase(), Address);
    if (const auto *C = dyn_cast<ConditionalOperator>(E)) {
      set(C->getTrueExpr(), Address);
      return set(C->getFalseExpr(), Address);
    }
    if (const auto *M = dyn_cast<MemberExpr>(E)) {
      if (isa<FieldDecl>(M->getMemberDecl()))
        Found.insert(Stores.Entities.entity(M->getMemberDecl()));
      // What holds it is written to as well.
      return M->isArrow() ? void() : set(M->getBase(), true);
    }
    // A whole object.
    if (!Address && E->getType()->isRecordType() && !isa<DeclRefExpr>(E))
      Any = true;
    if (const auto *R = dyn_cast<DeclRefExpr>(E);
        R && !Address && R->getDecl()->getType()->isReferenceType() &&
        E->getType()->isRecordType())
      Any = true;
  }

  static constexpr unsigned MaxMembers = 64;
  MemberStores &Stores;
};
} // namespace race

const MemberStores::Members &MemberStores::of(const FunctionDecl *F) {
  static const Members Unknown;
  constexpr unsigned MaxDepth = 24;
  const FunctionInfo *Body = Scan.find(F);
  if (!Body || Depth > MaxDepth)
    return Unknown;
  auto [It, New] = Known.try_emplace(Body->Decl->getCanonicalDecl());
  if (!New)
    return It->second;
  ++Depth;
  StoreVisitor Visitor(*this);
  if (const auto *C = dyn_cast<CXXConstructorDecl>(Body->Decl))
    for (const CXXCtorInitializer *I : C->inits())
      if (!Visitor.Any)
        Visitor.TraverseStmt(I->getInit());
  if (!Visitor.Any)
    Visitor.TraverseStmt(Body->Decl->getBody());
  --Depth;
  if (!Visitor.Any)
    It->second = std::make_unique<const llvm::SmallDenseSet<EntityId, 8>>(
        std::move(Visitor.Found));
  return It->second;
}
