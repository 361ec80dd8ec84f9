//===- SetterEffects.cpp - What short functions store ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constructors that keep their arguments, setters, and what takes something out
// of its object are too many to simulate and too simple to need it: their
// statements are gone through one by one.
//
//===----------------------------------------------------------------------===//

#include "Expressions.h"
#include "race/Summary/CallEffects.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace race;

namespace {
/// Goes through a body without branches.
class StraightLine {
public:
  StraightLine(const FunctionDecl *F, EntityMapper &Entities)
      : F(F), Entities(Entities) {}

  /// \returns false if there is something in the body that it does not know.
  bool run();

  llvm::SmallVector<AssignEffect, 2> Assigns;
  std::optional<AccessPath> Returned;

private:
  /// A location or a constant, before the function began.
  struct Value {
    std::optional<AccessPath> At;
    std::optional<int64_t> Constant;
    explicit operator bool() const { return At || Constant; }
  };

  bool initializers(const CXXConstructorDecl *C);
  bool statement(const Stmt *S);
  bool assignment(const Expr *To, const Expr *From);
  Value evaluate(const Expr *E);
  std::optional<AccessPath> fieldOf(const Expr *E);
  void store(AccessPath To, const Value &V);
  Value load(const AccessPath &P);

  const FunctionDecl *F;
  EntityMapper &Entities;
  llvm::SmallVector<std::pair<const VarDecl *, Value>, 2> Locals;
};
} // namespace

static const Expr *strip(const Expr *E) {
  for (;;) {
    E = unwrapped(E);
    if (const auto *X = dyn_cast<CXXDefaultInitExpr>(E))
      E = X->getExpr();
    else if (const auto *X = dyn_cast<InitListExpr>(E);
             X && X->getNumInits() == 1)
      E = X->getInit(0);
    else if (const auto *X = dyn_cast<CXXConstructExpr>(E);
             X && X->getNumArgs() == 1 &&
             X->getConstructor()->isCopyOrMoveConstructor())
      E = X->getArg(0);
    else if (const auto *X = dyn_cast<CallExpr>(E);
             X && X->getNumArgs() == 1 && X->getDirectCallee() &&
             X->getDirectCallee()->isInStdNamespace() &&
             X->getDirectCallee()->getIdentifier() &&
             (X->getDirectCallee()->getName() == "move" ||
              X->getDirectCallee()->getName() == "forward"))
      E = X->getArg(0);
    else
      return E;
  }
}

std::optional<AccessPath> StraightLine::fieldOf(const Expr *E) {
  const auto *M = dyn_cast<MemberExpr>(E);
  const auto *Field = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  if (!Field || !isa<CXXThisExpr>(M->getBase()->IgnoreParenImpCasts()))
    return std::nullopt;
  return AccessPath::thisPointer()
      .then(PathStep::deref())
      .then(PathStep::field(Entities.entity(Field)));
}

StraightLine::Value StraightLine::load(const AccessPath &P) {
  for (const AssignEffect &A : llvm::reverse(Assigns))
    if (A.To == P)
      return A.Value ? Value{{}, A.Value} : Value{A.From, {}};
  return {P, {}};
}

void StraightLine::store(AccessPath To, const Value &V) {
  llvm::erase_if(Assigns, [&](const AssignEffect &A) { return A.To == To; });
  Assigns.push_back({std::move(To), V.At.value_or(AccessPath()), V.Constant});
}

StraightLine::Value StraightLine::evaluate(const Expr *E) {
  const ASTContext &Ctx = F->getASTContext();
  E = strip(E);
  if (isa<CXXNullPtrLiteralExpr, GNUNullExpr, ImplicitValueInitExpr>(E))
    return {{}, 0};
  Expr::EvalResult R;
  if (E->getType()->isIntegralOrEnumerationType() && E->isPRValue() &&
      !E->isValueDependent() && E->EvaluateAsInt(R, Ctx) &&
      R.Val.getInt().getSignificantBits() <= 64)
    return {{}, R.Val.getInt().getExtValue()};
  if (auto P = fieldOf(E)) {
    if (E->getType()->isReferenceType())
      return {};
    return load(*P);
  }
  if (const auto *U = dyn_cast<UnaryOperator>(E)) {
    // The address of a reference is what the parameter holds.
    const auto *Ref = dyn_cast<DeclRefExpr>(strip(U->getSubExpr()));
    const auto *P = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
    if (U->getOpcode() == UO_AddrOf && P && P->getType()->isReferenceType())
      return {AccessPath::param(P->getFunctionScopeIndex()), {}};
    return {};
  }
  if (const auto *C = dyn_cast<CallExpr>(E)) {
    // std::exchange(member_, value)
    const FunctionDecl *Callee = C->getDirectCallee();
    if (!Callee || !Callee->isInStdNamespace() || !Callee->getIdentifier() ||
        Callee->getName() != "exchange" || C->getNumArgs() != 2)
      return {};
    auto To = fieldOf(strip(C->getArg(0)));
    Value New = evaluate(C->getArg(1));
    if (!To || !New)
      return {};
    Value Old = load(*To);
    store(*To, New);
    return Old;
  }
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  if (!Ref)
    return {};
  if (const auto *P = dyn_cast<ParmVarDecl>(Ref->getDecl());
      P && P->getDeclContext() == F) {
    AccessPath Path = AccessPath::param(P->getFunctionScopeIndex());
    if (P->getType()->isReferenceType())
      Path = Path.then(PathStep::deref());
    return {Path, {}};
  }
  for (const auto &[V, Known] : Locals)
    if (V == Ref->getDecl())
      return Known;
  return {};
}

bool StraightLine::initializers(const CXXConstructorDecl *C) {
  for (const CXXCtorInitializer *I : C->inits()) {
    if (!I->isMemberInitializer())
      continue;
    const FieldDecl *Field = I->getMember();
    AccessPath To = AccessPath::thisPointer()
                        .then(PathStep::deref())
                        .then(PathStep::field(Entities.entity(Field)));
    Value V;
    if (Field->getType()->isReferenceType()) {
      // A reference holds an address: that of a parameter's object, or of what
      // a parameter points to.
      const Expr *E = strip(I->getInit());
      bool Deref = false;
      if (const auto *U = dyn_cast<UnaryOperator>(E);
          U && U->getOpcode() == UO_Deref) {
        Deref = true;
        E = strip(U->getSubExpr());
      }
      const auto *Ref = dyn_cast<DeclRefExpr>(E);
      const auto *P = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
      if (P && P->getType()->isReferenceType() != Deref)
        V.At = AccessPath::param(P->getFunctionScopeIndex());
    } else {
      V = evaluate(I->getInit());
    }
    if (V)
      store(To, V);
  }
  return true;
}

bool StraightLine::assignment(const Expr *To, const Expr *From) {
  Value V = evaluate(From);
  if (auto P = fieldOf(To->IgnoreParens())) {
    // What it holds now is not known; that it was written is in any case.
    if (!V)
      return false;
    store(*P, V);
    return true;
  }
  return false;
}

bool StraightLine::statement(const Stmt *S) {
  if (isa<NullStmt>(S))
    return true;
  if (const auto *R = dyn_cast<ReturnStmt>(S)) {
    if (R->getRetValue() && F->getReturnType()->isScalarType())
      Returned = evaluate(R->getRetValue()).At;
    return true;
  }
  if (const auto *D = dyn_cast<DeclStmt>(S)) {
    const auto *V =
        D->isSingleDecl() ? dyn_cast<VarDecl>(D->getSingleDecl()) : nullptr;
    if (!V || !V->getInit() || !V->getType()->isScalarType())
      return false;
    Locals.push_back({V, evaluate(V->getInit())});
    return true;
  }
  const auto *E = dyn_cast<Expr>(S);
  if (!E)
    return false;
  if (const auto *X = dyn_cast<FullExpr>(E))
    E = X->getSubExpr();
  if (const auto *B = dyn_cast<BinaryOperator>(E->IgnoreParens());
      B && B->getOpcode() == BO_Assign)
    return assignment(B->getLHS(), B->getRHS());
  return false;
}

bool StraightLine::run() {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(F->getBody());
  if (!Body || Body->size() > 8)
    return false;
  if (const auto *C = dyn_cast<CXXConstructorDecl>(F))
    initializers(C);
  for (const Stmt *S : Body->body())
    if (!statement(S))
      return false;
  return true;
}

void CallEffects::addSetter(const FunctionDecl *F, Effects &E) const {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (!Method || !Method->isInstance() || Method->isConst() ||
      isa<CXXDestructorDecl>(F) || F->isDependentContext() ||
      Method->getParent()->isLambda())
    return;
  StraightLine Walk(F, Entities);
  if (!Walk.run())
    return;
  E.Assigns.append(Walk.Assigns.begin(), Walk.Assigns.end());
  if (!E.ReturnsAlias && !Walk.Assigns.empty())
    E.ReturnsAlias = Walk.Returned;
}
