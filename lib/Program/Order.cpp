//===- Order.cpp - What happens before a thread begins --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// main, and what it calls in one place only, runs once, in the order of its
// text. Before it comes to the start of a thread, that thread does not exist,
// however many others do.
//
//===----------------------------------------------------------------------===//

#include "Reach.h"
#include "race/Program/Program.h"
#include "race/Support/SCC.h"

using namespace llvm;
using namespace race;

/// Which threads begin below each function that may start some: by calls, or
/// because a thread that is started there starts them.
void Program::findStarts() {
  RootSets &Sets = Reaching->Sets;
  std::vector<const FunctionSummary *> Starters;
  DenseMap<const FunctionSummary *, unsigned> Number;
  for (const FunctionSummary *F : Functions)
    if (MayStart.contains(F)) {
      Number[F] = Starters.size();
      Starters.push_back(F);
    }
  std::vector<std::vector<unsigned>> Successors(Starters.size());
  auto Add = [&](unsigned From, const FunctionSummary *To) {
    if (auto It = Number.find(To); It != Number.end())
      Successors[From].push_back(It->second);
  };
  for (unsigned I = 0; I < Starters.size(); ++I) {
    if (auto It = Callees.find(Starters[I]); It != Callees.end())
      for (const Edge &E : It->second)
        Add(I, E.Target);
    for (const StartSummary &S : Starters[I]->Starts)
      Sets.forEach(begunBy(S), [&](unsigned Root) {
        Add(I, ByName.lookup(Roots[Root].Function));
      });
  }
  for (const auto &Component : componentsBottomUp(Successors)) {
    unsigned All = RootSets::Empty;
    for (unsigned I : Component) {
      for (const StartSummary &S : Starters[I]->Starts)
        All = Sets.unite(All, begunBy(S));
      for (unsigned To : Successors[I])
        All = Sets.unite(All, StartsBelow.lookup(Starters[To]));
    }
    for (unsigned I : Component)
      StartsBelow[Starters[I]] = All;
  }
}

/// The threads that \p S starts.
unsigned Program::begunBy(const StartSummary &S) const {
  RootSets &Sets = Reaching->Sets;
  unsigned Result = RootSets::Empty;
  auto Add = [&](EntityId F) {
    auto It = RootsOf.find(F);
    if (It == RootsOf.end())
      return;
    for (unsigned Root : It->second) {
      Result = Sets.unite(Result, Sets.single(Root));
      for (auto [Outer, Body] : PassedOnTo)
        if (Outer == Root)
          Result = Sets.unite(Result, Sets.single(Body));
    }
  };
  Add(S.Callee);
  for (const FunctionSummary *Body : targets(S.Callee, S.Through, true))
    Add(Body->Function);
  return Result;
}

/// Whether no two of \p Callers are in one program.
static bool apart(ArrayRef<const FunctionSummary *> Callers) {
  std::vector<unsigned> Seen;
  for (const FunctionSummary *F : Callers) {
    if (Callers.size() > 1 && F->Programs.empty())
      return false;
    Seen.insert(Seen.end(), F->Programs.begin(), F->Programs.end());
  }
  llvm::sort(Seen);
  return std::adjacent_find(Seen.begin(), Seen.end()) == Seen.end();
}

/// Finds the functions that run once in each program, beginning with main, and
/// which threads begin later than each of them does.
void Program::findOrder() {
  findStarts();
  RootSets &Sets = Reaching->Sets;
  std::vector<const FunctionSummary *> Work;
  for (const FunctionSummary *F : Functions)
    if (F->IsMain && Once.try_emplace(F, StartsBelow.lookup(F)).second)
      Work.push_back(F);
  DenseSet<EntityId> Elsewhere(Started);
  for (const FunctionSummary *F : Functions)
    Elsewhere.insert(F->Escapes.begin(), F->Escapes.end());
  for (const FunctionSummary *F : OnLoop)
    Elsewhere.insert(F->Function);
  // Calls that are known to happen once, and what begins later than these.
  struct OnceCalled {
    unsigned Calls = 0;
    unsigned Later = RootSets::Empty;
  };
  DenseMap<const FunctionSummary *, OnceCalled> Called;
  while (!Work.empty()) {
    const FunctionSummary *F = Work.back();
    Work.pop_back();
    auto It = Callees.find(F);
    if (It == Callees.end())
      continue;
    for (const Edge &E : It->second) {
      if (!E.Call || E.Call->Virtual || E.Call->Through || E.Call->InLoop ||
          Elsewhere.contains(E.Target->Function))
        continue;
      // What this very call starts, the function's own text puts in order.
      unsigned Here =
          Sets.unite(notBegun(F, E.Call->Place),
                     Sets.minus(Sets.intersect(Once.lookup(F),
                                               StartsBelow.lookup(E.Target)),
                                begunBefore(F, E.Call->Place, false)));
      OnceCalled &Of = Called[E.Target];
      Of.Later = Sets.unite(Of.Later, Sets.intersect(Here, rootsIn(F)));
      const auto &Above = Callers.find(E.Target)->second;
      if (++Of.Calls == Above.size() && apart(Above) &&
          Once.try_emplace(E.Target, Of.Later).second)
        Work.push_back(E.Target);
    }
  }
}

/// The threads that begin in \p F, or below, in front of \p Place.
/// \param There or at it.
unsigned Program::begunBefore(const FunctionSummary *F, const Anchor &Place,
                              bool There) const {
  RootSets &Sets = Reaching->Sets;
  unsigned Result = RootSets::Empty;
  auto Note = [&](const Anchor &At, unsigned Begun) {
    // What a macro of another file does has no place in this text.
    if (At.File != Place.File || At < Place || (There && At == Place))
      Result = Sets.unite(Result, Begun);
  };
  for (const StartSummary &S : F->Starts) {
    unsigned Begun = begunBy(S), Below = RootSets::Empty;
    Sets.forEach(Begun, [&](unsigned Root) {
      Below = Sets.unite(
          Below, StartsBelow.lookup(ByName.lookup(Roots[Root].Function)));
    });
    // In a loop, what stands in front may run later.
    Note(S.Concurrent ? Anchor() : S.Place, Sets.unite(Begun, Below));
  }
  if (auto It = Callees.find(F); It != Callees.end())
    for (const Edge &E : It->second)
      if (unsigned Below = StartsBelow.lookup(E.Target))
        Note(E.Call ? E.Call->Place : E.Target->Place, Below);
  return Result;
}

unsigned Program::notBegun(const FunctionSummary *F,
                           const Anchor &Place) const {
  return Reaching->Sets.minus(Once.lookup(F), begunBefore(F, Place, true));
}

unsigned Program::notBegun(const Reached &How, const FunctionSummary *F,
                           const Anchor &Place) const {
  if (!isCaller(How.Root))
    return RootSets::Empty;
  return Once.count(F) ? notBegun(F, Place) : How.Before;
}

bool Program::isOver(const RootedAccess &A, const RootedAccess &B) const {
  return Reaching->Sets.contains(A.Before, B.Root);
}
