//===- TranslationUnit.cpp - One translation unit, summarised -------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/TranslationUnit.h"
#include "Summarizer.h"
#include "race/Support/SCC.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Support/Debug.h"

#define DEBUG_TYPE "race-summary"

using namespace clang;
using namespace race;

TranslationUnit::TranslationUnit(ASTContext &Ctx, const Models &M)
    : Ctx(Ctx), M(M) {
  Mapper = std::make_unique<EntityMapper>(Table, Ctx);
  Scan = std::make_unique<CodeScan>(Ctx, M);
  Effects = std::make_unique<CallEffects>(M, *Mapper, *Scan);
  // A comment can only be a lie about threads where there are threads.
  if (Scan->usesThreads())
    Claims = findClaims(Ctx);
  const SourceManager &SM = Ctx.getSourceManager();
  if (OptionalFileEntryRef Main = SM.getFileEntryRefForID(SM.getMainFileID()))
    Summary.MainFile = Main->getName().str();
  findInterest();
  for (const FunctionInfo *F : bottomUp())
    summarize(*F);
}

TranslationUnit::~TranslationUnit() = default;

namespace {
/// Finds the functions that name one of some fields or variables.
class ToucherFinder : public RecursiveASTVisitor<ToucherFinder> {
public:
  ToucherFinder(llvm::function_ref<bool(const ValueDecl *)> Wanted)
      : Wanted(Wanted) {}
  bool VisitMemberExpr(MemberExpr *E) {
    // s.f names f of s, not all of s.
    Bases.insert(E->getBase()->IgnoreParenImpCasts());
    return Bases.contains(E) || check(E->getMemberDecl());
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    return Bases.contains(E) || check(E->getDecl());
  }
  bool TraverseTypeLoc(TypeLoc) { return true; }
  bool Found = false;

private:
  bool check(const ValueDecl *D) {
    if ((isa<FieldDecl>(D) || isa<VarDecl>(D)) && Wanted(D))
      Found = true;
    return !Found;
  }
  llvm::function_ref<bool(const ValueDecl *)> Wanted;
  llvm::DenseSet<const Expr *> Bases;
};
} // namespace

namespace {
/// Finds the fields and variables that a statement changes.
class ChangeFinder : public RecursiveASTVisitor<ChangeFinder> {
public:
  ChangeFinder(llvm::function_ref<bool(const ValueDecl *)> Found)
      : Found(Found) {}
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
};
} // namespace

/// Whether threads can get into each other's way at \p D: not at atomics,
/// constants, locks, or what each thread has for itself.
static bool canBeRacedOn(const ValueDecl *D, const Models &M) {
  QualType T = D->getType();
  if (T.isConstQualified() || T->isReferenceType() || T->isAtomicType())
    return false;
  if (const auto *V = dyn_cast<VarDecl>(D))
    if (V->getTLSKind() || V->isConstexpr())
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

void TranslationUnit::findInterest() {
  const SourceManager &SM = Ctx.getSourceManager();
  for (const AttachedClaim &A : Claims) {
    ClaimSummary C;
    C.What = A.C;
    C.Quote = A.Quote;
    C.Place = anchorOf(A.Loc, SM);
    auto AddClass = [&](const CXXRecordDecl *R) {
      C.Classes.push_back(Mapper->entity(R));
      if (const CXXRecordDecl *D = R->getDefinition())
        for (const FieldDecl *F : D->fields())
          if (canBeRacedOn(F, M))
            C.State.push_back(Mapper->entity(F));
    };
    for (const Decl *D : A.Subjects) {
      if (isa<FieldDecl, VarDecl>(D)) {
        if (canBeRacedOn(cast<ValueDecl>(D), M))
          C.State.push_back(Mapper->entity(cast<ValueDecl>(D)));
      } else if (const auto *Fn = dyn_cast<FunctionDecl>(D))
        C.Functions.push_back(Mapper->entity(Fn));
      else if (const auto *R = dyn_cast<CXXRecordDecl>(D))
        AddClass(R);
    }
    if (A.Function) {
      C.Inside = Mapper->entity(A.Function);
      if (A.Statement) {
        C.FirstLine = anchorOf(A.Statement->getBeginLoc(), SM).Line;
        C.LastLine = anchorOf(A.Statement->getEndLoc(), SM).Line;
        // What the statement touches is what the comment speaks of.
        auto Collect = [&](const ValueDecl *D) {
          const auto *V = dyn_cast<VarDecl>(D);
          if ((isa<FieldDecl>(D) || (V && V->hasGlobalStorage())) &&
              canBeRacedOn(D, M))
            C.State.push_back(Mapper->entity(D));
          return false;
        };
        // Changes matter; where there are none, what is read.
        ChangeFinder Changes(Collect);
        Changes.TraverseStmt(const_cast<Stmt *>(A.Statement));
        if (C.State.empty()) {
          ToucherFinder Finder(Collect);
          Finder.TraverseStmt(const_cast<Stmt *>(A.Statement));
        }
      }
    }
    llvm::sort(C.State);
    C.State.erase(std::unique(C.State.begin(), C.State.end()), C.State.end());
    for (EntityId S : C.State)
      Interesting.insert(S);
    Summary.Claims.push_back(std::move(C));
  }
  if (Interesting.empty())
    return;
  auto Wanted = [&](const ValueDecl *D) {
    return Interesting.contains(Mapper->entity(D));
  };
  for (const auto &F : Scan->functions()) {
    ToucherFinder Finder(Wanted);
    Finder.TraverseStmt(F->Decl->getBody());
    if (const auto *C = dyn_cast<CXXConstructorDecl>(F->Decl))
      for (const CXXCtorInitializer *I : C->inits())
        Finder.Found |= I->isMemberInitializer() && Wanted(I->getMember());
    if (Finder.Found)
      TouchInteresting.insert(F->Decl);
  }
}

std::vector<const FunctionInfo *> TranslationUnit::bottomUp() const {
  const auto &Functions = Scan->functions();
  llvm::DenseMap<const FunctionInfo *, unsigned> Index;
  for (unsigned I = 0; I < Functions.size(); ++I)
    Index[Functions[I].get()] = I;
  std::vector<std::vector<unsigned>> Callees(Functions.size());
  for (unsigned I = 0; I < Functions.size(); ++I) {
    for (const CallSite &C : Functions[I]->Calls)
      if (const FunctionInfo *Callee = Scan->find(C.Callee))
        Callees[I].push_back(Index[Callee]);
    // What a lambda does is known before what the function around it does.
    if (const FunctionInfo *Outer = Scan->find(Functions[I]->Encloser))
      Callees[Index[Outer]].push_back(I);
  }
  std::vector<const FunctionInfo *> Order;
  for (const std::vector<unsigned> &Component : componentsBottomUp(Callees))
    for (unsigned I : Component)
      Order.push_back(Functions[I].get());
  return Order;
}

bool TranslationUnit::worthFlow(const FunctionInfo &F) const {
  if (F.HandsBack || Effects->structuralPut(F.Decl) ||
      TouchInteresting.contains(F.Decl))
    return true;
  if (Scan->usesThreads() && (F.Locks || F.Containers))
    return true;
  for (const CallSite &C : F.Calls) {
    if (Effects->anyFlowEffect(C.Callee))
      return true;
    // On which object it is called matters for claims about classes.
    const FunctionInfo *Callee = Scan->find(C.Callee);
    if (Callee && TouchInteresting.contains(Callee->Decl))
      return true;
  }
  return false;
}

void TranslationUnit::describe(const FunctionInfo &F, FunctionSummary &S) {
  const SourceManager &SM = Ctx.getSourceManager();
  const FunctionDecl *D = F.Decl;
  S.Function = Mapper->entity(D);
  S.Place = anchorOf(D->getLocation(), SM);
  S.IsMain = D->isMain();
  S.UnknownLocks = F.UnknownLocks;
  S.Exported = D->isExternallyVisible() && !F.Encloser;
  if (const auto *M = dyn_cast<CXXMethodDecl>(D)) {
    if (!F.Encloser) {
      S.Class = Mapper->entity(M->getParent());
      S.Exported &= M->getAccess() != AS_private;
    }
    S.Constructor = isa<CXXConstructorDecl>(D);
    S.Destructor = isa<CXXDestructorDecl>(D);
    for (const CXXMethodDecl *Over : M->overridden_methods())
      S.Overrides.push_back(Mapper->entity(Over));
  }
  if (F.Encloser)
    S.Encloser = Mapper->entity(F.Encloser);
  for (const StartSite &Start : F.Starts) {
    Anchor A = anchorOf(Start.Call->getBeginLoc(), SM);
    if (!S.FirstStart.isValid() || A < S.FirstStart)
      S.FirstStart = A;
    if (!Start.Root)
      continue;
    S.Starts.push_back({Mapper->entity(Start.Root), Start.Model->Kind,
                        Start.Model->Concurrent || Start.InLoop, A});
  }
  if (F.LastJoin)
    S.LastJoin = anchorOf(F.LastJoin->getBeginLoc(), SM);
  for (const FunctionDecl *E : F.AddressTaken)
    if (Scan->find(E))
      S.Escapes.push_back(Mapper->entity(E));
}

void TranslationUnit::summarize(const FunctionInfo &F) {
  bool Worth = worthFlow(F);
  // Naming entities costs; without claims and effects nobody asks.
  if (!Worth && Summary.Claims.empty())
    return;
  FunctionSummary S;
  describe(F, S);
  std::unique_ptr<FlowGraph> Graph;
  if (Worth)
    Graph = FlowGraph::build(F.Decl, *Mapper);
  FlowHints Hints;
  if (!Graph || !simulate(F, *Graph, S, Hints)) {
    // What the text shows: who is called, under no lock that we know of.
    for (const CallSite &C : F.Calls)
      if (Scan->find(C.Callee))
        S.Calls.push_back(
            {Mapper->entity(C.Callee),
             false,
             {},
             anchorOf(C.Call->getBeginLoc(), Ctx.getSourceManager()),
             false});
    Summary.Functions.push_back(std::move(S));
    return;
  }
  Flows.push_back({&F, std::move(Graph), Hints});
  Summary.Functions.push_back(std::move(S));
}

bool TranslationUnit::simulate(const FunctionInfo &F, const FlowGraph &Graph,
                               FunctionSummary &S, FlowHints &Hints) {
  Summarizer Watcher(Graph, *Effects, *Mapper, Interesting, S);
  Simulation Sim(Graph, Table, Watcher);
  if (!Sim.run()) {
    LLVM_DEBUG(llvm::dbgs()
               << "race: gave up on " << F.Decl->getQualifiedNameAsString()
               << ": too many states\n");
    return false;
  }
  Watcher.finish();
  Hints = Watcher.hints();
  // A model or attribute knows better than the body.
  if (M.lookup(F.Decl))
    return true;
  const race::Effects &Before = Effects->of(F.Decl);
  race::Effects Learned = S.Effect;
  if (const StructuralPut *Put = Effects->structuralPut(F.Decl)) {
    // The body says under which result; the structure says why.
    for (HandBackEffect &H : Learned.HandBacks) {
      H.Reason = Put->Effect.Reason;
      H.OnlyFrom = Put->Effect.OnlyFrom;
      H.Place = Anchor();
    }
  } else if (!Before.HandBacks.empty()) {
    Learned.HandBacks = Before.HandBacks;
  }
  Learned.NoReturn |= Before.NoReturn;
  Learned.Acquires = Before.Acquires;
  Learned.Derefs &= Before.Derefs;
  if (!Learned.ReturnsAlias) {
    Learned.ReturnsAlias = Before.ReturnsAlias;
    Learned.ReturnsAddress = Before.ReturnsAddress;
  }
  S.Effect = Learned;
  Effects->learn(F.Decl, std::move(Learned));
  return true;
}
