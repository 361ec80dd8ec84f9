//===- BodyEffects.cpp - What one look at a body says ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EffectPlaces.h"
#include "race/Flow/FlowGraph.h"
#include "race/Summary/CallEffects.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace race;

/// The expression that \p F returns if that is nearly all it does: a getter,
/// or an accessor of a function-local static.
static const Expr *returnedByGetter(const FunctionDecl *F) {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(F->getBody());
  if (!Body || Body->size() == 0 || Body->size() > 2)
    return nullptr;
  const auto *Return = dyn_cast<ReturnStmt>(Body->body_back());
  if (Body->size() == 2 && !isa<DeclStmt>(Body->body_front()))
    return nullptr;
  return Return ? Return->getRetValue() : nullptr;
}

/// Says what a getter's result is.
static void addGetter(const FunctionDecl *F, EntityMapper &Entities,
                      Effects &E) {
  if (E.ReturnsAlias)
    return;
  const Expr *Value = returnedByGetter(F);
  if (!Value || F->isDependentContext())
    return;
  // Copies of objects are values of their own.
  if (!F->getReturnType()->isReferenceType() &&
      !F->getReturnType()->isScalarType())
    return;
  const auto *Address = dyn_cast<UnaryOperator>(Value->IgnoreParenImpCasts());
  E.ReturnsAddress = (Address && Address->getOpcode() == UO_AddrOf) ||
                     Value->IgnoreParenImpCasts()->getType()->isArrayType();
  E.ReturnsAlias = pathOf(Value, F, Entities);
  if (E.ReturnsAlias) {
    E.Changes = 0;
    E.ChangesGlobals = false;
  }
}

/// Whether something of this name gives the same object each time. What goes
/// on, makes, takes out or looks at one end does not, and each thread may have
/// its own.
static bool soundsLikeOneObject(StringRef Name) {
  return llvm::none_of(wordsOf(Name), [](const std::string &Word) {
    return llvm::StringSwitch<bool>(Word)
        .Cases("next", "prev", "new", "create", "make", "alloc", "allocate",
               "pop", true)
        .Cases("take", "front", "back", "top", "begin", "end", "current",
               "thread", "local", true)
        .Cases("tls", "random", "any", "add", "acquire", true)
        .Default(false);
  });
}

/// Says which object a function gives of which only the declaration is seen. A
/// reference that depends on no argument leads to one object: if it can be
/// written through, the only one of that kind; of a method that changes
/// nothing, the one that belongs to what it is asked of.
static void addDeclaredGetter(const FunctionDecl *F, EntityMapper &Entities,
                              Effects &E) {
  QualType T = F->getReturnType();
  if (E.ReturnsAlias || F->getNumParams() || F->isVariadic() ||
      !F->getIdentifier() || !T->isLValueReferenceType() ||
      !T->getPointeeType()->isRecordType() ||
      F->getTemplateSpecializationArgs() ||
      F->getASTContext().getSourceManager().isInSystemHeader(
          F->getLocation()) ||
      !soundsLikeOneObject(F->getName()))
    return;
  EntityId Id = Entities.entity(F);
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (Method && Method->isInstance()) {
    if (!Method->isConst())
      return;
    // As if a member led there, so that a change of the object changes it.
    E.ReturnsAlias = AccessPath::thisPointer()
                         .then(PathStep::deref())
                         .then(PathStep::field(Id));
    E.ReturnsContent = true;
  } else if (!T->getPointeeType().isConstQualified()) {
    E.ReturnsAlias = AccessPath::global(Id);
  }
}

namespace {
/// Finds the pointer parameters of a function at whose pointees it looks.
/// Comparing, testing and returning a pointer is no look; anything else is.
class PointeeUse : public RecursiveASTVisitor<PointeeUse> {
  using Base = RecursiveASTVisitor<PointeeUse>;

public:
  explicit PointeeUse(const FunctionDecl *F) : F(F) {}

  bool TraverseBinaryOperator(BinaryOperator *E) {
    if (!E->isComparisonOp())
      return Base::TraverseBinaryOperator(E);
    return valueOnly(E->getLHS()) && valueOnly(E->getRHS());
  }
  bool TraverseUnaryOperator(UnaryOperator *E) {
    if (E->getOpcode() != UO_LNot)
      return Base::TraverseUnaryOperator(E);
    return valueOnly(E->getSubExpr());
  }
  bool TraverseImplicitCastExpr(ImplicitCastExpr *E) {
    if (E->getCastKind() != CK_PointerToBoolean)
      return Base::TraverseImplicitCastExpr(E);
    return valueOnly(E->getSubExpr());
  }
  bool TraverseReturnStmt(ReturnStmt *S) {
    return !S->getRetValue() || valueOnly(S->getRetValue());
  }
  bool TraverseIfStmt(IfStmt *S) {
    return TraverseStmt(S->getInit()) &&
           TraverseDecl(S->getConditionVariable()) && valueOnly(S->getCond()) &&
           TraverseStmt(S->getThen()) && TraverseStmt(S->getElse());
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    const auto *P = dyn_cast<ParmVarDecl>(E->getDecl());
    if (P && P->getDeclContext() == F && P->getFunctionScopeIndex() < 31)
      Looked |= 1u << P->getFunctionScopeIndex();
    if (E->refersToEnclosingVariableOrCapture())
      Captured.insert(E->getDecl());
    return true;
  }
  bool VisitCXXThisExpr(CXXThisExpr *) {
    Looked |= 1u << Effects::ThisBit;
    return true;
  }
  uint32_t Looked = 0;
  /// Variables of the function around a lambda.
  llvm::SmallPtrSet<const ValueDecl *, 4> Captured;

private:
  bool valueOnly(Expr *E) {
    return isa<DeclRefExpr>(E->IgnoreParenImpCasts()) || TraverseStmt(E);
  }
  const FunctionDecl *F;
};
} // namespace

void CallEffects::addBody(const FunctionDecl *F, Effects &E) const {
  const FunctionDecl *Definition = nullptr;
  if (!F->hasBody(Definition))
    return addDeclaredGetter(F, Entities, E);
  if (isBroken(Definition))
    return;
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (Method && Method->getParent()->isLambda()) {
    addLambda(Method, E);
    PointeeUse Use(Definition);
    Use.TraverseStmt(Definition->getBody());
    for (const LambdaCapture &C : Method->getParent()->captures()) {
      if (!C.capturesVariable() ||
          !C.getCapturedVar()->getType()->isPointerType() ||
          !Use.Captured.contains(C.getCapturedVar()))
        continue;
      EntityId Var = Entities.entity(C.getCapturedVar());
      if (C.getCaptureKind() == LCK_ByCopy)
        E.KeepsToUse.push_back(Var);
      else if (!llvm::is_contained(E.Writes, Var))
        E.LooksAt.push_back(Var);
    }
  }
  addGetter(Definition, Entities, E);
  if (const Expr *Value = returnedByGetter(Definition);
      Value && !E.ReturnsAlias && !Definition->isDependentContext())
    addInnerView(Value, Definition, E);
  // Not of virtual functions: another body may run.
  if (!Scan.find(F) || (Method && Method->isVirtual()))
    return;
  addSetter(Definition, E);
  PointeeUse Use(Definition);
  Use.TraverseStmt(Definition->getBody());
  E.Derefs = Use.Looked;
  addFollows(Definition, E);
}
