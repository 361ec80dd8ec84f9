//===- ClaimLocks.cpp - The locks that claims name ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the words of a comment to the declaration of the lock that they mean.
//
//===----------------------------------------------------------------------===//

#include "LockNames.h"
#include "race/Comments/CommentFinder.h"
#include "race/Models/Models.h"
#include "race/Summary/TranslationUnit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

using namespace clang;
using namespace race;

/// The member of \p R, or of what it derives from or stands in, that is called
/// \p Name.
static const ValueDecl *memberCalled(const DeclContext *R, StringRef Name,
                                     ASTContext &Ctx, unsigned Depth = 0) {
  for (const NamedDecl *D : R->lookup(&Ctx.Idents.get(Name)))
    if (isa<FieldDecl, VarDecl>(D))
      return cast<ValueDecl>(D);
  const auto *Class = dyn_cast<CXXRecordDecl>(R);
  if (Class && Class->hasDefinition() && Depth < 8)
    for (const CXXBaseSpecifier &B : Class->bases())
      if (const CXXRecordDecl *Base = B.getType()->getAsCXXRecordDecl())
        if (const ValueDecl *D = memberCalled(Base, Name, Ctx, Depth + 1))
          return D;
  return nullptr;
}

/// Whether \p T is a lock, a type around one, or a pointer to either.
static bool isLock(QualType T, const Models &M) {
  if (!T->getPointeeType().isNull())
    T = T->getPointeeType();
  const TypeModel *Model = M.lookup(T);
  return Model ? Model->Kind == TypeModel::Mutex
               : wrapsLock(T, M) ||
                     (T->isRecordType() &&
                      soundsLikeLockType(T->getAsRecordDecl()->getName()));
}

/// The mutex of a class that has just one.
static const FieldDecl *onlyMutexOf(const RecordDecl *R, const Models &M) {
  R = R ? R->getDefinition() : nullptr;
  const FieldDecl *Only = nullptr;
  if (R)
    for (const FieldDecl *F : R->fields()) {
      if (!isLock(F->getType(), M))
        continue;
      if (Only)
        return nullptr;
      Only = F;
    }
  return Only;
}

/// The structure that \p T is, or points to.
static const RecordDecl *structureOf(QualType T) {
  if (!T->getPointeeType().isNull())
    T = T->getPointeeType();
  const RecordDecl *R = T->getAsRecordDecl();
  return R ? R->getDefinition() : nullptr;
}

/// The names in "queue->pool.lock".
static void splitMembers(StringRef Spelled,
                         llvm::SmallVectorImpl<StringRef> &Parts) {
  for (StringRef Rest = Spelled; !Rest.empty();) {
    size_t At = Rest.find_first_of(".-");
    Parts.push_back(Rest.take_front(At));
    Rest = At == StringRef::npos ? "" : Rest.drop_front(At + 1);
    Rest.consume_front(">");
  }
}

/// In C the object comes as an argument: the member \p Name of what one of
/// them points to, or of what a member of that does if \p Spelled says so
/// ("queue->pool->lock").
static const ValueDecl *lockOfArgument(const FunctionDecl *F, StringRef Spelled,
                                       StringRef Name, ASTContext &Ctx) {
  llvm::SmallVector<StringRef, 4> Parts;
  splitMembers(Spelled, Parts);
  // "dev->lock" may mean the dev that is called d.
  bool Named = Parts.size() > 1 &&
               llvm::any_of(F->parameters(), [&](const ParmVarDecl *P) {
                 return P->getName() == Parts.front();
               });
  const ValueDecl *Only = nullptr;
  for (const ParmVarDecl *P : F->parameters()) {
    const RecordDecl *R = structureOf(P->getType());
    for (size_t I = 1; R && I + 1 < Parts.size(); ++I) {
      const ValueDecl *Member = memberCalled(R, Parts[I], Ctx);
      R = Member ? structureOf(Member->getType()) : nullptr;
    }
    const ValueDecl *D = R ? memberCalled(R, Name, Ctx) : nullptr;
    if (!D || (Named && P->getName() != Parts.front()))
      continue;
    if (Only && Only != D)
      return nullptr;
    Only = D;
  }
  return Only;
}

/// The member of a variable that \p Spelled names, as in "manager.lock", where
/// the variable is found in \p In or around it.
static const ValueDecl *lockOfVariable(const DeclContext *In, StringRef Spelled,
                                       ASTContext &Ctx) {
  llvm::SmallVector<StringRef, 4> Parts;
  splitMembers(Spelled, Parts);
  if (Parts.size() < 2)
    return nullptr;
  const ValueDecl *D = nullptr;
  for (; In && !D; In = In->getParent())
    D = memberCalled(In, Parts.front(), Ctx);
  for (StringRef Part : llvm::drop_begin(Parts)) {
    const RecordDecl *R = D ? structureOf(D->getType()) : nullptr;
    D = R ? memberCalled(R, Part, Ctx) : nullptr;
  }
  return D;
}

/// The declaration of the lock that the claim names; for "the lock", the only
/// one that the class has.
EntityId TranslationUnit::lockOf(const AttachedClaim &A) {
  const Decl *On = A.Function           ? static_cast<const Decl *>(A.Function)
                   : A.Subjects.empty() ? nullptr
                                        : A.Subjects.front();
  if (!On)
    return {};
  const DeclContext *In =
      isa<CXXRecordDecl>(On) ? cast<DeclContext>(On) : On->getDeclContext();
  StringRef Name = StringRef(A.C.Lock).split('[').first;
  size_t At = Name.find_last_of(":.>");
  if (At != StringRef::npos)
    Name = Name.drop_front(At + 1);
  Name.consume_back("()");
  if (!Name.empty()) {
    if (const ValueDecl *D = lockOfVariable(In, A.C.Lock, Ctx))
      return Mapper->entity(D);
    for (const DeclContext *Around = In; Around; Around = Around->getParent())
      if (const ValueDecl *D = memberCalled(Around, Name, Ctx))
        return Mapper->entity(D);
    const auto *F = dyn_cast<FunctionDecl>(On);
    if (const ValueDecl *D =
            F ? lockOfArgument(F, A.C.Lock, Name, Ctx) : nullptr)
      return Mapper->entity(D);
    // Words like "the device lock" are no name.
    if (!StringRef(A.C.Lock).contains(' '))
      return {};
  }
  if (const FieldDecl *Only = onlyMutexOf(dyn_cast<RecordDecl>(In), M))
    return Mapper->entity(Only);
  // In C the object comes as an argument.
  const FieldDecl *Only = nullptr;
  if (const auto *F = dyn_cast<FunctionDecl>(On); F && !isa<CXXMethodDecl>(F))
    for (const ParmVarDecl *P : F->parameters()) {
      QualType T = P->getType()->getPointeeType();
      const FieldDecl *Its =
          T.isNull() ? nullptr : onlyMutexOf(T->getAsRecordDecl(), M);
      if (Its && Only)
        return {};
      Only = Its ? Its : Only;
    }
  return Only ? Mapper->entity(Only) : EntityId();
}
