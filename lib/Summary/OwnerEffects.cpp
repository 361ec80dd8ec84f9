//===- OwnerEffects.cpp - Objects that own, keep or run something ---------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the special members of the standard library's owners (unique_ptr,
// function, ...), of scope guards and of pools' handles do. An owner's value is
// the value that it owns, so that p.get() and p are one resource.
//
//===----------------------------------------------------------------------===//

#include "EffectPlaces.h"
#include "race/Flow/FlowGraph.h"
#include "race/Summary/CallEffects.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"

using namespace clang;
using namespace race;

static const AccessPath Itself =
    AccessPath::thisPointer().then(PathStep::deref());

static StringRef nameOf(const NamedDecl *D) {
  return D->getIdentifier() ? D->getName() : StringRef();
}

static bool isFunctionWrapper(const CXXRecordDecl *R) {
  return isStd(R, "function") || isStd(R, "move_only_function") ||
         isStd(R, "copyable_function");
}

/// The function that a deleter of type \p T is known to run, or null.
static const FunctionDecl *deleterOf(QualType T) {
  const CXXRecordDecl *R = T->getAsCXXRecordDecl();
  if (!R || !R->hasDefinition() || R->isInStdNamespace())
    return nullptr;
  if (R->isLambda())
    return R->getLambdaCallOperator();
  for (const CXXMethodDecl *M : R->methods())
    if (M->getOverloadedOperator() == OO_Call && M->getNumParams() == 1)
      return M;
  return nullptr;
}

/// The type of the deleter of the unique_ptr \p R.
static QualType deleterType(const CXXRecordDecl *R) {
  const auto *S = dyn_cast<ClassTemplateSpecializationDecl>(R);
  if (!S || S->getTemplateArgs().size() < 2 ||
      S->getTemplateArgs()[1].getKind() != TemplateArgument::Type)
    return QualType();
  return S->getTemplateArgs()[1].getAsType();
}

bool race::isDeletingOwner(const CXXRecordDecl *R) {
  if (!isStd(R, "unique_ptr"))
    return false;
  QualType Deleter = deleterType(R);
  const CXXRecordDecl *D =
      Deleter.isNull() ? nullptr : Deleter->getAsCXXRecordDecl();
  return D && isStd(D, "default_delete");
}

const FunctionDecl *race::runsAtEndOf(const CXXRecordDecl *R) {
  if (!isStd(R, "unique_ptr"))
    return R->getDestructor();
  QualType Deleter = deleterType(R);
  return Deleter.isNull() ? nullptr : deleterOf(Deleter);
}

/// What happens to what the unique_ptr at `*this` owns when it ends.
void CallEffects::addDeleter(const CXXRecordDecl *R, Effects &E) const {
  QualType Type = deleterType(R);
  if (Type.isNull())
    return;
  if (const FunctionDecl *Deleter = deleterOf(Type)) {
    Effects Inner = of(Deleter);
    for (HandBackEffect &H : Inner.HandBacks) {
      if (H.OnlyIf || H.When != Outcome::Always)
        continue;
      if (H.What.Root == AccessPath::Param && H.What.Index == 0) {
        AccessPath P = Itself;
        P.Steps.append(H.What.Steps.begin(), H.What.Steps.end());
        H.What = P;
        // What the owner holds then, its own members tell.
        H.Renews.reset();
        H.Nulls = false;
      } else if (H.What.Root == AccessPath::This) {
        continue;
      }
      E.HandBacks.push_back(std::move(H));
    }
    return;
  }
  InvokeEffect Run;
  Run.Target = Itself.then(PathStep::field(Entities.entity(R)));
  Run.Args.push_back({Itself, false});
  Run.Sure = true;
  E.Invokes.push_back(std::move(Run));
}

/// What happens at the end of the object that the optional at `*this` holds, if
/// it holds one.
void CallEffects::addEndOfHeld(const CXXRecordDecl *R, Effects &E) const {
  const auto *S = dyn_cast<ClassTemplateSpecializationDecl>(R);
  if (!S || S->getTemplateArgs().size() < 1 ||
      S->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return;
  const CXXRecordDecl *Held =
      S->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
  if (!Held || !Held->hasDefinition() || Held->hasTrivialDestructor())
    return;
  Effects End;
  const CXXDestructorDecl *D = Held->getDestructor();
  if (isStd(Held, "unique_ptr"))
    addDeleter(Held, End);
  else if (D && D->isUserProvided() && !copiesShare(Held))
    End = of(D);
  for (HandBackEffect &H : End.HandBacks) {
    if (H.OnlyIf || H.When != Outcome::Always ||
        H.What.Root != AccessPath::This)
      continue;
    H.OnlyIf = PathCondition{Itself, true};
    H.Renews.reset();
    H.Nulls = false;
    E.HandBacks.push_back(std::move(H));
  }
}

/// The ends of what a `std::optional` holds, which stands for that.
void CallEffects::addOptional(const FunctionDecl *F, Effects &E) const {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (!Method || !isStd(Method->getParent(), "optional"))
    return;
  // It holds the object itself, not a pointer to it.
  if (F->getOverloadedOperator() == OO_Arrow)
    E.ReturnsAddress = true;
  const CXXRecordDecl *From = F->getNumParams() == 1
                                  ? F->getParamDecl(0)
                                        ->getType()
                                        .getNonReferenceType()
                                        ->getAsCXXRecordDecl()
                                  : nullptr;
  bool Emptied =
      nameOf(F) == "reset" || (F->getOverloadedOperator() == OO_Equal && From &&
                               isStd(From, "nullopt_t"));
  if (!Emptied && !isa<CXXDestructorDecl>(F))
    return;
  addEndOfHeld(Method->getParent(), E);
  if (Emptied)
    E.Assigns.push_back({Itself, {}, 0});
  Derived.push_back(F->getCanonicalDecl());
}

/// \returns whether \p F was found to be a member of an owner.
bool CallEffects::addOwner(const CXXMethodDecl *F, Effects &E) const {
  const CXXRecordDecl *R = F->getParent();
  if ((isStd(R, "unique_lock") || isStd(R, "shared_lock")) &&
      nameOf(F) == "swap" && F->getNumParams() == 1) {
    E.Assigns.push_back({Itself, valueOfParam(F, 0), {}});
    E.Assigns.push_back({valueOfParam(F, 0), Itself, {}});
    E.Known = true;
    E.ChangesGlobals = false;
    return true;
  }
  // An iterator that is made of another one, to be a const one.
  if (const auto *C = dyn_cast<CXXConstructorDecl>(F);
      C && isIterator(R) && C->getNumParams() == 1 &&
      !C->isCopyOrMoveConstructor()) {
    const CXXRecordDecl *From = C->getParamDecl(0)
                                    ->getType()
                                    .getNonReferenceType()
                                    ->getAsCXXRecordDecl();
    if (!From || !isIterator(From))
      return false;
    E.ReturnsAlias = valueOfParam(F, 0);
    E.Known = true;
    E.ChangesGlobals = false;
    return true;
  }
  bool Unique = isStd(R, "unique_ptr"), Shared = isStd(R, "shared_ptr");
  if (!Unique && !Shared && !isFunctionWrapper(R))
    return false;
  unsigned Params = F->getNumParams();
  StringRef Name = nameOf(F);
  auto Deletes = [&] {
    if (!isDeletingOwner(R))
      return addDeleter(R, E);
    HandBackEffect H;
    H.What = Itself;
    H.Memory = true;
    E.HandBacks.push_back(std::move(H));
  };
  auto Becomes = [&](std::optional<AccessPath> From) {
    if (From)
      E.Assigns.push_back({Itself, *From, {}});
    else
      E.Assigns.push_back({Itself, {}, 0});
  };
  if (isa<CXXConstructorDecl>(F)) {
    if (Params == 0)
      return false;
    QualType T = F->getParamDecl(0)->getType().getNonReferenceType();
    const CXXRecordDecl *From = T->getAsCXXRecordDecl();
    bool Owner =
        From && (isStd(From, "unique_ptr") || isStd(From, "shared_ptr"));
    if (isFunctionWrapper(R) ? T->isNullPtrType()
                             : !T->isPointerType() && !(Owner && Params == 1))
      return false;
    E.ReturnsAlias = valueOfParam(F, 0);
    if (Unique && Params == 2)
      E.Assigns.push_back({Itself.then(PathStep::field(Entities.entity(R))),
                           valueOfParam(F, 1),
                           {}});
  } else if (isa<CXXDestructorDecl>(F)) {
    if (Unique)
      Deletes();
  } else if (isa<CXXConversionDecl>(F) && F->getReturnType()->isBooleanType()) {
    E.ReturnsAlias = Itself;
    E.Changes = 0;
  } else if (Name == "release" && Unique) {
    E.ReturnsAlias = Itself;
    Becomes(std::nullopt);
  } else if (Name == "reset") {
    if (Unique)
      Deletes();
    if (Params == 0)
      Becomes(std::nullopt);
    else if (F->getParamDecl(0)->getType()->isPointerType())
      Becomes(AccessPath::param(0));
  } else if (F->getOverloadedOperator() == OO_Equal && Params == 1) {
    QualType T = F->getParamDecl(0)->getType().getNonReferenceType();
    const CXXRecordDecl *From = T->getAsCXXRecordDecl();
    if (Unique)
      Deletes();
    if (T->isNullPtrType())
      Becomes(std::nullopt);
    else if (From && (isStd(From, "unique_ptr") || isStd(From, "shared_ptr")))
      Becomes(valueOfParam(F, 0));
    E.ReturnsAlias = Itself;
  } else if (Name == "swap" && Params == 1) {
    AccessPath Other = valueOfParam(F, 0);
    E.Assigns.push_back({Itself, Other, {}});
    E.Assigns.push_back({Other, Itself, {}});
  } else {
    return false;
  }
  E.Known = true;
  E.ChangesGlobals = false;
  return true;
}

/// std::swap and std::exchange of what is a value of its own.
bool CallEffects::addExchange(const FunctionDecl *F, Effects &E) const {
  StringRef Name = nameOf(F);
  if (!F->isInStdNamespace() || F->getNumParams() != 2 ||
      (Name != "swap" && Name != "exchange") ||
      !F->getParamDecl(0)->getType()->isReferenceType())
    return false;
  QualType T = F->getParamDecl(0)->getType()->getPointeeType();
  const CXXRecordDecl *R = T->getAsCXXRecordDecl();
  if (!T->isScalarType() &&
      !(R && (isStd(R, "unique_ptr") || isStd(R, "shared_ptr") ||
              isStd(R, "unique_lock") || isStd(R, "shared_lock"))))
    return false;
  AccessPath A = valueOfParam(F, 0), B = valueOfParam(F, 1);
  E.Assigns.push_back({A, B, {}});
  if (Name == "swap")
    E.Assigns.push_back({B, A, {}});
  else
    E.ReturnsAlias = A;
  E.Known = true;
  E.ChangesGlobals = false;
  return true;
}

/// A pool's handle hands back what it holds at its end; a scope guard runs what
/// it was made of, unless something was asked of it before.
bool CallEffects::addGuardedEnd(const FunctionDecl *F, Effects &E) const {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  const CXXRecordDecl *R =
      Method ? Method->getParent() : F->getReturnType()->getAsCXXRecordDecl();
  const TypeModel *T = R ? M.lookup(R) : nullptr;
  if (!T)
    return false;
  if (T->Kind == TypeModel::Handle && isa<CXXDestructorDecl>(F)) {
    HandBackEffect H;
    H.What = Itself;
    H.Why = Evidence::Modelled;
    H.Reason = "the model of '" + T->Name + "' (" + T->Source + ") says so";
    E.HandBacks.push_back(std::move(H));
    E.Known = true;
    return true;
  }
  if (T->Kind != TypeModel::ScopeGuard)
    return false;
  PathStep Kept = PathStep::field(Entities.entity(R));
  AccessPath Place = Itself.then(Kept);
  if (isa<CXXDestructorDecl>(F)) {
    InvokeEffect Run;
    Run.Target = Place;
    Run.Sure = true;
    E.Invokes.push_back(std::move(Run));
  } else if (!Method || isa<CXXConstructorDecl>(F)) {
    if (F->getNumParams() == 0)
      return false;
    // Of an operator, the right side is the callable.
    unsigned I = F->isOverloadedOperator() ? F->getNumParams() - 1 : 0;
    E.Assigns.push_back({Method ? Place : AccessPath::result().then(Kept),
                         valueOfParam(F, I),
                         {}});
  } else if (!Method->isConst()) {
    E.Assigns.push_back({Place, {}, 0});
  }
  E.Known = true;
  E.ChangesGlobals = false;
  return true;
}

namespace {
/// Finds the variables of the function around a lambda that it may change.
class CaptureWrites : public RecursiveASTVisitor<CaptureWrites> {
  using Base = RecursiveASTVisitor<CaptureWrites>;

public:
  bool TraverseImplicitCastExpr(ImplicitCastExpr *E) {
    bool Reads =
        E->getCastKind() == CK_LValueToRValue ||
        (E->getCastKind() == CK_NoOp && E->getType().isConstQualified());
    if (Reads && isa<DeclRefExpr>(E->getSubExpr()->IgnoreParens()))
      return true;
    return Base::TraverseImplicitCastExpr(E);
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    const auto *V = dyn_cast<VarDecl>(E->getDecl());
    if (V && E->refersToEnclosingVariableOrCapture() &&
        !V->getType()->isReferenceType() && !V->getType().isConstQualified())
      Found.push_back(V);
    return true;
  }
  std::vector<const VarDecl *> Found;
};
} // namespace

void CallEffects::addLambda(const CXXMethodDecl *F, Effects &E) const {
  CaptureWrites Writes;
  Writes.TraverseStmt(F->getBody());
  for (const LambdaCapture &C : F->getParent()->captures()) {
    if (!C.capturesVariable() || C.getCaptureKind() != LCK_ByRef)
      continue;
    if (llvm::is_contained(Writes.Found, C.getCapturedVar()))
      E.Writes.push_back(Entities.entity(C.getCapturedVar()));
  }
}
