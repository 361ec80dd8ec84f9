//===- StartScan.cpp - Calls that start threads ---------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StartScan.h"
#include "Callables.h"
#include "EffectPlaces.h"
#include "Expressions.h"
#include "race/Comments/CommentFinder.h"
#include "race/Support/Words.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;
using namespace race;

void StartScan::noteName(const Expr *E, const ValueDecl *D) {
  if (!E || !D || !D->getDeclName().isIdentifier())
    return;
  E = unwrapped(E);
  if (const auto *New = dyn_cast<CXXNewExpr>(E); New && New->getConstructExpr())
    E = unwrapped(New->getConstructExpr());
  KeptBy[E] = D;
}

/// For `worker.start()`, where the class is a thread: its method `run`.
static const FunctionDecl *runMethod(const Expr *E) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
  const Expr *Object = Call ? Call->getImplicitObjectArgument() : nullptr;
  if (!Object)
    return nullptr;
  QualType T = Object->getType();
  if (T->isPointerType())
    T = T->getPointeeType();
  const CXXRecordDecl *R = T->getAsCXXRecordDecl();
  while (R && R->hasDefinition()) {
    for (const CXXMethodDecl *M : R->methods())
      if (M->getIdentifier() && M->getName() == "run" && M->isVirtual())
        return M;
    if (R->getNumBases() == 0)
      break;
    R = R->bases_begin()->getType()->getAsCXXRecordDecl();
  }
  return nullptr;
}

std::optional<StartSite> StartScan::visit(const ThreadStartModel &S,
                                          const Expr *E,
                                          SourceLocation Loop) const {
  if (S.Callable.Kind != Place::This && !argumentOf(E, S.Callable.Index))
    return std::nullopt;
  StartSite Site;
  Site.Model = &S;
  Site.Call = E;
  Site.InLoop = Loop.isValid();
  if (S.Callable.Kind == Place::This) {
    Site.Callable = objectOf(E);
    Site.Root = runMethod(E);
  }
  if (S.Callable.Kind == Place::Argument) {
    Site.Callable = argumentOf(E, S.Callable.Index);
    Site.Root = calledThrough(Site.Callable);
  }
  if (S.Callable.Kind == Place::RestOfArguments)
    for (unsigned I = S.Callable.Index; !Site.Root; ++I) {
      const Expr *Arg = argumentOf(E, I);
      if (!Arg)
        break;
      Site.Root = calledThrough(Arg);
      if (Site.Root || (!Site.Callable && isFunctionLike(Arg->getType())))
        Site.Callable = Arg;
    }
  describe(E, Site, Loop);
  return Site;
}

std::optional<StartSite> StartScan::visitElement(QualType Container,
                                                 const Expr *E,
                                                 SourceLocation Loop) const {
  if (Container->isPointerType())
    Container = Container->getPointeeType();
  const auto *R = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Container->getAsCXXRecordDecl());
  if (!R)
    return std::nullopt;
  for (const TemplateArgument &A : R->getTemplateArgs().asArray()) {
    if (A.getKind() != TemplateArgument::Type)
      continue;
    const TypeModel *T = M.lookup(A.getAsType());
    if (!T || T->Kind != TypeModel::Thread)
      continue;
    static const ThreadStartModel InContainer = [] {
      ThreadStartModel S;
      S.Callable = {Place::Argument, 0, 0};
      return S;
    }();
    return visit(InContainer, E, Loop);
  }
  return std::nullopt;
}

/// What the thread is called, and whether all of them share their object.
void StartScan::describe(const Expr *E, StartSite &Site,
                         SourceLocation Loop) const {
  if (const ValueDecl *D = KeptBy.lookup(E))
    Site.Name = D->getName().str();
  for (unsigned I = 0; const Expr *Arg = argumentOf(E, I); ++I) {
    const Expr *Plain = Arg->IgnoreParenImpCasts();
    while (const auto *X = dyn_cast<MaterializeTemporaryExpr>(Plain))
      Plain = X->getSubExpr()->IgnoreParenImpCasts();
    if (const StringLiteral *Text = textOf(Arg))
      Site.Name += (" " + Text->getString()).str();
    if (isa<CXXThisExpr>(Plain))
      Site.SharedObject = true;
    // What else threads can be given that stays the same for each of them.
    const auto *Address = dyn_cast<UnaryOperator>(Plain);
    const Expr *Named = Address && Address->getOpcode() == UO_AddrOf
                            ? Address->getSubExpr()->IgnoreParenImpCasts()
                            : Plain;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Named))
      if (const auto *V = dyn_cast<VarDecl>(Ref->getDecl()))
        Site.SharedObject |=
            staysTheSame(V, Loop) && (Address || V->getType()->isPointerType());
  }
  if (const auto *M = dyn_cast_or_null<CXXMethodDecl>(Site.Root))
    if (M->getParent()->isLambda())
      for (const LambdaCapture &C : M->getParent()->captures()) {
        if (C.capturesThis())
          Site.SharedObject |= C.getCaptureKind() != LCK_StarThis;
        if (!C.capturesVariable())
          continue;
        const auto *V = dyn_cast<VarDecl>(C.getCapturedVar());
        Site.SharedObject |=
            V && staysTheSame(V, Loop) &&
            (C.getCaptureKind() == LCK_ByRef || V->getType()->isPointerType());
      }
}

StringRef StartScan::nameGivenBy(const FunctionDecl *F, const Expr *E) {
  const IdentifierInfo *Id = F->getIdentifier();
  // Most calls are others.
  if (!Id || (!Id->getName().contains("hread") && !Id->isStr("prctl")))
    return "";
  bool Names =
      Id->isStr("prctl") ||
      (hasWord(Id->getName(), {"name", "setname", "rename", "description"}) &&
       !hasWord(Id->getName(), {"get", "find"}));
  for (unsigned I = 0; Names; ++I) {
    const Expr *Arg = argumentOf(E, I);
    if (!Arg)
      break;
    if (const StringLiteral *Text = textOf(Arg))
      return Text->getString();
  }
  return "";
}

namespace {
/// Finds whether a variable is set behind some place.
class SetFinder : public RecursiveASTVisitor<SetFinder> {
public:
  SetFinder(const VarDecl *V, SourceLocation Behind, const SourceManager &SM)
      : V(V), Behind(Behind), SM(SM) {}
  bool VisitBinaryOperator(BinaryOperator *E) {
    return !E->isAssignmentOp() || note(E->getLHS());
  }
  bool VisitUnaryOperator(UnaryOperator *E) {
    return !E->isIncrementDecrementOp() || note(E->getSubExpr());
  }
  bool TraverseTypeLoc(TypeLoc) { return true; }
  bool Found = false;

private:
  bool note(const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    Found |= Ref && Ref->getDecl() == V &&
             SM.isBeforeInTranslationUnit(Behind, Ref->getLocation());
    return !Found;
  }
  const VarDecl *V;
  SourceLocation Behind;
  const SourceManager &SM;
};
} // namespace

/// Whether every thread that the loop around starts finds the same in \p V.
bool StartScan::staysTheSame(const VarDecl *V, SourceLocation Loop) const {
  if (V->hasGlobalStorage())
    return true;
  if (Loop.isInvalid() || !SM.isBeforeInTranslationUnit(V->getLocation(), Loop))
    return false;
  const auto *F = dyn_cast<FunctionDecl>(V->getDeclContext());
  SetFinder Finder(V, Loop, SM);
  if (F && V->getType()->isPointerType())
    Finder.TraverseStmt(F->getBody());
  return !Finder.Found;
}
