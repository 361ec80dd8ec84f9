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

#include "race/Comments/CommentFinder.h"
#include "race/Models/Models.h"
#include "race/Summary/TranslationUnit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
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

/// The mutex of a class that has just one.
static const FieldDecl *onlyMutexOf(const RecordDecl *R, const Models &M) {
  R = R ? R->getDefinition() : nullptr;
  const FieldDecl *Only = nullptr;
  if (R)
    for (const FieldDecl *F : R->fields()) {
      const TypeModel *T = M.lookup(F->getType());
      if (!T || T->Kind != TypeModel::Mutex)
        continue;
      if (Only)
        return nullptr;
      Only = F;
    }
  return Only;
}

/// In C the object comes as an argument: the member \p Name of what one of
/// them points to, or of what a member of that does if \p Spelled says so
/// ("queue->pool->lock").
static const ValueDecl *lockOfArgument(const FunctionDecl *F, StringRef Spelled,
                                       StringRef Name, ASTContext &Ctx) {
  auto PointsTo = [](QualType T) -> const RecordDecl * {
    if (!T->getPointeeType().isNull())
      T = T->getPointeeType();
    const RecordDecl *R = T->getAsRecordDecl();
    return R ? R->getDefinition() : nullptr;
  };
  llvm::SmallVector<StringRef, 4> Parts;
  Spelled.split(Parts, "->");
  const ValueDecl *Only = nullptr;
  for (const ParmVarDecl *P : F->parameters()) {
    const RecordDecl *R = PointsTo(P->getType());
    for (size_t I = 1; R && I + 1 < Parts.size(); ++I) {
      const ValueDecl *Member = memberCalled(R, Parts[I], Ctx);
      R = Member ? PointsTo(Member->getType()) : nullptr;
    }
    const ValueDecl *D = R ? memberCalled(R, Name, Ctx) : nullptr;
    if (!D || (Parts.size() > 1 && P->getName() != Parts.front()))
      continue;
    if (Only && Only != D)
      return nullptr;
    Only = D;
  }
  return Only;
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
    for (; In; In = In->getParent())
      if (const ValueDecl *D = memberCalled(In, Name, Ctx))
        return Mapper->entity(D);
    const auto *F = dyn_cast<FunctionDecl>(On);
    const ValueDecl *D = F ? lockOfArgument(F, A.C.Lock, Name, Ctx) : nullptr;
    return D ? Mapper->entity(D) : EntityId();
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
