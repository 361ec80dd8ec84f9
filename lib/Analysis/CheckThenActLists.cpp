//===- CheckThenActLists.cpp - Lists that are searched by hand ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In C a container is often a pointer to a first element that points to the
// next one. To go through it from the first on asks whether an element is there
// (CodeScan finds such loops); to set the pointer to what was just made adds
// one. If the lock was let go in between, somebody else may have added the
// same.
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "race/Support/Words.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// The search that begins with the read at \p O; null if none does.
const ListSearch *CheckThenActWatcher::listSearchAt(const Op &O) const {
  const auto *Read = dyn_cast_or_null<Expr>(O.Node);
  if (!Read || O.Kind != OpKind::Load)
    return nullptr;
  Read = Read->IgnoreParenImpCasts();
  auto It = llvm::find_if(Info.Searches,
                          [&](const ListSearch &S) { return S.Head == Read; });
  return It == Info.Searches.end() ? nullptr : &*It;
}

/// Whether a search of this function begins at \p L.
bool CheckThenActWatcher::isListHead(const Simulation &Sim, Loc L) const {
  const Memory &M = Sim.memory();
  while (M.info(L).Kind == Memory::LocKind::Index)
    L = M.info(L).Parent;
  const ValueDecl *D =
      dyn_cast_or_null<ValueDecl>(TU.entities().decl({identity(M, L)}));
  return D && llvm::any_of(Info.Searches, [&](const ListSearch &S) {
           const Expr *Head = S.Head;
           while (const auto *At = dyn_cast<ArraySubscriptExpr>(Head))
             Head = At->getBase()->IgnoreParenImpCasts();
           if (const auto *Member = dyn_cast<MemberExpr>(Head))
             return Member->getMemberDecl() == D;
           const auto *Ref = dyn_cast<DeclRefExpr>(Head);
           return Ref && Ref->getDecl() == D;
         });
}

static bool isIn(const Stmt *Part, const Stmt *Whole) {
  return Part == Whole || llvm::any_of(Whole->children(), [&](const Stmt *C) {
           return C && isIn(Part, C);
         });
}

/// Whether a way leads from block \p From to \p To that does not go through
/// \p Without.
static bool leadsTo(const FlowGraph &G, int From, int To, int Without) {
  std::vector<bool> Seen(G.Blocks.size());
  std::vector<int> Work{From};
  while (!Work.empty()) {
    int B = Work.back();
    Work.pop_back();
    if (B < 0 || B == Without || Seen[B])
      continue;
    if (B == To)
      return true;
    Seen[B] = true;
    Work.insert(Work.end(), G.Blocks[B].Succs.begin(), G.Blocks[B].Succs.end());
  }
  return false;
}

/// Whether \p S speaks of \p V.
static bool speaksOf(const Stmt *S, const ValueDecl *V) {
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    return Ref->getDecl() == V;
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return Child && speaksOf(Child, V);
  });
}

/// Whether the block that is being reported runs only if \p Search found
/// nothing, or only if it did: one side of the test never gets here, or of a
/// later branch on the element that the loop stopped at.
bool CheckThenActWatcher::decides(const Simulation &Sim,
                                  const ListSearch &Search) const {
  const FlowGraph &G = Sim.graph();
  auto Asks = [&](const Op &O) {
    if (O.Node && isIn(O.Node, Search.Test))
      return true;
    const ValueDecl *V =
        O.Kind == OpKind::Local ? G.Locals[O.Index].Decl : nullptr;
    return V && V != Search.Key && V->getType()->isPointerType() &&
           speaksOf(Search.Test, V);
  };
  for (int B : G.Order) {
    const auto &Ways = G.Blocks[B].Succs;
    if (G.Blocks[B].Condition == NoReg || Ways.size() != 2 ||
        llvm::none_of(G.Blocks[B].Ops, Asks))
      continue;
    if (leadsTo(G, Ways[0], Sim.block(), B) !=
        leadsTo(G, Ways[1], Sim.block(), B))
      return true;
  }
  return false;
}

bool race::hangsOn(const FlowGraph &G, int Block, int Branch) {
  const auto &Ways = G.Blocks[Branch].Succs;
  if (Ways.size() != 2)
    return true;
  return leadsTo(G, Ways[0], Block, Branch) !=
             leadsTo(G, Ways[1], Block, Branch) ||
         leadsTo(G, Ways[0], G.Exit, Block) !=
             leadsTo(G, Ways[1], G.Exit, Block);
}

/// The list that begins at \p Head: the structure around it, if that is one of
/// nothing but pointers.
static Loc listAt(const Memory &M, Loc Head, const EntityMapper &Entities) {
  const Memory::LocInfo &I = M.info(Head);
  if (I.Kind != Memory::LocKind::Field ||
      M.info(I.Parent).Kind != Memory::LocKind::Field)
    return Head;
  const auto *F = dyn_cast_or_null<FieldDecl>(Entities.decl({I.Id}));
  bool Whole =
      F && llvm::all_of(F->getParent()->fields(), [](const FieldDecl *X) {
        return X->getType()->isPointerType();
      });
  return Whole ? I.Parent : Head;
}

/// \p Set is stored at \p Into, by the operation itself or in what it calls.
void CheckThenActWatcher::onInsertion(const Simulation &Sim, const State &S,
                                      const Op &O, Loc Into, Sym Set) {
  if (Info.Searches.empty() || !Into || !Set || MayBeLocked ||
      isFresh(Sim, Into))
    return;
  const Memory &M = Sim.memory();
  Sym Added = Set;
  if (M.symbol(Set).Kind == Memory::SymKind::Address)
    Added = M.pointerTo(M.symbol(Set).Where);
  if (!Added || (!S.Locks.empty() && MayLook.count(S.Locks.front().OpId)))
    return;
  Loc List = listAt(M, Into, TU.entities());
  auto Searched = [&](const OpenQuery &Q) -> const ListSearch * {
    return Q.Effect == OpenQuery::PlainRead &&
                   listAt(M, Q.Object, TU.entities()) == List
               ? listSearchAt(Sim.op(Q.OpId))
               : nullptr;
  };
  // Looked for in this critical section.
  for (const OpenQuery &Q : S.Queries)
    if (!Q.HeldSince.empty() &&
        (Searched(Q) || (Q.Object == Into && Q.Effect != OpenQuery::PlainRead)))
      return;
  for (const OpenQuery &Q : S.Queries) {
    const ListSearch *Search = Searched(Q);
    if (!Search || M.dependsOn(Set, Q.Answer) || !decides(Sim, *Search))
      continue;
    // What is found in the list is new to nobody.
    const Memory::SymInfo &New = M.symbol(Added);
    const Op *By =
        New.Kind == Memory::SymKind::Unknown ? &Sim.op(New.Id) : nullptr;
    bool Made = By && (By->Kind == OpKind::Call || Sim.isNew(Added)) &&
                By->Loc.isValid();
    Loc KeyAt = localOf(Sim, Search->Key);
    Sym Key = KeyAt ? Sim.load(S, KeyAt) : 0;
    if (!Made && !(Key && isMadeFor(Sim, Added, Key)))
      continue;
    OpenQuery Asked = Q;
    Asked.Key = Added;
    Asked.Object = List;
    ContainerEffect Act;
    Act.Of = StateKind::Plain;
    Act.Why = Evidence::Structural;
    std::optional<Why> Shared = sharedBecause(Sim, S, O, Act, Asked);
    // Whoever alone adds may look without the lock.
    bool Apart = Q.Under.empty() && !S.Locks.empty();
    if (Shared && !Apart && Reported.insert(identity(M, List)).second)
      reportPair(Sim, S, O, Act, List, Asked, *Shared);
  }
}

/// A call is given the head of a list that is searched here, and what it is to
/// add: `list_add(&Made->Link, &T->List)`. Others under a lock may look through
/// the list once more, unseen.
void CheckThenActWatcher::onListCall(const Simulation &Sim, const State &S,
                                     const Op &O, const CallInfo &Call) {
  if (Info.Searches.empty() || !Call.Callee || Call.Args.size() < 2 ||
      Call.Callee->getBuiltinID())
    return;
  const Memory &M = Sim.memory();
  const IdentifierInfo *Id = Call.Callee->getIdentifier();
  bool Adds = Id && hasWord(Id->getName(), {"add", "insert", "append", "push",
                                            "prepend", "link", "enqueue"});
  for (unsigned I = 0; Adds && I < Call.Args.size(); ++I) {
    const Memory::SymInfo &Head = M.symbol(Sim.argument(Call, I));
    if (Head.Kind != Memory::SymKind::Address)
      continue;
    auto InHead = [&](const OpenQuery &Q) {
      return Q.Effect == OpenQuery::PlainRead &&
             M.isWithin(Q.Object, Head.Where) && listSearchAt(Sim.op(Q.OpId));
    };
    auto Searched = llvm::find_if(S.Queries, InHead);
    if (Searched == S.Queries.end())
      continue;
    for (unsigned J = 0; J < Call.Args.size(); ++J)
      if (J != I)
        onInsertion(Sim, S, O, Searched->Object, Sim.argument(Call, J));
    return;
  }
  if (!S.Locks.empty() && Call.ResultUsed && isOwnCall(O))
    MayLook.insert(S.Locks.front().OpId);
}

/// The location of the local variable \p V; 0 if it is none of this function.
Loc CheckThenActWatcher::localOf(const Simulation &Sim, const ValueDecl *V) {
  const std::vector<FlowLocal> &Locals = Sim.graph().Locals;
  for (unsigned I = 0; I < Locals.size(); ++I)
    if (V && Locals[I].Decl == V)
      return Sim.memory().local(I);
  return 0;
}

/// The state of an element is set at \p O, by the variable at which a loop
/// stopped that looked for one in that state, and the lock of the loop was
/// released in between.
void CheckThenActWatcher::onClaimed(const Simulation &Sim, const State &S,
                                    const Op &O, Loc L) {
  const Memory &M = Sim.memory();
  EntityId Id{identity(M, L)};
  auto Search = llvm::find_if(Info.StateSearches, [&](const StateSearch &X) {
    return X.State == TU.entities().decl(Id) && O.Node &&
           speaksOf(O.Node, X.Element);
  });
  if (Search == Info.StateSearches.end() || MayBeLocked || AtEnd)
    return;
  auto Asks = [&](const OpenQuery &Q) {
    return Q.Effect == OpenQuery::PlainRead &&
           EntityId{identity(M, Q.Object)} == Id;
  };
  auto InSearch = [&](const OpenQuery &Q) {
    const Op &Asked = Sim.op(Q.OpId);
    return Asked.Node && isIn(Asked.Node, Search->Test);
  };
  for (const OpenQuery &Q : S.Queries)
    if (Asks(Q) && !Q.HeldSince.empty() && !Q.Branches.empty())
      return;
  for (const OpenQuery &Q : S.Queries) {
    if (!Asks(Q) || !InSearch(Q) || Q.Under.empty() || Q.Claimed)
      continue;
    Loc Guard = Q.Under.front();
    bool Dropped = S.Locks.empty() && isChangedUnder(Sim, L, Guard);
    if ((!Dropped && !S.holds(Guard)) || isLent(S, Guard) ||
        !Reported.insert(Id.Value).second)
      continue;
    ContainerEffect Act;
    Act.Of = StateKind::Plain;
    reportPair(Sim, S, O, Act, L, Q,
               {"'" + nameOf(Sim, Guard) +
                    (Dropped ? "' is held here, but not at " + nameOfOp(Sim, O)
                             : "' is held at both, but released in between"),
                Evidence::Structural});
  }
}
