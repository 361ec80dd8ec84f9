//===- EntityMapper.cpp - From declarations to entities -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/EntityMapper.h"
#include "race/Support/Paths.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Index/USRGeneration.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace race;

EntityMapper::EntityMapper(EntityTable &Table, const ASTContext &Ctx,
                           llvm::StringRef Root)
    : Table(Table), Root(Root) {
  const SourceManager &SM = Ctx.getSourceManager();
  if (OptionalFileEntryRef Main = SM.getFileEntryRefForID(SM.getMainFileID()))
    UnitName = relativeTo(Root, absoluteName(Main->getName(), SM));
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

/// The class that \p D is, or is a member of.
static const RecordDecl *recordOf(const NamedDecl *D) {
  if (const auto *R = dyn_cast<RecordDecl>(D))
    return R;
  return dyn_cast<RecordDecl>(D->getDeclContext());
}

/// Whether \p D stands in the file that is compiled, and not in a header, which
/// may be what an editor looks at.
static bool isInSource(const NamedDecl *D) {
  const ASTContext &Ctx = D->getASTContext();
  const SourceManager &SM = Ctx.getSourceManager();
  return !Ctx.getLangOpts().IsHeaderFile &&
         SM.isInMainFile(SM.getExpansionLoc(D->getLocation()));
}

bool EntityMapper::isLocal(const NamedDecl *D) const {
  if (const auto *F = dyn_cast<FunctionDecl>(D)) {
    // Each program has one.
    if (F->isMain())
      return true;
    // What a header has inside is the same function in every file, even where
    // the linker does not merge it.
    if (!F->isExternallyVisible())
      return isInSource(F);
  } else if (isa<VarDecl>(D) && !D->hasExternalFormalLinkage()) {
    return true;
  }
  const RecordDecl *R = recordOf(D);
  if (!R)
    return !D->hasExternalFormalLinkage();
  // A class that a source file defines for itself: others may have another of
  // that name.
  if (const RecordDecl *Definition = R->getDefinition())
    R = Definition;
  return isInSource(R);
}

EntityId EntityMapper::entity(const NamedDecl *D) {
  auto [It, New] = Known.try_emplace(D);
  if (!New)
    return It->second;
  const NamedDecl *P = patternOf(D);
  llvm::SmallString<128> USR;
  bool NoUSR = index::generateUSRForDecl(P, USR);
  const auto *V = dyn_cast<VarDecl>(P);
  const auto *F = dyn_cast<FunctionDecl>(P);
  const auto *Method = dyn_cast<CXXMethodDecl>(P);
  bool Lambda = Method && Method->getParent()->isLambda();
  // Locals, lambdas and other oddities: the place tells them apart.
  if (NoUSR || Lambda || (V && V->isLocalVarDeclOrParm()) ||
      (F && !F->isExternallyVisible())) {
    Anchor A =
        anchorOf(P->getLocation(), P->getASTContext().getSourceManager());
    USR += "@" + relativeTo(Root, A.File) + ":" + std::to_string(A.Line) + ":" +
           std::to_string(A.Column);
  }
  EntityId Id = Table.intern(
      {USR.str().str(), isLocal(P) ? UnitName : std::string(), displayName(D)});
  // The insertions above may have moved It.
  Known[D] = Id;
  Decls[Id] = D;
  return Id;
}

const NamedDecl *EntityMapper::decl(EntityId Id) const {
  return Decls.lookup(Id);
}

std::string race::absoluteName(StringRef File, const SourceManager &SM) {
  // Compilers are run from build folders; names must not depend on that.
  llvm::SmallString<128> Path(File);
  if (!llvm::sys::path::is_absolute(Path))
    SM.getFileManager().makeAbsolutePath(Path);
  // One name for one file, however it was included.
  llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return Path.str().str();
}

Anchor race::anchorOf(SourceLocation Loc, const SourceManager &SM) {
  if (Loc.isInvalid())
    return {};
  PresumedLoc P = SM.getPresumedLoc(SM.getExpansionLoc(Loc), false);
  if (P.isInvalid())
    return {};
  return {absoluteName(P.getFilename(), SM), P.getLine(), P.getColumn()};
}
