//===- SimulationEffect.cpp - Single effects on a state -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/Simulation.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace race;

void Simulation::applyLock(State &S, const Op &O, const LockEffect &E,
                           Sym Result) {
  Sym Content = 0;
  Loc Mutex = resolve(S, O, E.Mutex, &Content);
  std::vector<std::pair<Loc, LockMode>> Mutexes;
  Sym Owner = 0;
  if (const auto *G = Content ? S.Guards.find(Content) : nullptr) {
    Mutexes = *G;
    Owner = Content;
  } else if (Mutex) {
    Mutexes.push_back({Mutex, E.Mode});
  }
  if (E.OwnedByResult && Result) {
    Owner = Result;
    auto &Guard = S.Guards[Result];
    for (const auto &X : Mutexes)
      if (!llvm::is_contained(Guard, X))
        Guard.push_back(X);
  }
  if (E.Op == LockModel::Owns)
    return;
  if (E.Op == LockModel::Disown) {
    for (HeldLock &L : S.Locks)
      if (Owner && L.Owner == Owner)
        L.Owner = 0;
    S.Guards.erase(Owner);
    return;
  }
  for (const auto &[L, Mode] : Mutexes) {
    if (Reporting)
      Client.onLock(*this, S, O, E, L);
    switch (E.Op) {
    case LockModel::Acquire: {
      // The next turn of a loop: what the last one asked in here has led to
      // this turn, and to no act.
      llvm::erase_if(S.Queries, [&](const OpenQuery &Q) {
        return Q.HeldSince.empty() && Q.Section == O.Id;
      });
      // What was read before may have changed until the lock was got.
      llvm::SmallVector<Loc, 2> Read;
      for (const OpenQuery &Q : S.Queries)
        if (Q.Effect == OpenQuery::PlainRead && Q.HeldSince.empty())
          Read.push_back(Q.Object);
      if (!Read.empty())
        forget(S, Read, O.Id);
      S.acquire(L, Mode, Owner, O.Id);
      break;
    }
    case LockModel::AssertHeld:
      S.assertHeld(L, Mode, O.Id);
      break;
    case LockModel::Release:
      // A destructor releases what its object holds, if it does.
      if (G.Calls[O.Index].Destroyed < 0 || S.holds(L))
        S.release(L);
      break;
    case LockModel::Wait:
      // Others had the lock in between. A wait has its own way to look again at
      // what was read, and what a loop asks around it is asked again.
      llvm::erase_if(S.Queries, [&](const OpenQuery &Q) {
        return !Q.HeldSince.empty() && (Q.Effect == OpenQuery::PlainRead ||
                                        reaches(Block, BlockOfOp[Q.OpId]));
      });
      for (OpenQuery &Q : S.Queries)
        llvm::erase(Q.HeldSince, L);
      forgetShared(S, O);
      break;
    case LockModel::Owns:
    case LockModel::Disown:
      break;
    }
  }
}

void Simulation::forgetShared(State &S, const Op &O) {
  llvm::SmallVector<Loc, 16> Changed;
  for (const auto &[X, Y] : S.Env) {
    Memory::LocKind Root = M.info(M.rootOf(X)).Kind;
    if ((Root == Memory::LocKind::Global || Root == Memory::LocKind::Pointee) &&
        !S.Guards.find(Y))
      Changed.push_back(X);
  }
  if (!Changed.empty())
    forget(S, Changed, O.Id);
}

void Simulation::releaseMoved(State &S, const Op &O, const CallInfo &Call) {
  // A guard that was moved into the call ends there, or somewhere else that
  // is not known.
  for (Reg R : Call.Args) {
    Loc L = asLocation(reg(R));
    if (!L || !isMovedFrom(S, L))
      continue;
    Sym Guard = reg(R).S ? reg(R).S : load(S, L);
    if (!S.Guards.find(Guard) || reg(O.Dst).S == Guard)
      continue;
    releaseOwned(S, Guard);
  }
}

void Simulation::releaseOwned(State &S, Sym Owner) {
  std::vector<Loc> Release;
  for (const HeldLock &L : S.Locks)
    if (L.Owner == Owner)
      Release.push_back(L.Mutex);
  for (Loc L : Release)
    S.release(L);
}

void Simulation::applyContainer(State &S, const Op &O, const ContainerEffect &E,
                                unsigned Index, Sym Result,
                                const clang::FunctionDecl *In) {
  Loc Object = resolve(S, O, E.Object, nullptr, In);
  if (!Object)
    return;
  // Nobody else sees a variable of this function.
  Memory::LocKind Root = M.info(M.rootOf(Object)).Kind;
  if ((Root == Memory::LocKind::Local || Root == Memory::LocKind::Temp) &&
      E.Of != StateKind::Owners)
    return;
  Sym Key = 0;
  if (E.Key) {
    Loc KeyLoc = resolve(S, O, *E.Key, &Key, In);
    if (KeyLoc && !Key)
      Key = load(S, KeyLoc);
  }
  // A key that nothing is known of is like no other.
  if (E.Keyed && !Key)
    Key = M.unknown(O.Id);
  if (Reporting)
    Client.onContainer(*this, S, O, E, Object, Key);
  auto Ask = [&](bool Changes) {
    OpenQuery Q = queryAt(S, O, Index, Object, Result);
    Q.Key = Key;
    for (const AccessPath &P : E.Locks)
      if (Loc L = resolve(S, O, P, nullptr, In))
        Q.Under.push_back(L);
    Q.Synchronized = E.Synchronized;
    Q.Changes = Changes;
    S.ask(std::move(Q));
  };
  switch (E.Kind) {
  case ContainerOpModel::Query:
    Ask(/*Changes=*/false);
    break;
  case ContainerOpModel::Act:
  case ContainerOpModel::Atomic:
    // What was asked before is answered differently now.
    // Of files only one is.
    llvm::erase_if(S.Queries, [&](const OpenQuery &Q) {
      return Q.Object == Object &&
             (E.Of != StateKind::Files || !Key || !Q.Key || Q.Key == Key);
    });
    claim(S, Object);
    if (E.Of == StateKind::Atomic && E.Kind == ContainerOpModel::Atomic)
      Ask(/*Changes=*/true);
    break;
  case ContainerOpModel::Read:
    break;
  }
}

/// Whether \p M is `++` or `--` of one of the library's iterators.
static bool movesIterator(const clang::CXXMethodDecl *M) {
  return (M->getOverloadedOperator() == clang::OO_PlusPlus ||
          M->getOverloadedOperator() == clang::OO_MinusMinus) &&
         isIterator(M->getParent());
}

void Simulation::reportUses(State &S, const Op &O, const CallInfo &Call,
                            const Effects &E) {
  auto IsHandedBackHere = [&](Sym V) {
    auto Holds = [&](const AccessPath &P) {
      Sym Content = 0;
      resolve(S, O, P, &Content);
      return Content == V;
    };
    // Its own message says it: handed back twice. What the call makes the
    // caller's again is no use either.
    return llvm::any_of(E.HandBacks,
                        [&](const auto &H) { return Holds(H.What); }) ||
           llvm::any_of(E.Acquires, Holds);
  };
  auto Use = [&](Sym V, UseKind K) {
    Sym Gone = Reporting ? goneBehind(S, V) : 0;
    if (Gone && !IsHandedBackHere(Gone))
      Client.onUse(*this, S, O, V, K);
    else if (V && Reporting && !S.Gone.empty())
      Client.onLook(*this, S, O, V);
  };
  RegValue This = reg(Call.This);
  if (This.L && (E.Derefs >> Effects::ThisBit & 1)) {
    // Conversions and views do not change what they are asked of.
    bool Looks =
        Call.FindsElement
            ? !Call.ChangesElement
            : E.ReturnsAlias ||
                  llvm::isa_and_nonnull<clang::CXXConversionDecl>(Call.Callee);
    bool Write = (Call.MayChange >> 31 & 1) && !Looks;
    touch(S, O, This.L, Write);
  }
  if (Call.Target >= 0)
    Use(M.pointerTo(reg(Call.Target).L), UseKind::Access);
  if (Reporting && !S.Gone.empty())
    for (const FollowEffect &F : E.Follows) {
      Sym V = 0;
      resolve(S, O, F.Pointer, &V);
      Use(V, UseKind::Followed);
    }
  // To call what std::bind has made is to look at what is bound, and to move
  // an iterator is to look at the element it stands at.
  if (const auto *Method =
          llvm::dyn_cast_or_null<clang::CXXMethodDecl>(Call.Callee);
      Method && (Method->getOverloadedOperator() == clang::OO_Call ||
                 movesIterator(Method)))
    Use(valueOf(S, This), UseKind::Called);
  if (Reporting && !S.Gone.empty() && !Call.Constructor)
    for (Reg R : Call.Args)
      reportPassedLambda(S, O, reg(R));
  for (unsigned I = 0; I < Call.Args.size() && I < 31; ++I) {
    if (!(E.Derefs >> I & 1) || ((Call.ValueOnly >> I & 1) && !E.LooksAtAll))
      continue;
    RegValue V = reg(Call.Args[I]);
    if (Call.ByReference >> I & 1) {
      touch(S, O, V.L, Call.MayChange >> I & 1);
      if ((Call.MayChange >> I & 1) && E.Locks.empty())
        claim(S, V.L);
      // What the reference leads to may itself be the resource's pointer.
      continue;
    }
    // Of a part: the way to it.
    if (V.S && M.symbol(V.S).Kind == Memory::SymKind::Address &&
        !S.Gone.find(V.S))
      V.S = M.pointerTo(M.symbol(V.S).Where);
    if (V.S)
      Use(V.S, UseKind::Passed);
  }
}

void Simulation::forgetChanged(State &S, const Op &O, const CallInfo &Call,
                               const Effects &E,
                               llvm::SmallVectorImpl<Loc> &Changed) {
  bool Implicit = Call.Destroyed >= 0;
  // Which members a function sets is asked only where it matters.
  const bool ByMember = !S.Gone.empty();
  auto MaySet = [&](Loc X, Loc Outer, unsigned Arg) {
    bool Any = !ByMember;
    for (Loc L = X; L != Outer && !Any; L = M.enclosing(L))
      Any = M.info(L).Kind != Memory::LocKind::Field ||
            Client.maySet(Call, Arg, EntityId{M.info(L).Id});
    return Any;
  };
  auto HasMembers = [&](Loc Outer) {
    return llvm::any_of(S.Env, [&](const auto &E) {
      return E.first != Outer && M.isWithin(E.first, Outer);
    });
  };
  auto AddInside = [&](Loc Outer, bool Itself, unsigned Arg) {
    for (const auto &[X, Y] : S.Env)
      if (X == Outer ? Itself : M.isWithin(X, Outer) && MaySet(X, Outer, Arg))
        Changed.push_back(X);
  };
  for (unsigned I = 0; I < Call.Args.size() && I < 31; ++I) {
    if (!(Call.MayChange >> I & 1) || !(E.Changes >> I & 1))
      continue;
    Sym V = argument(Call, I);
    if (!V)
      continue;
    Loc Target = M.pointee(V);
    // A guard keeps its identity, whoever locks and unlocks it.
    const Sym *Held = S.Env.find(Target);
    if (Held && S.Guards.find(*Held))
      continue;
    // A temporary is known by its value; what it keeps may change.
    if (M.info(Target).Kind == Memory::LocKind::Temp)
      AddInside(Target, false, I);
    // The pointer itself is the caller's copy; what it leads to changes.
    else if (!(Call.ByReference >> I & 1) &&
             M.symbol(V).Kind != Memory::SymKind::Address)
      AddInside(Target, true, I);
    else if (ByMember && !Held && HasMembers(Target))
      AddInside(Target, false, I);
    else
      Changed.push_back(Target);
  }
  Loc This = reg(Call.This).L;
  if (This && (Call.MayChange >> 31 & 1) && (E.Changes >> 31 & 1) &&
      !Call.Constructor && !Implicit) {
    AddInside(This, false, Effects::ThisBit);
    // A guard or handle object keeps its identity through its methods.
    const Sym *Whole = S.Env.find(This);
    if (Whole && !S.Guards.find(*Whole) && E.Locks.empty())
      Changed.push_back(This);
  }
  if (E.ChangesGlobals && !Implicit)
    for (const auto &[X, Y] : S.Env)
      if (M.info(M.rootOf(X)).Kind == Memory::LocKind::Global)
        Changed.push_back(X);
  // What hands back takes the object out of where others find it, too: the
  // first of a list unlinks itself through its owner.
  if (ByMember || !E.HandBacks.empty())
    for (const auto &[X, Y] : S.Env)
      if (const Memory::LocInfo &I = M.info(X);
          I.Kind == Memory::LocKind::Field && M.pointerTo(X) &&
          Client.sets(Call, EntityId{I.Id}))
        Changed.push_back(X);
  if (Changed.empty())
    return;
  llvm::sort(Changed);
  Changed.erase(std::unique(Changed.begin(), Changed.end()), Changed.end());
  forget(S, Changed, O.Id);
}
