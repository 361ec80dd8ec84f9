//===- ParallelRegions.cpp - OpenMP ---------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang's control flow graph has the body of a directive where it stands, so
// that a function's summary has its accesses and calls. Their places tell which
// of them are the region's.
//
//===----------------------------------------------------------------------===//

#include "ParallelRegions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtOpenMP.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

namespace {
/// The extent of a statement.
struct Extent {
  Anchor Begin, End;
  bool holds(const Anchor &A) const {
    return A.File == Begin.File && !(A < Begin) && !(End < A);
  }
};

/// What in a region is done by one thread at a time, and which variables each
/// thread has for itself.
class RegionVisitor : public RecursiveASTVisitor<RegionVisitor> {
public:
  RegionVisitor(EntityMapper &Entities, const SourceManager &SM)
      : Entities(Entities), SM(SM) {}

  bool VisitOMPExecutableDirective(OMPExecutableDirective *D) {
    notePrivates(D);
    if (isa<OMPCriticalDirective, OMPAtomicDirective, OMPOrderedDirective,
            OMPSingleDirective, OMPMasterDirective, OMPMaskedDirective>(D) &&
        D->hasAssociatedStmt())
      OneAtATime.push_back(extentOf(D->getRawStmt()));
    return true;
  }
  bool TraverseTypeLoc(TypeLoc) { return true; }

  void notePrivates(const OMPExecutableDirective *D) {
    for (const OMPClause *C : D->clauses())
      if (isa<OMPPrivateClause, OMPFirstprivateClause, OMPLastprivateClause,
              OMPReductionClause, OMPLinearClause>(C))
        for (const Stmt *Child : const_cast<OMPClause *>(C)->children())
          if (const auto *E = dyn_cast_or_null<Expr>(Child))
            notePrivate(E->IgnoreParenImpCasts());
  }

  Extent extentOf(const Stmt *S) const {
    return {anchorOf(S->getBeginLoc(), SM), anchorOf(S->getEndLoc(), SM)};
  }

  std::vector<Extent> OneAtATime;
  llvm::DenseSet<EntityId> Private;

private:
  void notePrivate(const Expr *E) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      Private.insert(Entities.entity(Ref->getDecl()));
    else if (const auto *M = dyn_cast<MemberExpr>(E))
      Private.insert(Entities.entity(M->getMemberDecl()));
  }

  EntityMapper &Entities;
  const SourceManager &SM;
};
} // namespace

/// Moves what stands in \p Where from \p From to \p To.
template <class Summary>
static void moveInside(std::vector<Summary> &From, std::vector<Summary> &To,
                       const Extent &Where, const RegionVisitor &Region) {
  llvm::erase_if(From, [&](Summary &X) {
    if (!Where.holds(X.Place))
      return false;
    for (const Extent &Alone : Region.OneAtATime)
      X.UnknownLock |= Alone.holds(X.Place);
    To.push_back(std::move(X));
    return true;
  });
}

/// Whether \p A is to a variable that each thread has for itself, or to an
/// element, which most often is the turn's own.
static bool isOwn(const AccessSummary &A, const RegionVisitor &Region) {
  if (Region.Private.contains(A.Where.Entity))
    return true;
  return llvm::any_of(A.Where.Steps, [&](const PathStep &S) {
    return S.Kind == PathStep::Index || Region.Private.contains(S.Entity);
  });
}

void race::splitParallelRegions(const FunctionInfo &F, EntityMapper &Entities,
                                FunctionSummary &S,
                                std::vector<FunctionSummary> &Regions) {
  const SourceManager &SM = F.Decl->getASTContext().getSourceManager();
  for (const OMPExecutableDirective *D : F.Parallel) {
    const Stmt *Body = D->getInnermostCapturedStmt()->getCapturedStmt();
    RegionVisitor Region(Entities, SM);
    Region.notePrivates(D);
    Region.TraverseStmt(const_cast<Stmt *>(Body));
    FunctionSummary R;
    R.Place = anchorOf(D->getBeginLoc(), SM);
    EntityName Name = Entities.table().name(S.Function);
    Name.USR += "@parallel:" + std::to_string(R.Place.Line);
    Name.Display = "parallel region of " + Name.Display;
    R.Function = Entities.table().intern(std::move(Name));
    R.Class = S.Class;
    R.Encloser = S.Function;
    R.UnknownLocks = S.UnknownLocks;
    Extent Where = Region.extentOf(Body);
    moveInside(S.Accesses, R.Accesses, Where, Region);
    moveInside(S.Calls, R.Calls, Where, Region);
    llvm::erase_if(R.Accesses,
                   [&](const AccessSummary &A) { return isOwn(A, Region); });
    StartSummary Start;
    Start.Callee = R.Function;
    Start.Kind = ThreadStartModel::Parallel;
    Start.Concurrent = Start.SharedObject = true;
    Start.Place = R.Place;
    S.Starts.push_back(std::move(Start));
    Regions.push_back(std::move(R));
  }
}
