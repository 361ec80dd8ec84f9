//===- PoolFinder.cpp - Pools, found by their structure -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/PoolFinder.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;
using namespace race;

/// What a resource of type \p T is an instance of: the class behind a pointer,
/// reference or smart pointer. Null for what cannot be a pooled resource.
static const RecordDecl *resourceClass(QualType T) {
  T = T.getNonReferenceType();
  if (T->isPointerType())
    return T->getPointeeType()->getAsRecordDecl();
  const auto *Smart = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      T->getAsCXXRecordDecl());
  if (Smart && Smart->isInStdNamespace() &&
      Smart->getName().ends_with("_ptr") && Smart->getTemplateArgs().size())
    if (Smart->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
      return Smart->getTemplateArgs()[0].getAsType()->getAsRecordDecl();
  return nullptr;
}

static bool sameClass(const RecordDecl *A, const RecordDecl *B) {
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl();
}

static const RecordDecl *storedClass(const FunctionDecl *F, int Param) {
  if (Param >= 0)
    return resourceClass(F->getParamDecl(Param)->getType());
  const auto *M = dyn_cast<CXXMethodDecl>(F);
  return M ? M->getParent() : nullptr;
}

namespace {
/// A store or take of a function, its own or by a method of a container class
/// of the project.
template <typename Site> struct Done {
  const FunctionInfo *By;
  Site What;
  bool Unseen;
};
/// By the container, in the order of the text.
template <typename Site>
using DoneTable = llvm::MapVector<const ValueDecl *, std::vector<Done<Site>>>;
} // namespace

/// The member or variable whose method \p Call calls.
static const ValueDecl *objectOf(const Expr *Call) {
  const auto *M = dyn_cast<CXXMemberCallExpr>(Call);
  if (!M)
    return nullptr;
  const Expr *E = M->getImplicitObjectArgument()->IgnoreParenImpCasts();
  if (const auto *X = dyn_cast<MemberExpr>(E))
    return dyn_cast<FieldDecl>(X->getMemberDecl());
  if (const auto *R = dyn_cast<DeclRefExpr>(E))
    if (const auto *V = dyn_cast<VarDecl>(R->getDecl());
        V && V->hasGlobalStorage())
      return V;
  return nullptr;
}

static void addThroughMethods(const CodeScan &Scan, const FunctionInfo &F,
                              DoneTable<StoreSite> &Stores,
                              DoneTable<TakeSite> &Takes) {
  for (const CallSite &C : F.Calls) {
    const FunctionInfo *Callee = Scan.find(C.Callee);
    const ValueDecl *Object =
        Callee && (!Callee->Stores.empty() || !Callee->Takes.empty())
            ? objectOf(C.Call)
            : nullptr;
    if (!Object)
      continue;
    for (const StoreSite &S : Callee->Stores) {
      const auto *Call = cast<CallExpr>(C.Call);
      const auto *Arg = S.Param >= 0 && unsigned(S.Param) < Call->getNumArgs()
                            ? dyn_cast<DeclRefExpr>(
                                  Call->getArg(S.Param)->IgnoreParenImpCasts())
                            : nullptr;
      const auto *P = Arg ? dyn_cast<ParmVarDecl>(Arg->getDecl()) : nullptr;
      if (P && P->getDeclContext() == F.Decl)
        Stores[Object].push_back(
            {&F,
             {int(P->getFunctionScopeIndex()), Object, S.AtBack, S.Intrusive},
             true});
    }
    if (!Callee->Takes.empty())
      Takes[Object].push_back(
          {&F, {Object, true, Callee->Takes.front().Intrusive}, true});
  }
}

/// Whether what \p Put stores is what \p Get returns.
static bool sameResource(const FunctionDecl *Put, int Param,
                         const FunctionDecl *Get) {
  if (sameClass(storedClass(Put, Param), resourceClass(Get->getReturnType())))
    return true;
  return Param >= 0 && Get->getReturnType()->isVoidPointerType() &&
         Put->getParamDecl(Param)->getType()->isVoidPointerType();
}

static bool overrides(const CXXMethodDecl *M, const CXXMethodDecl *Base) {
  return llvm::any_of(M->overridden_methods(), [&](const CXXMethodDecl *Over) {
    return Over->getCanonicalDecl() == Base->getCanonicalDecl() ||
           overrides(Over, Base);
  });
}

/// Whether the method \p M ends its own object, whichever of its bodies runs.
static bool disposesOfThis(const CodeScan &Scan, const CXXMethodDecl *M) {
  const FunctionInfo *Own = Scan.find(M);
  if (!M->isVirtual() || (Own && !Own->DisposesThis))
    return Own && Own->DisposesThis;
  bool Any = Own != nullptr;
  for (const auto &F : Scan.functions()) {
    const auto *Other = dyn_cast<CXXMethodDecl>(F->Decl);
    if (!Other || !overrides(Other, M))
      continue;
    if (!F->DisposesThis)
      return false;
    Any = true;
  }
  return Any;
}

/// Whether \p F ends the life of objects of class \p R, or gives them to a
/// function that does.
static bool disposes(const CodeScan &Scan, const PoolNames &Names,
                     const FunctionInfo &F, const RecordDecl *R) {
  for (const RecordDecl *D : F.Deletes)
    if (sameClass(D, R))
      return true;
  for (const CallSite &C : F.Calls) {
    const auto *Method = dyn_cast<CXXMethodDecl>(C.Callee);
    if (Method && sameClass(Method->getParent(), R) &&
        disposesOfThis(Scan, Method))
      return true;
    const FunctionInfo *Body = Scan.find(C.Callee);
    bool Named =
        C.Callee->getIdentifier() && Names.isRelease(C.Callee->getName());
    for (unsigned I = 0; I < C.Callee->getNumParams() && I < 32; ++I)
      if ((Named || (Body && Body->DisposesParams >> I & 1)) &&
          sameClass(resourceClass(C.Callee->getParamDecl(I)->getType()), R))
        return true;
  }
  // Through a function pointer that was set to one that does.
  for (const CallExpr *Call : F.Indirect) {
    for (const FunctionDecl *Run : Scan.keptFor(Call)) {
      const FunctionInfo *Body = Scan.find(Run);
      for (unsigned I = 0; Body && I < Call->getNumArgs() && I < 32; ++I)
        if ((Body->DisposesParams >> I & 1) &&
            sameClass(resourceClass(Call->getArg(I)->getType()), R))
          return true;
    }
  }
  return false;
}

static std::optional<PoolPut> pairUp(const CodeScan &Scan,
                                     const PoolNames &Names,
                                     const Done<StoreSite> &Put,
                                     const Done<TakeSite> &Get) {
  const FunctionDecl *F = Put.By->Decl, *G = Get.By->Decl;
  if (Put.By == Get.By || Put.What.Intrusive != Get.What.Intrusive)
    return std::nullopt;
  PoolPut P;
  P.Put = F;
  P.Param = Put.What.Param;
  P.Get = G;
  P.Container = Put.What.Container;
  P.Locked = Put.By->Locks || Get.By->Locks;
  // What puts on the list what it has made, and may take that off again, lends
  // nothing.
  P.Certain = Get.By->Creates &&
              (P.Locked || !Get.By->Fills.contains(Put.What.Container));
  P.Unseen = Put.Unseen;
  P.Why = Evidence::Structural;
  P.Reason = "'" + F->getNameAsString() + "' stores its argument in '" +
             P.Container->getNameAsString() + "', from which '" +
             G->getNameAsString() + "' takes";
  if (!Get.What.All && sameResource(F, P.Param, G))
    return P;
  const RecordDecl *R = storedClass(F, P.Param);
  if (!R || P.Param < 0 || !Put.By->Locks || !Get.By->Locks ||
      !disposes(Scan, Names, *Get.By, R))
    return std::nullopt;
  P.HandedOver = true;
  P.Reason += " and disposes of it";
  return P;
}

std::vector<PoolPut> race::findPools(const CodeScan &Scan,
                                     const PoolNames &Names) {
  DoneTable<StoreSite> Stores;
  DoneTable<TakeSite> Takes;
  for (const auto &F : Scan.functions()) {
    for (const StoreSite &S : F->Stores)
      Stores[S.Container].push_back({F.get(), S, false});
    for (const TakeSite &T : F->Takes)
      Takes[T.Container].push_back({F.get(), T, false});
    addThroughMethods(Scan, *F, Stores, Takes);
  }
  std::vector<PoolPut> Pools;
  for (const auto &[Container, Puts] : Stores) {
    auto Gets = Takes.find(Container);
    if (Gets == Takes.end())
      continue;
    for (const Done<StoreSite> &Put : Puts) {
      std::optional<PoolPut> Best;
      for (const Done<TakeSite> &Get : Gets->second)
        if (std::optional<PoolPut> P = pairUp(Scan, Names, Put, Get))
          if (!Best || (Best->HandedOver && !P->HandedOver))
            Best = std::move(P);
      if (Best)
        Pools.push_back(std::move(*Best));
    }
  }
  return Pools;
}

std::optional<PoolPut> race::poolByDeclaration(const FunctionDecl *F,
                                               const PoolNames &Names) {
  const auto *M = dyn_cast<CXXMethodDecl>(F);
  if (!M || !M->isInstance() || M->getNumParams() != 1 || !F->getIdentifier() ||
      !(F->getReturnType()->isVoidType() ||
        F->getReturnType()->isBooleanType()) ||
      !Names.isRelease(F->getName()))
    return std::nullopt;
  const RecordDecl *Resource = resourceClass(M->getParamDecl(0)->getType());
  if (!Resource || M->getParamDecl(0)->getType()->isReferenceType())
    return std::nullopt;
  for (const CXXMethodDecl *Sibling : M->getParent()->methods()) {
    if (!Sibling->getIdentifier() || Sibling == M ||
        !Names.isPair(F->getName(), Sibling->getName()) ||
        !sameClass(Resource, resourceClass(Sibling->getReturnType())))
      continue;
    PoolPut P;
    P.Put = F;
    P.Param = 0;
    P.Get = Sibling;
    P.Container = nullptr;
    P.Certain = true;
    P.Locked = true;
    P.Why = Evidence::Structural;
    P.Reason = "'" + F->getNameAsString() + "' takes back what '" +
               Sibling->getNameAsString() + "' hands out";
    return P;
  }
  return std::nullopt;
}

/// The class that \p T is, or points or refers to.
static const RecordDecl *classBehind(QualType T) {
  T = T.getNonReferenceType();
  return (T->isPointerType() ? T->getPointeeType() : T)->getAsRecordDecl();
}

static bool isPoolType(const RecordDecl *R, const PoolNames &Names) {
  if (!R)
    return false;
  // A C struct may have no name but its typedef's.
  const NamedDecl *D = R;
  if (const TypedefNameDecl *T = R->getTypedefNameForAnonDecl())
    D = T;
  return D->getIdentifier() && Names.isPoolType(D->getName());
}

std::optional<PoolPut> race::poolByName(const FunctionDecl *F,
                                        const PoolNames &Names) {
  if (!F->getIdentifier() || !Names.isRelease(F->getName()))
    return std::nullopt;
  const auto *M = dyn_cast<CXXMethodDecl>(F);
  bool OfPool = M && M->isInstance() && isPoolType(M->getParent(), Names);
  int Resource = -1;
  for (unsigned I = 0; I < F->getNumParams(); ++I) {
    QualType T = F->getParamDecl(I)->getType();
    if (isPoolType(classBehind(T), Names)) {
      OfPool = true;
      continue;
    }
    bool Pointer =
        T->isVoidPointerType() || (resourceClass(T) && !T->isReferenceType());
    // With two of them, nothing says which.
    if (Pointer && Resource >= 0)
      return std::nullopt;
    if (Pointer)
      Resource = I;
  }
  if (!OfPool || Resource < 0)
    return std::nullopt;
  PoolPut P;
  P.Put = F;
  P.Param = Resource;
  P.Get = nullptr;
  P.Container = nullptr;
  P.Certain = P.Locked = true;
  P.Why = Evidence::Named;
  P.Reason = "nothing but the name of '" + F->getNameAsString() + "' says so";
  return P;
}
