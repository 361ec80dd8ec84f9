//===- CheckThenAct.cpp - Check, then act ---------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Analysis/CheckThenAct.h"
#include "race/Analysis/SourceText.h"
#include "race/Support/Words.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

using namespace clang;
using namespace race;

namespace {

/// Which mutexes are held where a container is changed, in all of the
/// translation unit.
using GuardTable = std::map<EntityId, std::set<EntityId>>;

/// Watches one function.
class Watcher : public SimulationClient {
public:
  Watcher(TranslationUnit &TU, const FlowFunction &F,
          const GuardTable &ChangedUnder, bool CalledLocked)
      : TU(TU), F(F), ChangedUnder(ChangedUnder),
        MayBeLocked(CalledLocked || F.Info->UnknownLocks),
        AtEnd(soundsLikeEnd(F.Info->Decl->getNameAsString())) {}

  Effects effectsOf(const Op &, const CallInfo &Call) override {
    return TU.effects().of(Call);
  }

  void onEntry(const Simulation &Sim, State &S) override {
    for (const AccessPath &P : TU.effects().requiredLocks(F.Info->Decl))
      if (Loc L = Sim.inside(P))
        S.acquire(L, LockMode::Exclusive, 0, 0);
  }

  void onContainer(const Simulation &Sim, const State &S, const Op &O,
                   const ContainerEffect &Act, Loc Object, Sym Key) override;

  void onAccess(const Simulation &Sim, const State &S, const Op &O, Loc L,
                bool Write) override;
  bool tracksRead(const Simulation &Sim, Loc L) override;
  void onLock(const Simulation &Sim, const State &S, const Op &O,
              const LockEffect &E, Loc Mutex) override;

  void onBranch(const Simulation &Sim, const State &S, Sym C) override {
    for (unsigned OpId : Tried)
      if (Sim.failureEnds(S, C, OpId))
        FailureEnds.insert(OpId);
  }

  /// Adds what can only be said at the end of the run.
  void finish();

  /// Whether the run showed plain state that is set under a lock: then its
  /// tests without one are of interest.
  bool wantsSecondRun() const {
    return !SetUnderLock.empty() || !FailureEnds.empty();
  }

  std::vector<Finding> Found;

private:
  struct Why {
    std::string Text;
    Evidence Grade;
  };
  bool sameKey(const Simulation &Sim, const OpenQuery &Q, Sym Key) const;
  bool decides(const Simulation &Sim, const OpenQuery &Q) const;
  bool doesMore(const Simulation &Sim, const Op &O) const;
  bool relies(const Simulation &Sim, const Op &O, const OpenQuery &Q) const;
  std::optional<Why> sharedBecause(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Act,
                                   const OpenQuery &Q) const;
  bool isFresh(const Simulation &Sim, Loc Object) const;

  bool isPlainState(const Simulation &Sim, Loc L) const;
  void reportTestOutsideLock(const Simulation &Sim, const Op &Read,
                             const Op &Write, Loc L, Loc Mutex);

  TranslationUnit &TU;
  const FlowFunction &F;
  const GuardTable &ChangedUnder;
  /// Callers hold locks, or something here may take one, unseen.
  bool MayBeLocked;
  /// Stopping is most often the work of one thread.
  bool AtEnd;
  std::set<uint32_t> Reported;
  /// Operations that ask and change in one; those whose failure is an error,
  /// so that being second does harm, found by a first run.
  std::set<unsigned> Tried, FailureEnds;
  /// Containers that were asked without the lock that is then taken on the
  /// strength of the answer, with the finding; dropped if they are asked again.
  std::map<uint32_t, Finding> AskedOutside;
  /// The plain state that the function sets under a lock; found by a first run.
  std::set<EntityId> SetUnderLock;
};

} // namespace

/// A number for the field or variable that \p L is, the same in every run.
static uint32_t identity(const Memory &M, Loc L) {
  const Memory::LocInfo &I = M.info(L);
  return I.Kind == Memory::LocKind::Field || I.Kind == Memory::LocKind::Global
             ? I.Id
             : ~L;
}

bool Watcher::sameKey(const Simulation &Sim, const OpenQuery &Q,
                      Sym Key) const {
  const Memory &M = Sim.memory();
  if (!Q.Key || !Key)
    return !Q.Key && !Key;
  return M.dependsOn(Q.Key, Key) || M.dependsOn(Key, Q.Key);
}

/// Whether the block of \p O calls the program's own code too.
bool Watcher::doesMore(const Simulation &Sim, const Op &O) const {
  for (const Op &Other : Sim.graph().Blocks[Sim.block()].Ops)
    if (Other.Kind == OpKind::Call && Other.Id != O.Id && Other.Callee &&
        !TU.models().lookup(Other.Callee) && !Other.Callee->isInStdNamespace())
      return true;
  return false;
}

/// How many arguments the user wrote: a memory order is one.
static unsigned writtenArguments(const Op &O) {
  const auto *Call = dyn_cast_or_null<CallExpr>(O.Node);
  if (!Call)
    return 0;
  unsigned N = 0;
  for (const Expr *Arg : Call->arguments())
    N += !isa<CXXDefaultArgExpr>(Arg);
  // An operator's object is an argument too.
  return isa<CXXOperatorCallExpr>(Call) ? N - 1 : N;
}

/// Whether the act at \p O is done because of what \p Q answered: on one
/// outcome of a branch only, or with a value that was computed from the answer.
bool Watcher::relies(const Simulation &Sim, const Op &O,
                     const OpenQuery &Q) const {
  const Op &Asked = Sim.op(Q.OpId);
  const ContainerEffect &Query = Sim.effects(Asked).Containers[Q.Effect];
  if (Query.Atomic) {
    // Protocols of atomics are their authors' business: a hint, one writer, an
    // order that makes it right. A flag that is tested and set is not, where
    // more hangs on it than the store.
    if (writtenArguments(Asked) > 0 || writtenArguments(O) > 1 ||
        !doesMore(Sim, O))
      return false;
    return decides(Sim, Q);
  }
  if (decides(Sim, Q))
    return true;
  if (!Q.Answer || O.Kind != OpKind::Call)
    return false;
  const CallInfo &Call = Sim.graph().Calls[O.Index];
  for (unsigned I = 0; I < Call.Args.size(); ++I) {
    Sym V = Sim.argument(Call, I);
    const Memory::SymInfo &Info = Sim.memory().symbol(V);
    // What was asked is not the answer; a computed value is.
    if (V && Info.Kind == Memory::SymKind::Derive &&
        Sim.memory().dependsOn(V, Q.Answer))
      return true;
  }
  return false;
}

/// Whether the block that is being reported runs on one outcome only of a
/// branch on the answer. Assertions decide nothing.
bool Watcher::decides(const Simulation &Sim, const OpenQuery &Q) const {
  const FlowGraph &G = Sim.graph();
  return llvm::any_of(Q.Branches, [&](int B) {
    bool Assertion = llvm::any_of(
        G.Blocks[B].Succs, [&](int S) { return S >= 0 && G.Blocks[S].Aborts; });
    return !Assertion && !Sim.postDominates(Sim.block(), B);
  });
}

/// Whether \p Object is part of something that this function has just made, or
/// is making.
bool Watcher::isFresh(const Simulation &Sim, Loc Object) const {
  const Memory &M = Sim.memory();
  Sym Through = M.pointerTo(Object);
  if (!Through)
    return false;
  const Memory::SymInfo &I = M.symbol(Through);
  if (I.Kind == Memory::SymKind::This)
    return isa<CXXConstructorDecl>(F.Info->Decl);
  if (I.Kind != Memory::SymKind::Unknown)
    return false;
  const Op &O = Sim.op(I.Id);
  if (O.Kind == OpKind::Opaque)
    return O.NonNull;
  return O.Callee && O.Callee->getIdentifier() &&
         O.Callee->getName().starts_with("make_");
}

std::optional<Watcher::Why> Watcher::sharedBecause(const Simulation &Sim,
                                                   const State &S, const Op &O,
                                                   const ContainerEffect &Act,
                                                   const OpenQuery &Q) const {
  std::vector<Loc> ActLocks;
  for (const HeldLock &L : S.Locks)
    ActLocks.push_back(L.Mutex);
  std::vector<Loc> Own;
  for (const AccessPath &P : Act.Locks)
    if (Loc L = Sim.resolve(S, O, P)) {
      ActLocks.push_back(L);
      Own.push_back(L);
    }
  const Op &Asked = Sim.op(Q.OpId);
  std::string Ask = calleeName(Sim, Asked), Do = calleeName(Sim, O);
  for (Loc L : ActLocks) {
    if (!llvm::is_contained(Q.Under, L))
      continue;
    std::string Mutex = Sim.memory().display(L, Sim.graph(), Sim.names());
    bool Each = llvm::is_contained(Own, L) && !S.holds(L);
    if (Each)
      return Why{"'" + Ask + "' and '" + Do + "' each lock '" + Mutex +
                     "' on their own",
                 Evidence::Structural};
    return Why{"'" + Mutex + "' is held at both, but released in between",
               Evidence::Structural};
  }
  if (Q.Synchronized && Act.Synchronized)
    return Why{"each operation of it is atomic, the two together are not",
               Evidence::Modelled};
  if (Q.Under.empty() && !ActLocks.empty() && !MayBeLocked) {
    std::string Mutex =
        Sim.memory().display(ActLocks.front(), Sim.graph(), Sim.names());
    return Why{"'" + Do + "' is done under '" + Mutex + "', but '" + Ask +
                   "' was asked without it",
               Evidence::Structural};
  }
  return std::nullopt;
}

static bool isAddition(llvm::StringRef Name) {
  for (llvm::StringRef Prefix :
       {"push", "emplace", "insert", "append", "enqueue"})
    if (Name.starts_with(Prefix))
      return true;
  return false;
}

static bool isSizeQuery(llvm::StringRef Name) {
  return Name == "empty" || Name == "size";
}

void Watcher::onContainer(const Simulation &Sim, const State &S, const Op &O,
                          const ContainerEffect &Act, Loc Object, Sym Key) {
  if (Act.Kind == ContainerOpModel::Query && !S.Locks.empty())
    AskedOutside.erase(identity(Sim.memory(), Object));
  // What a callee does to a flag only under some condition of its own.
  if (Act.Atomic && Act.Conditional)
    return;
  if (Act.Kind == ContainerOpModel::Atomic && !FailureEnds.count(O.Id)) {
    Tried.insert(O.Id);
    return;
  }
  if ((Act.Kind != ContainerOpModel::Act &&
       Act.Kind != ContainerOpModel::Atomic) ||
      Act.Rechecks || (Act.RechecksIfLocked && !S.Locks.empty()) ||
      isFresh(Sim, Object))
    return;
  auto Fits = [&](const OpenQuery &Q) {
    // What is added does not rely on there being nothing.
    if (Q.Effect != OpenQuery::PlainRead && !Q.Key && !Key &&
        isAddition(Act.Name) &&
        isSizeQuery(Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect].Name))
      return false;
    return Q.Effect != OpenQuery::PlainRead && Q.Object == Object &&
           Q.OpId != O.Id && sameKey(Sim, Q, Key) && relies(Sim, O, Q);
  };
  // A check in the same critical section makes the earlier ones harmless.
  for (const OpenQuery &Q : S.Queries)
    if (!Q.HeldSince.empty() && (Fits(Q) || (Act.Atomic && Q.Object == Object)))
      return;
  for (const OpenQuery &Q : S.Queries) {
    if (!Fits(Q))
      continue;
    const Op &Asked = Sim.op(Q.OpId);
    const ContainerEffect &Query = Sim.effects(Asked).Containers[Q.Effect];
    std::optional<Why> Shared = sharedBecause(Sim, S, O, Act, Q);
    // One finding for each object: the others are the same story.
    if (!Shared || !Reported.insert(identity(Sim.memory(), Object)).second)
      continue;

    std::string Name = Sim.memory().display(Object, Sim.graph(), Sim.names());
    std::string Written = writtenObject(Sim, O);
    // The object whose methods lock is what the user sees.
    if (!Written.empty() && Written == writtenObject(Sim, Asked))
      Name = Written;
    if (Name.empty())
      Name = Written.empty() ? "container" : Written;
    std::string Ask = calleeName(Sim, Asked), Do = calleeName(Sim, O);

    Finding R;
    R.Check = "race-check-then-act";
    R.Place = placeOf(Sim, O);
    R.Why = std::min({Shared->Grade, Query.Why, Act.Why});
    R.Message = "check-then-act on '" + Name +
                "': another thread can change it between '" + Ask + "' and '" +
                Do + "'";
    Anchor AskPlace = placeOf(Sim, Asked);
    R.Notes.push_back({AskPlace, "checked here; " + Shared->Text});
    if (Act.Place.isValid())
      R.Notes.push_back({Act.Place, "'" + Do + "' changes it here"});
    R.Notes.push_back({AskPlace, "thread 1: '" + Ask + "'"});
    R.Notes.push_back(
        {AskPlace, "thread 2: '" + Ask + "' gives the same answer"});
    R.Notes.push_back({R.Place, "thread 2: '" + Do + "'"});
    R.Notes.push_back(
        {R.Place,
         "thread 1: '" + Do + "' relies on an answer that is no longer true"});
    Found.push_back(std::move(R));
  }
}

/// Whether \p L is a scalar or pointer that is neither atomic nor a lock, and
/// that others can see.
bool Watcher::isPlainState(const Simulation &Sim, Loc L) const {
  const Memory &M = Sim.memory();
  const Memory::LocInfo &I = M.info(L);
  if (I.Kind != Memory::LocKind::Field && I.Kind != Memory::LocKind::Global)
    return false;
  const NamedDecl *D = TU.entities().decl({I.Id});
  const auto *V = dyn_cast_or_null<ValueDecl>(D);
  if (!V || V->getType().isConstQualified())
    return false;
  if (const auto *Var = dyn_cast<VarDecl>(V); Var && Var->getTLSKind())
    return false;
  QualType T = V->getType();
  if (T->isScalarType())
    return !T->isAtomicType();
  const TypeModel *Model = TU.models().lookup(T);
  return Model && Model->Kind == TypeModel::SmartPointer;
}

/// Whether \p Mutex guards what lies beside it: it is a member of an object
/// that \p L is a part of too, or both are variables of the file. A lock that
/// belongs to another object is held for that one's sake.
static bool isBeside(const Memory &M, Loc Mutex, Loc L) {
  const Memory::LocInfo &I = M.info(Mutex);
  if (I.Kind == Memory::LocKind::Global)
    return M.info(M.rootOf(L)).Kind == Memory::LocKind::Global;
  return I.Kind == Memory::LocKind::Field && M.isWithin(L, I.Parent);
}

bool Watcher::tracksRead(const Simulation &Sim, Loc L) {
  if (SetUnderLock.empty())
    return false;
  const Memory::LocInfo &I = Sim.memory().info(L);
  return (I.Kind == Memory::LocKind::Field ||
          I.Kind == Memory::LocKind::Global) &&
         SetUnderLock.count({I.Id});
}

void Watcher::onAccess(const Simulation &Sim, const State &S, const Op &O,
                       Loc L, bool Write) {
  if (!Write || S.Locks.empty() || MayBeLocked || AtEnd ||
      !isPlainState(Sim, L) || isFresh(Sim, L))
    return;
  const Memory &M = Sim.memory();
  auto Guard = llvm::find_if(
      S.Locks, [&](const HeldLock &H) { return isBeside(M, H.Mutex, L); });
  if (Guard == S.Locks.end())
    return;
  SetUnderLock.insert({M.info(L).Id});
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect != OpenQuery::PlainRead || Q.Object != L)
      continue;
    // "Is it mine already?": what is set is what the test asked for, and only
    // its owner can set it.
    Sym Set = O.Kind == OpKind::Store ? Sim.reg(O.B).S : 0;
    if (Set && llvm::is_contained(Q.ComparedWith, Set) &&
        M.symbol(Set).Kind != Memory::SymKind::Const)
      continue;
    if (decides(Sim, Q) && Reported.insert(identity(M, L)).second)
      reportTestOutsideLock(Sim, Sim.op(Q.OpId), O, L, Guard->Mutex);
  }
}

void Watcher::onLock(const Simulation &Sim, const State &S, const Op &O,
                     const LockEffect &E, Loc Mutex) {
  if (E.Op != LockModel::Acquire || !S.Locks.empty() || MayBeLocked)
    return;
  const Memory &M = Sim.memory();
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect == OpenQuery::PlainRead || !Q.Under.empty() ||
        Q.Synchronized || isFresh(Sim, Q.Object) ||
        !isBeside(M, Mutex, Q.Object) || !relies(Sim, O, Q))
      continue;
    auto Guards = ChangedUnder.find({identity(M, Q.Object)});
    if (Guards == ChangedUnder.end() ||
        !Guards->second.count({identity(M, Mutex)}))
      continue;
    const Op &Asked = Sim.op(Q.OpId);
    std::string Name = M.display(Q.Object, Sim.graph(), Sim.names());
    std::string Lock = M.display(Mutex, Sim.graph(), Sim.names());
    Finding R;
    R.Check = "race-check-then-act";
    R.Place = placeOf(Sim, Asked);
    R.Message = "check-then-act on '" + Name + "': '" + calleeName(Sim, Asked) +
                "' asks it without '" + Lock + "', under which it is changed";
    R.Notes.push_back({placeOf(Sim, O), "'" + Lock +
                                            "' is taken here, when the answer "
                                            "may not be true any more"});
    AskedOutside.try_emplace(identity(M, Q.Object), std::move(R));
  }
}

void Watcher::finish() {
  for (auto &[Object, R] : AskedOutside)
    if (Reported.insert(Object).second)
      Found.push_back(std::move(R));
}

void Watcher::reportTestOutsideLock(const Simulation &Sim, const Op &Read,
                                    const Op &Write, Loc L, Loc Mutex) {
  std::string Name = Sim.memory().display(L, Sim.graph(), Sim.names());
  std::string Lock = Sim.memory().display(Mutex, Sim.graph(), Sim.names());
  if (Name.empty() || Lock.empty())
    return;
  Finding R;
  R.Check = "race-check-then-act";
  R.Place = placeOf(Sim, Read);
  R.Message = "check-then-act on '" + Name + "': it is tested without '" +
              Lock + "', under which it is set";
  R.Notes.push_back({placeOf(Sim, Write), "set here, holding '" + Lock + "'"});
  R.Notes.push_back({R.Place, "another thread can be half-way through what "
                              "the test stands for; test under the lock, or "
                              "make '" +
                                  Name + "' atomic and test it again there"});
  Found.push_back(std::move(R));
}

/// The functions whose callers hold a lock: a comment says so, or they cannot
/// be called from elsewhere and every call that is seen is under one.
static std::set<EntityId> functionsCalledLocked(const TUSummary &TU) {
  std::map<EntityId, bool> AlwaysLocked;
  for (const FunctionSummary &F : TU.Functions)
    for (const CallSummary &C : F.Calls) {
      auto [It, New] = AlwaysLocked.try_emplace(C.Callee, true);
      It->second &= !C.Locks.empty();
    }
  std::set<EntityId> Result;
  for (const FunctionSummary &F : TU.Functions) {
    auto It = AlwaysLocked.find(F.Function);
    if (!F.Exported && It != AlwaysLocked.end() && It->second)
      Result.insert(F.Function);
  }
  for (const ClaimSummary &C : TU.Claims)
    if (C.What.Kind == Claim::CallerHolds || C.What.Kind == Claim::GuardedBy ||
        C.What.Kind == Claim::NotThreadSafe)
      Result.insert(C.Functions.begin(), C.Functions.end());
  // Where the author argues that no lock is needed, it is the claim that is to
  // be judged, and race-stale-thread-comment does.
  for (const ClaimSummary &C : TU.Claims)
    if (C.Inside.isValid())
      Result.insert(C.Inside);
  return Result;
}

std::vector<Finding> race::findCheckThenAct(TranslationUnit &TU) {
  std::vector<Finding> All;
  if (!TU.scan().usesThreads())
    return All;
  GuardTable ChangedUnder;
  for (const FunctionSummary &F : TU.summary().Functions)
    for (const ContainerEffect &C : F.Effect.Containers)
      if (C.Kind != ContainerOpModel::Query && C.Kind != ContainerOpModel::Read)
        for (const AccessPath &L : C.Locks)
          ChangedUnder[C.Object.lastEntity()].insert(L.lastEntity());
  std::set<EntityId> CalledLocked = functionsCalledLocked(TU.summary());
  for (const FlowFunction &F : TU.flowFunctions()) {
    // Nobody else sees an object that is being made or destroyed.
    if (isa<CXXDestructorDecl>(F.Info->Decl) || F.Info->Once)
      continue;
    // A question is reported too if the lock is taken after it.
    if (!F.Hints.QueriesAndActs && !F.Hints.TestsOutsideLock &&
        !(F.Hints.Queries && F.Info->Locks))
      continue;
    EntityId Name = TU.entities().entity(F.Info->Decl);
    Watcher W(TU, F, ChangedUnder, CalledLocked.count(Name) != 0);
    if (!Simulation(*F.Graph, TU.names(), W).run())
      continue;
    // Once more, with an eye on what turned out to be set under a lock.
    if (W.wantsSecondRun() && !Simulation(*F.Graph, TU.names(), W).run())
      continue;
    W.finish();
    for (Finding &R : W.Found)
      All.push_back(std::move(R));
  }
  return All;
}
