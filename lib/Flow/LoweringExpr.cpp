//===- LoweringExpr.cpp - Expressions to operations -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "clang/AST/ASTContext.h"

using namespace clang;
using namespace race;

Reg Lowering::constant(int64_t V, const Stmt *Node) {
  Reg R = emitTo(OpKind::Const, Node);
  G.Blocks[Current].Ops.back().Value = V;
  return R;
}

Reg Lowering::opaque(const Stmt *Node, bool NonNull) {
  Reg R = emitTo(OpKind::Opaque, Node);
  G.Blocks[Current].Ops.back().NonNull = NonNull;
  return R;
}

Reg Lowering::deref(Reg Value, const Stmt *Node) {
  return emitTo(OpKind::Deref, Node, Value);
}

Reg Lowering::value(const Expr *E) {
  Reg R = lower(E);
  return E->isGLValue() ? emitTo(OpKind::Load, E, R) : R;
}

Reg Lowering::location(const Expr *E) {
  Reg R = lower(E);
  if (E->isGLValue())
    return R;
  // The simulation gives a value that is used as a location a temporary.
  return R;
}

Reg Lowering::lower(const Expr *E) {
  E = E->IgnoreParens();
  auto It = Registers.find(E);
  if (It != Registers.end())
    return It->second;
  Reg R = lowerUncached(E);
  Registers[E] = R;
  return R;
}

Reg Lowering::lowerUncached(const Expr *E) {
  // An initialiser that did not parse, `lock(mu_)` of an unknown type, is a
  // ParenListExpr without a type.
  if (E->getType().isNull())
    return opaque(E);
  // Wrappers that stand for what they wrap.
  if (const auto *X = dyn_cast<FullExpr>(E))
    return lower(X->getSubExpr());
  if (const auto *X = dyn_cast<MaterializeTemporaryExpr>(E))
    return lower(X->getSubExpr());
  if (const auto *X = dyn_cast<CXXBindTemporaryExpr>(E))
    return lower(X->getSubExpr());
  if (const auto *X = dyn_cast<SubstNonTypeTemplateParmExpr>(E))
    return lower(X->getReplacement());
  if (const auto *X = dyn_cast<CXXDefaultInitExpr>(E))
    return lower(X->getExpr());
  if (const auto *X = dyn_cast<CXXRewrittenBinaryOperator>(E))
    return lower(X->getSemanticForm());
  if (const auto *X = dyn_cast<GenericSelectionExpr>(E))
    return X->isResultDependent() ? opaque(E) : lower(X->getResultExpr());
  if (const auto *X = dyn_cast<ChooseExpr>(E))
    return lower(X->getChosenSubExpr());
  if (const auto *X = dyn_cast<OpaqueValueExpr>(E))
    return X->getSourceExpr() ? lower(X->getSourceExpr()) : opaque(E);

  if (const auto *X = dyn_cast<CastExpr>(E))
    return lowerCast(X);
  if (const auto *X = dyn_cast<DeclRefExpr>(E))
    return lowerDeclRef(X);
  if (const auto *X = dyn_cast<MemberExpr>(E))
    return lowerMember(X);
  if (const auto *X = dyn_cast<CallExpr>(E))
    return lowerCall(X);
  if (const auto *X = dyn_cast<CXXConstructExpr>(E))
    return lowerConstruct(X);
  if (const auto *X = dyn_cast<AtomicExpr>(E))
    return lowerAtomic(X);
  if (const auto *X = dyn_cast<UnaryOperator>(E))
    return lowerUnary(X);
  if (const auto *X = dyn_cast<BinaryOperator>(E))
    return lowerBinary(X);
  if (const auto *X = dyn_cast<ConditionalOperator>(E))
    return lowerJoin(E, X->getTrueExpr(), X->getFalseExpr());
  if (const auto *X = dyn_cast<BinaryConditionalOperator>(E))
    return lowerJoin(E, X->getCommon(), X->getFalseExpr());
  if (isa<CXXThisExpr>(E))
    return emitTo(OpKind::This, E);
  if (const auto *X = dyn_cast<ArraySubscriptExpr>(E)) {
    Reg Base = deref(value(X->getBase()), E);
    return emitTo(OpKind::Index, E, Base, value(X->getIdx()));
  }
  if (const auto *X = dyn_cast<LambdaExpr>(E)) {
    Reg R = emitTo(OpKind::Function, E);
    G.Blocks[Current].Ops.back().Callee = X->getCallOperator();
    return R;
  }
  if (const auto *X = dyn_cast<CXXNewExpr>(E)) {
    if (X->getInitializer())
      lower(X->getInitializer());
    return opaque(E, /*NonNull=*/true);
  }
  if (const auto *X = dyn_cast<CXXDeleteExpr>(E)) {
    CallInfo C;
    C.Delete = true;
    C.Args.push_back(value(X->getArgument()));
    return finishCall(std::move(C), E);
  }
  if (isa<CXXNullPtrLiteralExpr, GNUNullExpr, ImplicitValueInitExpr>(E))
    return constant(0, E);
  if (const auto *X = dyn_cast<CXXBoolLiteralExpr>(E))
    return constant(X->getValue(), E);
  if (const auto *X = dyn_cast<InitListExpr>(E)) {
    if (X->getNumInits() == 1 && !X->getType()->isAggregateType())
      return value(X->getInit(0));
    return opaque(E);
  }
  if (const auto *X = dyn_cast<StmtExpr>(E)) {
    const CompoundStmt *Body = X->getSubStmt();
    if (!Body->body_empty())
      if (const auto *Last = dyn_cast<Expr>(Body->body_back()))
        return value(Last);
    return opaque(E);
  }
  if (isa<StringLiteral, PredefinedExpr>(E))
    return emitTo(OpKind::Opaque, E);
  if (!E->isValueDependent() && !E->isTypeDependent() && !E->isGLValue() &&
      E->getType()->isIntegralOrEnumerationType()) {
    Expr::EvalResult R;
    if (E->EvaluateAsInt(R, Ctx) && R.Val.getInt().getSignificantBits() <= 64)
      return constant(R.Val.getInt().getExtValue(), E);
  }
  return opaque(E);
}

Reg Lowering::lowerCast(const CastExpr *E) {
  const Expr *Sub = E->getSubExpr();
  switch (E->getCastKind()) {
  case CK_LValueToRValue:
    return emitTo(OpKind::Load, E, lower(Sub));
  case CK_NullToPointer:
    return constant(0, E);
  case CK_ArrayToPointerDecay:
    return emitTo(OpKind::AddrOf, E, lower(Sub));
  case CK_FunctionToPointerDecay:
  case CK_BuiltinFnToFnPtr:
    return lower(Sub);
  case CK_ConstructorConversion:
  case CK_UserDefinedConversion:
    return lower(Sub);
  case CK_ToVoid:
    // `(void)x` looks at nothing.
    return NoReg;
  case CK_Dynamic:
    if (E->getType()->isPointerType())
      return emitTo(OpKind::Derive, E, lower(Sub));
    return lower(Sub);
  default:
    // The other casts keep the value's identity: a pointer to a base or to
    // void is still that resource, an integer handle too.
    return lower(Sub);
  }
}

Reg Lowering::variable(const ValueDecl *D, const Stmt *Node) {
  if (const auto *B = dyn_cast<BindingDecl>(D)) {
    if (const VarDecl *Holding = B->getHoldingVar())
      return variable(Holding, Node);
    // The value that is taken apart stands for its parts.
    return variable(cast<VarDecl>(B->getDecomposedDecl()), Node);
  }
  const auto *V = dyn_cast<VarDecl>(D);
  if (!V)
    return opaque(Node);
  Reg R;
  // What each thread has for itself is as good as local.
  if (V->hasGlobalStorage() && !V->getTLSKind()) {
    R = emitTo(OpKind::Global, Node);
    G.Blocks[Current].Ops.back().Entity = Entities.entity(V);
  } else if (V->getDeclContext() != F && V->isLocalVarDeclOrParm() &&
             !V->getTLSKind() && !LocalIndex.count(V)) {
    R = emitTo(OpKind::Capture, Node);
    G.Blocks[Current].Ops.back().Entity = Entities.entity(V);
  } else {
    R = emitTo(OpKind::Local, Node);
    G.Blocks[Current].Ops.back().Index = local(V);
  }
  if (V->getType()->isReferenceType())
    R = deref(emitTo(OpKind::Load, Node, R), Node);
  return R;
}

Reg Lowering::lowerDeclRef(const DeclRefExpr *E) {
  const ValueDecl *D = E->getDecl();
  if (const auto *Fn = dyn_cast<FunctionDecl>(D)) {
    Reg R = emitTo(OpKind::Function, E);
    G.Blocks[Current].Ops.back().Callee = Fn;
    return R;
  }
  if (const auto *C = dyn_cast<EnumConstantDecl>(D))
    return constant(C->getInitVal().getExtValue(), E);
  return variable(D, E);
}

Reg Lowering::lowerMember(const MemberExpr *E) {
  const ValueDecl *M = E->getMemberDecl();
  if (isa<VarDecl>(M))
    return variable(M, E);
  Reg Base =
      E->isArrow() ? deref(value(E->getBase()), E) : location(E->getBase());
  const auto *Field = dyn_cast<FieldDecl>(M);
  if (!Field)
    return Base; // a method: the call takes the object from its base
  if (Field->isAnonymousStructOrUnion())
    return Base;
  Reg R = emitTo(OpKind::Field, E, Base);
  Op &O = G.Blocks[Current].Ops.back();
  O.Entity = Entities.entity(Field);
  O.Loc = E->getMemberLoc().isValid() ? E->getBeginLoc() : E->getExprLoc();
  if (Field->getType()->isReferenceType())
    R = deref(emitTo(OpKind::Load, E, R), E);
  return R;
}

Reg Lowering::lowerUnary(const UnaryOperator *E) {
  const Expr *Sub = E->getSubExpr();
  switch (E->getOpcode()) {
  case UO_Deref:
    return deref(value(Sub), E);
  case UO_AddrOf:
    if (Sub->getType()->isFunctionType())
      return lower(Sub);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Sub->IgnoreParens()))
      if (const auto *M = dyn_cast<CXXMethodDecl>(Ref->getDecl())) {
        Reg R = emitTo(OpKind::Function, E);
        G.Blocks[Current].Ops.back().Callee = M;
        return R;
      }
    return emitTo(OpKind::AddrOf, E, location(Sub));
  case UO_LNot:
    return emitTo(OpKind::Not, E, value(Sub));
  case UO_PreInc:
  case UO_PreDec:
  case UO_PostInc:
  case UO_PostDec: {
    Reg Where = location(Sub);
    Reg Old = emitTo(OpKind::Load, E, Where);
    Op &O = emit(OpKind::Change, E);
    O.A = Where;
    if (E->isPostfix())
      return emitTo(OpKind::Derive, E, Old);
    return E->isGLValue() ? Where : emitTo(OpKind::Load, E, Where);
  }
  case UO_Plus:
  case UO_Extension:
    return lower(Sub);
  default: {
    if (!E->isGLValue() && E->getType()->isIntegralOrEnumerationType()) {
      Expr::EvalResult R;
      if (E->EvaluateAsInt(R, Ctx) && R.Val.getInt().getSignificantBits() <= 64)
        return constant(R.Val.getInt().getExtValue(), E);
    }
    return emitTo(OpKind::Derive, E, value(Sub));
  }
  }
}

Reg Lowering::lowerBinary(const BinaryOperator *E) {
  const Expr *L = E->getLHS(), *R = E->getRHS();
  if (E->isLogicalOp())
    return lowerJoin(E, L, R);
  if (E->getOpcode() == BO_Comma) {
    lower(L);
    return lower(R);
  }
  if (E->getOpcode() == BO_Assign) {
    Reg Value = value(R);
    Reg Where = location(L);
    Op &O = emit(OpKind::Store, E);
    O.A = Where;
    O.B = Value;
    return E->isGLValue() ? Where : Value;
  }
  if (E->isCompoundAssignmentOp()) {
    Reg By = value(R);
    Reg Where = location(L);
    emitTo(OpKind::Load, E, Where);
    Op &O = emit(OpKind::Change, E);
    O.A = Where;
    O.B = By;
    return E->isGLValue() ? Where : emitTo(OpKind::Load, E, Where);
  }
  Reg A = value(L), B = value(R);
  auto Compare = [&](Comparison C, Reg X, Reg Y) {
    Reg Dst = emitTo(OpKind::Compare, E, X, Y);
    G.Blocks[Current].Ops.back().Cmp = C;
    return Dst;
  };
  switch (E->getOpcode()) {
  case BO_EQ:
    return Compare(Comparison::EQ, A, B);
  case BO_NE:
    return Compare(Comparison::NE, A, B);
  case BO_LT:
    return Compare(Comparison::LT, A, B);
  case BO_GE:
    return Compare(Comparison::GE, A, B);
  case BO_GT:
    return Compare(Comparison::LT, B, A);
  case BO_LE:
    return Compare(Comparison::GE, B, A);
  default: {
    Reg Dst = emitTo(OpKind::Derive, E, A, B);
    G.Blocks[Current].Ops.back().Value = 1 + E->getOpcode();
    return Dst;
  }
  }
}

Reg Lowering::lowerJoin(const Expr *E, const Expr *First, const Expr *Second) {
  if (E->getType()->isVoidType())
    return NoReg;
  bool WantLocation = E->isGLValue();
  auto Arm = [&](const Expr *X) {
    X = X->IgnoreParens();
    // An arm that never returns has no value and no register.
    auto It = Registers.find(X);
    if (It != Registers.end() && X->isGLValue() == WantLocation)
      return It->second;
    return WantLocation ? location(X) : value(X);
  };
  Reg Dst = G.NumRegs++;
  for (const Expr *X : {First, Second}) {
    if (X->getType()->isVoidType())
      continue;
    Reg R = Arm(X);
    if (R >= 0)
      Copies.push_back({Dst, R});
  }
  return Dst;
}
