//===- Program.cpp - Summaries, linked ------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Program/Program.h"
#include "race/Support/Words.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace race;

Program::Program(const EntityTable &Names,
                 std::vector<const TUSummary *> TheSummaries)
    : Names(Names), Summaries(std::move(TheSummaries)) {
  for (const TUSummary *TU : Summaries) {
    for (const FunctionSummary &F : TU->Functions) {
      ByName.try_emplace(F.Function, &F);
      for (EntityId Over : F.Overrides)
        Overriders[Over].push_back(&F);
      if (F.Encloser.isValid())
        LambdasOf[F.Encloser].push_back(&F);
    }
    for (const ClaimSummary &C : TU->Claims)
      Claims.push_back(&C);
  }
  collectRoots();
  ReachedBy.resize(Roots.size());
  for (unsigned I = 0; I < Roots.size(); ++I)
    reach(I);
}

/// Whether what is started runs on the thread that runs the event loop, which
/// is most often the one that starts it.
static bool sameThread(ThreadStartModel::KindTy Kind) {
  return Kind == ThreadStartModel::Loop || Kind == ThreadStartModel::Timer;
}

void Program::collectRoots() {
  // Number 0: whoever calls.
  Roots.push_back(ThreadRoot());
  DenseMap<EntityId, unsigned> Known;
  for (const TUSummary *TU : Summaries)
    for (const FunctionSummary &F : TU->Functions)
      for (const StartSummary &S : F.Starts) {
        if (sameThread(S.Kind))
          continue;
        auto [It, New] = Known.try_emplace(S.Callee, Roots.size());
        if (!New) {
          // Started in two places: two can run at once.
          Roots[It->second].Concurrent = true;
          continue;
        }
        Roots.push_back({S.Callee, S.Kind, S.Concurrent, S.Place});
      }
}

SmallVector<const FunctionSummary *, 2>
Program::targets(const CallSummary &Call) const {
  SmallVector<const FunctionSummary *, 2> Result;
  if (const FunctionSummary *F = ByName.lookup(Call.Callee))
    Result.push_back(F);
  if (!Call.Virtual)
    return Result;
  // Every override of it, and theirs.
  SmallVector<EntityId, 4> Work{Call.Callee};
  while (!Work.empty()) {
    auto It = Overriders.find(Work.pop_back_val());
    if (It == Overriders.end())
      continue;
    for (const FunctionSummary *F : It->second)
      if (!is_contained(Result, F)) {
        Result.push_back(F);
        Work.push_back(F->Function);
      }
  }
  return Result;
}

static SmallVector<EntityId, 2> entitiesOf(ArrayRef<AccessPath> Locks) {
  SmallVector<EntityId, 2> Result;
  for (const AccessPath &P : Locks)
    if (EntityId E = P.lastEntity(); E.isValid())
      Result.push_back(E);
  return Result;
}

static void sortUnique(SmallVectorImpl<EntityId> &V) {
  llvm::sort(V);
  V.erase(std::unique(V.begin(), V.end()), V.end());
}

/// Whether \p Place is where no thread of \p F has started yet, or all were
/// joined.
static bool runsAlone(const FunctionSummary &F, const Anchor &Place) {
  if (!F.FirstStart.isValid() || Place.File != F.FirstStart.File)
    return false;
  if (Place < F.FirstStart)
    return true;
  return F.LastJoin.isValid() && F.LastJoin.File == Place.File &&
         F.LastJoin < Place;
}

void Program::reach(unsigned Root) {
  auto &Map = ReachedBy[Root];
  std::vector<const FunctionSummary *> Work;
  DenseSet<EntityId> StartRoots;
  for (const ThreadRoot &R : Roots)
    if (R.Function.isValid())
      StartRoots.insert(R.Function);

  auto Visit = [&](const FunctionSummary *F, SmallVector<EntityId, 2> Held,
                   const CallSummary *Through, const FunctionSummary *From) {
    sortUnique(Held);
    auto [It, New] = Map.try_emplace(F);
    if (New) {
      It->second = {std::move(Held), Through, From};
      Work.push_back(F);
      return;
    }
    // Must-hold: what is held on every way here.
    SmallVector<EntityId, 2> Both;
    std::set_intersection(It->second.Held.begin(), It->second.Held.end(),
                          Held.begin(), Held.end(), std::back_inserter(Both));
    if (Both == It->second.Held)
      return;
    It->second.Held = std::move(Both);
    Work.push_back(F);
  };

  if (Root == 0) {
    DenseSet<EntityId> Called;
    for (const TUSummary *TU : Summaries)
      for (const FunctionSummary &F : TU->Functions)
        for (const CallSummary &C : F.Calls)
          for (const FunctionSummary *T : targets(C))
            Called.insert(T->Function);
    for (const TUSummary *TU : Summaries)
      for (const FunctionSummary &F : TU->Functions)
        if (F.IsMain || (F.Exported && !Called.contains(F.Function) &&
                         !StartRoots.contains(F.Function) &&
                         !soundsLikeStart(Names.display(F.Function)) &&
                         !soundsLikeEnd(Names.display(F.Function))))
          Visit(&F, {}, nullptr, nullptr);
    for (const TUSummary *TU : Summaries)
      for (const FunctionSummary &F : TU->Functions)
        for (const StartSummary &S : F.Starts)
          if (sameThread(S.Kind))
            if (const FunctionSummary *T = ByName.lookup(S.Callee))
              Visit(T, {}, nullptr, nullptr);
  } else if (const FunctionSummary *F = ByName.lookup(Roots[Root].Function)) {
    Visit(F, {}, nullptr, nullptr);
  }

  while (!Work.empty()) {
    const FunctionSummary *F = Work.back();
    Work.pop_back();
    SmallVector<EntityId, 2> Held = Map[F].Held;
    DenseSet<EntityId> CalledHere;
    for (const CallSummary &C : F->Calls) {
      CalledHere.insert(C.Callee);
      if (StartRoots.contains(C.Callee) && ByName.lookup(C.Callee) &&
          ByName.lookup(C.Callee)->Encloser.isValid())
        continue;
      if (Root == 0 && runsAlone(*F, C.Place))
        continue;
      SmallVector<EntityId, 2> Now = entitiesOf(C.Locks);
      Now.append(Held.begin(), Held.end());
      for (const FunctionSummary *T : targets(C))
        Visit(T, Now, &C, F);
    }
    // A lambda that nobody is seen to call is taken to run where it stands.
    auto It = LambdasOf.find(F->Function);
    if (It == LambdasOf.end())
      continue;
    for (const FunctionSummary *L : It->second)
      if (!StartRoots.contains(L->Function) &&
          !CalledHere.contains(L->Function))
        Visit(L, Held, nullptr, F);
  }
}

std::vector<RootedAccess> Program::accesses(EntityId State) const {
  std::vector<RootedAccess> Result;
  for (unsigned R = 0; R < Roots.size(); ++R) {
    for (const auto &[F, How] : ReachedBy[R]) {
      if (F->Constructor || F->Destructor)
        continue;
      for (const AccessSummary &A : F->Accesses) {
        // What a pointer leads to is another object than the pointer.
        bool Touches = A.Where.Entity == State;
        for (const PathStep &S : A.Where.Steps) {
          if (S.Kind == PathStep::Deref)
            Touches = false;
          Touches |= S.Kind == PathStep::Field && S.Entity == State;
        }
        if (!Touches || (R == 0 && runsAlone(*F, A.Place)))
          continue;
        RootedAccess X;
        X.Root = R;
        X.In = F;
        X.Access = &A;
        X.Locks = entitiesOf(A.Locks);
        X.Locks.append(How.Held.begin(), How.Held.end());
        sortUnique(X.Locks);
        X.UnknownLocks = F->UnknownLocks;
        for (const Reached *At = &How; At && At->From;) {
          X.UnknownLocks |= At->From->UnknownLocks;
          if (At->Through)
            X.Path.push_back(At->Through);
          auto Up = ReachedBy[R].find(At->From);
          At = Up == ReachedBy[R].end() || X.Path.size() > 20 ? nullptr
                                                              : &Up->second;
        }
        std::reverse(X.Path.begin(), X.Path.end());
        Result.push_back(std::move(X));
      }
    }
  }
  // A fixed order, whatever the hash of pointers.
  llvm::sort(Result, [](const RootedAccess &A, const RootedAccess &B) {
    return std::tie(A.Root, A.Access->Place, A.In->Function, A.Access->Write) <
           std::tie(B.Root, B.Access->Place, B.In->Function, B.Access->Write);
  });
  return Result;
}
