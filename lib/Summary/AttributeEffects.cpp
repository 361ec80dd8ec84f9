//===- AttributeEffects.cpp - What attributes in the source say -----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EffectPlaces.h"
#include "race/Summary/CallEffects.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace race;

/// The mutex that a thread-safety attribute's argument names: pointers are
/// looked through.
static AccessPath mutexOf(AccessPath P, const Expr *E) {
  if (E->IgnoreParenImpCasts()->getType()->isPointerType())
    return P.then(PathStep::deref());
  return P;
}

/// clang's thread-safety attributes.
static void addLockAttributes(const FunctionDecl *F, EntityMapper &Entities,
                              Effects &E) {
  // What the constructor of a guard takes, the guard lets go of.
  const auto *C = dyn_cast<CXXConstructorDecl>(F);
  const bool OfGuard = C && C->getParent()->hasAttr<ScopedLockableAttr>();
  auto Add = [&](auto Args, LockModel::OpTy Op, LockMode Mode, Outcome When) {
    bool Any = false;
    for (const Expr *Arg : Args) {
      Any = true;
      if (auto P = pathOf(Arg, F, Entities)) {
        LockEffect L;
        L.Op = Op;
        L.Mutex = mutexOf(*P, Arg);
        L.Mode = Mode;
        L.When = When;
        L.OwnedByResult = OfGuard;
        E.Locks.push_back(L);
      }
    }
    // Without arguments the object itself is the capability.
    if (!Any && isa<CXXMethodDecl>(F)) {
      LockEffect L;
      L.Op = Op;
      L.Mutex = AccessPath::thisPointer().then(PathStep::deref());
      L.Mode = Mode;
      L.When = When;
      E.Locks.push_back(L);
    }
  };
  for (const auto *A : F->specific_attrs<AcquireCapabilityAttr>())
    Add(A->args(), LockModel::Acquire,
        A->isShared() ? LockMode::Shared : LockMode::Exclusive,
        Outcome::Always);
  for (const auto *A : F->specific_attrs<ReleaseCapabilityAttr>())
    Add(A->args(), LockModel::Release, LockMode::Exclusive, Outcome::Always);
}

/// What an annotation of include/race/annotations.h says of the declaration
/// that it stands on.
struct SaidOf {
  std::optional<Outcome> HandBack;
  bool Acquire = false;
  bool Keep = false;
};

static SaidOf annotationsOf(const Decl *D) {
  SaidOf Said;
  for (const auto *A : D->specific_attrs<AnnotateAttr>()) {
    StringRef Text = A->getAnnotation();
    if (!Text.consume_front("race::"))
      continue;
    Said.Acquire |= Text == "acquire";
    Said.Keep |= Text == "keep";
    auto When = llvm::StringSwitch<std::optional<Outcome>>(Text)
                    .Case("hand_back", Outcome::Always)
                    .Case("hand_back_if_true", Outcome::True)
                    .Case("hand_back_if_false", Outcome::False)
                    .Case("hand_back_if_negative", Outcome::Negative)
                    .Case("hand_back_if_non_negative", Outcome::NonNegative)
                    .Default(std::nullopt);
    if (When)
      Said.HandBack = When;
  }
  return Said;
}

static void addHandBack(Effects &E, AccessPath What, Outcome When,
                        std::string Reason) {
  HandBackEffect H;
  H.What = std::move(What);
  H.When = When;
  H.Why = Evidence::Annotated;
  H.Reason = std::move(Reason);
  E.HandBacks.push_back(std::move(H));
  E.Known = true;
}

static void addOwnership(const FunctionDecl *F, Effects &E) {
  for (const auto *A : F->specific_attrs<OwnershipAttr>()) {
    bool Takes = A->getOwnKind() == OwnershipAttr::Takes;
    if (!Takes && A->getOwnKind() != OwnershipAttr::Holds)
      continue;
    E.Known = true;
    // malloc's family is other tools' work.
    if (!A->getModule() || A->getModule()->getName() == "malloc")
      continue;
    for (const ParamIdx &I : A->args())
      addHandBack(E, AccessPath::param(I.getASTIndex()), Outcome::Always,
                  "'" + F->getNameAsString() +
                      "' is declared with 'ownership_" +
                      (Takes ? "takes" : "holds") + "'");
  }
}

/// clang's typestate attributes: a consumed object was handed back.
static void addTypestate(const FunctionDecl *F, Effects &E) {
  std::string Name = "'" + F->getNameAsString() + "'";
  for (unsigned I = 0; I < F->getNumParams(); ++I)
    if (const auto *A = F->getParamDecl(I)->getAttr<ReturnTypestateAttr>()) {
      AccessPath What = resourceAt({Place::Argument, I, 0}, F);
      if (A->getState() == ReturnTypestateAttr::Consumed)
        addHandBack(E, What, Outcome::Always,
                    Name + " leaves its argument consumed");
      if (A->getState() == ReturnTypestateAttr::Unconsumed)
        E.Acquires.push_back(What);
    }
  const auto *M = dyn_cast<CXXMethodDecl>(F);
  if (!M || !M->isInstance() || !M->getParent()->hasAttr<ConsumableAttr>())
    return;
  if (const auto *A = F->getAttr<SetTypestateAttr>()) {
    if (A->getNewState() == SetTypestateAttr::Consumed)
      addHandBack(E, AccessPath::thisPointer(), Outcome::Always,
                  Name + " is declared with 'set_typestate(consumed)'");
    if (A->getNewState() == SetTypestateAttr::Unconsumed)
      E.Acquires.push_back(AccessPath::thisPointer());
  }
  // Only a method that says so minds the state that the object is in.
  const auto *When = F->getAttr<CallableWhenAttr>();
  if (!When ||
      llvm::is_contained(When->callableStates(), CallableWhenAttr::Consumed))
    E.Derefs &= ~(1u << Effects::ThisBit);
}

void CallEffects::addAttributes(const FunctionDecl *F, Effects &E) const {
  addLockAttributes(F, Entities, E);
  addOwnership(F, E);
  addTypestate(F, E);
  std::string Reason = "'" + F->getNameAsString() + "' is annotated";
  for (unsigned I = 0; I < F->getNumParams(); ++I) {
    const ParmVarDecl *P = F->getParamDecl(I);
    AccessPath What = resourceAt({Place::Argument, I, 0}, F);
    SaidOf Said = annotationsOf(P);
    if (P->hasAttr<ReleaseHandleAttr>())
      Said.HandBack = Outcome::Always;
    if (Said.HandBack)
      addHandBack(E, What, *Said.HandBack, Reason);
    if (Said.Acquire || P->hasAttr<AcquireHandleAttr>())
      E.Acquires.push_back(What);
  }
  SaidOf Said = annotationsOf(F);
  const auto *M = dyn_cast<CXXMethodDecl>(F);
  bool OfThis = M && M->isInstance();
  if (Said.HandBack && OfThis)
    addHandBack(E, AccessPath::thisPointer(), *Said.HandBack, Reason);
  if (Said.Acquire && OfThis && F->getReturnType()->isVoidType()) {
    E.Acquires.push_back(AccessPath::thisPointer());
    E.Derefs &= ~(1u << Effects::ThisBit);
  }
}

void CallEffects::dropKept(const FunctionDecl *F, Effects &E) const {
  llvm::erase_if(E.HandBacks, [&](const HandBackEffect &H) {
    if (H.What.Root == AccessPath::This)
      return annotationsOf(F).Keep;
    return H.What.Root == AccessPath::Param &&
           H.What.Index < F->getNumParams() &&
           annotationsOf(F->getParamDecl(H.What.Index)).Keep;
  });
}

llvm::SmallVector<AccessPath, 1>
CallEffects::requiredLocks(const FunctionDecl *F) const {
  llvm::SmallVector<AccessPath, 1> Locks;
  for (const FunctionDecl *D : F->redecls())
    for (const auto *A : D->specific_attrs<RequiresCapabilityAttr>())
      for (const Expr *Arg : A->args())
        if (auto P = pathOf(Arg, D, Entities))
          Locks.push_back(mutexOf(*P, Arg));
  return Locks;
}
