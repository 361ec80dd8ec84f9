//===- LockNames.cpp - Locks known by their declarations ------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LockNames.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "clang/AST/TypeLoc.h"
#include "llvm/ADT/STLExtras.h"
#include <iterator>

using namespace clang;
using namespace race;

/// "wrlock" and "lock", but neither "block", "clock" nor "nolock".
static bool isLockWord(StringRef Word) {
  return Word.consume_back("lock") && Word != "b" && Word != "c" &&
         Word != "un" && Word != "wrun" && Word != "rdun" &&
         !Word.ends_with("no");
}

static bool isUnlockWord(StringRef Word) { return Word.ends_with("unlock"); }

bool race::soundsLikeLockType(StringRef Name) {
  return llvm::any_of(wordsOf(Name), [](StringRef Word) {
    return isLockWord(Word) || Word.ends_with("mutex") || Word == "mtx" ||
           Word == "spin" || Word == "critical" || Word == "latch";
  });
}

bool race::wrapsLock(QualType T, const Models &M) {
  const RecordDecl *R = T->getAsRecordDecl();
  R = R ? R->getDefinition() : nullptr;
  if (!R)
    return false;
  if (const auto *Class = dyn_cast<CXXRecordDecl>(R))
    for (const CXXMethodDecl *Method : Class->methods())
      if (const IdentifierInfo *Id = Method->getIdentifier())
        if (Id->isStr("lock") || Id->isStr("Lock") || Id->isStr("WriteLock") ||
            Id->isStr("Acquire") || Id->isStr("acquire"))
          return true;
  auto IsMutex = [&](const FieldDecl *F) {
    const TypeModel *Model = M.lookup(F->getType());
    return Model && Model->Kind == TypeModel::Mutex;
  };
  bool Only = std::distance(R->field_begin(), R->field_end()) == 1;
  return (Only || soundsLikeLockType(R->getName())) &&
         llvm::any_of(R->fields(), IsMutex);
}

static bool isLockType(QualType Pointee) {
  return soundsLikeLockType(
      Pointee.getUnqualifiedType().getAsString(PrintingPolicy(LangOptions())));
}

/// Says by its name alone whether a function takes or releases a lock.
static std::optional<LockModel::OpTy> operationOf(StringRef Name) {
  std::optional<LockModel::OpTy> Op;
  for (StringRef Word : wordsOf(Name)) {
    // Not taken for sure, made or ended, asked, or waited for.
    if (Word.starts_with("try") || Word.starts_with("init") ||
        Word.starts_with("destroy") || Word.starts_with("assert"))
      return std::nullopt;
    if (Word == "new" || Word == "free" || Word == "create" ||
        Word == "alloc" || Word == "delete" || Word == "is" || Word == "has" ||
        Word == "held" || Word == "owned" || Word == "wait" || Word == "get" ||
        Word == "set" || Word == "timed" || Word == "up" || Word == "down" ||
        Word == "convert" || Word == "all")
      return std::nullopt;
    if (isUnlockWord(Word) || Word == "leave" || Word == "release")
      Op = LockModel::Release;
    else if (!Op && (isLockWord(Word) || Word == "enter" || Word == "acquire"))
      Op = LockModel::Acquire;
  }
  return Op;
}

/// The type of the functions that \p D is, or points to.
static const FunctionProtoType *functionType(const ValueDecl *D) {
  QualType T = D->getType();
  if (T->isFunctionPointerType())
    T = T->getPointeeType();
  return T->getAs<FunctionProtoType>();
}

/// Whether parameter \p I of \p D is a lock by its name, where its type does
/// not say what it points to.
static bool isLockByName(const ValueDecl *D, unsigned I) {
  const ParmVarDecl *P = nullptr;
  if (const auto *F = dyn_cast<FunctionDecl>(D))
    P = F->getParamDecl(I);
  else if (const auto *V = dyn_cast<DeclaratorDecl>(D);
           V && V->getTypeSourceInfo())
    if (auto To = V->getTypeSourceInfo()->getTypeLoc().getAs<PointerTypeLoc>())
      if (auto F =
              To.getPointeeLoc().IgnoreParens().getAs<FunctionProtoTypeLoc>();
          F && I < F.getNumParams())
        P = F.getParam(I);
  const IdentifierInfo *Id = P ? P->getIdentifier() : nullptr;
  return Id && P->getType()->isVoidPointerType() &&
         (Id->isStr("lock") || Id->isStr("mutex"));
}

/// The parameter of \p D that leads to a lock; -1 if there is none, or more
/// than one.
static int lockParameter(const ValueDecl *D, const FunctionProtoType &T) {
  int Found = -1;
  for (unsigned I = 0; I < T.getNumParams(); ++I) {
    QualType P = T.getParamType(I);
    if (!(P->isPointerType() || P->isReferenceType()) ||
        !(isLockType(P->getPointeeType()) || isLockByName(D, I)))
      continue;
    if (Found >= 0)
      return -1;
    Found = I;
  }
  return Found;
}

/// Whether \p Other releases what a function that takes \p Lock takes.
static bool releases(const Decl *Other, QualType Lock) {
  const auto *D = dyn_cast<ValueDecl>(Other);
  const IdentifierInfo *Id = D ? D->getIdentifier() : nullptr;
  // A file has many declarations.
  auto May = [&](StringRef Word) {
    return Id->getName().contains_insensitive(Word);
  };
  if (!Id || !(May("unlock") || May("release") || May("leave")))
    return false;
  const FunctionProtoType *T = functionType(D);
  if (!T || operationOf(Id->getName()) != LockModel::Release)
    return false;
  int I = lockParameter(D, *T);
  return I >= 0 && T->getParamType(I).getCanonicalType().getUnqualifiedType() ==
                       Lock.getCanonicalType().getUnqualifiedType();
}

static LockMode modeOf(StringRef Name) {
  return llvm::any_of(wordsOf(Name),
                      [](StringRef Word) {
                        return Word.starts_with("read") || Word == "shared" ||
                               Word.starts_with("rd");
                      })
             ? LockMode::Shared
             : LockMode::Exclusive;
}

/// What a method of a class that is called a lock does with its object.
static std::optional<LockEffect> lockByMethod(const CXXMethodDecl *F) {
  const CXXRecordDecl *Class = F->getParent();
  QualType Result = F->getReturnType();
  auto Op = F->getIdentifier() ? operationOf(F->getName()) : std::nullopt;
  if (!Op || F->isStatic() || F->getNumParams() || !Class->getIdentifier() ||
      !Result->isVoidType() || !soundsLikeLockType(Class->getName()))
    return std::nullopt;
  auto Releases = [](const CXXMethodDecl *D) {
    return D->getIdentifier() && !D->getNumParams() &&
           operationOf(D->getName()) == LockModel::Release;
  };
  if (*Op == LockModel::Acquire && llvm::none_of(Class->methods(), Releases))
    return std::nullopt;
  LockEffect E;
  E.Op = *Op;
  E.Mutex = AccessPath::thisPointer().then(PathStep::deref());
  E.Mode = modeOf(F->getName());
  return E;
}

std::optional<LockEffect> race::assertionByDeclaration(const FunctionDecl *F,
                                                       const Models &M) {
  const IdentifierInfo *Id = F->getIdentifier();
  if (!Id || !F->getReturnType()->isVoidType() ||
      !Id->getName().contains_insensitive("assert"))
    return std::nullopt;
  StringRef Name = Id->getName();
  if (!hasWord(Name, {"held", "locked", "owned", "holding", "owner"}) ||
      hasWord(Name, {"not", "no", "un", "unlocked"}))
    return std::nullopt;
  LockEffect E;
  E.Op = LockModel::AssertHeld;
  E.Mode = modeOf(Name);
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (Method && !Method->isStatic() && !F->getNumParams()) {
    ASTContext &Ctx = F->getASTContext();
    if (!wrapsLock(Ctx.getRecordType(Method->getParent()), M))
      return std::nullopt;
    E.Mutex = AccessPath::thisPointer().then(PathStep::deref());
    return E;
  }
  int Param = lockParameter(F, *F->getType()->castAs<FunctionProtoType>());
  if (Param < 0)
    return std::nullopt;
  E.Mutex = AccessPath::param(Param).then(PathStep::deref());
  return E;
}

std::optional<LockEffect>
race::guardByDeclaration(const CXXConstructorDecl *C) {
  const CXXRecordDecl *Class = C->getParent();
  const CXXDestructorDecl *End = Class->getDestructor();
  if (C->hasBody() || C->getNumParams() != 1 || !Class->getIdentifier() ||
      !End || !End->isUserProvided() || End->hasBody())
    return std::nullopt;
  StringRef Name = Class->getName();
  QualType T = C->getParamDecl(0)->getType();
  if (!(T->isPointerType() || T->isLValueReferenceType()) ||
      T->getPointeeType().isConstQualified() ||
      T->getPointeeType()->getAsCXXRecordDecl() == Class ||
      !isLockType(T->getPointeeType()) ||
      !(soundsLikeLockType(Name) ||
        hasWord(Name, {"locker", "guard", "holder", "autolock"})))
    return std::nullopt;
  LockEffect E;
  E.Mutex = AccessPath::param(0).then(PathStep::deref());
  E.Mode = modeOf(Name);
  E.OwnedByResult = true;
  return E;
}

std::optional<LockEffect> race::lockByDeclaration(const ValueDecl *F) {
  if (const auto *Method = dyn_cast<CXXMethodDecl>(F))
    return lockByMethod(Method);
  const IdentifierInfo *Id = F->getIdentifier();
  if (!Id)
    return std::nullopt;
  auto Op = operationOf(Id->getName());
  const FunctionProtoType *T = Op ? functionType(F) : nullptr;
  QualType Result = T ? T->getReturnType() : QualType();
  if (!T || !(Result->isVoidType() || Result->isIntegralOrEnumerationType()))
    return std::nullopt;
  int Param = lockParameter(F, *T);
  if (Param < 0)
    return std::nullopt;
  QualType Lock = T->getParamType(Param);
  auto Releases = [&](const Decl *D) { return releases(D, Lock); };
  if (*Op == LockModel::Acquire &&
      llvm::none_of(F->getDeclContext()->decls(), Releases))
    return std::nullopt;
  LockEffect E;
  E.Op = *Op;
  E.Mutex = AccessPath::param(Param).then(PathStep::deref());
  E.Mode = modeOf(Id->getName());
  return E;
}

std::optional<LockEffect> race::lockThroughPointer(const CallExpr *Call) {
  if (Call->getDirectCallee())
    return std::nullopt;
  const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
  if (const auto *U = dyn_cast<UnaryOperator>(Callee);
      U && U->getOpcode() == UO_Deref)
    Callee = U->getSubExpr()->IgnoreParenImpCasts();
  if (const auto *M = dyn_cast<MemberExpr>(Callee))
    return lockByDeclaration(M->getMemberDecl());
  if (const auto *R = dyn_cast<DeclRefExpr>(Callee))
    return lockByDeclaration(R->getDecl());
  return std::nullopt;
}
