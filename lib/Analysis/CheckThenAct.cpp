//===- CheckThenAct.cpp - Check, then act ---------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Analysis/CheckThenAct.h"
#include "CheckThenActWatcher.h"
#include "race/Support/Words.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

CheckThenActWatcher::CheckThenActWatcher(TranslationUnit &TU,
                                         const FlowFunction &F,
                                         const GuardTable &ChangedUnder,
                                         bool CalledLocked)
    : EffectsClient(TU.effects(), F.Info->Decl), TU(TU),
      ChangedUnder(ChangedUnder),
      MayBeLocked(CalledLocked || F.Info->UnknownLocks),
      AtEnd(soundsLikeEnd(F.Info->Decl->getNameAsString())) {}

void CheckThenActWatcher::onEntry(const Simulation &Sim, State &S) {
  // A second run sees it all once more.
  Seen = Protocols();
  Raised.clear();
  Untested.clear();
  EffectsClient::onEntry(Sim, S);
}

void CheckThenActWatcher::onBranch(const Simulation &Sim, const State &S,
                                   Sym C) {
  noteOwner(Sim, C, /*Tested=*/true);
  for (unsigned OpId : Tried)
    if (Sim.failureEnds(S, C, OpId))
      FailureEnds.insert(OpId);
}

uint32_t race::identity(const Memory &M, Loc L) {
  const Memory::LocInfo &I = M.info(L);
  return I.Kind == Memory::LocKind::Field || I.Kind == Memory::LocKind::Global
             ? I.Id
             : ~L;
}

/// Whether the block that is being reported runs on one outcome only of a
/// branch on the answer. Assertions decide nothing.
bool CheckThenActWatcher::decides(const Simulation &Sim,
                                  const OpenQuery &Q) const {
  const FlowGraph &G = Sim.graph();
  return llvm::any_of(Q.Branches, [&](int B) {
    bool Assertion = llvm::any_of(
        G.Blocks[B].Succs, [&](int S) { return S >= 0 && G.Blocks[S].Aborts; });
    return !Assertion && !Sim.postDominates(Sim.block(), B);
  });
}

/// Whether \p Object is part of something that this function has just made, or
/// is making.
bool CheckThenActWatcher::isFresh(const Simulation &Sim, Loc Object) const {
  const Memory &M = Sim.memory();
  Sym Through = M.pointerTo(Object);
  if (M.symbol(Through).Kind == Memory::SymKind::This)
    return isa<CXXConstructorDecl>(F);
  return Sim.isNew(Through);
}

std::string CheckThenActWatcher::nameOf(const Simulation &Sim, Loc L) const {
  return Sim.memory().display(L, Sim.graph(), Sim.names());
}

std::string race::nameOfOp(const Simulation &Sim, const Op &O) {
  if (O.Kind == OpKind::Load)
    return "the test";
  if (O.Kind == OpKind::Store)
    return "the assignment";
  if (O.Kind == OpKind::Change)
    return "the change";
  // A statement's first word says more than the function that runs it.
  if (O.Kind == OpKind::Call)
    for (const ContainerEffect &C : Sim.effects(O).Containers)
      if (C.Of == StateKind::Database && C.Name == StringRef(C.Name).upper())
        return "'" + C.Name + "'";
  return "'" + calleeName(Sim, O) + "'";
}

Finding CheckThenActWatcher::start(const Simulation &Sim, const Op &At,
                                   StringRef Kind, StringRef Subject) const {
  Finding R;
  R.Check = "race-check-then-act";
  R.Kind = Kind.str();
  R.Subject = Subject.str();
  setScope(R, F);
  R.Place = placeOf(Sim, At);
  return R;
}

void CheckThenActWatcher::finish() {
  for (auto &[Object, R] : AskedOutside)
    if (Reported.insert(Object).second)
      Found.push_back(std::move(R));
  for (auto &[OpId, R] : Untested)
    if (UsedUntested.count(OpId))
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
  if (!TU.usesThreads())
    return All;
  GuardTable ChangedUnder;
  for (const FunctionSummary &F : TU.summary().Functions)
    for (const ContainerEffect &C : F.Effect.Containers)
      if (C.Kind != ContainerOpModel::Query && C.Kind != ContainerOpModel::Read)
        for (const AccessPath &L : C.Locks)
          ChangedUnder[C.Object.lastEntity()].insert(L.lastEntity());
  Protocols Together;
  std::set<EntityId> CalledLocked = functionsCalledLocked(TU.summary());
  for (const FlowFunction &F : TU.flowFunctions()) {
    // Nobody else sees an object that is being made or destroyed.
    if (isa<CXXDestructorDecl>(F.Info->Decl) || F.Info->Once)
      continue;
    // A question is reported too if the lock is taken after it.
    if (!F.Hints.QueriesAndActs && !F.Hints.TestsOutsideLock &&
        !((F.Hints.Queries || F.Hints.Acts) && F.Info->Locks))
      continue;
    EntityId Name = TU.entities().entity(F.Info->Decl);
    CheckThenActWatcher W(TU, F, ChangedUnder, CalledLocked.count(Name) != 0);
    if (!Simulation(*F.Graph, TU.names(), W).run())
      continue;
    // Once more, with an eye on what turned out to be set under a lock.
    if (W.wantsSecondRun() && !Simulation(*F.Graph, TU.names(), W).run())
      continue;
    W.finish();
    llvm::move(W.Found, std::back_inserter(All));
    Together.take(std::move(W.Seen));
  }
  llvm::move(Together.judge(), std::back_inserter(All));
  return All;
}
