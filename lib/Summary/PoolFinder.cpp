//===- PoolFinder.cpp - Pools, found by their structure -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/PoolFinder.h"
#include "race/Support/Words.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace race;

static bool anyWord(StringRef Name, const llvm::StringSet<> &Set) {
  for (const std::string &W : wordsOf(Name))
    if (Set.contains(W))
      return true;
  return false;
}

/// Words that say that something is given back, and those that say that
/// memory is: an accessor `get` beside a `free` is no pool.
static const llvm::StringSet<> &givingWords() {
  static const llvm::StringSet<> Words = {
      "put",  "release", "return",  "recycle", "giveback",
      "give", "checkin", "reclaim", "restore", "relinquish"};
  return Words;
}
static const llvm::StringSet<> &freeingWords() {
  static const llvm::StringSet<> Words = {"free", "dealloc", "deallocate"};
  return Words;
}
static const llvm::StringSet<> &allocatingWords() {
  static const llvm::StringSet<> Words = {"alloc", "allocate", "new", "create",
                                          "acquire"};
  return Words;
}

bool race::isReleaseLike(StringRef Name) {
  return anyWord(Name, givingWords()) || anyWord(Name, freeingWords());
}

bool race::isAcquireLike(StringRef Name) {
  static const llvm::StringSet<> Words = {"get",    "borrow",   "take",
                                          "obtain", "checkout", "lease"};
  return anyWord(Name, Words) || anyWord(Name, allocatingWords());
}

/// Whether \p Give and \p Take name the two ends of one loan.
static bool isPair(StringRef Give, StringRef Take) {
  return anyWord(Give, givingWords()) ? isAcquireLike(Take)
                                      : anyWord(Take, allocatingWords());
}

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

std::vector<PoolPut> race::findPools(const CodeScan &Scan) {
  std::vector<PoolPut> Pools;
  llvm::DenseMap<const ValueDecl *,
                 std::vector<std::pair<const FunctionInfo *, TakeSite>>>
      Takers;
  for (const auto &F : Scan.functions())
    for (const TakeSite &T : F->Takes)
      if (resourceClass(F->Decl->getReturnType()))
        Takers[T.Container].push_back({F.get(), T});
  if (Takers.empty())
    return Pools;

  for (const auto &F : Scan.functions()) {
    for (const StoreSite &S : F->Stores) {
      auto It = Takers.find(S.Container);
      if (It == Takers.end())
        continue;
      for (const auto &[Taker, Take] : It->second) {
        if (Taker == F.get() || Take.Intrusive != S.Intrusive ||
            !sameClass(storedClass(F->Decl, S.Param),
                       resourceClass(Taker->Decl->getReturnType())))
          continue;
        PoolPut P;
        P.Put = F->Decl;
        P.Param = S.Param;
        P.Get = Taker->Decl;
        P.Container = S.Container;
        P.Certain = Taker->Creates;
        P.Locked = F->Locks || Taker->Locks;
        P.Why = Evidence::Structural;
        P.Reason = "'" + F->Decl->getNameAsString() +
                   "' stores its argument in '" +
                   S.Container->getNameAsString() + "', from which '" +
                   Taker->Decl->getNameAsString() + "' takes";
        Pools.push_back(std::move(P));
        break;
      }
    }
  }
  return Pools;
}

std::optional<PoolPut> race::poolByDeclaration(const FunctionDecl *F) {
  const auto *M = dyn_cast<CXXMethodDecl>(F);
  if (!M || !M->isInstance() || M->getNumParams() != 1 || !F->getIdentifier() ||
      !(F->getReturnType()->isVoidType() ||
        F->getReturnType()->isBooleanType()) ||
      !isReleaseLike(F->getName()))
    return std::nullopt;
  const RecordDecl *Resource = resourceClass(M->getParamDecl(0)->getType());
  if (!Resource || M->getParamDecl(0)->getType()->isReferenceType())
    return std::nullopt;
  for (const CXXMethodDecl *Sibling : M->getParent()->methods()) {
    if (!Sibling->getIdentifier() || Sibling == M ||
        !isPair(F->getName(), Sibling->getName()) ||
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
