//===- ClaimCallbacks.cpp - Claims about the calls of callbacks -----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// "Called on the IO thread" says of a pointer to a function, or of a type of
// such, where it is called, not who sets it.
//
//===----------------------------------------------------------------------===//

#include "Callables.h"
#include "race/Comments/CommentFinder.h"
#include "race/Summary/TranslationUnit.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

namespace {
/// Finds the variables, fields and parameters of a type through which functions
/// are called.
class CallbackFinder : public RecursiveASTVisitor<CallbackFinder> {
public:
  CallbackFinder(const TypedefNameDecl *Type,
                 llvm::function_ref<void(const ValueDecl *)> Found)
      : Type(Type), Found(Found) {}
  bool VisitCallExpr(CallExpr *E) {
    for (const NamedDecl *Holder : calledThroughVariable(E))
      if (const auto *D = dyn_cast<ValueDecl>(Holder);
          D && !isa<FunctionDecl>(D) && isOfType(D->getType()))
        Found(D);
    return true;
  }
  bool TraverseTypeLoc(TypeLoc) { return true; }

private:
  /// By its name, or by a type that no other is likely to be: what containers
  /// hold has lost its name.
  bool isOfType(QualType T) const {
    T = T.getNonReferenceType();
    if (const auto *Named = T->getAs<TypedefType>()) {
      const TypedefNameDecl *D = Named->getDecl();
      if (D->getCanonicalDecl() == Type->getCanonicalDecl())
        return true;
      const SourceManager &SM = D->getASTContext().getSourceManager();
      if (!SM.isInSystemHeader(D->getLocation()))
        return false;
    }
    QualType Wanted = Type->getUnderlyingType();
    QualType Called = Wanted->getPointeeType();
    const auto *F =
        Called.isNull() ? nullptr : Called->getAs<FunctionProtoType>();
    auto IsOwn = [](QualType P) {
      if (!P->getPointeeType().isNull())
        P = P->getPointeeType();
      return P->isRecordType() || P->isEnumeralType();
    };
    return F && llvm::any_of(F->param_types(), IsOwn) &&
           T.getCanonicalType().getUnqualifiedType() ==
               Wanted.getCanonicalType();
  }
  const TypedefNameDecl *Type;
  llvm::function_ref<void(const ValueDecl *)> Found;
};
} // namespace

/// Whether \p A says of a callback of type \p T when and where it is called,
/// not who sets it.
static bool speaksOfCalls(const AttachedClaim &A, QualType T) {
  if (!isFunctionLike(T))
    return false;
  return hasWord(A.Quote, {"call", "called", "calling", "calls", "invoke",
                           "invoked", "run", "runs", "executed", "fired",
                           "triggered", "dispatched", "caller", "callers"});
}

/// Whether \p Quote speaks of a callback by that name, and so neither of the
/// function that is given one nor of the object around it.
static bool speaksOfCallback(StringRef Quote) {
  auto Words = wordsOf(Quote);
  size_t At = !Words.empty() && (Words[0] == "the" || Words[0] == "a") ? 1 : 0;
  return At < Words.size() &&
         llvm::is_contained({"callback", "handler", "listener", "hook"},
                            StringRef(Words[At]));
}

/// The type of the data \p D, or that it names; null for others.
static QualType heldBy(const Decl *D) {
  if (const auto *V = dyn_cast<ValueDecl>(D); V && !isa<FunctionDecl>(D))
    return V->getType();
  if (const auto *T = dyn_cast<TypedefNameDecl>(D))
    return T->getUnderlyingType();
  return QualType();
}

bool TranslationUnit::addCallback(ClaimSummary &C, const AttachedClaim &A,
                                  const Decl *D) {
  QualType Held = heldBy(D);
  if (Held.isNull() || !isFunctionLike(Held))
    return speaksOfCallback(A.Quote) || isa<TypedefNameDecl>(D);
  bool OfCalls = speaksOfCalls(A, Held);
  auto Add = [&](const ValueDecl *V) {
    EntityId E = Mapper->entity(V);
    if (!llvm::is_contained(C.Functions, E))
      C.Functions.push_back(E);
  };
  if (const auto *Data = dyn_cast<ValueDecl>(D)) {
    if (!OfCalls)
      return false;
    // Data has no caller, but this has.
    if (A.C.Kind == Claim::GuardedBy)
      C.What.Kind = Claim::CallerHolds;
    Add(Data);
    return true;
  }
  // What is said of a type is said of all that is called through.
  if (OfCalls && A.C.Kind == Claim::Confined) {
    CallbackFinder Finder(cast<TypedefNameDecl>(D), Add);
    for (const auto &F : Scan->functions())
      Finder.TraverseStmt(F->Decl->getBody());
  }
  return true;
}
