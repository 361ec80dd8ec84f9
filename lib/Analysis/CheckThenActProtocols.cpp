//===- CheckThenActProtocols.cpp - What two functions do together ---------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Some checks are only seen to be stale beside the function that makes them so:
//
// - Handshake. One function raises a flag and then waits until a counter is
//   zero. Another, which must not run then, has to raise the counter first and
//   test the flag afterwards; if it tests first, both go on.
// - Last one out. A counter is dropped to zero, and then a lock is taken to
// tidy
//   up; but who comes in raises the counter under that lock, or before taking
//   it, and finds what is being torn down.
// - Lost wakeup. A condition is found false without the mutex, which is then
//   taken to wait; the notification comes in between.
// - Owners. A weak pointer is asked whether its object lives, and then locked,
//   and nobody looks whether that gave anything.
//
//===----------------------------------------------------------------------===//

#include "CheckThenActFixes.h"
#include "CheckThenActWatcher.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

bool race::countsUp(llvm::StringRef Name) {
  return Name.contains("add") || Name.contains("inc") || Name.contains("++") ||
         Name.contains("+=") || Name == "ref";
}

bool race::countsDown(llvm::StringRef Name) {
  return Name.contains("sub") || Name.contains("dec") || Name.contains("--") ||
         Name.contains("-=") || Name == "deref";
}

void CheckThenActWatcher::noteHandshake(const Simulation &Sim, const State &S,
                                        const Op &O, const ContainerEffect &Act,
                                        Loc Object) {
  const Memory &M = Sim.memory();
  EntityId Asked{identity(M, Object)};
  if (Act.Kind == ContainerOpModel::Act) {
    if (!Act.Conditional && S.Locks.empty())
      Raised.insert(Asked);
    return;
  }
  if (Act.Kind == ContainerOpModel::Query) {
    // Asked once more, after the counter was raised.
    llvm::erase_if(Seen.TestThenCount, [&](const Protocols::Crossing &C) {
      return C.Flag == Asked;
    });
    if (Sim.inLoop(O.Id))
      for (EntityId Flag : Raised)
        if (Flag != Asked)
          Seen.RaiseThenWait.insert({Flag, Asked});
    return;
  }
  if (!countsUp(Act.Name) || !S.Locks.empty() || MayBeLocked ||
      isFresh(Sim, Object))
    return;
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect == OpenQuery::PlainRead || Q.Changes || Q.Object == Object ||
        Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect].Of !=
            StateKind::Atomic ||
        !decides(Sim, Q))
      continue;
    const Op &Test = Sim.op(Q.OpId);
    std::string Flag = nameOf(Sim, Q.Object), Counter = nameOf(Sim, Object);
    Finding R = start(Sim, O, "tested before counted", Flag);
    R.Message = "check-then-act on '" + Flag + "': it is tested before '" +
                Counter + "' is raised, by which others know that it was seen";
    R.Notes.push_back(
        {placeOf(Sim, Test),
         "tested here; test it again after '" + Counter + "' was raised"});
    R.Interleaving = {
        {1, placeOf(Sim, Test), "finds that '" + Flag + "' is not set"},
        {2, Anchor(), "sets '" + Flag + "'"},
        {2, Anchor(), "finds that '" + Counter + "' is zero, and goes on"},
        {1, R.Place, "raises '" + Counter + "', and goes on too"}};
    Seen.TestThenCount.push_back(
        {{identity(M, Q.Object)}, Asked, std::move(R)});
  }
}

/// \p Mutex is about to be taken: what counters decided that, or were raised
/// just before?
void CheckThenActWatcher::noteCounted(const Simulation &Sim, const State &S,
                                      const Op &O, Loc Mutex) {
  const Memory &M = Sim.memory();
  if (!S.Locks.empty() || MayBeLocked)
    return;
  for (const OpenQuery &Q : S.Queries) {
    // What a loop's next turn takes the lock for is another matter.
    if (!Q.Changes || !Q.Under.empty() || isFresh(Sim, Q.Object) ||
        !Sim.isAhead(Sim.block(), Sim.blockOf(Q.OpId)))
      continue;
    const Op &Counts = Sim.op(Q.OpId);
    const ContainerEffect &E = Sim.effects(Counts).Containers[Q.Effect];
    Protocols::Counted C;
    C.Counter = {identity(M, Q.Object)};
    C.Mutex = {identity(M, Mutex)};
    if (countsUp(E.Name)) {
      Seen.Up.push_back(std::move(C));
    } else if (countsDown(E.Name) && decides(Sim, Q)) {
      std::string Name = nameOf(Sim, Q.Object), Lock = nameOf(Sim, Mutex);
      C.What = start(Sim, Counts, "dropped outside lock", Name);
      C.What.Message = "check-then-act on '" + Name +
                       "': it is dropped and tested without '" + Lock +
                       "', under which is done what relies on it";
      C.What.Notes.push_back(
          {placeOf(Sim, O), "'" + Lock + "' is taken here, when '" + Name +
                                "' may have been raised again"});
      C.What.Interleaving = {
          {1, C.What.Place, "finds that '" + Name + "' is down"},
          {2, Anchor(), "raises '" + Name + "' again, and goes on"},
          {1,
           placeOf(Sim, O),
           "takes '" + Lock +
               "', and tears down what "
               "thread 2 uses",
           {Lock}}};
      Seen.Down.push_back(std::move(C));
    }
  }
}

/// A location is read, set, or its address passed on while \p S is held.
void CheckThenActWatcher::noteTouched(const Simulation &Sim, const State &S,
                                      Loc L, bool Write) {
  if (Seen.Up.empty() && Seen.Down.empty())
    return;
  const Memory &M = Sim.memory();
  EntityId Touched{identity(M, L)};
  auto Holds = [&](EntityId Mutex) {
    return llvm::any_of(S.Locks, [&](const HeldLock &H) {
      return EntityId{identity(M, H.Mutex)} == Mutex;
    });
  };
  for (Protocols::Counted &C : Seen.Up)
    if (Holds(C.Mutex))
      C.Touched.insert(Touched);
  if (Write)
    for (Protocols::Counted &C : Seen.Down)
      if (Holds(C.Mutex))
        C.Touched.insert(Touched);
}

/// The counter is looked at under the lock: that is the look that counts.
void CheckThenActWatcher::noteCountUnderLock(const Simulation &Sim,
                                             const State &S,
                                             const ContainerEffect &Act,
                                             Loc Object) {
  const Memory &M = Sim.memory();
  EntityId Counter{identity(M, Object)};
  for (const HeldLock &H : S.Locks) {
    EntityId Mutex{identity(M, H.Mutex)};
    if (Act.Kind == ContainerOpModel::Query)
      llvm::erase_if(Seen.Down, [&](const Protocols::Counted &C) {
        return C.Counter == Counter && C.Mutex == Mutex;
      });
    if (Act.Kind == ContainerOpModel::Atomic && countsUp(Act.Name) &&
        !isFresh(Sim, Object)) {
      Protocols::Counted C;
      C.Counter = Counter;
      C.Mutex = Mutex;
      C.UnderMutex = true;
      Seen.Up.push_back(std::move(C));
    }
  }
}

/// Whether block \p B, to which a branch leads, does what only one thread may:
/// the program's own work, or the end of something.
bool CheckThenActWatcher::doesWork(const Simulation &Sim, int B) const {
  if (B < 0 || Sim.graph().Blocks[B].Aborts)
    return false;
  return llvm::any_of(Sim.graph().Blocks[B].Ops, [&](const Op &O) {
    return isOwnCall(O) ||
           (O.Kind == OpKind::Call && (Sim.graph().Calls[O.Index].Delete ||
                                       !Sim.effects(O).HandBacks.empty()));
  });
}

/// The branch on \p C that is being reported asks a counter for zero, which was
/// dropped by another operation before: who is the last one?
void CheckThenActWatcher::noteLastOut(const Simulation &Sim, const State &S,
                                      Sym C) {
  const Memory &M = Sim.memory();
  if (MayBeLocked || !TU.usesThreads())
    return;
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect == OpenQuery::PlainRead || Q.Changes || !Q.Answer ||
        !M.dependsOn(C, Q.Answer) || isFresh(Sim, Q.Object))
      continue;
    const Op &Asked = Sim.op(Q.OpId);
    auto Drop = llvm::find_if(S.Queries, [&](const OpenQuery &D) {
      if (D.Effect == OpenQuery::PlainRead || !D.Changes ||
          D.Object != Q.Object || !D.HeldSince.empty())
        return false;
      const ContainerEffect &E =
          Sim.effects(Sim.op(D.OpId)).Containers[D.Effect];
      return countsDown(E.Name) && !E.ResultUsed &&
             Sim.inLoop(D.OpId) == Sim.inLoop(Q.OpId);
    });
    // Who compares with something else does not look for the last one.
    Sym With = M.comparedWith(C, Q.Answer);
    bool AsksForZero = C == Q.Answer ||
                       (With && M.symbol(With).Kind == Memory::SymKind::Const);
    const auto &Ways = Sim.graph().Blocks[Sim.block()].Succs;
    if (Drop == S.Queries.end() || !AsksForZero || Ways.size() != 2 ||
        doesWork(Sim, Ways[0]) == doesWork(Sim, Ways[1]) ||
        !Reported.insert(identity(M, Q.Object)).second)
      continue;
    const Op &Dropped = Sim.op(Drop->OpId);
    std::string Name = nameOf(Sim, Q.Object);
    if (std::string Written = writtenObject(Sim, Asked); !Written.empty())
      Name = Written;
    Finding R = start(Sim, Asked, "dropped, then tested", Name);
    R.Why = Evidence::Modelled;
    R.Message = "check-then-act on '" + Name +
                "': another thread can change it between " +
                nameOfOp(Sim, Dropped) + " and " + nameOfOp(Sim, Asked) +
                ", and both are the last one";
    R.Notes.push_back({placeOf(Sim, Dropped),
                       "dropped here; what this gives says who is the last"});
    R.Interleaving = {{1, placeOf(Sim, Dropped), nameOfOp(Sim, Dropped)},
                      {2, placeOf(Sim, Dropped), nameOfOp(Sim, Dropped)},
                      {2, R.Place, "finds that nobody is left"},
                      {1, R.Place, "finds that nobody is left, too"}};
    Found.push_back(std::move(R));
  }
}

void CheckThenActWatcher::onOwners(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Act,
                                   Loc Object) {
  if (Act.Kind != ContainerOpModel::Atomic)
    return;
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Object != Object || Q.Changes || !decides(Sim, Q))
      continue;
    const Op &Asked = Sim.op(Q.OpId);
    std::string Name = nameOf(Sim, Object);
    if (std::string Written = writtenObject(Sim, O); !Written.empty())
      Name = Written;
    Finding R = start(Sim, O, "owner not tested", Name);
    R.Why = Evidence::Modelled;
    R.Message = "check-then-act on '" + Name +
                "': its object can go between '" + calleeName(Sim, Asked) +
                "' and '" + calleeName(Sim, O) +
                "', whose result is not tested";
    R.Notes.push_back({placeOf(Sim, Asked),
                       "checked here; whoever holds the last owner may drop it "
                       "at any time, under whatever lock this is"});
    R.Interleaving = {{1, placeOf(Sim, Asked), "the object is there"},
                      {2, Anchor(), "drops the last owner of the object"},
                      {1, R.Place, "'" + calleeName(Sim, O) + "' gives null"}};
    R.Fix = fixCheckThenAct(Asked, O, Act.Of, /*Outside=*/false, TU.context(),
                            TU.models());
    Untested[O.Id] = {std::move(R), /*ReturnToo=*/true};
  }
}

/// \p O takes something out of \p Object, after it was found that there is
/// something; it asks once more itself, and gives null if there is nothing.
void CheckThenActWatcher::noteTaken(const Simulation &Sim, const State &S,
                                    const Op &O, const ContainerEffect &Act,
                                    Loc Object) {
  if (O.Kind != OpKind::Call || !O.Callee || !Act.ResultUsed ||
      isFresh(Sim, Object))
    return;
  for (const OpenQuery &Q : S.Queries) {
    if (!Q.HeldSince.empty() || Q.Key ||
        !mayRelyOn(Sim, S, O, Act, Object, 0, Q) ||
        isHarmless(Sim, O, Act, 0, Q))
      continue;
    std::optional<Why> Shared = sharedBecause(Sim, S, O, Act, Q);
    if (!Shared)
      continue;
    Untested[O.Id] = {pairOf(Sim, S, O, Act, Object, Q, *Shared)};
    return;
  }
}

/// \p V, which may be what one of the untested calls gave, is looked at.
void CheckThenActWatcher::noteLook(const Simulation &Sim, Sym V, Look How) {
  if (!V || Untested.empty())
    return;
  for (auto It = Untested.begin(); It != Untested.end();) {
    Memory &M = Sim.memory();
    Sym Element = It->second.Element;
    bool Same = M.dependsOn(V, M.unknown(It->first)) ||
                (Element && M.dependsOn(V, Element) &&
                 Sim.reaches(It->second.Block, Sim.block()));
    if (Same &&
        (How == Look::Follow || (How == Look::Return && It->second.ReturnToo)))
      UsedUntested.insert(It->first);
    // A pointer that was followed before it was tested has been followed.
    bool InTime =
        How == Look::Test && (Element || !UsedUntested.count(It->first));
    It = Same && InTime ? Untested.erase(It) : std::next(It);
  }
}

void CheckThenActWatcher::onCall(const Simulation &Sim, const State &S,
                                 const Op &O, const CallInfo &Call) {
  noteMade(Sim, S, O, Call);
  if (!S.Locks.empty() && Call.Callee &&
      Call.Callee->getReturnType()->isPointerType())
    GotUnder.try_emplace(O.Id, S.Locks.front().Mutex);
  onListCall(Sim, S, O, Call);
  if (Call.MayChange >> Effects::ThisBit & 1)
    onOwned(Sim, S, O, Sim.reg(Call.This).L);
  if (Loc Object = Sim.reg(Call.This).L)
    for (const OpenQuery &Q : S.Queries)
      if (Q.Answer && Sim.memory().goesThrough(Object, Q.Answer))
        Getters.insert(O.Id);
  // The address of what is passed on under a lock is a touch.
  if (!S.Locks.empty())
    for (unsigned I = 0; I < Call.Args.size(); ++I) {
      const Memory::SymInfo &A = Sim.memory().symbol(Sim.argument(Call, I));
      if (A.Kind == Memory::SymKind::Address) {
        noteTouched(Sim, S, A.Where, false);
        noteUnderLock(Sim, S, A.Where, /*Added=*/false);
      }
    }
  if (!Call.Callee)
    return;
  auto Value = [&](Reg R) -> Sym {
    RegValue V = Sim.reg(R);
    return V.S ? V.S : V.L ? Sim.load(S, V.L) : 0;
  };
  OverloadedOperatorKind Op = Call.Callee->getOverloadedOperator();
  if ((Op == OO_Arrow || Op == OO_Star) && Call.This >= 0 && !S.Queries.empty())
    onFollowed(Sim, S, O, Value(Call.This));
  onIterator(Sim, S, O);
  if (Op == OO_Arrow || Op == OO_Star)
    onAskedTwice(Sim, S, O, Call.This >= 0 ? Value(Call.This) : 0);
  else if (Loc Object = Call.This >= 0 ? Sim.reg(Call.This).L : 0)
    onAskedTwice(Sim, S, O, Sim.memory().pointerTo(Object));
  if (Untested.empty())
    return;
  // To ask what is there is to test it.
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee);
  if (Method && Method->isConst() && Op != OO_Arrow && Op != OO_Star &&
      Call.This >= 0)
    if (Loc Object = Sim.reg(Call.This).L)
      noteLook(Sim, Sim.load(S, Object), Look::Test);
  if (Loc Object = Call.This >= 0 ? Sim.reg(Call.This).L : 0)
    noteLook(Sim, Sim.memory().pointerTo(Object), Look::Follow);
  bool Tests = isa<CXXConversionDecl>(Call.Callee) || Op == OO_EqualEqual ||
               Op == OO_ExclaimEqual;
  bool Follows = Op == OO_Arrow || Op == OO_Star;
  if (!Tests && !Follows)
    return;
  Look How = Tests ? Look::Test : Look::Follow;
  if (Call.This >= 0)
    noteLook(Sim, Value(Call.This), How);
  for (Reg R : Call.Args)
    noteLook(Sim, Value(R), How);
}

void CheckThenActWatcher::onReturn(const Simulation &Sim, const State &S,
                                   const Op &, RegValue Value) {
  noteLook(Sim,
           Value.S   ? Value.S
           : Value.L ? Sim.load(S, Value.L)
                     : 0,
           Look::Return);
}

void Protocols::take(Protocols Other) {
  RaiseThenWait.insert(Other.RaiseThenWait.begin(), Other.RaiseThenWait.end());
  llvm::move(Other.TestThenCount, std::back_inserter(TestThenCount));
  llvm::move(Other.Up, std::back_inserter(Up));
  llvm::move(Other.Down, std::back_inserter(Down));
  llvm::move(Other.RaisedLate, std::back_inserter(RaisedLate));
  llvm::move(Other.Entries, std::back_inserter(Entries));
  llvm::move(Other.Closings, std::back_inserter(Closings));
}

std::vector<Finding> Protocols::judge(const EntityTable &Names) {
  std::vector<Finding> Found;
  for (Crossing &C : TestThenCount)
    if (RaiseThenWait.count({C.Flag, C.Counter}))
      Found.push_back(std::move(C.What));
  for (Late &L : RaisedLate)
    if (llvm::any_of(Down, [&](const Counted &D) {
          return D.Counter == L.Counter && D.Mutex == L.Mutex;
        }))
      Found.push_back(std::move(L.What));
  for (Counted &D : Down) {
    bool Meets = llvm::any_of(Up, [&](const Counted &U) {
      return U.Counter == D.Counter && U.Mutex == D.Mutex &&
             (U.UnderMutex || llvm::any_of(U.Touched, [&](EntityId E) {
                return D.Touched.count(E) != 0;
              }));
    });
    if (Meets)
      Found.push_back(std::move(D.What));
  }
  judgeClosings(Names, Found);
  return Found;
}
