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
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// The parameters of \p F that point to what it frees on all ways: it is their
/// destructor, if the language has none.
static uint32_t paramsEndedBy(const FunctionDecl *F, const CallEffects &Calls) {
  uint32_t Ended = 0;
  for (const HandBackEffect &H : Calls.of(F).HandBacks)
    if (H.Memory && H.When == Outcome::Always && !H.OnlyIf && !H.Maybe &&
        !H.Reference && !H.LastReference && !H.HandedOver && !H.Handle &&
        H.What.Root == AccessPath::Param && H.What.Steps.empty() &&
        H.What.Index < 32)
      Ended |= 1u << H.What.Index;
  return Ended;
}

CheckThenActWatcher::CheckThenActWatcher(TranslationUnit &TU,
                                         const FunctionInfo &F,
                                         const UnitFacts &Facts,
                                         const BareState &Bare)
    : EffectsClient(TU.effects(), F.Decl), TU(TU), Facts(Facts), Bare(Bare),
      Info(F), MayBeLocked(F.UnknownLocks ||
                           Facts.Kept.count(TU.entities().entity(F.Decl)) != 0),
      EndedParams(paramsEndedBy(F.Decl, TU.effects())),
      AtEnd(soundsLikeEnd(F.Decl->getNameAsString())) {}

void CheckThenActWatcher::onEntry(const Simulation &Sim, State &S) {
  // A second run sees it all once more.
  Seen = Protocols();
  Raised.clear();
  BlindWaits.clear();
  ReadAgain.clear();
  GotUnder.clear();
  LookedAgain.clear();
  Untested.clear();
  CountedUnder.clear();
  CountRead.clear();
  Begun.clear();
  Released.clear();
  ChangedIn.clear();
  EffectsClient::onEntry(Sim, S);
  for (const HeldLock &L : S.Locks)
    Lent.insert(L.Mutex);
}

/// Whether \p C, or what it is the negation of, asks which one of \p Answer and
/// another value is the smaller one.
static bool comparesByOrder(const Memory &M, Sym C, Sym Answer) {
  while (M.symbol(C).Kind == Memory::SymKind::Compare &&
         M.symbol(M.symbol(C).A).Kind == Memory::SymKind::Compare)
    C = M.symbol(C).A;
  const Memory::SymInfo &I = M.symbol(C);
  return I.Kind == Memory::SymKind::Compare && I.Cmp == Comparison::LT &&
         (I.A == Answer || I.B == Answer);
}

void CheckThenActWatcher::onBranch(const Simulation &Sim, const State &S,
                                   Sym C) {
  noteLook(Sim, C, Look::Test);
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Answer && readsInto(Sim, C, Q.Answer))
      LookedInto.insert(Q.OpId);
    if (Q.Answer && comparesByOrder(Sim.memory(), C, Q.Answer))
      Ordered.insert(Q.OpId);
  }
  noteLastOut(Sim, S, C);
  onCountTested(Sim, S, C);
  noteKind(Sim, S, C);
  for (unsigned OpId : Tried)
    if (Sim.failureEnds(S, C, OpId))
      FailureEnds.insert(OpId);
}

const Op *race::callThatMade(const Simulation &Sim, Sym Derived) {
  std::optional<unsigned> Id = Sim.memory().derivedBy(Derived);
  return Id && Sim.op(*Id).Kind == OpKind::Call ? &Sim.op(*Id) : nullptr;
}

/// Whether the value \p C was read out of what \p Answer leads to: it is no
/// mere test whether there is something.
bool CheckThenActWatcher::readsInto(const Simulation &Sim, Sym C, Sym Answer,
                                    unsigned Depth) const {
  const Memory &M = Sim.memory();
  if (!C || C == Answer || Depth > 6)
    return false;
  const Memory::SymInfo &I = M.symbol(C);
  switch (I.Kind) {
  case Memory::SymKind::Initial:
  case Memory::SymKind::Changed:
    return I.Where && M.goesThrough(I.Where, Answer);
  case Memory::SymKind::Unknown:
    return Getters.count(I.Id) && M.dependsOn(C, Answer);
  case Memory::SymKind::Derive: {
    // What another function says of it is no look into it.
    const Op *O = callThatMade(Sim, C);
    if (O && !Getters.count(O->Id) &&
        !(O->Callee && (O->Callee->isOverloadedOperator() ||
                        isa<CXXConversionDecl>(O->Callee))))
      return false;
    [[fallthrough]];
  }
  case Memory::SymKind::Compare:
    return readsInto(Sim, I.A, Answer, Depth + 1) ||
           readsInto(Sim, I.B, Answer, Depth + 1);
  default:
    return false;
  }
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
    // What a loop's last turn asked has a say in the next one only if it can
    // end the loop, or goes around this.
    return !Assertion && Sim.decides(B, Sim.block()) &&
           (Sim.isAhead(Sim.block(), B) || hangsOn(G, Sim.block(), B));
  });
}

/// Whether \p Object is part of something that this function has just made, or
/// is making, or frees before it is done.
bool CheckThenActWatcher::isFresh(const Simulation &Sim, Loc Object) const {
  const Memory &M = Sim.memory();
  Sym Through = M.pointerTo(Object);
  const Memory::SymInfo &I = M.symbol(Through);
  if (I.Kind == Memory::SymKind::This)
    return isa<CXXConstructorDecl>(F);
  if (I.Kind == Memory::SymKind::Initial &&
      M.info(I.Where).Kind == Memory::LocKind::Local) {
    int Param = Sim.graph().Locals[M.info(I.Where).Id].Param;
    return Param >= 0 && Param < 32 && (EndedParams >> Param & 1);
  }
  return Sim.isNew(Through);
}

/// Whether \p O stands in `main`, before it starts the first thread.
bool CheckThenActWatcher::isStartUp(const Op &O) const {
  return F->isMain() && !Info.Starts.empty() &&
         TU.context().getSourceManager().isBeforeInTranslationUnit(
             O.Loc, Info.Starts.front().Call->getBeginLoc());
}

/// Whether \p Mutex was the callers' when the function began, so that letting
/// go of it for a while is part of what the callers know.
bool CheckThenActWatcher::isLent(const State &S, Loc Mutex) const {
  return Lent.count(Mutex) || llvm::any_of(S.Locks, [&](const HeldLock &L) {
           return L.Mutex == Mutex && L.Restored;
         });
}

bool CheckThenActWatcher::isChangedUnder(const Simulation &Sim, Loc Object,
                                         Loc Mutex) const {
  const Memory &M = Sim.memory();
  auto Guards = Facts.ChangedUnder.find({identity(M, Object)});
  return Guards != Facts.ChangedUnder.end() &&
         Guards->second.count({identity(M, Mutex)});
}

std::string CheckThenActWatcher::nameOf(const Simulation &Sim, Loc L) const {
  return Sim.memory().display(L, Sim.graph(), Sim.names());
}

std::string CheckThenActWatcher::nameOfQuery(const Simulation &Sim,
                                             const Op &O) const {
  return listSearchAt(O) ? "the search" : nameOfOp(Sim, O);
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
    for (const ContainerEffect &C : Sim.effects(O).Containers) {
      if (C.Searches && !C.Place.isValid())
        return "the search";
      if (C.Of == StateKind::Database && C.Name == StringRef(C.Name).upper())
        return "'" + C.Name + "'";
    }
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
  for (auto &[OpId, Call] : Untested)
    if (UsedUntested.count(OpId) &&
        (!Call.About || Reported.insert(Call.About).second))
      Found.push_back(std::move(Call.What));
  for (auto &[Object, R] : AskedOutside)
    if (Reported.insert(Object).second)
      Found.push_back(std::move(R));
  llvm::erase_if(Found, [&](const Finding &R) {
    unsigned First = R.Place.Line, Last = R.Place.Line;
    for (const InterleavingStep &Step : R.Interleaving)
      if (Step.Place.isValid() && Step.Place.File == R.Place.File) {
        First = std::min(First, Step.Place.Line);
        Last = std::max(Last, Step.Place.Line);
      }
    return isCalledHarmless(F, First, Last);
  });
}

/// The functions whose callers hold a lock, or that belong to one thread: a
/// comment says so, or they cannot be called from elsewhere and every call that
/// is seen is under a lock.
static std::set<EntityId> functionsKept(TranslationUnit &TU) {
  const TUSummary &Unit = TU.summary();
  std::map<EntityId, bool> AlwaysLocked;
  for (const FunctionSummary &F : Unit.Functions)
    for (const CallSummary &C : F.Calls) {
      auto [It, New] = AlwaysLocked.try_emplace(C.Callee, true);
      It->second &= !C.Locks.empty();
    }
  std::set<EntityId> Result;
  for (const FunctionSummary &F : Unit.Functions) {
    auto It = AlwaysLocked.find(F.Function);
    if (!F.Exported && It != AlwaysLocked.end() && It->second)
      Result.insert(F.Function);
  }
  for (const ClaimSummary &C : Unit.Claims)
    if (C.What.Kind == Claim::CallerHolds || C.What.Kind == Claim::GuardedBy ||
        C.What.Kind == Claim::NotThreadSafe || C.What.Kind == Claim::Confined ||
        C.What.Kind == Claim::BeforeThreads)
      Result.insert(C.Functions.begin(), C.Functions.end());
  // Where the author argues that no lock is needed, it is the claim that is to
  // be judged, and race-stale-thread-comment does.
  for (const ClaimSummary &C : Unit.Claims)
    if (C.Inside.isValid())
      Result.insert(C.Inside);
  return Result;
}

static FieldPath fieldsOf(const AccessPath &P) {
  FieldPath Path;
  if (P.Root == AccessPath::Global)
    Path.push_back(P.Entity);
  for (const PathStep &Step : P.Steps)
    if (Step.Kind == PathStep::Deref)
      Path.clear();
    else if (Step.Kind == PathStep::Field)
      Path.push_back(Step.Entity);
  return Path;
}

/// Adds what \p F changes, and what it asks and leaves as it is.
static void addSides(const FunctionSummary &F,
                     std::set<std::pair<FieldPath, FieldPath>> &Sides) {
  std::set<FieldPath> Changed, Asked;
  for (const ContainerEffect &C : F.Effect.Containers)
    if (C.Of == StateKind::Atomic || C.Of == StateKind::Plain)
      (C.Kind == ContainerOpModel::Query ? Asked : Changed)
          .insert(fieldsOf(C.Object));
  for (const FieldPath &C : Changed)
    for (const FieldPath &A : Asked)
      if (!Changed.count(A))
        Sides.insert({C, A});
}

static UnitFacts factsOf(TranslationUnit &TU) {
  UnitFacts Facts;
  Facts.Kept = functionsKept(TU);
  for (const FunctionSummary &F : TU.summary().Functions) {
    addSides(F, Facts.ChangedAgainst);
    for (const ContainerEffect &C : F.Effect.Containers) {
      EntityId Object = C.Object.lastEntity();
      if (C.Of == StateKind::Atomic && C.Kind == ContainerOpModel::Atomic &&
          llvm::StringRef(C.Name).contains("compare"))
        Facts.Swapped.insert(Object);
      if (C.Of == StateKind::Atomic && C.Kind == ContainerOpModel::Act &&
          C.OrderGiven)
        Facts.StoredWeakly.insert(Object);
      if (C.Kind == ContainerOpModel::Query ||
          C.Kind == ContainerOpModel::Read) {
        for (const PathStep &Step : C.Object.Steps)
          for (const AccessPath &L : C.Locks)
            if (Step.Kind == PathStep::Field)
              Facts.ReadUnder[Step.Entity].insert(L.lastEntity());
        continue;
      }
      if (isRemoval(C.Name) || C.Name == "resize" || C.Name == "assign" ||
          C.Name == "swap" || C.Name == "operator=")
        Facts.Shrunk.insert(Object);
      if (isRemoval(C.Name)) {
        Facts.Removers[Object].push_back(F.Function);
        bool ByParameter = C.Key && C.Key->Root == AccessPath::Param;
        if (F.Exported && ByParameter && !C.Conditional && !F.Destructor &&
            !C.Locks.empty())
          Facts.FreelyRemoved.insert(Object);
      }
      // To change an element is no change of what is in there.
      if (C.Of == StateKind::Container && C.Name == "assignment")
        continue;
      if (C.Clears)
        Facts.Cleared.insert(Object);
      for (const AccessPath &L : C.Locks) {
        Facts.ChangedUnder[Object].insert(L.lastEntity());
        if (countsDown(C.Name))
          Facts.DroppedUnder[Object].insert(L.lastEntity());
      }
    }
  }
  Facts.Threads = std::make_unique<ThreadReach>(TU, Facts.Kept);
  return Facts;
}

/// The findings in \p F, whose graph is \p G.
static void watch(const FlowGraph &G, CheckThenActWatcher &W,
                  const EntityTable &Names) {
  // Once more, with an eye on what turned out to be set under a lock.
  if (!Simulation(G, Names, W).run() ||
      (W.wantsSecondRun() && !Simulation(G, Names, W).run())) {
    W.Found.clear();
    W.Seen = {};
    return;
  }
  W.finish();
}

/// The functions that test and set what other threads test and set as well,
/// without any lock. Most of them are of no interest otherwise.
static void findBare(TranslationUnit &TU, const UnitFacts &Facts,
                     std::vector<Finding> &All) {
  for (const auto &Info : TU.scan().functions()) {
    if (isa<CXXConstructorDecl, CXXDestructorDecl>(Info->Decl) || Info->Once)
      continue;
    CheckThenActWatcher::BareState Bare =
        Facts.Threads->bareState(*Info, Facts.ChangedUnder, Facts.ReadUnder);
    if (Bare.empty())
      continue;
    constexpr unsigned MaxBlocks = 300;
    std::unique_ptr<FlowGraph> Graph =
        FlowGraph::build(Info->Decl, TU.entities(), MaxBlocks);
    if (!Graph)
      continue;
    CheckThenActWatcher W(TU, *Info, Facts, Bare);
    watch(*Graph, W, TU.names());
    for (Finding &R : W.Found)
      if (llvm::none_of(All,
                        [&](const Finding &X) { return X.Place == R.Place; }))
        All.push_back(std::move(R));
  }
}

std::vector<Finding> race::findCheckThenAct(TranslationUnit &TU) {
  std::vector<Finding> All;
  if (!TU.usesThreads() && !TU.scan().asksAndChangesFiles())
    return All;
  UnitFacts Facts = factsOf(TU);
  Protocols Together;
  // Flags that some set under a lock, and others read before they take it.
  std::set<EntityId> Flags;
  for (const FlowFunction &F : TU.flowFunctions())
    for (EntityId Id : F.Hints.FlagsRead)
      if (Facts.ChangedUnder.count(Id))
        Flags.insert(Id);
  auto IsShared = [&](EntityId Id) { return Flags.count(Id) != 0; };
  for (const FlowFunction &F : TU.flowFunctions()) {
    // Nobody else sees an object that is being made or destroyed.
    if (isa<CXXDestructorDecl>(F.Info->Decl) || F.Info->Once)
      continue;
    // A question is reported too if the lock is taken after it, or if what was
    // found is used that anybody may take out.
    bool Follows = llvm::any_of(F.Hints.ReadBothWays, [&](EntityId Id) {
      return Facts.Cleared.count(Id) != 0;
    });
    if (!F.Hints.WalksAndReleases &&
        !(F.Hints.AsksTwice && !Facts.Cleared.empty()) &&
        !F.Hints.QueriesAndActs && !F.Hints.TestsOutsideLock && !Follows &&
        !(F.Info->Locks && !F.Info->Searches.empty()) &&
        !F.Info->CountsOwners && llvm::none_of(F.Hints.FlagsRead, IsShared) &&
        llvm::none_of(F.Hints.FlagsSet, IsShared) &&
        !((F.Hints.Queries || F.Hints.Acts) && F.Info->Locks) &&
        !(F.Hints.Queries && (F.Info->Files || !Facts.FreelyRemoved.empty())))
      continue;
    CheckThenActWatcher W(TU, *F.Info, Facts);
    watch(*F.Graph, W, TU.names());
    llvm::move(W.Found, std::back_inserter(All));
    Together.take(std::move(W.Seen));
  }
  llvm::move(Together.judge(TU.names()), std::back_inserter(All));
  findBare(TU, Facts, All);
  return All;
}

bool race::isWanted(const Finding &F, Evidence Least, llvm::StringRef Files) {
  if (F.Files && Files == "none")
    return false;
  return F.Why >= Least ||
         (F.Files && Files == "all" && Least <= Evidence::Structural);
}
