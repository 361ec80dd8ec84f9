//===- Reach.cpp - How threads get to functions ---------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reach.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace race;

static auto flags(const Reached &R) {
  return std::make_tuple(R.UnknownLocks, R.OwnObject, R.SharedObject,
                         R.Callback, R.Before);
}

bool Reach::Less::operator()(const Reached &A, const Reached &B) const {
  if (flags(A) != flags(B))
    return flags(A) < flags(B);
  if (A.Held != B.Held)
    return A.Held < B.Held;
  return A.Shared < B.Shared;
}

unsigned Reach::intern(const Reached &How) {
  auto [It, New] = Numbers.try_emplace(How, Facts.size());
  if (New) {
    Facts.push_back(How);
    Facts.back().Through = nullptr;
    Facts.back().From = nullptr;
  }
  return It->second;
}

/// What holds on both ways.
Reach::Meet Reach::meet(unsigned Old, unsigned New) {
  if (Old == New)
    return {Old, false};
  auto [It, Unknown] = Meets.try_emplace({Old, New});
  if (!Unknown)
    return It->second;
  const Reached A = Facts[Old], B = Facts[New];
  Reached Both = A;
  // Must-hold: what is held on every way here.
  Both.Held.clear();
  std::set_intersection(A.Held.begin(), A.Held.end(), B.Held.begin(),
                        B.Held.end(), std::back_inserter(Both.Held));
  // Of these, what is held for reading on either.
  Both.Shared.clear();
  std::set_union(A.Shared.begin(), A.Shared.end(), B.Shared.begin(),
                 B.Shared.end(), std::back_inserter(Both.Shared));
  erase_if(Both.Shared,
           [&](EntityId L) { return !is_contained(Both.Held, L); });
  Both.OwnObject &= B.OwnObject;
  Both.UnknownLocks &= B.UnknownLocks;
  Both.Callback &= B.Callback;
  Both.Before = Sets.intersect(A.Before, B.Before);
  bool Worse = intern(Both) != Old;
  Both.SharedObject |= B.SharedObject;
  return Meets[{Old, New}] = {intern(Both), Worse};
}

void Reach::holdAlways(unsigned Root, unsigned F, ArrayRef<EntityId> Locks) {
  unsigned Self = Sets.single(Root);
  BeginAt[F] = Sets.unite(BeginAt[F], Self);
  for (EntityId Lock : Locks) {
    unsigned &By = Always[Lock];
    By = Sets.unite(By, Self);
  }
  AlwaysBy[Root].assign(Locks.begin(), Locks.end());
}

void Reach::arrive(unsigned F, const Reached &How, unsigned Roots,
                   const FunctionSummary *From, const CallSummary *Through) {
  if (!Always.empty())
    for (EntityId Lock : How.Held) {
      unsigned By =
          Sets.minus(Sets.intersect(Always.lookup(Lock), Roots), BeginAt[F]);
      if (By == RootSets::Empty)
        continue;
      Reached Less = How;
      erase(Less.Held, Lock);
      arrive(F, Less, By, From, Through);
      Roots = Sets.minus(Roots, By);
    }
  if (Roots != RootSets::Empty)
    add(F, How, Roots, From, Through);
}

void Reach::add(unsigned F, const Reached &How, unsigned Roots,
                const FunctionSummary *From, const CallSummary *Through) {
  unsigned New = intern(How), First = Roots, Lower = RootSets::Empty;
  auto &Groups = Of[F];
  SmallVector<Group, 2> Moved;
  unsigned Changed = RootSets::Empty;
  for (Group &G : Groups) {
    unsigned Both = Sets.intersect(G.Roots, Roots);
    if (Both == RootSets::Empty)
      continue;
    First = Sets.minus(First, Both);
    Meet M = meet(G.Fact, New);
    if (M.Fact == G.Fact)
      continue;
    G.Roots = Sets.minus(G.Roots, Both);
    Moved.push_back({M.Fact, Both});
    Changed = Sets.unite(Changed, Both);
    if (M.Worse)
      Lower = Sets.unite(Lower, Both);
  }
  if (First != RootSets::Empty) {
    Moved.push_back({New, First});
    Changed = Sets.unite(Changed, First);
  }
  if (Moved.empty())
    return;
  erase_if(Groups, [](const Group &G) { return G.Roots == RootSets::Empty; });
  for (const Group &M : Moved) {
    auto *Same =
        find_if(Groups, [&](const Group &G) { return G.Fact == M.Fact; });
    if (Same == Groups.end())
      Groups.push_back(M);
    else
      Same->Roots = Sets.unite(Same->Roots, M.Roots);
  }
  if (unsigned Way = Sets.unite(First, Lower); Way != RootSets::Empty)
    Arrivals[F].push_back({Way, Through, From});
  Pending[F] = Sets.unite(Pending[F], Changed);
}

bool Reach::take(unsigned F,
                 function_ref<void(const Reached &, unsigned)> Use) {
  unsigned Changed = Pending[F];
  if (Changed == RootSets::Empty)
    return false;
  Pending[F] = RootSets::Empty;
  // Calls of itself change the groups.
  const SmallVector<Group, 4> Groups(Of[F].begin(), Of[F].end());
  for (const Group &G : Groups)
    if (unsigned Roots = Sets.intersect(G.Roots, Changed)) {
      const Reached How = Facts[G.Fact];
      Use(How, Roots);
    }
  return true;
}

std::pair<const CallSummary *, const FunctionSummary *>
Reach::wayTo(unsigned F, unsigned Root) const {
  for (const Arrival &A : reverse(Arrivals[F]))
    if (Sets.contains(A.Roots, Root))
      return {A.Through, A.From};
  return {nullptr, nullptr};
}

std::vector<Reached> Reach::at(unsigned F) const {
  std::vector<Reached> All;
  for (const Group &G : Of[F])
    Sets.forEach(G.Roots, [&](unsigned Root) {
      All.push_back(Facts[G.Fact]);
      All.back().Root = Root;
      if (auto It = AlwaysBy.find(Root);
          It != AlwaysBy.end() && !Sets.contains(BeginAt[F], Root)) {
        auto &Held = All.back().Held;
        Held.append(It->second.begin(), It->second.end());
        llvm::sort(Held);
      }
      std::tie(All.back().Through, All.back().From) = wayTo(F, Root);
    });
  llvm::sort(
      All, [](const Reached &A, const Reached &B) { return A.Root < B.Root; });
  return All;
}
