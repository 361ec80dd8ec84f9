//===- CheckThenActIterators.cpp - Iterators kept across an unlock --------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop goes through a container under its lock, lets go of it for a while in
// its body, takes it anew, and moves its iterator on: to an element that others
// may have taken out meanwhile.
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// The local variable that \p E names, whatever it is converted to; null if it
/// is none.
static const VarDecl *localIn(const Expr *E) {
  while (E) {
    E = E->IgnoreImplicit()->IgnoreParenCasts();
    const auto *Made = dyn_cast<CXXConstructExpr>(E);
    if (!Made || Made->getNumArgs() < 1)
      break;
    E = Made->getArg(0);
  }
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E);
  const auto *V = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return V && V->hasLocalStorage() ? V : nullptr;
}

/// The iterator that the call \p O relies on: it moves it on, follows it, or
/// takes out what it leads to. Null for other calls.
static const VarDecl *iteratorUsedBy(const Op &O) {
  if (const auto *By = dyn_cast_or_null<CXXOperatorCallExpr>(O.Node)) {
    switch (By->getOperator()) {
    case OO_PlusPlus:
    case OO_MinusMinus:
    case OO_Star:
    case OO_Arrow:
      return localIn(By->getArg(0));
    default:
      return nullptr;
    }
  }
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(O.Node);
  const CXXMethodDecl *M = Call ? Call->getMethodDecl() : nullptr;
  return M && M->getIdentifier() && M->getName() == "erase" &&
                 Call->getNumArgs()
             ? localIn(Call->getArg(0))
             : nullptr;
}

/// \p Object is gone through from its first element on, under a lock.
void CheckThenActWatcher::noteBegun(const Simulation &Sim, const State &S,
                                    const Op &O, const ContainerEffect &Read,
                                    Loc Object) {
  if (MayBeLocked || (Read.Name != "begin" && Read.Name != "cbegin") ||
      isFresh(Sim, Object))
    return;
  auto Guard = llvm::find_if(S.Locks, [&](const HeldLock &H) {
    return Sim.memory().isBeside(H.Mutex, Object);
  });
  if (Guard != S.Locks.end() && !isLent(S, Guard->Mutex))
    Begun[O.Id] = {Object, Guard->Mutex};
}

/// The operations of \p G that set \p V, by their blocks. \p OnValue is told
/// of the calls whose results it is set to.
static std::map<int, std::vector<unsigned>>
storesTo(const FlowGraph &G, const VarDecl *V,
         llvm::function_ref<void(unsigned)> OnValue) {
  std::map<int, std::vector<unsigned>> Stores;
  for (int B : G.Order) {
    llvm::SmallDenseMap<Reg, const VarDecl *> Locals;
    for (const Op &O : G.Blocks[B].Ops) {
      if (O.Kind == OpKind::Local)
        Locals[O.Dst] = G.Locals[O.Index].Decl;
      auto To = O.Kind == OpKind::Store ? Locals.find(O.A) : Locals.end();
      if (To == Locals.end() || To->second != V)
        continue;
      Stores[B].push_back(O.Id);
      for (const Op &Made : G.Blocks[B].Ops)
        if (Made.Kind == OpKind::Call && Made.Dst == O.B)
          OnValue(Made.Id);
    }
  }
  return Stores;
}

/// Whether a way leads from behind the operation \p From of block \p Begin to
/// the operation \p To of block \p End past none of \p Stores.
static bool leadsPast(const FlowGraph &G, int Begin, unsigned From, int End,
                      unsigned To,
                      const std::map<int, std::vector<unsigned>> &Stores) {
  auto StoreIn = [&](int B, unsigned After, unsigned Before) {
    auto It = Stores.find(B);
    return It != Stores.end() && llvm::any_of(It->second, [&](unsigned Id) {
             return Id > After && Id < Before;
           });
  };
  constexpr unsigned Last = ~0u;
  if (Begin == End && To > From && !StoreIn(Begin, From, To))
    return true;
  if (StoreIn(Begin, From, Last))
    return false;
  std::vector<char> Seen(G.Blocks.size());
  llvm::SmallVector<int, 16> Work(G.Blocks[Begin].Succs.begin(),
                                  G.Blocks[Begin].Succs.end());
  while (!Work.empty()) {
    int B = Work.pop_back_val();
    if (B < 0 || std::exchange(Seen[B], 1))
      continue;
    if (B == End && !StoreIn(B, 0, To))
      return true;
    if (!Stores.count(B))
      Work.append(G.Blocks[B].Succs.begin(), G.Blocks[B].Succs.end());
  }
  return false;
}

/// The call \p O may rely on an iterator that was kept while the lock was free.
void CheckThenActWatcher::onIterator(const Simulation &Sim, const State &S,
                                     const Op &O) {
  if (Begun.empty() || MayBeLocked || AtEnd)
    return;
  // What changes an element under the lock may keep it there: `c->retain()`.
  const CallInfo &Call = Sim.graph().Calls[O.Index];
  if ((Call.MayChange >> Effects::ThisBit & 1) && isOwnCall(O))
    for (const HeldLock &H : S.Locks)
      ChangedIn.insert(H.OpId);
  if (Released.empty())
    return;
  const VarDecl *V = iteratorUsedBy(O);
  if (!V)
    return;
  const FlowGraph &G = Sim.graph();
  std::pair<Loc, Loc> Of{0, 0};
  auto Stores = storesTo(G, V, [&](unsigned Made) {
    if (auto It = Begun.find(Made); It != Begun.end())
      Of = It->second;
  });
  const auto &[Object, Mutex] = Of;
  if (!Object || !S.holds(Mutex) || S.Locks.empty())
    return;
  const Memory &M = Sim.memory();
  EntityId Container{identity(M, Object)};
  // Others must take out what this loop stands at.
  auto Others = Facts.Removers.find(Container);
  EntityId Self = TU.entities().entity(F);
  if (Others == Facts.Removers.end() || !isChangedUnder(Sim, Object, Mutex) ||
      llvm::all_of(Others->second, [&](EntityId E) { return E == Self; }) ||
      isOnlyTaker(Container))
    return;
  for (const ReleaseHere &R : Released) {
    if (R.Mutex != Mutex || R.Claimed || !Sim.inLoop(R.OpId) ||
        !leadsPast(G, R.Block, R.OpId, Sim.block(), O.Id, Stores))
      continue;
    std::string Name = nameOf(Sim, Object), Lock = nameOf(Sim, Mutex);
    if (Name.empty() || Lock.empty() ||
        !Reported.insert(identity(M, Object)).second)
      return;
    Finding Out = start(Sim, O, "iterator kept in loop", Name);
    Out.Message = "check-then-act on '" + Name +
                  "': the loop goes on with an iterator that it kept while '" +
                  Lock + "' was released";
    Anchor At = placeOf(Sim, Sim.op(R.OpId));
    Out.Notes.push_back(
        {At, "'" + Lock +
                 "' is released here, under which others take elements out"});
    Out.Interleaving = {
        {1, At, "lets go of '" + Lock + "'"},
        {2, Anchor(), "takes the element out of '" + Name + "'", {Lock}},
        {1, Out.Place, "goes on from what is gone", {Lock}}};
    Found.push_back(std::move(Out));
    return;
  }
}
