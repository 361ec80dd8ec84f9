//===- CheckThenActPointers.cpp - Pointers that others clear --------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pointer that somebody sets to null under a lock is tested, and followed:
// under that lock, but tested before it was taken; or tested under it, and read
// once more when it was released. And a count of references is raised when the
// lock was released under which was found what it counts for, so that the last
// owner may have gone in between.
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "race/Summary/PlainState.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// Whether \p O follows a smart pointer.
static bool follows(const Op &O) {
  if (O.Kind != OpKind::Call || !O.Callee)
    return false;
  OverloadedOperatorKind Op = O.Callee->getOverloadedOperator();
  return Op == OO_Arrow || Op == OO_Star;
}

/// \p L is read or written; it may be a pointer, or what one leads to.
void CheckThenActWatcher::onPointer(const Simulation &Sim, const State &S,
                                    const Op &O, Loc L, bool Write) {
  const Memory &M = Sim.memory();
  if (!S.Locks.empty() && O.Kind == OpKind::Load)
    LookedAgain.insert(L);
  if (Write && O.Kind == OpKind::Change)
    if (const auto *U = dyn_cast_or_null<UnaryOperator>(O.Node);
        U && U->isIncrementOp())
      noteRaised(Sim, S, O, L);
  noteCountTested(Sim, S, O, L);
  onAskedTwice(Sim, S, O, M.pointerTo(L));
  if (MayBeLocked || AtEnd || Facts.Cleared.empty() || !TU.usesThreads())
    return;
  auto GuardIn = [&](Loc Pointer, const std::vector<Loc> &Locks) -> Loc {
    auto It = llvm::find_if(Locks, [&](Loc Mutex) {
      return M.isBeside(Mutex, Pointer) && isChangedUnder(Sim, Pointer, Mutex);
    });
    return It == Locks.end() ? 0 : *It;
  };
  auto Asks = [&](const OpenQuery &Q, Loc Pointer) {
    return Q.Object == Pointer && Q.OpId != O.Id && !Q.Changes && Q.Answer &&
           Q.HeldSince.empty() &&
           S.truth(M, Q.Answer) != std::optional<bool>(false) &&
           decides(Sim, Q);
  };
  bool Reads = !Write && (O.Kind == OpKind::Load || follows(O));
  if (Reads && S.Locks.empty() && Facts.Cleared.count({identity(M, L)}) &&
      !isFresh(Sim, L))
    for (const OpenQuery &Q : S.Queries)
      if (Loc Guard = Asks(Q, L) ? GuardIn(L, Q.Under) : 0) {
        if (follows(O))
          reportPointer(Sim, O, L, Q, Guard, O);
        else
          ReadAgain.try_emplace(O.Id, Q, Guard);
      }
  // What is read of a pointer is followed.
  Sym Through = M.pointerTo(L);
  if (!Through)
    return;
  const Memory::SymInfo &I = M.symbol(Through);
  if ((I.Kind != Memory::SymKind::Initial &&
       I.Kind != Memory::SymKind::Changed) ||
      !I.Where || !Facts.Cleared.count({identity(M, I.Where)}) ||
      isFresh(Sim, I.Where))
    return;
  if (S.Locks.empty()) {
    for (const auto &[OpId, Read] : ReadAgain)
      if (Read.first.Object == I.Where)
        reportPointer(Sim, Sim.op(OpId), I.Where, Read.first, Read.second, O);
    return;
  }
  std::vector<Loc> Held;
  for (const HeldLock &H : S.Locks)
    Held.push_back(H.Mutex);
  Loc Guard = GuardIn(I.Where, Held);
  if (!Guard || Lent.count(Guard) || S.truth(M, Through))
    return;
  for (const OpenQuery &Q : S.Queries)
    if ((Q.Under.empty() ||
         (!Q.Claimed && llvm::is_contained(Q.Under, Guard))) &&
        Q.Answer != Through && Asks(Q, I.Where))
      reportPointer(Sim, Sim.op(Q.OpId), I.Where, Q, Guard, O);
}

/// \param At where the finding stands: where the pointer was tested without
/// \p Guard, or read without it after it was tested.
void CheckThenActWatcher::reportPointer(const Simulation &Sim, const Op &At,
                                        Loc Pointer, const OpenQuery &Q,
                                        Loc Guard, const Op &Followed) {
  std::string Name = nameOf(Sim, Pointer), Lock = nameOf(Sim, Guard);
  if (Name.empty() || Lock.empty() ||
      !Reported.insert(identity(Sim.memory(), Pointer)).second)
    return;
  const Op &Asked = Sim.op(Q.OpId);
  bool Before = Q.Under.empty();
  bool Anew = !Before && At.Id == Q.OpId;
  Finding R = start(Sim, At, "pointer cleared", Name);
  R.Message = "check-then-act on '" + Name + "': it is " +
              (Anew ? "tested under '" + Lock +
                          "', and followed when that is taken anew"
               : Before ? "tested before '" + Lock + "' is taken"
                        : "followed after '" + Lock + "' was released") +
              ", under which it is set to null";
  if (Before || Anew)
    R.Notes.push_back({placeOf(Sim, Followed),
                       "followed here; test it again under '" + Lock + "'"});
  else
    R.Notes.push_back(
        {placeOf(Sim, Asked), "tested here; keep '" + Lock +
                                  "', or a copy that owns what it leads to"});
  R.Interleaving = {
      {1, placeOf(Sim, Asked), "finds that '" + Name + "' is set"},
      {2, Anchor(), "sets it to null", {Lock}},
      {1, placeOf(Sim, Followed), "follows it"}};
  Found.push_back(std::move(R));
}

/// The lock under which this function got the pointer, and which it has
/// released since; 0 if there is none.
Loc CheckThenActWatcher::foundUnder(const Simulation &Sim, const State &S,
                                    Sym Pointer) const {
  const Memory &M = Sim.memory();
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Under.empty() || !Q.HeldSince.empty() || isFresh(Sim, Q.Object))
      continue;
    // What a walk through a list has stopped at.
    bool Walked = M.symbol(Pointer).Kind == Memory::SymKind::Merge &&
                  listSearchAt(Sim.op(Q.OpId));
    if (Q.Answer == Pointer || Walked)
      return Q.Under.front();
  }
  const Memory::SymInfo &I = M.symbol(Pointer);
  const Op *By = callThatMade(Sim, Pointer);
  auto It = GotUnder.find(I.Kind == Memory::SymKind::Unknown ? I.Id
                          : By                               ? By->Id
                                                             : ~0u);
  return It == GotUnder.end() ? 0 : It->second;
}

/// The count \p Counter is raised at \p O.
void CheckThenActWatcher::noteRaised(const Simulation &Sim, const State &S,
                                     const Op &O, Loc Counter) {
  const Memory &M = Sim.memory();
  Sym Through = M.pointerTo(Counter);
  if (!S.Locks.empty() || MayBeLocked || !Through || isFresh(Sim, Counter) ||
      !TU.usesThreads())
    return;
  Loc Mutex = foundUnder(Sim, S, Through);
  if (!Mutex)
    return;
  EntityId Count{identity(M, Counter)}, Guard{identity(M, Mutex)};
  std::string Name = nameOf(Sim, Counter), Lock = nameOf(Sim, Mutex);
  if (Name.empty() || Lock.empty())
    return;
  Finding R = start(Sim, O, "raised after lock", Name);
  R.Message = "check-then-act on '" + Name + "': it is raised after '" + Lock +
              "' was released, under which was found what it counts for";
  R.Notes.push_back({R.Place, "the last owner may be gone by now; raise it "
                              "before '" +
                                  Lock + "' is released"});
  R.Interleaving = {{1, Anchor(), "finds it", {Lock}},
                    {2, Anchor(), "drops '" + Name + "' to zero, and ends it"},
                    {1, R.Place, "raises '" + Name + "' of what is gone"}};
  // A plain count has a lock. An atomic one is dropped without it, but what it
  // counts for is taken out under it.
  bool Atomic = O.Kind != OpKind::Change;
  const GuardTable &By = Atomic ? Facts.DroppedUnder : Facts.ChangedUnder;
  auto It = By.find(Count);
  if (It == By.end() || !It->second.count(Guard)) {
    if (Atomic)
      Seen.RaisedLate.push_back({Count, Guard, std::move(R)});
    return;
  }
  if (Reported.insert(identity(M, Counter)).second)
    Found.push_back(std::move(R));
}

/// \p L is read or written: is it a count that is changed under the lock, or
/// one that was, and is read now that the lock was released?
void CheckThenActWatcher::noteCountTested(const Simulation &Sim, const State &S,
                                          const Op &O, Loc L) {
  if (MayBeLocked || !TU.usesThreads())
    return;
  const Memory &M = Sim.memory();
  if (O.Kind == OpKind::Change) {
    const auto *U = dyn_cast_or_null<UnaryOperator>(O.Node);
    auto Guard = llvm::find_if(
        S.Locks, [&](const HeldLock &H) { return M.isBeside(H.Mutex, L); });
    if (!U || !U->isIncrementDecrementOp() || Guard == S.Locks.end() ||
        isLent(S, Guard->Mutex) || isFresh(Sim, L) ||
        !isPlainState(M, L, TU.entities(), TU.models()))
      return;
    CountedUnder[L] = {&O, U->isIncrementOp(), Guard->Mutex, Sim.block()};
    return;
  }
  auto It = CountedUnder.find(L);
  if (O.Kind == OpKind::Load && It != CountedUnder.end() && S.Locks.empty() &&
      Sim.reaches(It->second.Block, Sim.block()))
    CountRead[Sim.block()] = {L, &O};
}

/// The branch on \p C that is being reported asks a count, read anew after the
/// lock was released, whether this was the first or the last one.
void CheckThenActWatcher::onCountTested(const Simulation &Sim, const State &S,
                                        Sym C) {
  auto It = CountRead.find(Sim.block());
  if (It == CountRead.end() || !S.Locks.empty())
    return;
  const auto &[L, Read] = It->second;
  const CountedHere &Counted = CountedUnder[L];
  const Memory &M = Sim.memory();
  Sym Now = Sim.load(S, L);
  int64_t Asked = Counted.Up ? 1 : 0;
  auto IsTest = [&](Sym V) {
    const Memory::SymInfo &I = M.symbol(V);
    Sym With = I.Kind == Memory::SymKind::Compare && I.Cmp == Comparison::EQ &&
                       (I.A == Now || I.B == Now)
                   ? M.comparedWith(V, Now)
                   : 0;
    return With && M.symbol(With).Kind == Memory::SymKind::Const &&
           M.symbol(With).Value == Asked;
  };
  const Memory::SymInfo &I = M.symbol(C);
  bool Tests = (C == Now && !Counted.Up) || IsTest(C) ||
               (I.Kind == Memory::SymKind::Compare && IsTest(I.A));
  const auto &Ways = Sim.graph().Blocks[Sim.block()].Succs;
  // In the next turn of a loop it is another question.
  if (!Now || M.symbol(Now).Kind != Memory::SymKind::Changed || !Tests ||
      Ways.size() != 2 || doesWork(Sim, Ways[0]) == doesWork(Sim, Ways[1]))
    return;
  std::string Name = nameOf(Sim, L), Lock = nameOf(Sim, Counted.Mutex);
  if (Name.empty() || Lock.empty() || !Reported.insert(identity(M, L)).second)
    return;
  StringRef Done = Counted.Up ? "raised" : "dropped";
  StringRef Turn = Counted.Up ? "first" : "last";
  Finding R = start(Sim, *Read, "counted, then tested", Name);
  R.Message = ("check-then-act on '" + Name + "': it is tested after '" + Lock +
               "' was released, under which it was " + Done)
                  .str();
  R.Notes.push_back({placeOf(Sim, *Counted.By),
                     (Done + " here; keep what it is then in a variable, and "
                             "test that")
                         .str()});
  R.Interleaving = {
      {1, placeOf(Sim, *Counted.By), (Done + " it").str(), {Lock}},
      {2, placeOf(Sim, *Counted.By), (Done + " it").str(), {Lock}},
      {2, R.Place, ("takes itself for the " + Turn + " one, or nobody").str()},
      {1, R.Place, ("takes itself for the " + Turn + " one, too").str()}};
  Found.push_back(std::move(R));
}

/// The pointer \p Followed is followed at \p O. Is it what a getter gave that
/// was asked a second time, after its first answer was tested?
void CheckThenActWatcher::onAskedTwice(const Simulation &Sim, const State &S,
                                       const Op &O, Sym Followed) {
  if (!Followed || S.Queries.size() < 2 || Facts.Cleared.empty() ||
      !S.Locks.empty() || MayBeLocked || AtEnd)
    return;
  const Memory &M = Sim.memory();
  auto IsGetter = [&](const OpenQuery &Q) {
    return Q.Effect != OpenQuery::PlainRead && !Q.Changes && Q.Answer &&
           Q.HeldSince.empty() && !Q.Under.empty() &&
           Facts.Cleared.count({identity(M, Q.Object)}) &&
           Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect].Of ==
               StateKind::Plain;
  };
  auto Second = llvm::find_if(S.Queries, [&](const OpenQuery &Q) {
    return Q.Answer == Followed && Q.Branches.empty() && IsGetter(Q);
  });
  if (Second == S.Queries.end() || isFresh(Sim, Second->Object))
    return;
  const Op &Again = Sim.op(Second->OpId);
  for (const OpenQuery &First : S.Queries) {
    if (First.OpId == Second->OpId || First.Object != Second->Object ||
        !IsGetter(First) || Sim.op(First.OpId).Callee != Again.Callee ||
        S.truth(M, First.Answer) == std::optional<bool>(false) ||
        !decides(Sim, First))
      continue;
    std::string Name = nameOf(Sim, First.Object);
    std::string Lock = nameOf(Sim, First.Under.front());
    if (Name.empty() || Lock.empty() ||
        !Reported.insert(identity(M, First.Object)).second)
      return;
    const Op &Asked = Sim.op(First.OpId);
    Finding R = start(Sim, Again, "asked twice", Name);
    R.Message = "check-then-act on '" + Name + "': what '" +
                calleeName(Sim, Again) +
                "' gives now may be null, whatever it gave before";
    R.Notes.push_back({placeOf(Sim, Asked),
                       "tested here; keep in a variable what it gave, and use "
                       "that"});
    R.Interleaving = {{1, placeOf(Sim, Asked), "finds '" + Name + "' set"},
                      {2, Anchor(), "sets it to null", {Lock}},
                      {1, placeOf(Sim, O), "asks once more, and follows null"}};
    Found.push_back(std::move(R));
    return;
  }
}
