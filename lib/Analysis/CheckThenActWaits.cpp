//===- CheckThenActWaits.cpp - Waiting for a condition --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// Whether \p O waits without a limit in time and without a predicate.
static bool waitsForNotification(const Op &O) {
  if (!O.Callee || !O.Callee->getIdentifier())
    return false;
  StringRef Name = O.Callee->getName();
  if (Name.contains("timed") || Name.contains("for") || Name.contains("until"))
    return false;
  const auto *Call = dyn_cast_or_null<CallExpr>(O.Node);
  if (!Call)
    return false;
  return Call->getNumArgs() == (isa<CXXMethodDecl>(O.Callee) ? 1 : 2);
}

void CheckThenActWatcher::onWait(const Simulation &Sim, const State &S,
                                 const Op &O, Loc Mutex) {
  if (MayBeLocked)
    return;
  noteBlindWait(Sim, S, O, Mutex);
  if (!waitsForNotification(O))
    return;
  noteUnaskedWait(Sim, S, O, Mutex);
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect == OpenQuery::PlainRead || Q.Changes || !Q.Under.empty() ||
        isFresh(Sim, Q.Object) || !decides(Sim, Q))
      continue;
    bool Again = llvm::any_of(S.Queries, [&](const OpenQuery &Other) {
      return Other.Object == Q.Object &&
             llvm::is_contained(Other.HeldSince, Mutex);
    });
    if (Again || !Reported.insert(identity(Sim.memory(), Q.Object)).second)
      continue;
    const Op &Asked = Sim.op(Q.OpId);
    std::string Name = nameOf(Sim, Q.Object), Lock = nameOf(Sim, Mutex);
    std::string Ask = "'" + calleeName(Sim, Asked) + "'";
    Finding R = start(Sim, Asked, "asked before waiting", Name);
    R.Message = "check-then-act on '" + Name + "': " + Ask +
                " asks it before '" + Lock +
                "' is taken to wait for its change";
    R.Notes.push_back({placeOf(Sim, O), "waits here for a notification that "
                                        "may have come already"});
    R.Interleaving = {{1, R.Place, Ask + " says to wait"},
                      {2, Anchor(), "changes '" + Name + "' and notifies"},
                      {1, placeOf(Sim, O), "waits for ever", {Lock}}};
    Found.push_back(std::move(R));
  }
}

/// Whether the wait \p O is given a predicate, and looks again by itself.
static bool looksAgain(const Op &O) {
  const auto *Call = dyn_cast_or_null<CallExpr>(O.Node);
  if (!Call)
    return true;
  return isa<CXXMethodDecl>(O.Callee) && Call->getNumArgs() &&
         Call->getArg(Call->getNumArgs() - 1)->getType()->isRecordType() &&
         Call->getNumArgs() >
             (O.Callee->getIdentifier() && O.Callee->getName() == "wait" ? 1u
                                                                         : 2u);
}

/// `if (queue.empty()) ready.wait(lock);`: when the wait is over, another
/// thread may have been faster, or nobody has notified at all.
void CheckThenActWatcher::noteBlindWait(const Simulation &Sim, const State &S,
                                        const Op &O, Loc Mutex) {
  if (Sim.inLoop(O.Id) || !O.Callee || Lent.count(Mutex) || looksAgain(O))
    return;
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Changes || !llvm::is_contained(Q.HeldSince, Mutex) ||
        isFresh(Sim, Q.Object) || !decides(Sim, Q))
      continue;
    BlindWait W;
    W.OpId = O.Id;
    W.Asked = Q.OpId;
    W.Block = Sim.block();
    W.Object = Q.Object;
    W.Mutex = Mutex;
    if (Q.Answer)
      W.Truth = S.truth(Sim.memory(), Q.Answer);
    for (const OpenQuery &Other : S.Queries)
      W.Before.insert(Other.OpId);
    if (llvm::none_of(BlindWaits, [&](const BlindWait &X) {
          return X.OpId == W.OpId && X.Asked == W.Asked;
        }))
      BlindWaits.push_back(std::move(W));
  }
}

/// \p O does to \p Object what is right only if the wait before it has got what
/// it waited for. \p Set is what plain state is set to, 0 if it is counted.
void CheckThenActWatcher::onAfterWait(const Simulation &Sim, const State &S,
                                      const Op &O, Loc Object, Sym Set) {
  const Memory &M = Sim.memory();
  for (const BlindWait &W : BlindWaits) {
    bool Behind = W.Block == Sim.block() ? O.Id > W.OpId
                                         : Sim.reaches(W.Block, Sim.block());
    if (W.Object != Object || !Behind || !S.holds(W.Mutex))
      continue;
    // Plain state is claimed by setting it to what others wait on.
    if (Set && (!W.Truth || S.truth(M, Set) != W.Truth))
      continue;
    bool Again = llvm::any_of(S.Queries, [&](const OpenQuery &Q) {
      return Q.Object == Object && !Q.Branches.empty() &&
             !W.Before.count(Q.OpId) &&
             llvm::is_contained(Q.HeldSince, W.Mutex);
    });
    if (Again || !Reported.insert(identity(M, Object)).second)
      continue;
    const Op &Asked = Sim.op(W.Asked), &Wait = Sim.op(W.OpId);
    std::string Name = nameOf(Sim, Object), Lock = nameOf(Sim, W.Mutex);
    Finding R = start(Sim, O, "not asked again", Name);
    R.Message = "check-then-act on '" + Name +
                "': it is not asked again after '" + calleeName(Sim, Wait) +
                "', before " + nameOfOp(Sim, O);
    R.Notes.push_back({placeOf(Sim, Asked), "checked here"});
    R.Notes.push_back(
        {placeOf(Sim, Wait), "waits here, and lets go of '" + Lock +
                                 "'; a loop around it looks again"});
    R.Interleaving = {
        {1, placeOf(Sim, Wait), "waits, and is notified"},
        {2, Anchor(), "changes '" + Name + "' first", {Lock}},
        {1, R.Place, "relies on what it waited for, which is over", {Lock}}};
    Found.push_back(std::move(R));
  }
}

/// Whether \p Part reads a member that is changed under \p Mutex.
bool CheckThenActWatcher::asksFor(const Stmt *Part, EntityId Mutex) const {
  if (const auto *Member = dyn_cast<MemberExpr>(Part)) {
    auto It =
        Facts.ChangedUnder.find(TU.entities().entity(Member->getMemberDecl()));
    if (It != Facts.ChangedUnder.end() && It->second.count(Mutex))
      return true;
  }
  return llvm::any_of(Part->children(), [&](const Stmt *Child) {
    return Child && asksFor(Child, Mutex);
  });
}

/// `if (isEmpty(pool)) { lock(); wait(); unlock(); }`: nothing is asked between
/// taking the mutex and waiting, only before.
void CheckThenActWatcher::noteUnaskedWait(const Simulation &Sim, const State &S,
                                          const Op &O, Loc Mutex) {
  const FlowGraph &G = Sim.graph();
  auto Held = llvm::find_if(
      S.Locks, [&](const HeldLock &H) { return H.Mutex == Mutex; });
  if (Sim.inLoop(O.Id) || Held == S.Locks.end() || Lent.count(Mutex) ||
      llvm::none_of(G.Blocks[Sim.block()].Ops,
                    [&](const Op &X) { return X.Id == Held->OpId; }))
    return;
  EntityId Lock{identity(Sim.memory(), Mutex)};
  for (int B : G.Order) {
    if (G.Blocks[B].Condition == NoReg || B == Sim.block() ||
        !Sim.decides(B, Sim.block()))
      continue;
    auto Asks = [&](const Op &X) {
      if (X.Kind == OpKind::Load)
        return X.Node && asksFor(X.Node, Lock);
      const FunctionInfo *Body = X.Kind == OpKind::Call && X.Callee
                                     ? TU.scan().find(X.Callee)
                                     : nullptr;
      return Body && Body->Decl->getBody() && !Body->Locks &&
             asksFor(Body->Decl->getBody(), Lock);
    };
    auto Asked = llvm::find_if(G.Blocks[B].Ops, Asks);
    if (Asked == G.Blocks[B].Ops.end() ||
        !Reported.insert(identity(Sim.memory(), Mutex)).second)
      continue;
    std::string Name = nameOf(Sim, Mutex);
    Finding R = start(Sim, *Asked, "asked before waiting", Name);
    R.Message = "check-then-act: what is asked here is not asked again when '" +
                Name + "' is taken to wait for its change";
    R.Notes.push_back({placeOf(Sim, O), "waits here for a notification that "
                                        "may have come already"});
    R.Interleaving = {{1, R.Place, "finds that it has to wait"},
                      {2, Anchor(), "changes that, and notifies", {Name}},
                      {1, placeOf(Sim, O), "waits for ever", {Name}}};
    Found.push_back(std::move(R));
    return;
  }
}
