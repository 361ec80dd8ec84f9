//===- EntityMapper.cpp - From declarations to entities -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/EntityMapper.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Index/USRGeneration.h"
#include "llvm/ADT/SmallString.h"

using namespace clang;
using namespace race;

EntityMapper::EntityMapper(EntityTable &Table, const ASTContext &Ctx)
    : Table(Table) {
  const SourceManager &SM = Ctx.getSourceManager();
  if (OptionalFileEntryRef Main = SM.getFileEntryRefForID(SM.getMainFileID()))
    UnitName = Main->getName().str();
}

/// The declaration that stands for all instantiations of \p D.
static const NamedDecl *patternOf(const NamedDecl *D) {
  if (const auto *F = dyn_cast<FunctionDecl>(D)) {
    if (const FunctionDecl *P = F->getTemplateInstantiationPattern())
      return P->getCanonicalDecl();
    return F->getCanonicalDecl();
  }
  if (const auto *R = dyn_cast<CXXRecordDecl>(D)) {
    if (const CXXRecordDecl *P = R->getTemplateInstantiationPattern())
      return P->getCanonicalDecl();
    return R->getCanonicalDecl();
  }
  if (const auto *F = dyn_cast<FieldDecl>(D)) {
    const auto *R = dyn_cast<CXXRecordDecl>(F->getParent());
    if (!R || F->getDeclName().isEmpty())
      return F;
    const CXXRecordDecl *P = R->getTemplateInstantiationPattern();
    if (!P)
      return F;
    for (const FieldDecl *Other : P->fields())
      if (Other->getDeclName() == F->getDeclName())
        return Other;
    return F;
  }
  return cast<NamedDecl>(D->getCanonicalDecl());
}

static std::string displayName(const NamedDecl *D) {
  const auto *M = dyn_cast<CXXMethodDecl>(D);
  if (!M)
    return D->getNameAsString();
  if (M->getParent()->isLambda())
    return "lambda";
  return M->getParent()->getNameAsString() + "::" + M->getNameAsString();
}

EntityId EntityMapper::entity(const NamedDecl *D) {
  auto [It, New] = Known.try_emplace(D);
  if (!New)
    return It->second;
  const NamedDecl *P = patternOf(D);
  llvm::SmallString<128> USR;
  bool NoUSR = index::generateUSRForDecl(P, USR);
  bool Local = NoUSR || !P->hasExternalFormalLinkage();
  const auto *Method = dyn_cast<CXXMethodDecl>(P);
  bool Lambda = Method && Method->getParent()->isLambda();
  if (NoUSR || Lambda || isa<VarDecl>(P)) {
    // Locals and oddities: the place tells them apart.
    if (NoUSR || Lambda || cast<VarDecl>(P)->isLocalVarDeclOrParm()) {
      Anchor A =
          anchorOf(P->getLocation(), P->getASTContext().getSourceManager());
      USR += "@" + A.File + ":" + std::to_string(A.Line) + ":" +
             std::to_string(A.Column);
    }
  }
  if (isa<FieldDecl>(P) || isa<RecordDecl>(P))
    Local =
        !P->isExternallyVisible() && P->getASTContext().getLangOpts().CPlusPlus;
  EntityId Id = Table.intern(
      {USR.str().str(), Local ? UnitName : std::string(), displayName(D)});
  // The insertions above may have moved It.
  Known[D] = Id;
  Decls[Id] = D;
  return Id;
}

const NamedDecl *EntityMapper::decl(EntityId Id) const {
  return Decls.lookup(Id);
}

Anchor race::anchorOf(SourceLocation Loc, const SourceManager &SM) {
  if (Loc.isInvalid())
    return {};
  PresumedLoc P = SM.getPresumedLoc(SM.getExpansionLoc(Loc), false);
  if (P.isInvalid())
    return {};
  return {P.getFilename(), P.getLine(), P.getColumn()};
}
