//===- LoweringCall.cpp - Calls to operations -----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementChanges.h"
#include "Lowering.h"
#include "clang/AST/ASTContext.h"

using namespace clang;
using namespace race;

/// Whether a callee can change what an argument of type \p T reaches, as far as
/// the type says.
static bool mayChangeThrough(QualType T) {
  if (T->isReferenceType() || T->isPointerType())
    return !T->getPointeeType().isConstQualified();
  // A class passed by value may be a view or smart pointer; treat its target
  // as reachable only for pointers, which is what ordinary value types are.
  return false;
}

/// Whether argument \p I of \p E, one of those that are not declared, is a text
/// that is looked at: a format says so, and prints no addresses.
static bool isReadAsText(const CallExpr *E, unsigned I) {
  QualType T = E->getArg(I)->getType();
  if (!T->isPointerType() || !T->getPointeeType()->isAnyCharacterType())
    return false;
  for (unsigned J = 0; J < I; ++J)
    if (const auto *Format =
            dyn_cast<StringLiteral>(E->getArg(J)->IgnoreParenImpCasts()))
      if (Format->isOrdinary() && Format->getString().contains('%'))
        return !Format->getString().contains("%p");
  return false;
}

void Lowering::passArgument(CallInfo &Call, const Expr *Arg, QualType ParamType,
                            bool Variadic) {
  unsigned I = Call.Args.size();
  uint32_t Bit = I < 31 ? 1u << I : 0;
  if (!ParamType.isNull() && ParamType->isReferenceType()) {
    Call.Args.push_back(location(Arg));
    if (ParamType->isRValueReferenceType())
      noteMove(Arg, Call.Args.back());
    Call.ByReference |= Bit;
    if (mayChangeThrough(ParamType))
      Call.MayChange |= Bit;
    return;
  }
  Call.Args.push_back(value(Arg));
  // What becomes of a copy is the callee's business.
  if (const CXXRecordDecl *R = Arg->getType()->getAsCXXRecordDecl();
      R && R->hasDefinition() && !R->hasTrivialDestructor() &&
      Call.Args.back() >= 0)
    emit(OpKind::Move, Arg).A = Call.Args.back();
  if (mayChangeThrough(ParamType.isNull() ? Arg->getType() : ParamType))
    Call.MayChange |= Bit;
  if (Variadic)
    Call.ValueOnly |= Bit;
}

Reg Lowering::finishCall(CallInfo Call, const Expr *E) {
  Call.Site = E;
  G.Calls.push_back(std::move(Call));
  Op &O = emit(OpKind::Call, E);
  O.Index = G.Calls.size() - 1;
  O.Loc = E->getExprLoc();
  if (const auto *M = dyn_cast<CXXMemberCallExpr>(E))
    O.Loc = M->getBeginLoc();
  if (isa<CallExpr>(E))
    O.Loc = E->getBeginLoc();
  O.Callee = G.Calls.back().Callee;
  if (auto It = HandlerOf.find(E); It != HandlerOf.end())
    O.Handler = It->second;
  O.Dst = G.NumRegs++;
  Reg Result = O.Dst;
  // A call that returns a reference gives an address, its value a location.
  if (E->isGLValue())
    return deref(Result, E);
  return Result;
}

/// How a parameter of \p Fn (or of the function type of \p E) is passed.
static QualType paramType(const FunctionDecl *Fn, const FunctionProtoType *Type,
                          unsigned I, bool &Variadic) {
  if (Fn && I < Fn->getNumParams())
    return Fn->getParamDecl(I)->getType();
  if (Type && I < Type->getNumParams())
    return Type->getParamType(I);
  Variadic = (Fn && Fn->isVariadic()) || (Type && Type->isVariadic());
  return QualType();
}

/// Whether \p R is one of the standard library's classes whose objects stand
/// for one thing that they own: what is assigned is that thing.
static bool isOwnerOfOne(const CXXRecordDecl *R) {
  if (!R->isInStdNamespace() || !R->getIdentifier())
    return false;
  StringRef Name = R->getName();
  return Name.ends_with("_ptr") || Name.ends_with("_lock") ||
         Name == "thread" || Name == "jthread" || Name == "function";
}

/// Whether \p E assigns an owner to another one of its kind, whose type is
/// converted: a `shared_ptr<T>` to a `shared_ptr<const T>`.
static bool convertsOwner(const CXXOperatorCallExpr *E,
                          const CXXMethodDecl *By) {
  if (E->getOperator() != OO_Equal || E->getNumArgs() != 2 ||
      !isOwnerOfOne(By->getParent()))
    return false;
  const CXXRecordDecl *From =
      E->getArg(1)->IgnoreImpCasts()->getType()->getAsCXXRecordDecl();
  return From && isOwnerOfOne(From) &&
         From->getName() == By->getParent()->getName();
}

AtomicOperation race::atomicOperation(const AtomicExpr *E) {
  StringRef Name = E->getOpAsString();
  if (Name.contains("atomic_load"))
    return AtomicOperation::Load;
  if (Name.contains("atomic_store") || Name.contains("atomic_init") ||
      Name.contains("atomic_clear"))
    return AtomicOperation::Store;
  return AtomicOperation::Change;
}

Reg Lowering::lowerCall(const CallExpr *E) {
  CallInfo Call;
  const FunctionDecl *Callee = E->getDirectCallee();
  Call.Callee = Callee;

  unsigned FirstArg = 0;
  const FunctionProtoType *Type = nullptr;
  if (const auto *M = dyn_cast<CXXMemberCallExpr>(E)) {
    const Expr *Object = M->getImplicitObjectArgument();
    if (Object)
      Call.This = Object->getType()->isPointerType() ? deref(value(Object), E)
                                                     : location(Object);
  } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
             Operator && isa_and_nonnull<CXXMethodDecl>(Callee) &&
             cast<CXXMethodDecl>(Callee)->isInstance()) {
    // Assignments evaluate their right operand first.
    if (Operator->isAssignmentOp() && E->getNumArgs() == 2)
      lower(E->getArg(1));
    Call.This = location(E->getArg(0));
    FirstArg = 1;
  } else if (!Callee) {
    Call.Target = value(E->getCallee());
    QualType T = E->getCallee()->getType();
    if (const auto *P = T->getAs<PointerType>())
      T = P->getPointeeType();
    Type = T->getAs<FunctionProtoType>();
  }
  if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee)) {
    if (Method->isInstance() && !Method->isConst())
      Call.MayChange |= 1u << 31;
    if (findsElements(Method)) {
      if (!ElementChanges)
        ElementChanges = elementChanges(F);
      Call.FindsElement = true;
      Call.ChangesElement = ElementChanges->contains(E);
    }
    const auto *Written =
        dyn_cast<MemberExpr>(E->getCallee()->IgnoreParenImpCasts());
    Call.Virtual = Method->isVirtual() && !Method->hasAttr<FinalAttr>() &&
                   !(Written && Written->hasQualifier());
    // Copying or moving a whole object is a store of its value.
    bool Whole = (Method->isCopyAssignmentOperator() ||
                  Method->isMoveAssignmentOperator()) &&
                 FirstArg == 1 && E->getNumArgs() == 2 &&
                 (Method->isImplicit() || isOwnerOfOne(Method->getParent()));
    if (Whole || (FirstArg == 1 &&
                  convertsOwner(cast<CXXOperatorCallExpr>(E), Method))) {
      Reg Value = value(E->getArg(1));
      // What an owner held until then is deleted.
      if (isStd(Method->getParent(), "unique_ptr")) {
        CallInfo End;
        End.Callee = Callee;
        End.This = Call.This;
        finishCall(std::move(End), E);
      }
      Op &O = emit(OpKind::Store, E);
      O.A = Call.This;
      O.B = Value;
      Reg To = Call.This;
      if (Method->getParamDecl(0)->getType()->isRValueReferenceType())
        noteMove(E->getArg(1), lower(E->getArg(1)));
      return To;
    }
  }
  for (unsigned I = FirstArg; I < E->getNumArgs(); ++I) {
    bool Variadic = false;
    QualType T = paramType(Callee, Type, I - FirstArg, Variadic);
    if (T.isNull() && E->getArg(I)->isGLValue() && !Variadic)
      T = Ctx.getLValueReferenceType(E->getArg(I)->getType());
    passArgument(Call, E->getArg(I), T, Variadic && !isReadAsText(E, I));
  }
  return finishCall(std::move(Call), E);
}

Reg Lowering::lowerAtomic(const AtomicExpr *E) {
  CallInfo Call;
  Call.Atomic = E;
  Call.Args.push_back(value(E->getPtr()));
  AtomicOperation Does = atomicOperation(E);
  if (Does != AtomicOperation::Load) {
    Call.MayChange = 1;
    if (E->getNumSubExprs() > 2)
      Call.Args.push_back(value(E->getVal1()));
  }
  return finishCall(std::move(Call), E);
}

Reg Lowering::lowerConstruct(const CXXConstructExpr *E) {
  const CXXConstructorDecl *C = E->getConstructor();
  // A copy has the value of the original.
  if (E->getNumArgs() >= 1 && C->isCopyOrMoveConstructor()) {
    Reg Value = value(E->getArg(0));
    if (C->isMoveConstructor())
      noteMove(E->getArg(0), lower(E->getArg(0)));
    return Value;
  }

  CallInfo Call;
  Call.Callee = C;
  Call.Constructor = true;
  for (unsigned I = 0; I < E->getNumArgs(); ++I) {
    bool Variadic = false;
    QualType T = paramType(C, nullptr, I, Variadic);
    passArgument(Call, E->getArg(I), T, Variadic);
  }
  return finishCall(std::move(Call), E);
}
