//===- SimulationCall.cpp - What calls do to states -----------------------===//
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

const Effects &Simulation::effects(const Op &O) const {
  auto It = EffectsById.find(O.Id);
  if (It == EffectsById.end())
    It = EffectsById.emplace(O.Id, Client.effectsOf(O, G.Calls[O.Index])).first;
  return It->second;
}

Sym Simulation::argument(const CallInfo &Call, unsigned I) const {
  if (I >= Call.Args.size())
    return 0;
  RegValue V = reg(Call.Args[I]);
  if (I < 31 && (Call.ByReference >> I & 1))
    return V.L ? M.address(V.L) : V.S ? M.address(M.temp(V.S)) : 0;
  return V.S ? V.S : V.L ? load(*Now, V.L) : 0;
}

Loc Simulation::resolve(const State &S, const Op &O, const AccessPath &P,
                        Sym *Content) const {
  const CallInfo &Call = G.Calls[O.Index];
  Loc L = 0;
  Sym V = 0;
  switch (P.Root) {
  case AccessPath::Param:
    V = argument(Call, P.Index);
    break;
  case AccessPath::This: {
    const auto *Method =
        llvm::dyn_cast_or_null<clang::CXXMethodDecl>(Call.Callee);
    // A lambda's `this` is that of the function it stands in.
    if (Method && Method->getParent()->isLambda())
      V = M.thisValue();
    else if (Call.Constructor) {
      V = reg(O.Dst).S;
      V = V ? M.address(M.temp(V)) : 0;
    } else {
      RegValue T = reg(Call.This);
      V = T.L ? M.address(T.L) : T.S ? M.address(M.temp(T.S)) : 0;
    }
    break;
  }
  case AccessPath::Global:
    L = M.global(P.Entity);
    break;
  case AccessPath::Capture:
    L = M.capture(P.Entity);
    for (unsigned I = 0; I < G.Locals.size(); ++I)
      if (G.Locals[I].Entity == P.Entity)
        L = M.local(I);
    break;
  case AccessPath::Result:
    V = reg(O.Dst).S;
    break;
  case AccessPath::Elsewhere:
    return 0;
  }
  for (const PathStep &Step : P.Steps) {
    if (L && Step.Kind == PathStep::Deref)
      V = load(S, L), L = 0;
    if (L == 0 && !V)
      return 0;
    switch (Step.Kind) {
    case PathStep::Deref:
      L = M.pointee(V);
      break;
    case PathStep::Index:
      L = M.index(L ? L : M.temp(V), 0);
      break;
    case PathStep::Field:
      L = M.field(L ? L : M.temp(V), Step.Entity);
      break;
    }
    V = 0;
  }
  if (Content)
    *Content = L ? load(S, L) : V;
  return L;
}

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
  for (const auto &[L, Mode] : Mutexes) {
    if (Reporting)
      Client.onLock(*this, S, O, E, L);
    switch (E.Op) {
    case LockModel::Acquire: {
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
      S.acquire(L, Mode, Owner, O.Id);
      break;
    case LockModel::Release:
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
      break;
    }
  }
}

void Simulation::applyContainer(State &S, const Op &O, const ContainerEffect &E,
                                unsigned Index, Sym Result) {
  Loc Object = resolve(S, O, E.Object);
  if (!Object)
    return;
  // Nobody else sees a variable of this function.
  Memory::LocKind Root = M.info(M.rootOf(Object)).Kind;
  if ((Root == Memory::LocKind::Local || Root == Memory::LocKind::Temp) &&
      E.Of != StateKind::Owners)
    return;
  Sym Key = 0;
  if (E.Key) {
    Loc KeyLoc = resolve(S, O, *E.Key, &Key);
    if (KeyLoc && !Key)
      Key = load(S, KeyLoc);
  }
  // A key that nothing is known of is like no other.
  if (E.Keyed && !Key)
    Key = M.unknown(O.Id);
  if (Reporting)
    Client.onContainer(*this, S, O, E, Object, Key);
  auto Ask = [&](bool Changes) {
    OpenQuery Q;
    Q.OpId = O.Id;
    Q.Effect = Index;
    Q.Object = Object;
    Q.Key = Key;
    Q.Answer = Result;
    for (const HeldLock &L : S.Locks)
      Q.HeldSince.push_back(L.Mutex);
    Q.Under = Q.HeldSince;
    for (const AccessPath &P : E.Locks)
      if (Loc L = resolve(S, O, P))
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
    llvm::erase_if(S.Queries,
                   [&](const OpenQuery &Q) { return Q.Object == Object; });
    claim(S, Object);
    if (E.Of == StateKind::Atomic && E.Kind == ContainerOpModel::Atomic)
      Ask(/*Changes=*/true);
    break;
  case ContainerOpModel::Read:
    break;
  }
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
    if (Reporting && V && S.Gone.find(V) && !IsHandedBackHere(V))
      Client.onUse(*this, S, O, V, K);
  };
  RegValue This = reg(Call.This);
  if (This.L && (E.Derefs >> Effects::ThisBit & 1)) {
    // Conversions and views do not change what they are asked of.
    bool Write = (Call.MayChange >> 31 & 1) && !E.ReturnsAlias &&
                 !llvm::isa_and_nonnull<clang::CXXConversionDecl>(Call.Callee);
    touch(S, O, This.L, Write);
  }
  if (Call.Target >= 0)
    Use(M.pointerTo(reg(Call.Target).L), UseKind::Access);
  for (unsigned I = 0; I < Call.Args.size() && I < 31; ++I) {
    if (!(E.Derefs >> I & 1) || (Call.ValueOnly >> I & 1))
      continue;
    RegValue V = reg(Call.Args[I]);
    if (Call.ByReference >> I & 1) {
      touch(S, O, V.L, Call.MayChange >> I & 1);
      if ((Call.MayChange >> I & 1) && E.Locks.empty())
        claim(S, V.L);
      // What the reference leads to may itself be the resource's pointer.
      continue;
    }
    if (V.S)
      Use(V.S, UseKind::Passed);
    if (V.S && M.symbol(V.S).Kind == Memory::SymKind::Address)
      Use(M.pointerTo(M.symbol(V.S).Where), UseKind::Passed);
  }
}

void Simulation::forgetChanged(State &S, const Op &O, const CallInfo &Call,
                               const Effects &E) {
  llvm::SmallVector<Loc, 16> Changed;
  auto AddInside = [&](Loc Outer, bool Itself) {
    for (const auto &[X, Y] : S.Env)
      if ((Itself || X != Outer) && M.isWithin(X, Outer))
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
    // The pointer itself is the caller's copy; what it leads to changes.
    if (Call.ByReference >> I & 1 ||
        M.symbol(V).Kind == Memory::SymKind::Address)
      Changed.push_back(Target);
    else
      AddInside(Target, true);
  }
  Loc This = reg(Call.This).L;
  if (This && (Call.MayChange >> 31 & 1) && (E.Changes >> 31 & 1) &&
      !Call.Constructor) {
    AddInside(This, false);
    // A guard or handle object keeps its identity through its methods.
    const Sym *Whole = S.Env.find(This);
    if (Whole && !S.Guards.find(*Whole) && E.Locks.empty())
      Changed.push_back(This);
  }
  if (E.ChangesGlobals)
    for (const auto &[X, Y] : S.Env)
      if (M.info(M.rootOf(X)).Kind == Memory::LocKind::Global)
        Changed.push_back(X);
  if (Changed.empty())
    return;
  llvm::sort(Changed);
  Changed.erase(std::unique(Changed.begin(), Changed.end()), Changed.end());
  forget(S, Changed, O.Id);
}

Sym Simulation::derivedFromArguments(const State &S, const Op &O,
                                     const CallInfo &Call, Sym Else) {
  Sym Result = 0;
  for (unsigned I = 0; I < Call.Args.size() && I < 3; ++I) {
    Sym V = argument(Call, I);
    if (V && M.symbol(V).Kind == Memory::SymKind::Address)
      V = load(S, M.symbol(V).Where);
    if (!V)
      continue;
    Result = Result ? M.derive(Result, V, O.Id) : M.derive(V, 0, O.Id);
  }
  return Result ? Result : Else;
}

Sym Simulation::answerAmong(const State &S, const CallInfo &Call) const {
  if (S.Queries.empty())
    return 0;
  auto IsAnswer = [&](RegValue R) -> Sym {
    Sym V = R.S;
    if (!V && R.L) {
      const Sym *Held = S.Env.find(R.L);
      V = Held ? *Held : 0;
    }
    for (const OpenQuery &Q : S.Queries)
      if (V && Q.Answer && M.dependsOn(V, Q.Answer))
        return V;
    return 0;
  };
  if (Call.This >= 0)
    if (Sym V = IsAnswer(reg(Call.This)))
      return V;
  for (Reg R : Call.Args)
    if (Sym V = IsAnswer(reg(R)))
      return V;
  return 0;
}

void Simulation::executeCall(const Op &O, std::vector<State> &States,
                             size_t I) {
  const CallInfo &Call = G.Calls[O.Index];
  const Effects &E = effects(O);
  State *S = &States[I];
  Now = S;
  if (Reporting)
    Client.onCall(*this, *S, O, Call);
  reportUses(*S, O, Call, E);

  // The result first, so that effects can speak of it.
  Sym Result = 0;
  if (E.ReturnsAlias) {
    Sym Content = 0;
    Loc L = resolve(*S, O, *E.ReturnsAlias, &Content);
    bool Reference =
        E.ReturnsAddress ||
        (Call.Callee && Call.Callee->getReturnType()->isReferenceType());
    Result = Reference ? (L ? M.address(L) : Content) : Content;
  }
  if (!Result) {
    Result = fresh(*S, O.Id);
    // What a constructor makes is computed from its arguments: a view or
    // conversion of one, a pair of key and value.
    if (Call.Constructor && !E.anyFlowEffect())
      Result = derivedFromArguments(*S, O, Call, Result);
    // What a getter, conversion or comparison tells depends on what it was
    // asked of.
    if (Sym Of = Call.Constructor ? 0 : answerAmong(*S, Call))
      Result = M.derive(Of, 0, O.Id);
  }
  set(*S, O.Dst, {0, Result});
  // `if (!p)` of a smart pointer reads it, too.
  Loc Object = reg(Call.This).L;
  if (Object && !(Call.MayChange >> Effects::ThisBit & 1) &&
      Client.tracksRead(*this, Object))
    track(*S, O, Object, Result);
  if (Reporting)
    Client.onResult(*this, *S, O, Result);

  // Locks that the call takes and keeps come before what it does under them;
  // what it releases, after.
  for (const LockEffect &L : E.Locks)
    if (L.Op != LockModel::Release && L.When == Outcome::Always)
      applyLock(*S, O, L, Result);
  for (unsigned C = 0; C < E.Containers.size(); ++C)
    applyContainer(*S, O, E.Containers[C], C, Result);
  for (const LockEffect &L : E.Locks)
    if (L.Op == LockModel::Release && L.When == Outcome::Always)
      applyLock(*S, O, L, Result);

  // Hand-backs: what, resolved before the call changes anything.
  struct Given {
    Sym V;
    unsigned Index;
    Loc Where;
  };
  std::vector<Given> Back;
  for (unsigned H = 0; H < E.HandBacks.size(); ++H) {
    Sym V = 0;
    Loc Where = resolve(*S, O, E.HandBacks[H].What, &V);
    if (!V || S->truth(M, V) == std::optional<bool>(false))
      continue;
    if (M.symbol(V).Kind == Memory::SymKind::Const)
      continue;
    if (Reporting)
      Client.onHandBack(*this, *S, O, V, E.HandBacks[H]);
    Back.push_back({V, H, Where});
  }
  forgetChanged(*S, O, Call, E);
  for (const AccessPath &P : E.Acquires) {
    Sym V = 0;
    resolve(*S, O, P, &V);
    S->Gone.erase(V);
  }
  for (const AssignEffect &A : E.Assigns) {
    Sym V = 0;
    resolve(*S, O, A.From, &V);
    Loc To = resolve(*S, O, A.To);
    if (To && V)
      store(*S, To, V, O.Id);
  }

  // Outcomes that tell states apart.
  bool Split = llvm::any_of(Back, [&](const Given &B) {
    return E.HandBacks[B.Index].When != Outcome::Always;
  });
  for (const LockEffect &L : E.Locks)
    Split |= L.When != Outcome::Always;
  auto Apply = [&](State &T, Outcome Of) {
    Now = &T;
    for (const LockEffect &L : E.Locks)
      if (L.When == Of && Of != Outcome::Always)
        applyLock(T, O, L, Result);
    for (const Given &B : Back) {
      const HandBackEffect &H = E.HandBacks[B.Index];
      if (H.When != Of)
        continue;
      if (H.Exactly && Of != Outcome::Always &&
          !T.assumeEqual(M, Result, *H.Exactly, true))
        continue;
      T.Gone[B.V] = {O.Id, B.Index};
      if (B.Where && !H.Nulls && !T.Env.find(B.Where))
        T.Env[B.Where] = B.V;
      if (H.Nulls && B.Where)
        store(T, B.Where, M.constant(0), O.Id);
    }
  };
  if (!Split) {
    Apply(*S, Outcome::Always);
    return;
  }
  Apply(*S, Outcome::Always);
  static const std::pair<Outcome, Outcome> Pairs[] = {
      {Outcome::True, Outcome::False},
      {Outcome::Negative, Outcome::NonNegative}};
  for (const auto &Pair : Pairs) {
    Outcome One = Pair.first, Other = Pair.second;
    bool Any = llvm::any_of(Back, [&](const Given &B) {
      Outcome W = E.HandBacks[B.Index].When;
      return W == One || W == Other;
    });
    for (const LockEffect &L : E.Locks)
      Any |= L.When == One || L.When == Other;
    if (!Any)
      continue;
    State Second = States[I];
    Sym Cond = One == Outcome::True
                   ? Result
                   : M.compare(Comparison::LT, Result, M.constant(0));
    if (Second.assume(M, Cond, false)) {
      Apply(Second, Other);
      // The operation loop takes only the states that were there before it.
      States.push_back(std::move(Second));
    }
    S = &States[I];
    Now = S;
    if (S->assume(M, Cond, true))
      Apply(*S, One);
  }
}
