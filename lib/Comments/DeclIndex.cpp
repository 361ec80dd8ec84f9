//===- DeclIndex.cpp - The declarations of files, by place ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DeclIndex.h"
#include "race/Comments/CommentFinder.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Stmt.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace llvm;
using namespace race::claims;

bool race::isFunctionLike(QualType T) {
  T = T.getNonReferenceType();
  if (T->isFunctionPointerType() || T->isFunctionType())
    return true;
  const auto *R = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      T->getAsCXXRecordDecl());
  return R && R->getTemplateArgs().size() &&
         R->getTemplateArgs()[0].getKind() == TemplateArgument::Type &&
         R->getTemplateArgs()[0].getAsType()->isFunctionType();
}

bool DeclPlace::isData() const { return isa<FieldDecl>(D) || isa<VarDecl>(D); }

bool DeclPlace::isFunction() const { return isa<FunctionDecl>(D); }

bool DeclPlace::isNamedRecord() const {
  const auto *R = dyn_cast<RecordDecl>(D);
  return R && R->getIdentifier();
}

bool DeclPlace::isUnnamedRecord() const {
  const auto *R = dyn_cast<RecordDecl>(D);
  return R && !R->getIdentifier() && !R->getTypedefNameForAnonDecl();
}

StringRef DeclPlace::name() const {
  const auto *ND = dyn_cast<NamedDecl>(D);
  return ND && ND->getDeclName().isIdentifier() ? ND->getName() : StringRef();
}

DeclIndex::DeclIndex(ASTContext &Ctx, const DenseSet<FileID> &Files)
    : SM(Ctx.getSourceManager()), LangOpts(Ctx.getLangOpts()), Wanted(Files) {
  for (const Decl *D : Ctx.getTraversalScope()) {
    if (const auto *TU = dyn_cast<TranslationUnitDecl>(D))
      addContext(TU);
    else
      addDecl(D);
  }
  for (auto &Entry : this->Files)
    settle(Entry.second);
}

ArrayRef<DeclPlace> DeclIndex::places(FileID FID) const {
  auto Known = Files.find(FID);
  return Known == Files.end() ? ArrayRef<DeclPlace>()
                              : ArrayRef(Known->second.Places);
}

ArrayRef<DeclContainer> DeclIndex::containers(FileID FID) const {
  auto Known = Files.find(FID);
  return Known == Files.end() ? ArrayRef<DeclContainer>()
                              : ArrayRef(Known->second.Containers);
}

int DeclIndex::containerAt(FileID FID, unsigned Offset) const {
  // They are sorted by their begin, so the last around the offset is innermost.
  int Found = -1;
  ArrayRef<DeclContainer> All = containers(FID);
  for (unsigned I = 0; I < All.size() && All[I].Begin < Offset; ++I)
    if (Offset < All[I].End)
      Found = I;
  return Found;
}

void DeclIndex::addContext(const DeclContext *DC) {
  for (const Decl *D : DC->decls())
    addDecl(D);
}

void DeclIndex::addContainer(const Decl *D, const Stmt *Body,
                             SourceRange Braces) {
  auto Begin = SM.getDecomposedExpansionLoc(Braces.getBegin());
  auto End = SM.getDecomposedExpansionLoc(Braces.getEnd());
  if (Begin.first != End.first || !Wanted.contains(Begin.first) ||
      Braces.getBegin().isMacroID())
    return;
  DeclContainer C;
  C.D = D;
  C.Body = Body;
  C.Begin = Begin.second;
  C.End = End.second;
  C.OpenLine = SM.getLineNumber(Begin.first, Begin.second);
  Files[Begin.first].Containers.push_back(C);
}

void DeclIndex::addPlace(const Decl *D, SourceRange Range) {
  auto Begin = SM.getDecomposedExpansionLoc(Range.getBegin());
  SourceLocation EndLoc = SM.getExpansionRange(Range.getEnd()).getEnd();
  auto End = SM.getDecomposedLoc(EndLoc);
  if (Begin.first != End.first || !Wanted.contains(Begin.first))
    return;
  DeclPlace P;
  P.D = D;
  P.Begin = Begin.second;
  P.End = End.second + Lexer::MeasureTokenLength(EndLoc, SM, LangOpts);
  P.BeginLine = SM.getLineNumber(Begin.first, Begin.second);
  P.EndLine = SM.getLineNumber(Begin.first, P.End);
  Files[Begin.first].Places.push_back(P);
}

void DeclIndex::addDecl(const Decl *D) {
  SourceLocation Loc = D->getLocation();
  if (D->isImplicit() || Loc.isInvalid() || SM.isInSystemHeader(Loc))
    return;
  // Names of namespaces and the file are neighbours.
  if (isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(D))
    return addContext(cast<DeclContext>(D));
  // An invalid class may have valid members.
  if (D->isInvalidDecl() && !isa<RecordDecl, ClassTemplateDecl>(D))
    return;
  // The range of a template begins with `template`.
  SourceRange Range = D->getSourceRange();
  if (const auto *TD = dyn_cast<TemplateDecl>(D)) {
    D = TD->getTemplatedDecl();
    if (!D)
      return;
  }
  if (const auto *R = dyn_cast<RecordDecl>(D)) {
    const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(R);
    if (!R->isThisDeclarationADefinition() ||
        (Spec && !Spec->isExplicitSpecialization() &&
         !isa<ClassTemplatePartialSpecializationDecl>(Spec)))
      return;
    if (!R->isInvalidDecl())
      addPlace(R, Range);
    addContainer(R, nullptr, R->getBraceRange());
    return addContext(R);
  }
  if (const auto *F = dyn_cast<FunctionDecl>(D)) {
    addPlace(F->getCanonicalDecl(), Range);
    if (F->doesThisDeclarationHaveABody() && F->getBody())
      addContainer(F, F->getBody(), F->getBody()->getSourceRange());
    return;
  }
  if (const auto *E = dyn_cast<EnumDecl>(D)) {
    if (E->isThisDeclarationADefinition() &&
        (E->getIdentifier() || E->getTypedefNameForAnonDecl()))
      addPlace(E, Range);
    return;
  }
  if (const auto *T = dyn_cast<TypedefNameDecl>(D)) {
    if (isFunctionLike(T->getUnderlyingType()))
      addPlace(T, Range);
    return;
  }
  if (isa<FieldDecl>(D))
    return addPlace(D, Range);
  if (const auto *V = dyn_cast<VarDecl>(D))
    addPlace(V->getCanonicalDecl(), Range);
}

/// Sorts what was collected and finds the container of each.
void DeclIndex::settle(File &F) {
  llvm::sort(F.Containers, [](const DeclContainer &A, const DeclContainer &B) {
    return A.Begin < B.Begin;
  });
  auto containerOf = [&](unsigned Offset) {
    int Found = -1;
    for (unsigned I = 0; I < F.Containers.size(); ++I) {
      if (F.Containers[I].Begin >= Offset)
        break;
      if (Offset < F.Containers[I].End)
        Found = I;
    }
    return Found;
  };
  for (DeclContainer &C : F.Containers)
    C.Parent = containerOf(C.Begin);
  for (DeclPlace &P : F.Places)
    P.Container = containerOf(P.Begin);
  // A type before what is declared with it, `a` before `b` in `int a, b;`.
  llvm::sort(F.Places, [](const DeclPlace &A, const DeclPlace &B) {
    return std::tie(A.Begin, A.End) < std::tie(B.Begin, B.End);
  });
}
