//===- ClaimSubjects.cpp - The state that claims speak of -----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From claims on declarations and statements to claims on entities: the fields
// of a class, what a function or statement touches.
//
//===----------------------------------------------------------------------===//

#include "Modes.h"
#include "Summarizer.h"
#include "race/Summary/TranslationUnit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;
using namespace race;

namespace {
/// Finds the fields and variables that code names, and whom it calls.
class ToucherFinder : public RecursiveASTVisitor<ToucherFinder> {
public:
  /// \param Wanted asked for each field and variable; true ends the walk.
  /// \param Wholes s.f touches s, too; otherwise it names f of s, not all of
  /// it.
  ToucherFinder(llvm::function_ref<bool(const ValueDecl *)> Wanted,
                bool Wholes = false)
      : Wanted(Wanted), Wholes(Wholes) {}
  bool VisitMemberExpr(MemberExpr *E) {
    if (!Wholes && isa<FieldDecl>(E->getMemberDecl()))
      Bases.insert(E->getBase()->IgnoreParenImpCasts());
    return Bases.contains(E) || check(E->getMemberDecl());
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    return Bases.contains(E) || check(E->getDecl());
  }
  bool VisitCallExpr(CallExpr *E) {
    if (const FunctionDecl *F = E->getDirectCallee())
      Callees.push_back(F);
    return true;
  }
  bool TraverseTypeLoc(TypeLoc) { return true; }
  bool Found = false;
  std::vector<const FunctionDecl *> Callees;

private:
  bool check(const ValueDecl *D) {
    const auto *F = dyn_cast<FunctionDecl>(D);
    bool State = F ? hasHiddenState(F) : isa<FieldDecl, VarDecl>(D);
    if (State && Wanted(D))
      Found = true;
    return !Found;
  }
  llvm::function_ref<bool(const ValueDecl *)> Wanted;
  bool Wholes;
  llvm::DenseSet<const Expr *> Bases;
};

/// Finds the fields and variables that a statement changes.
class ChangeFinder : public RecursiveASTVisitor<ChangeFinder> {
public:
  /// \param Here what the functions do that stand in the statement is not done
  /// by it.
  ChangeFinder(llvm::function_ref<bool(const ValueDecl *)> Found, bool Here)
      : Found(Found), Here(Here) {}
  bool TraverseLambdaExpr(LambdaExpr *E) {
    return Here || RecursiveASTVisitor::TraverseLambdaExpr(E);
  }
  bool VisitBinaryOperator(BinaryOperator *E) {
    return !E->isAssignmentOp() || changed(E->getLHS());
  }
  bool VisitUnaryOperator(UnaryOperator *E) {
    return !E->isIncrementDecrementOp() || changed(E->getSubExpr());
  }
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *E) {
    const CXXMethodDecl *M = E->getMethodDecl();
    return !M || M->isConst() || changed(E->getImplicitObjectArgument());
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *E) {
    const auto *M = dyn_cast_or_null<CXXMethodDecl>(E->getDirectCallee());
    return !M || M->isConst() || changed(E->getArg(0));
  }

private:
  bool changed(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *M = dyn_cast<MemberExpr>(E))
      Found(M->getMemberDecl());
    else if (const auto *R = dyn_cast<DeclRefExpr>(E))
      Found(R->getDecl());
    return true;
  }
  llvm::function_ref<bool(const ValueDecl *)> Found;
  bool Here;
};
} // namespace

bool race::canBeRacedOn(const ValueDecl *D, const Models &M) {
  QualType T = D->getType();
  if (T.isConstQualified() || T->isReferenceType() || T->isAtomicType())
    return false;
  if (const auto *V = dyn_cast<VarDecl>(D))
    if (V->getTLSKind() || V->isConstexpr() ||
        V->hasAttr<OMPThreadPrivateDeclAttr>())
      return false;
  // `Atom<int>`, where Atom is a parameter of the template.
  if (const auto *S = T->getAs<TemplateSpecializationType>())
    if (isa_and_nonnull<TemplateTemplateParmDecl>(
            S->getTemplateName().getAsTemplateDecl()))
      return false;
  const TypeModel *Model = M.lookup(T);
  if (!Model)
    return true;
  switch (Model->Kind) {
  case TypeModel::Atomic:
  case TypeModel::Mutex:
  case TypeModel::Guard:
  case TypeModel::ConditionVariable:
  case TypeModel::OnceFlag:
  case TypeModel::Thread:
    return false;
  default:
    return !Model->Synchronized;
  }
}

static bool isShared(const ValueDecl *D) {
  const auto *V = dyn_cast<VarDecl>(D);
  // The parts of a library's values are not state.
  const SourceManager &SM = D->getASTContext().getSourceManager();
  if (!V && SM.isInSystemHeader(D->getLocation()))
    return false;
  return isa<FieldDecl>(D) || (V && V->hasGlobalStorage());
}

void TranslationUnit::addClass(ClaimSummary &C, const CXXRecordDecl *R) {
  C.Classes.push_back(Mapper->entity(R));
  if (const CXXRecordDecl *D = R->getDefinition())
    for (const FieldDecl *F : D->fields())
      if (canBeRacedOn(F, M))
        C.State.push_back(Mapper->entity(F));
}

/// Whether \p A and \p B come from one class template.
static bool patternIs(const CXXRecordDecl *A, const CXXRecordDecl *B) {
  const CXXRecordDecl *PA = A->getTemplateInstantiationPattern();
  const CXXRecordDecl *PB = B->getTemplateInstantiationPattern();
  A = PA ? PA : A;
  B = PB ? PB : B;
  return A->getCanonicalDecl() == B->getCanonicalDecl();
}

/// Adds what \p F touches, by itself and through functions of this file that it
/// calls.
void TranslationUnit::addStateOf(ClaimSummary &C, const FunctionDecl *F) {
  // A method's state is that of its object, not of the values it works with.
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  auto IsItsOwn = [&](const ValueDecl *D) {
    const auto *Field = dyn_cast<FieldDecl>(D);
    const auto *In =
        Field ? dyn_cast<CXXRecordDecl>(Field->getParent()) : nullptr;
    if (!Method || !In)
      return true;
    const CXXRecordDecl *Class = Method->getParent();
    return In->getCanonicalDecl() == Class->getCanonicalDecl() ||
           (Class->hasDefinition() && Class->isDerivedFrom(In)) ||
           patternIs(In, Class);
  };
  auto Collect = [&](const ValueDecl *D) {
    if (isShared(D) && canBeRacedOn(D, M) && IsItsOwn(D))
      C.State.push_back(Mapper->entity(D));
    return false;
  };
  constexpr unsigned MaxDepth = 2, MaxFunctions = 12;
  std::vector<std::pair<const FunctionDecl *, unsigned>> Work{{F, 0}};
  for (size_t I = 0; I < Work.size() && I < MaxFunctions; ++I) {
    auto [At, Depth] = Work[I];
    const FunctionInfo *Info = Scan->find(At);
    if (!Info)
      continue;
    ToucherFinder Finder(Collect);
    Finder.TraverseStmt(Info->Decl->getBody());
    if (Depth == MaxDepth)
      continue;
    for (const FunctionDecl *Callee : Finder.Callees)
      if (llvm::none_of(Work, [&](const auto &W) { return W.first == Callee; }))
        Work.push_back({Callee, Depth + 1});
  }
}

namespace {
/// Finds the block that a statement stands in.
class BlockFinder : public RecursiveASTVisitor<BlockFinder> {
public:
  explicit BlockFinder(const Stmt *Wanted) : Wanted(Wanted) {}
  bool VisitCompoundStmt(CompoundStmt *S) {
    if (llvm::is_contained(S->body(), Wanted))
      Block = S;
    return !Block;
  }
  bool TraverseTypeLoc(TypeLoc) { return true; }
  const CompoundStmt *Block = nullptr;

private:
  const Stmt *Wanted;
};
} // namespace

/// The statement \p S of \p F and those that follow it line by line: what a
/// comment on line \p Line above it speaks of. Whatever branches stands by
/// itself, and where a lock is taken or let go another thought begins.
static llvm::SmallVector<const Stmt *, 4>
paragraphFrom(const FunctionDecl *F, const Stmt *S, unsigned Line,
              const SourceManager &SM, const Models &M) {
  llvm::SmallVector<const Stmt *, 4> All{S};
  auto IsLock = [&](const ValueDecl *D) {
    const TypeModel *T = M.lookup(D->getType().getNonReferenceType());
    return T && (T->Kind == TypeModel::Mutex || T->Kind == TypeModel::Guard);
  };
  auto IsPlain = [&](const Stmt *X) {
    if (!isa<Expr, DeclStmt, ReturnStmt>(X))
      return false;
    ToucherFinder Locks(IsLock, /*Wholes=*/true);
    Locks.TraverseStmt(const_cast<Stmt *>(X));
    return !Locks.Found;
  };
  if (!IsPlain(S) || anchorOf(S->getBeginLoc(), SM).Line <= Line)
    return All;
  BlockFinder Finder(S);
  Finder.TraverseStmt(F->getBody());
  if (!Finder.Block)
    return All;
  auto At = llvm::find(Finder.Block->body(), S);
  for (++At; At != Finder.Block->body_end() && IsPlain(*At); ++At) {
    unsigned Before = anchorOf(All.back()->getEndLoc(), SM).Line;
    unsigned Begin = anchorOf((*At)->getBeginLoc(), SM).Line;
    if (Begin < Before || Begin > Before + 1)
      break;
    All.push_back(*At);
  }
  return All;
}

/// What the statement \p S of \p F and those right behind it touch is what the
/// comment above them speaks of.
void TranslationUnit::addStatement(ClaimSummary &C, const FunctionDecl *F,
                                   const Stmt *S) {
  const SourceManager &SM = Ctx.getSourceManager();
  auto All = paragraphFrom(F, S, C.Place.Line, SM, M);
  C.FirstLine = anchorOf(S->getBeginLoc(), SM).Line;
  C.LastLine = anchorOf(All.back()->getEndLoc(), SM).Line;
  auto Collect = [&](const ValueDecl *D) {
    if (isShared(D) && canBeRacedOn(D, M))
      C.State.push_back(Mapper->entity(D));
    return false;
  };
  // Of the rest, changes; what is read only behind the mere names of objects.
  ToucherFinder Finder(Collect);
  for (const Stmt *X : llvm::drop_begin(All))
    ChangeFinder(Collect, /*Here=*/true).TraverseStmt(const_cast<Stmt *>(X));
  size_t Before = C.State.size();
  // Changes matter; where there are none, what is read; where nothing is, what
  // the called functions touch.
  ChangeFinder(Collect, /*Here=*/false).TraverseStmt(const_cast<Stmt *>(S));
  if (C.State.size() > Before)
    return;
  if (isa<DeclStmt>(S))
    for (const Stmt *X : llvm::drop_begin(All))
      Finder.TraverseStmt(const_cast<Stmt *>(X));
  Before = C.State.size();
  Finder.Callees.clear();
  Finder.TraverseStmt(const_cast<Stmt *>(S));
  if (C.State.size() > Before)
    return;
  for (const FunctionDecl *Callee : Finder.Callees) {
    addStateOf(C, Callee);
    if (hasHiddenState(Callee))
      C.State.push_back(Mapper->entity(Callee));
  }
}

namespace {
/// Finds the integers and flags that get, or are asked for, values of an enum.
class EnumUseFinder : public RecursiveASTVisitor<EnumUseFinder> {
public:
  EnumUseFinder(const EnumDecl *Wanted,
                llvm::function_ref<bool(const ValueDecl *)> Found)
      : Wanted(Wanted->getCanonicalDecl()), Found(Found) {}
  bool VisitBinaryOperator(BinaryOperator *E) {
    bool Fits = E->isAssignmentOp() || E->isBitwiseOp() || E->isEqualityOp();
    if (Fits && hasValue(E->getRHS(), 0))
      note(E->getLHS());
    return true;
  }
  bool TraverseTypeLoc(TypeLoc) { return true; }

private:
  bool hasValue(const Stmt *S, unsigned Depth) const {
    if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S))
      if (const auto *C = dyn_cast<EnumConstantDecl>(Ref->getDecl()))
        return cast<EnumDecl>(C->getDeclContext())->getCanonicalDecl() ==
               Wanted;
    return S && Depth < 6 &&
           llvm::any_of(
               S->children(),
               [&](const Stmt *X) { return hasValue(X, Depth + 1); });
  }
  void note(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *M = dyn_cast<MemberExpr>(E))
      Found(M->getMemberDecl());
    else if (const auto *R = dyn_cast<DeclRefExpr>(E))
      Found(R->getDecl());
  }
  const EnumDecl *Wanted;
  llvm::function_ref<bool(const ValueDecl *)> Found;
};

/// Finds the mutexes that a statement names, and the block that it stands in.
class TakingFinder : public RecursiveASTVisitor<TakingFinder> {
public:
  TakingFinder(const Stmt *Taking, const Models &M) : Taking(Taking), M(M) {}
  bool VisitCompoundStmt(CompoundStmt *S) {
    if (llvm::is_contained(S->body(), Taking))
      Block = S;
    return true;
  }
  bool TraverseStmt(Stmt *S) {
    bool Outer = Inside;
    Inside |= S == Taking;
    bool R = RecursiveASTVisitor::TraverseStmt(S);
    Inside = Outer;
    return R;
  }
  bool VisitMemberExpr(MemberExpr *E) { return note(E->getMemberDecl()); }
  bool VisitDeclRefExpr(DeclRefExpr *E) { return note(E->getDecl()); }
  bool TraverseTypeLoc(TypeLoc) { return true; }
  const CompoundStmt *Block = nullptr;
  llvm::SmallVector<const ValueDecl *, 1> Locks;

private:
  bool note(const ValueDecl *D) {
    const TypeModel *T = Inside && isa<FieldDecl, VarDecl>(D)
                             ? M.lookup(D->getType().getNonReferenceType())
                             : nullptr;
    if (T && T->Kind == TypeModel::Mutex && !llvm::is_contained(Locks, D))
      Locks.push_back(D);
    return true;
  }
  const Stmt *Taking;
  const Models &M;
  bool Inside = false;
};
} // namespace

/// What is said of an enum is said of what has its values.
void TranslationUnit::addEnum(ClaimSummary &C, const EnumDecl *D) {
  auto Collect = [&](const ValueDecl *V) {
    if (isShared(V) && canBeRacedOn(V, M))
      C.State.push_back(Mapper->entity(V));
    return false;
  };
  EnumUseFinder Finder(D, Collect);
  for (const auto &F : Scan->functions())
    Finder.TraverseStmt(F->Decl->getBody());
}

/// The comment on the statement \p S of \p F says that the lock which is taken
/// there keeps others out: of what is changed from there to the end of the
/// block.
void TranslationUnit::addTaking(ClaimSummary &C, const FunctionDecl *F,
                                const Stmt *S) {
  const SourceManager &SM = Ctx.getSourceManager();
  TakingFinder Finder(S, M);
  Finder.TraverseStmt(F->getBody());
  if (!Finder.Block || Finder.Locks.size() != 1)
    return;
  auto Collect = [&](const ValueDecl *D) {
    if (isShared(D) && canBeRacedOn(D, M))
      C.State.push_back(Mapper->entity(D));
    return false;
  };
  bool Behind = false;
  for (Stmt *Child : Finder.Block->body()) {
    if (Behind)
      ChangeFinder(Collect, /*Here=*/false).TraverseStmt(Child);
    Behind |= Child == S;
  }
  if (C.State.empty())
    return;
  C.Inside = Mapper->entity(F);
  C.Lock = Mapper->entity(Finder.Locks.front());
  C.FirstLine = anchorOf(S->getBeginLoc(), SM).Line;
  C.LastLine = anchorOf(Finder.Block->getEndLoc(), SM).Line;
}

/// Reads what the macros of race/annotations.h leave in the syntax tree:
/// "race::claim:KIND" or "race::claim:KIND:NAME".
void TranslationUnit::findAnnotatedClaims() {
  for (const Decl *D : Scan->annotated())
    for (const auto *A : D->specific_attrs<AnnotateAttr>()) {
      StringRef Text = A->getAnnotation();
      if (A->isInherited() || !Text.consume_front("race::claim:"))
        continue;
      auto [Kind, Name] = Text.split(':');
      std::optional<Claim::KindTy> K = claimKind(Kind);
      if (!K)
        continue;
      AttachedClaim C;
      C.C.Kind = *K;
      bool OfLock = *K == Claim::GuardedBy || *K == Claim::CallerHolds;
      (OfLock ? C.C.Lock : C.C.Thread) = OfLock ? Name.str() : Name.lower();
      C.Loc = Ctx.getSourceManager().getExpansionLoc(A->getLocation());
      C.Quote = (Kind + (Name.empty() ? "" : " " + Name.str())).str();
      C.Subjects.push_back(D);
      C.Annotated = true;
      Claims.push_back(std::move(C));
    }
}

ClaimSummary TranslationUnit::subjectsOf(const AttachedClaim &A) {
  ClaimSummary C;
  C.What = A.C;
  C.Quote = A.Quote;
  C.Annotated = A.Annotated;
  C.Place = anchorOf(A.Loc, Ctx.getSourceManager());
  for (const Decl *D : A.Subjects) {
    if (addCallback(C, A, D))
      continue;
    if (isa<FieldDecl, VarDecl>(D)) {
      // Another thread's object is another one.
      const auto *Member = dyn_cast<FieldDecl>(D);
      bool OwnOne =
          Member && Scan->isPerThread(Member->getParent()) &&
          (A.C.Kind == Claim::Confined || A.C.Kind == Claim::NoLockNeeded);
      if (!OwnOne && canBeRacedOn(cast<ValueDecl>(D), M))
        C.State.push_back(Mapper->entity(cast<ValueDecl>(D)));
    } else if (const auto *F = dyn_cast<FunctionDecl>(D)) {
      C.Functions.push_back(Mapper->entity(F));
      if (A.C.Kind != Claim::CallerHolds)
        addStateOf(C, F);
    } else if (const auto *R = dyn_cast<CXXRecordDecl>(D)) {
      addClass(C, R);
    } else if (const auto *E = dyn_cast<EnumDecl>(D)) {
      addEnum(C, E);
    }
  }
  if (A.C.OnTaking) {
    if (A.Function && A.Statement)
      addTaking(C, A.Function, A.Statement);
  } else if (A.Function) {
    C.Inside = Mapper->entity(A.Function);
    if (A.Statement)
      addStatement(C, A.Function, A.Statement);
  }
  if (!A.C.OnTaking &&
      (A.C.Kind == Claim::GuardedBy || A.C.Kind == Claim::CallerHolds))
    C.Lock = lockOf(A);
  if (const NamedDecl *Lock = Mapper->decl(C.Lock)) {
    // In C what the file declares itself is its own.
    const SourceManager &SM = Ctx.getSourceManager();
    SourceLocation Loc = SM.getExpansionLoc(Lock->getLocation());
    C.LockIsPrivate =
        isa<FieldDecl>(Lock)
            ? Lock->getAccess() == AS_private ||
                  Lock->getAccess() == AS_protected ||
                  (!Ctx.getLangOpts().CPlusPlus && SM.isInMainFile(Loc))
            : !Lock->isExternallyVisible();
  }
  llvm::sort(C.State);
  C.State.erase(std::unique(C.State.begin(), C.State.end()), C.State.end());
  return C;
}

void TranslationUnit::findInterest() {
  for (const AttachedClaim &A : Claims) {
    ClaimSummary C = subjectsOf(A);
    // It is true, of its mode.
    if (A.Function && A.Statement && A.C.Kind == Claim::Confined &&
        isInThreadlessMode(A.Function, A.Statement, *Scan))
      C.State.clear();
    for (EntityId S : C.State)
      Interesting.insert(S);
    Summary.Claims.push_back(std::move(C));
  }
  if (Options.ForProgram)
    findTouched();
  // What functions of other files, of which claims speak, do here.
  if (Options.Imported)
    for (const auto &F : Scan->functions()) {
      EntityId E = Mapper->entity(F->Decl);
      if (!Options.Imported->isClaimed(Table.name(E)))
        continue;
      ClaimSummary C;
      addStateOf(C, F->Decl);
      Interesting.insert(C.State.begin(), C.State.end());
    }
  if (Summary.Claims.empty() && !Options.Imported)
    return;
  // Who calls a function that a claim speaks of matters, too.
  llvm::DenseSet<EntityId> Functions;
  for (const ClaimSummary &C : Summary.Claims)
    Functions.insert(C.Functions.begin(), C.Functions.end());
  auto Wanted = [&](const ValueDecl *D) {
    return Interesting.contains(Mapper->entity(D));
  };
  for (const auto &F : Scan->functions()) {
    ToucherFinder Finder(Wanted, /*Wholes=*/true);
    Finder.TraverseStmt(F->Decl->getBody());
    if (const auto *C = dyn_cast<CXXConstructorDecl>(F->Decl))
      for (const CXXCtorInitializer *I : C->inits())
        Finder.Found |= I->isMemberInitializer() && Wanted(I->getMember());
    if (!Finder.Found && (!Functions.empty() || Options.Imported))
      Finder.Found = llvm::any_of(F->Calls, [&](const CallSite &C) {
        EntityId E = Mapper->entity(C.Callee);
        return Functions.contains(E) ||
               (Options.Imported && Options.Imported->isClaimed(Table.name(E)));
      });
    if (Finder.Found)
      TouchInteresting.insert(F->Decl);
  }
}

/// Notes the state that files share by a header: another file's comment may
/// speak of it.
void TranslationUnit::findTouched() {
  const SourceManager &SM = Ctx.getSourceManager();
  llvm::DenseSet<const ValueDecl *> Seen;
  auto Note = [&](const ValueDecl *D) {
    if (!Seen.insert(D).second)
      return false;
    const auto *V = dyn_cast<VarDecl>(D);
    bool Shared = V ? V->hasGlobalStorage() && V->isExternallyVisible()
                    : !SM.isInMainFile(SM.getExpansionLoc(D->getLocation()));
    if (!Shared || SM.isInSystemHeader(D->getLocation()) || !canBeRacedOn(D, M))
      return false;
    EntityId E = Mapper->entity(D);
    if (Interesting.contains(E))
      return false;
    // Also if it is known by now: what is asked of others must not depend on
    // what they said.
    Summary.Touched.push_back(E);
    if (Options.Imported && Options.Imported->isClaimed(Table.name(E)))
      Interesting.insert(E);
    return false;
  };
  ToucherFinder Finder(Note, /*Wholes=*/true);
  for (const auto &F : Scan->functions())
    Finder.TraverseStmt(F->Decl->getBody());
  llvm::sort(Summary.Touched);
  Summary.Touched.erase(
      std::unique(Summary.Touched.begin(), Summary.Touched.end()),
      Summary.Touched.end());
}
