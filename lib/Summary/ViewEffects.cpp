//===- ViewEffects.cpp - What leads into an object ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An object owns what its containers and strings hold. Whoever has an iterator,
// a view or the address of an element reaches into the object, and does so
// after it was handed back as well. What a pointer in a member leads to is
// another matter: that is often an object of its own.
//
//===----------------------------------------------------------------------===//

#include "EffectPlaces.h"
#include "Expressions.h"
#include "race/Summary/CallEffects.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace race;

static StringRef nameOf(const NamedDecl *D) {
  return D->getIdentifier() ? D->getName() : StringRef();
}

/// Whether objects of \p R own what their methods lead into.
static bool isContainer(const CXXRecordDecl *R) {
  return R->isInStdNamespace() &&
         llvm::StringSwitch<bool>(nameOf(R))
             .Cases("basic_string", "vector", "array", "deque", "list",
                    "forward_list", "valarray", true)
             .Cases("map", "multimap", "set", "multiset", "unordered_map",
                    "unordered_multimap", "unordered_set", "unordered_multiset",
                    true)
             .Cases("optional", "pair", "tuple", "variant", "queue", "stack",
                    "priority_queue", true)
             .Default(false);
}

static bool isPlainPointer(QualType T) {
  return T->isPointerType() && (T->getPointeeType()->isArithmeticType() ||
                                T->getPointeeType()->isVoidType());
}

bool race::isView(const CXXRecordDecl *R) {
  if (R->isInStdNamespace())
    return llvm::StringSwitch<bool>(nameOf(R))
        .Cases("basic_string_view", "span", "reference_wrapper", true)
        .Default(false);
  R = R->getDefinition();
  if (!R || R->isDependentType() || R->isLambda() || R->getNumBases() ||
      !R->hasTrivialDestructor() || R->isUnion())
    return false;
  unsigned Pointers = 0;
  for (const FieldDecl *F : R->fields()) {
    if (isPlainPointer(F->getType()))
      ++Pointers;
    else if (!F->getType()->isIntegralOrEnumerationType())
      return false;
  }
  return Pointers == 1;
}

/// Whether a result of type \p T can lead into something.
static bool canLead(QualType T) {
  if (T->isReferenceType())
    return true;
  if (T->isPointerType())
    return !T->isFunctionPointerType();
  const CXXRecordDecl *R = T->getAsCXXRecordDecl();
  return R && (isView(R) || isIterator(R));
}

/// The place of the object that parameter \p I of \p F refers to.
static AccessPath referent(unsigned I) {
  return AccessPath::param(I).then(PathStep::deref());
}

/// Functions of the standard library that lead into their argument.
static bool leadsIntoArgument(StringRef Name) {
  return llvm::StringSwitch<bool>(Name)
      .Cases("get", "get_if", "begin", "end", "cbegin", "cend", "data", true)
      .Cases("ref", "cref", "next", "prev", "as_const", true)
      .Default(false);
}

void CallEffects::addViews(const FunctionDecl *F, Effects &E) const {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  const CXXRecordDecl *R = Method ? Method->getParent() : nullptr;
  // std::bind and its like: what is bound.
  if (F->isTemplateInstantiation() && F->getReturnType()->isRecordType() &&
      llvm::StringSwitch<bool>(nameOf(F))
          .Cases("bind", "bind_front", "bind_back", true)
          .Default(false)) {
    E.Changes = 0;
    for (unsigned I = 1; I < F->getNumParams(); ++I) {
      QualType T = F->getParamDecl(I)->getType();
      QualType Bound = T.getNonReferenceType();
      const CXXRecordDecl *Wrapper = Bound->getAsCXXRecordDecl();
      if (Bound->isPointerType() || (Wrapper && isView(Wrapper)))
        E.Views.push_back(T->isReferenceType() ? referent(I)
                                               : AccessPath::param(I));
    }
    return;
  }
  if (!Method) {
    if (!F->isInStdNamespace() || F->getNumParams() == 0 ||
        !leadsIntoArgument(nameOf(F)) || !canLead(F->getReturnType()))
      return;
    E.Changes = 0;
    if (F->getParamDecl(0)->getType()->isReferenceType())
      E.Inside = referent(0);
    else
      E.Views.push_back(AccessPath::param(0));
    return;
  }
  if (isa<CXXConstructorDecl>(F)) {
    if (!isView(R) || F->getNumParams() == 0)
      return;
    QualType T = F->getParamDecl(0)->getType();
    if (T->isPointerType()) {
      E.Views.push_back(AccessPath::param(0));
      return;
    }
    // A view of a container, of an array, or of what another view shows.
    const CXXRecordDecl *From = T.getNonReferenceType()->getAsCXXRecordDecl();
    if (!T->isReferenceType() || nameOf(R) == "reference_wrapper")
      return;
    if (From && isView(From))
      E.Views.push_back(referent(0));
    else if (T.getNonReferenceType()->isArrayType() ||
             (From && (isContainer(From) || !From->hasTrivialDestructor())))
      E.Inside = referent(0);
    return;
  }
  if (!Method->isInstance() || !canLead(F->getReturnType()))
    return;
  AccessPath Object = AccessPath::thisPointer().then(PathStep::deref());
  if (isContainer(R)) {
    E.Inside = Object;
  } else if (isView(R) && !F->isOverloadedOperator()) {
    E.Views.push_back(Object);
  } else if (isView(R) && (F->getOverloadedOperator() == OO_Subscript ||
                           F->getOverloadedOperator() == OO_Star)) {
    E.Views.push_back(Object);
  } else if (!F->hasBody() && !R->hasTrivialDestructor() &&
             F->getNumParams() == 0 && isPlainPointer(F->getReturnType()) &&
             llvm::StringSwitch<bool>(nameOf(F))
                 .Cases("data", "c_str", "begin", "end", "buffer", true)
                 .Default(false)) {
    // A string or buffer class of the project.
    E.Inside = Object;
  }
}

/// What a getter returns that leads into a member: `return name_.c_str();`
void CallEffects::addInnerView(const Expr *Value, const FunctionDecl *F,
                               Effects &E) const {
  if (!canLead(F->getReturnType()))
    return;
  // What an element holds is another matter.
  if (const auto *Cast = dyn_cast<ImplicitCastExpr>(Value->IgnoreParens());
      Cast && Cast->getCastKind() == CK_LValueToRValue)
    return;
  Value = unwrapped(Value);
  if (const auto *U = dyn_cast<UnaryOperator>(Value);
      U && U->getOpcode() == UO_AddrOf)
    Value = unwrapped(U->getSubExpr());
  if (const auto *C = dyn_cast<CXXConstructExpr>(Value);
      C && C->getNumArgs() >= 1 &&
      (C->getConstructor()->isCopyOrMoveConstructor() ||
       of(C->getConstructor()).Inside))
    Value = unwrapped(C->getArg(0));
  const Expr *Object = nullptr;
  const auto *Call = dyn_cast<CallExpr>(Value);
  if (const auto *M = dyn_cast<CXXMemberCallExpr>(Value))
    Object = M->getImplicitObjectArgument();
  else if (const auto *O = dyn_cast<CXXOperatorCallExpr>(Value))
    Object = O->getNumArgs() ? O->getArg(0) : nullptr;
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  if (Object && Callee && of(Callee).Inside)
    E.Inside = pathOf(Object, F, Entities);
}
