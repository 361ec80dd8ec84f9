//===- CheckThenActThreads.cpp - Who gets where ---------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActThreads.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

ThreadReach::ThreadReach(TranslationUnit &TU, std::set<EntityId> Kept)
    : TU(TU), Kept(std::move(Kept)) {
  if (!concerns())
    return;
  connect();
  start();
}

bool ThreadReach::isKept(const FunctionInfo *F) const {
  return Kept.count(TU.entities().entity(F->Decl)) != 0;
}

/// Whether there is anything to find: most files start no thread.
bool ThreadReach::concerns() const {
  return llvm::any_of(TU.scan().functions(),
                      [](const auto &F) { return !F->Starts.empty(); }) ||
         llvm::any_of(TU.summary().Functions, [](const FunctionSummary &F) {
           return llvm::any_of(
               F.Calls, [](const CallSummary &C) { return !C.Locks.empty(); });
         });
}

/// Whether a call of \p F may leave a lock taken or released that nothing is
/// known of: under a condition, or through a pointer.
static bool mayLeaveLock(const FunctionInfo &F, const CallEffects &Effects) {
  const IdentifierInfo *Id = F.Decl->getIdentifier();
  if (!Id || !(F.Locks || !F.Indirect.empty()) ||
      !Effects.of(F.Decl).Locks.empty())
    return false;
  return llvm::any_of(wordsOf(Id->getName()), [](StringRef Word) {
    return Word.ends_with("lock") || Word.ends_with("mutex") ||
           Word == "acquire" || Word == "enter";
  });
}

void ThreadReach::connect() {
  const CodeScan &Scan = TU.scan();
  for (const auto &F : Scan.functions()) {
    Node &N = Nodes[F.get()];
    N.UnknownLocks = F->UnknownLocks;
    for (const CallSite &C : F->Calls)
      if (const FunctionInfo *Callee = Scan.find(C.Callee))
        N.UnknownLocks |= mayLeaveLock(*Callee, TU.effects());
  }
  auto Find = [&](EntityId E) -> const FunctionInfo * {
    const auto *F = dyn_cast_or_null<FunctionDecl>(TU.entities().decl(E));
    return F ? Scan.find(F) : nullptr;
  };
  llvm::DenseSet<const FunctionInfo *> Simulated;
  for (const FlowFunction &F : TU.flowFunctions())
    Simulated.insert(F.Info);
  for (const FunctionSummary &S : TU.summary().Functions) {
    const FunctionInfo *F = Find(S.Function);
    if (!F || !Simulated.contains(F))
      continue;
    Node &N = Nodes[F];
    N.Handles = S.Handles;
    N.UnknownLocks |= S.UnknownLocks;
    for (const CallSummary &C : S.Calls)
      if (const FunctionInfo *Callee = Find(C.Callee)) {
        Edge E{Callee, {}, C.Locks.empty() && !C.UnknownLock};
        E.Bare &= !N.UnknownLocks;
        for (const AccessPath &L : C.Locks)
          E.Locks.push_back(L.lastEntity());
        N.Calls.push_back(std::move(E));
      }
  }
  for (const auto &F : Scan.functions()) {
    Node &N = Nodes[F.get()];
    if (!Simulated.contains(F.get()))
      for (const CallSite &C : F->Calls)
        if (const FunctionInfo *Callee = Scan.find(C.Callee))
          N.Calls.push_back({Callee, {}, !F->Locks && !N.UnknownLocks});
    for (const FunctionDecl *A : F->AddressTaken)
      if (const FunctionInfo *Taken = Scan.find(A))
        Nodes[Taken].Escapes = true;
  }
  for (const auto &F : Scan.functions())
    for (const Edge &E : Nodes[F.get()].Calls)
      Nodes[E.To].Callers.push_back(F.get());
}

void ThreadReach::start() {
  llvm::SmallVector<const FunctionInfo *, 4> Roots;
  for (const auto &F : TU.scan().functions())
    for (const StartSite &S : F->Starts) {
      const FunctionInfo *Root = S.Root ? TU.scan().find(S.Root) : nullptr;
      bool Sure = S.Model->Kind == ThreadStartModel::Thread ||
                  S.Model->Kind == ThreadStartModel::Task ||
                  S.Model->Kind == ThreadStartModel::Parallel;
      if (!Root || !Sure)
        continue;
      Node &R = Nodes[Root];
      if (!R.Starts++)
        Roots.push_back(Root);
      R.StartedOften |= S.InLoop || S.Model->Concurrent || R.Starts > 1;
    }
  for (const FunctionInfo *Root : Roots)
    spread(Root, Nodes[Root].StartedOften);
  for (const auto &F : TU.scan().functions())
    for (const Edge &E : Nodes[F.get()].Calls)
      for (EntityId Lock : E.Locks)
        if (Lock.isValid())
          spreadUnder(E.To, Lock, 0);
}

/// Marks what the thread that begins with \p Root gets to outside of locks.
void ThreadReach::spread(const FunctionInfo *Root, bool Often) {
  llvm::DenseSet<const FunctionInfo *> Seen{Root};
  std::vector<const FunctionInfo *> Work{Root};
  while (!Work.empty()) {
    const FunctionInfo *F = Work.back();
    Work.pop_back();
    if (isKept(F))
      continue;
    Node &N = Nodes[F];
    N.BareOften |= Often || N.Bare;
    N.Bare = true;
    for (const Edge &E : N.Calls)
      if (E.Bare && Seen.insert(E.To).second)
        Work.push_back(E.To);
  }
}

void ThreadReach::spreadUnder(const FunctionInfo *From, EntityId Lock,
                              unsigned Depth) {
  constexpr unsigned Deepest = 8;
  Node &N = Nodes[From];
  if (Depth > Deepest || !N.Under.insert(Lock).second)
    return;
  for (const Edge &E : N.Calls)
    spreadUnder(E.To, Lock, Depth + 1);
}

/// Whether \p Lock cannot be held where \p N begins: it takes the lock, or
/// calls what does.
bool ThreadReach::entersWithout(const Node &N, EntityId Lock) const {
  return llvm::is_contained(N.Handles, Lock) ||
         llvm::any_of(N.Calls, [&](const Edge &E) {
           auto It = Nodes.find(E.To);
           return E.Bare && It != Nodes.end() &&
                  llvm::is_contained(It->second.Handles, Lock);
         });
}

/// Whether one and the same function calls \p F, or what leads to it, under
/// \p Lock and without: whoever wrote that knew what the lock is for.
bool ThreadReach::isCalledBothWays(const FunctionInfo *F, EntityId Lock) const {
  constexpr unsigned Most = 64;
  llvm::DenseSet<const FunctionInfo *> Seen{F};
  std::vector<const FunctionInfo *> Work{F};
  while (!Work.empty() && Seen.size() < Most) {
    const FunctionInfo *Here = Work.back();
    Work.pop_back();
    for (const FunctionInfo *Caller : Nodes.find(Here)->second.Callers) {
      bool Bare = false, Under = false;
      for (const Edge &E : Nodes.find(Caller)->second.Calls)
        if (E.To == Here) {
          Bare |= E.Bare;
          Under |= llvm::is_contained(E.Locks, Lock);
        }
      if (Bare && Under)
        return true;
      if (Seen.insert(Caller).second)
        Work.push_back(Caller);
    }
  }
  return false;
}

/// A function that gets to \p F without any lock, for sure: the function of a
/// thread, or one that takes \p Lock for something else.
std::string ThreadReach::bareCaller(const FunctionInfo *F,
                                    EntityId Lock) const {
  constexpr unsigned Most = 64;
  llvm::DenseSet<const FunctionInfo *> Seen{F};
  std::vector<const FunctionInfo *> Work{F};
  while (!Work.empty() && Seen.size() < Most) {
    const FunctionInfo *Here = Work.back();
    Work.pop_back();
    const Node &N = Nodes.find(Here)->second;
    if (isKept(Here))
      continue;
    if (!isa<CXXConstructorDecl, CXXDestructorDecl>(Here->Decl)) {
      const FunctionDecl *Named = Here->Encloser ? Here->Encloser : Here->Decl;
      std::string Name = Named->getNameAsString();
      bool Phase =
          soundsLikeStart(Name) || soundsLikeEnd(Name) || Here->Decl->isMain();
      // What is called under the lock and takes it all the same: the lock is
      // one that its owner may take again.
      if ((N.Starts && N.Bare) ||
          (!Phase && Here != F && !N.Under.count(Lock) &&
           entersWithout(N, Lock)))
        return Name;
    }
    for (const FunctionInfo *Caller : N.Callers) {
      bool Bare =
          llvm::any_of(Nodes.find(Caller)->second.Calls,
                       [&](const Edge &E) { return E.To == Here && E.Bare; });
      if (Bare && Seen.insert(Caller).second)
        Work.push_back(Caller);
    }
  }
  return {};
}

/// Whether all calls of \p F can be seen: it is static, private, or known to
/// the main file only.
bool ThreadReach::isLocal(const FunctionInfo *F, const Node &N) const {
  if (N.Escapes)
    return false;
  if (!F->Decl->isExternallyVisible() || F->Decl->getAccess() == AS_private)
    return true;
  const auto *M = dyn_cast<CXXMethodDecl>(F->Decl);
  const SourceManager &SM = TU.context().getSourceManager();
  return M && !M->isVirtual() &&
         SM.isInMainFile(SM.getExpansionLoc(M->getParent()->getLocation()));
}

const FunctionInfo *ThreadReach::soleThread(const FunctionInfo *F) const {
  llvm::DenseSet<const FunctionInfo *> Seen{F};
  std::vector<const FunctionInfo *> Work{F};
  const FunctionInfo *Sole = nullptr;
  while (!Work.empty()) {
    const FunctionInfo *Here = Work.back();
    Work.pop_back();
    auto It = Nodes.find(Here);
    if (It == Nodes.end())
      return nullptr;
    const Node &N = It->second;
    if (N.Starts) {
      if (N.StartedOften || !N.Callers.empty() || (Sole && Sole != Here))
        return nullptr;
      Sole = Here;
      continue;
    }
    if (!isLocal(Here, N) || N.Callers.empty())
      return nullptr;
    for (const FunctionInfo *Caller : N.Callers)
      if (Seen.insert(Caller).second)
        Work.push_back(Caller);
  }
  return Sole;
}

/// Whether \p V, a static variable of a function, is filled when it is first
/// needed: its own initialization would be safe.
static bool isFilledLate(const VarDecl *V, const ASTContext &Context) {
  if (!V->isStaticLocal() || !Context.getLangOpts().CPlusPlus ||
      V->getType().isConstQualified())
    return false;
  const CXXRecordDecl *R = V->getType()->getAsCXXRecordDecl();
  return R && R->isInStdNamespace() && R->getIdentifier() &&
         hasWord(R->getName(),
                 {"vector", "map", "set", "list", "deque", "string", "basic"});
}

/// Whether \p State and \p Lock are members of one class, or variables both.
bool ThreadReach::besides(EntityId Lock, const ValueDecl *State) const {
  const auto *L = dyn_cast_or_null<ValueDecl>(TU.entities().decl(Lock));
  if (!L || !State)
    return false;
  const auto *A = dyn_cast<FieldDecl>(L), *B = dyn_cast<FieldDecl>(State);
  if (A && B)
    return A->getParent()->getCanonicalDecl() ==
           B->getParent()->getCanonicalDecl();
  const auto *V = dyn_cast<VarDecl>(L), *W = dyn_cast<VarDecl>(State);
  return V && W && V->hasGlobalStorage() && W->hasGlobalStorage() &&
         V->getDeclContext()->getRedeclContext() ==
             W->getDeclContext()->getRedeclContext();
}

namespace {
/// The fields and static variables that a body tests somewhere, and those that
/// it sets or calls methods on.
class TouchedState : public RecursiveASTVisitor<TouchedState> {
public:
  bool VisitBinaryOperator(BinaryOperator *E) {
    if (E->isAssignmentOp())
      note(E->getLHS());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *E) {
    if (E->isIncrementDecrementOp())
      note(E->getSubExpr());
    return true;
  }
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *E) {
    note(E->getImplicitObjectArgument());
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *E) {
    if (E->getNumArgs())
      note(E->getArg(0));
    return true;
  }
  /// What takes the head of a list adds to it, or takes something out.
  bool VisitCallExpr(CallExpr *E) {
    for (const Expr *Arg : E->arguments())
      if (const auto *U = dyn_cast<UnaryOperator>(Arg->IgnoreParenCasts());
          U && U->getOpcode() == UO_AddrOf)
        Lent.insert(stateIn(U->getSubExpr()));
    return true;
  }
  bool VisitIfStmt(IfStmt *) { return Branches = true; }
  std::set<const ValueDecl *> Lent;
  std::set<const ValueDecl *> Set;
  bool Branches = false;

private:
  /// A variable that a macro keeps for itself: how often something was logged.
  static bool isMacrosOwn(const VarDecl *V) {
    return V->isStaticLocal() && V->getBeginLoc().isMacroID();
  }
  void note(const Expr *E) {
    if (const ValueDecl *D = stateIn(E))
      Set.insert(D);
  }
  static const ValueDecl *stateIn(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *M = dyn_cast<MemberExpr>(E))
      return dyn_cast<FieldDecl>(M->getMemberDecl());
    const auto *R = dyn_cast<DeclRefExpr>(E);
    const auto *V = R ? dyn_cast<VarDecl>(R->getDecl()) : nullptr;
    return V && V->hasGlobalStorage() && !V->getTLSKind() && !isMacrosOwn(V)
               ? V
               : nullptr;
  }
};
} // namespace

std::map<EntityId, std::string>
ThreadReach::bareState(const FunctionInfo &F, const GuardTable &ChangedUnder,
                       const GuardTable &ReadUnder) {
  std::map<EntityId, std::string> Why;
  auto It = Nodes.find(&F);
  const Node N = It == Nodes.end() ? Node() : It->second;
  if (F.Locks || F.UnknownLocks || N.UnknownLocks || isKept(&F))
    return Why;
  bool Reached = N.Bare || !N.Under.empty();
  if (!Reached && !(F.Containers && TU.usesThreads()))
    return Why;
  TouchedState Touched;
  Touched.TraverseStmt(F.Decl->getBody());
  if (!Touched.Branches)
    return Why;
  if (N.Under.empty() && !F.Decl->isMain())
    for (const ValueDecl *D : Touched.Set)
      if (const auto *V = dyn_cast<VarDecl>(D);
          V && isFilledLate(V, TU.context()))
        Why.try_emplace(TU.entities().entity(D),
                        "all threads that get here share it, and no lock is "
                        "held");
  if (!Reached)
    return Why;
  auto Name = [&](EntityId E) { return TU.names().display(E).str(); };
  for (const ValueDecl *D : Touched.Set) {
    EntityId State = TU.entities().entity(D);
    for (EntityId Lock : N.Under)
      if (besides(Lock, D) && !isCalledBothWays(&F, Lock))
        if (std::string By = bareCaller(&F, Lock); !By.empty())
          Why.try_emplace(State, "other callers hold '" + Name(Lock) +
                                     "' here, but '" + By +
                                     "' gets here without it");
    auto Guards = ChangedUnder.find(State);
    if (Guards != ChangedUnder.end() && N.Bare)
      for (EntityId Lock : Guards->second)
        if (besides(Lock, D))
          Why.try_emplace(State, "it is set under '" + Name(Lock) +
                                     "' elsewhere, but a thread gets here "
                                     "without it");
    if (isa<VarDecl>(D) && N.BareOften)
      Why.try_emplace(State, "several threads get here, and hold no lock");
  }
  if (F.Searches.empty() || !N.BareOften)
    return Why;
  Touched.Lent.insert(Touched.Set.begin(), Touched.Set.end());
  for (const ValueDecl *D : Touched.Lent) {
    EntityId State = D ? TU.entities().entity(D) : EntityId();
    auto Guards = ReadUnder.find(State);
    if (D && Guards != ReadUnder.end())
      for (EntityId Lock : Guards->second)
        if (besides(Lock, D))
          Why.try_emplace(State, "it is read under '" + Name(Lock) +
                                     "' elsewhere, but several threads get "
                                     "here without it");
  }
  return Why;
}
