//===- TranslationUnit.cpp - One translation unit, summarised -------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/TranslationUnit.h"
#include "Callables.h"
#include "EffectPlaces.h"
#include "FreedMemory.h"
#include "ParallelRegions.h"
#include "Summarizer.h"
#include "race/Support/Paths.h"
#include "race/Support/SCC.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Support/Debug.h"

#define DEBUG_TYPE "race-summary"

using namespace clang;
using namespace race;

TranslationUnit::TranslationUnit(ASTContext &Ctx, const Models &M,
                                 UnitOptions TheOptions)
    : Ctx(Ctx), M(M), Options(std::move(TheOptions)) {
  Mapper = std::make_unique<EntityMapper>(Table, Ctx, Options.Root);
  Scan = std::make_unique<CodeScan>(Ctx, M);
  Effects = std::make_unique<CallEffects>(M, *Mapper, *Scan, Options.Pools,
                                          Options.Imported);
  // A comment can only be a lie about threads where there are threads; in a
  // program they may be anywhere.
  if (Scan->usesThreads() || Options.ForProgram) {
    Claims = findClaims(Ctx, Options.Phrases);
    findAnnotatedClaims();
  }
  const SourceManager &SM = Ctx.getSourceManager();
  if (OptionalFileEntryRef Main = SM.getFileEntryRefForID(SM.getMainFileID()))
    Summary.MainFile =
        relativeTo(Options.Root, absoluteName(Main->getName(), SM));
  findInterest();
  std::vector<const FunctionInfo *> Order = bottomUp();
  FreedMemory Freed(M, *Scan, *Effects, *Mapper, Order, Options.ForProgram);
  for (const FunctionInfo *F : Order)
    summarize(*F, Freed);
  if (!Summary.Claims.empty() || Options.ForProgram)
    findCallableFlows(Ctx, *Mapper, Summary);
}

TranslationUnit::~TranslationUnit() = default;

std::vector<const FunctionInfo *> TranslationUnit::bottomUp() const {
  const auto &Functions = Scan->functions();
  llvm::DenseMap<const FunctionInfo *, unsigned> Index;
  for (unsigned I = 0; I < Functions.size(); ++I)
    Index[Functions[I].get()] = I;
  std::vector<std::vector<unsigned>> Callees(Functions.size());
  for (unsigned I = 0; I < Functions.size(); ++I) {
    for (const CallSite &C : Functions[I]->Calls) {
      if (const FunctionInfo *Callee = Scan->find(C.Callee))
        Callees[I].push_back(Index[Callee]);
      for (const FunctionDecl *Over : Effects->overriders(C.Callee))
        Callees[I].push_back(Index[Scan->find(Over)]);
    }
    for (const CallExpr *Call : Functions[I]->Indirect)
      for (const FunctionDecl *Kept : Scan->keptFor(Call))
        if (const FunctionInfo *Callee = Scan->find(Kept))
          Callees[I].push_back(Index[Callee]);
    // What a lambda or destructor does is known before what the function around
    // it does.
    for (const FunctionDecl *R : Functions[I]->Runs)
      if (const FunctionInfo *Inner = Scan->find(R))
        Callees[I].push_back(Index[Inner]);
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
  if (usesThreads() && (F.Locks || F.Containers || !F.Searches.empty()))
    return true;
  if (F.Files && Scan->asksAndChangesFiles())
    return true;
  for (const CallSite &C : F.Calls) {
    if (Effects->anyFlowEffect(C.Callee) || Effects->removesHolder(C.Call))
      return true;
    // On which object it is called matters for claims about classes.
    const FunctionInfo *Callee = Scan->find(C.Callee);
    if (Callee && TouchInteresting.contains(Callee->Decl))
      return true;
  }
  // What it runs is known to callers.
  if (F.CallsThrough &&
      (isa<CXXDestructorDecl>(F.Decl) ||
       llvm::any_of(F.Decl->parameters(), [](const ParmVarDecl *P) {
         QualType T = P->getType().getNonReferenceType();
         return T->isFunctionPointerType() ||
                (T->isRecordType() && !T->isLiteralType(P->getASTContext()));
       })))
    return true;
  auto HandsBack = [&](const FunctionDecl *A) {
    return !Effects->of(A).HandBacks.empty();
  };
  if (llvm::any_of(F.AddressTaken, HandsBack))
    return true;
  for (const CallExpr *Call : F.Indirect)
    for (const FunctionDecl *Kept : Scan->keptFor(Call))
      if (Kept && Effects->anyFlowEffect(Kept))
        return true;
  for (const FunctionDecl *R : F.Runs)
    if (!Effects->of(R).HandBacks.empty() || !Effects->of(R).Invokes.empty())
      return true;
  return false;
}

/// Whether \p F, by its name, takes or releases a lock through a function that
/// it has a pointer to: a portable layer over several kinds of mutexes.
static bool locksUnseen(const FunctionInfo &F) {
  const IdentifierInfo *Id = F.Decl->getIdentifier();
  if (!Id || F.Indirect.empty())
    return false;
  return llvm::any_of(wordsOf(Id->getName()), [](StringRef Word) {
    return Word == "mutex" || Word == "lock" || Word == "unlock";
  });
}

/// Whether \p F is a handler that a library calls on its threads, as what it
/// gets tells.
bool TranslationUnit::isHandler(const FunctionDecl *F) const {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (!Method || !Method->isVirtual())
    return false;
  return llvm::any_of(F->parameters(), [&](const ParmVarDecl *P) {
    QualType T = P->getType();
    T = T->isPointerType() || T->isReferenceType() ? T->getPointeeType() : T;
    const TypeModel *Model = T->isRecordType() ? M.lookup(T) : nullptr;
    return Model && Model->HandlerContext;
  });
}

void TranslationUnit::describe(const FunctionInfo &F, FunctionSummary &S) {
  const SourceManager &SM = Ctx.getSourceManager();
  const FunctionDecl *D = F.Decl;
  S.Function = Mapper->entity(D);
  S.Place = anchorOf(D->getLocation(), SM);
  S.IsMain = D->isMain();
  S.UnknownLocks = F.UnknownLocks;
  for (const CallSite &C : F.Calls)
    if (const FunctionInfo *Callee = Scan->find(C.Callee))
      S.UnknownLocks |=
          locksUnseen(*Callee) && Effects->of(Callee->Decl).Locks.empty();
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
    StartSummary X;
    // Tasks that a function hands out now and then: at other times it runs
    // beside those that it started before.
    X.Sometimes = Start.Sometimes && !S.IsMain && !S.Constructor &&
                  Start.Model->Kind == ThreadStartModel::Task &&
                  !soundsLikeStart(Mapper->table().display(S.Function));
    if (!X.Sometimes && (!S.FirstStart.isValid() || A < S.FirstStart))
      S.FirstStart = A;
    X.Kind = Start.Model->Kind;
    X.Concurrent = Start.Model->Concurrent || Start.InLoop;
    X.Place = A;
    X.SharedObject = Start.SharedObject;
    X.Name = Start.Name;
    if (Start.Root) {
      X.Callee = Mapper->entity(Start.Root);
      S.Starts.push_back(std::move(X));
      continue;
    }
    for (const NamedDecl *Holder : startedBy(Start.Callable)) {
      X.Callee = Mapper->entity(Holder);
      X.Through = !isa<FunctionDecl>(Holder);
      S.Starts.push_back(X);
    }
  }
  if (isHandler(D)) {
    StartSummary X;
    X.Callee = S.Function;
    X.Kind = ThreadStartModel::Task;
    X.Concurrent = X.SharedObject = true;
    S.Starts.push_back(std::move(X));
  }
  for (unsigned I = 0; I < D->getNumParams(); ++I)
    if (canHoldCallable(D->getParamDecl(I)->getType())) {
      S.Params.resize(D->getNumParams());
      S.Params[I] = Mapper->entity(D->getParamDecl(I));
    }
  S.ThreadName = F.ThreadName;
  if (F.LastJoin)
    S.LastJoin = anchorOf(F.LastJoin->getBeginLoc(), SM);
  for (const FunctionDecl *E : F.AddressTaken)
    if (Scan->find(E))
      S.Escapes.push_back(Mapper->entity(E));
}

void TranslationUnit::summarize(const FunctionInfo &F,
                                const FreedMemory &Freed) {
  bool Worth = worthFlow(F);
  // For memory alone only what is quickly done: the largest functions are
  // those that read the command line.
  unsigned MaxBlocks = Worth ? 500 : 300;
  Worth |= Freed.concerns(F.Decl);
  // Naming entities costs; without claims and effects nobody asks.
  if (!Worth && Summary.Claims.empty() && !Options.ForProgram)
    return;
  FunctionSummary S;
  describe(F, S);
  std::unique_ptr<FlowGraph> Graph;
  if (Worth)
    Graph = FlowGraph::build(F.Decl, *Mapper, MaxBlocks);
  FlowHints Hints;
  bool Simulated = Graph && simulate(F, *Graph, S, Hints);
  if (Simulated) {
    Flows.push_back({&F, std::move(Graph), Hints});
  } else {
    // Without what was found out before it was given up.
    S = FunctionSummary();
    describe(F, S);
    describeText(F, S);
  }
  splitParallelRegions(F, *Mapper, S, Summary.Functions);
  Summary.Functions.push_back(std::move(S));
}

/// Whose the object is that \p Call is made on, as far as the text tells.
static void describeObject(const FunctionInfo &F, const Expr *Call,
                           CallSummary &C) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const Expr *Object =
      Member ? Member->getImplicitObjectArgument()->IgnoreParenImpCasts()
             : nullptr;
  if (!Object)
    return;
  C.OnThis = isa<CXXThisExpr>(Object);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Object)) {
    const auto *V = dyn_cast<VarDecl>(Ref->getDecl());
    C.OwnObject = V && V->isLocalVarDecl() && V->hasLocalStorage() &&
                  V->getType()->isRecordType() && !F.LeakedLocals.contains(V);
    C.OnStatic = V && V->hasGlobalStorage();
  }
  if (const auto *Part = dyn_cast<MemberExpr>(Object)) {
    C.OfThis = isa<CXXThisExpr>(Part->getBase()->IgnoreParenImpCasts());
    C.HolderIsObject = C.OfThis && Part->getType()->isRecordType();
  }
}

/// What the text alone shows: who is called, under no lock that is known of.
void TranslationUnit::describeText(const FunctionInfo &F, FunctionSummary &S) {
  S.UnknownLocks |= F.Locks;
  auto Begin = [&](const NamedDecl *Callee, const Expr *Call) {
    CallSummary C;
    C.Callee = Mapper->entity(Callee);
    C.Place = anchorOf(Call->getBeginLoc(), Ctx.getSourceManager());
    if (const auto *Written = dyn_cast<CallExpr>(Call))
      C.InLoop = F.Looped.contains(Written);
    return C;
  };
  for (const CallSite &Site : F.Calls) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
    bool Virtual = Method && Method->isVirtual();
    if (!Scan->find(Site.Callee) && !Virtual && !Options.ForProgram)
      continue;
    CallSummary C = Begin(Site.Callee, Site.Call);
    const auto *Written = dyn_cast<CallExpr>(Site.Call);
    const auto *Named =
        Written ? dyn_cast<MemberExpr>(Written->getCallee()->IgnoreParens())
                : nullptr;
    C.Virtual = Virtual && !(Named && Named->hasQualifier());
    describeObject(F, Site.Call, C);
    S.Calls.push_back(std::move(C));
  }
  for (const CallExpr *Call : F.Indirect)
    for (const NamedDecl *Holder : calledThroughVariable(Call)) {
      CallSummary C = Begin(Holder, Call);
      C.Through = true;
      S.Calls.push_back(std::move(C));
    }
}

bool TranslationUnit::simulate(const FunctionInfo &F, const FlowGraph &Graph,
                               FunctionSummary &S, FlowHints &Hints) {
  Summarizer Watcher(Graph, *Effects, *Mapper, {Interesting, false, M}, F, S);
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
  const StructuralPut *Put = Effects->structuralPut(F.Decl);
  if (Put && !Put->Unseen) {
    // The body says under which result; the structure says why.
    for (HandBackEffect &H : Learned.HandBacks) {
      H.Reason = Put->Effect.Reason;
      H.OnlyFrom = Put->Effect.OnlyFrom;
      H.HandedOver = Put->Effect.HandedOver;
      H.Place = Anchor();
    }
  } else if (!Before.HandBacks.empty() &&
             !(Put && isHandedBack(Learned, Put->Effect.What))) {
    // What the body shows goes before what only looks like a pool of pools.
    Learned.HandBacks = Before.HandBacks;
  }
  Learned.NoReturn |= Before.NoReturn;
  Learned.Acquires = Before.Acquires;
  Learned.Looks = Before.Looks;
  Learned.From = Before.From;
  Learned.Derefs &= Before.Derefs;
  Learned.Writes = Before.Writes;
  Learned.KeepsToUse = Before.KeepsToUse;
  Learned.Follows = Before.Follows;
  if (!Learned.ReturnsAlias) {
    Learned.ReturnsAlias = Before.ReturnsAlias;
    Learned.ReturnsAddress = Before.ReturnsAddress;
  }
  S.Effect = Learned;
  Effects->learn(F.Decl, std::move(Learned));
  return true;
}
