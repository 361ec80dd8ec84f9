//===- State.cpp - What is known at one point of a path -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/State.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"

using namespace race;

bool Fact::mayBe(int64_t V) const {
  if (Equal && *Equal != V)
    return false;
  if (((Known & Zero) && V != 0) || ((Known & NonZero) && V == 0) ||
      ((Known & Negative) && V >= 0) || ((Known & NonNegative) && V < 0))
    return false;
  if (!Among.empty() && !llvm::is_contained(Among, V))
    return false;
  return !llvm::is_contained(NotEqual, V);
}

/// Sets of more values are not kept.
static constexpr size_t MaxAmong = 4;

static std::vector<int64_t> valuesOf(const Fact &F) {
  if (F.Equal)
    return {*F.Equal};
  return F.Among;
}

Fact Fact::join(const Fact &O) const {
  Fact R;
  R.Known = Known & O.Known;
  if (Equal == O.Equal)
    R.Equal = Equal;
  std::vector<int64_t> A = valuesOf(*this), B = valuesOf(O);
  if (!R.Equal && !A.empty() && !B.empty()) {
    std::set_union(A.begin(), A.end(), B.begin(), B.end(),
                   std::back_inserter(R.Among));
    if (R.Among.size() > MaxAmong)
      R.Among.clear();
  }
  for (int64_t V : NotEqual)
    if (!O.mayBe(V))
      R.NotEqual.push_back(V);
  for (int64_t V : O.NotEqual)
    if (!mayBe(V) && !llvm::is_contained(R.NotEqual, V))
      R.NotEqual.push_back(V);
  return R;
}

/// What \p V says as a fact.
static Fact factOf(int64_t V) {
  Fact F;
  F.Equal = V;
  F.Known = (V == 0 ? Fact::Zero : Fact::NonZero) |
            (V < 0 ? Fact::Negative : Fact::NonNegative);
  return F;
}

Fact State::factAbout(const Memory &M, Sym S) const {
  if (M.symbol(S).Kind == Memory::SymKind::Const)
    return factOf(M.symbol(S).Value);
  if (const Fact *F = Facts.find(S))
    return *F;
  return Fact();
}

bool State::knowsOf(const Memory &M, Sym S) const {
  return M.symbol(S).Kind == Memory::SymKind::Const || Facts.find(S);
}

std::optional<bool> State::truth(const Memory &M, Sym S) const {
  const Memory::SymInfo &I = M.symbol(S);
  switch (I.Kind) {
  case Memory::SymKind::Const:
    return I.Value != 0;
  case Memory::SymKind::Address:
  case Memory::SymKind::Function:
  case Memory::SymKind::This:
    return true;
  case Memory::SymKind::Compare: {
    const Memory::SymInfo &B = M.symbol(I.B);
    if (B.Kind == Memory::SymKind::Const &&
        (I.Cmp == Comparison::EQ || I.Cmp == Comparison::NE)) {
      bool WantEqual = I.Cmp == Comparison::EQ;
      const Memory::SymInfo &A = M.symbol(I.A);
      if (A.Kind == Memory::SymKind::Const)
        return (A.Value == B.Value) == WantEqual;
      if (B.Value == 0)
        if (std::optional<bool> T = truth(M, I.A))
          return *T != WantEqual;
      if (const Fact *F = Facts.find(I.A)) {
        if (F->Equal)
          return (*F->Equal == B.Value) == WantEqual;
        if (!F->mayBe(B.Value))
          return !WantEqual;
      }
    } else if (B.Kind == Memory::SymKind::Const) {
      const Memory::SymInfo &A = M.symbol(I.A);
      std::optional<int64_t> V;
      const Fact *F = Facts.find(I.A);
      if (A.Kind == Memory::SymKind::Const)
        V = A.Value;
      else if (F)
        V = F->Equal;
      bool Less = I.Cmp == Comparison::LT;
      if (V)
        return (*V < B.Value) == Less;
      if (F && B.Value == 0) {
        if (F->Known & Fact::Negative)
          return Less;
        if (F->Known & Fact::NonNegative)
          return !Less;
      }
    } else if (I.A == I.B) {
      return I.Cmp == Comparison::EQ || I.Cmp == Comparison::GE;
    }
    break;
  }
  default:
    break;
  }
  if (const Fact *F = Facts.find(S)) {
    if (F->Known & Fact::Zero)
      return false;
    if (F->Known & Fact::NonZero)
      return true;
  }
  return std::nullopt;
}

bool State::assumeEqual(Memory &M, Sym S, int64_t V, bool Equal) {
  const Memory::SymInfo &I = M.symbol(S);
  if (I.Kind == Memory::SymKind::Const)
    return (I.Value == V) == Equal;
  if (V == 0)
    if (std::optional<bool> T = truth(M, S); T && *T == Equal)
      return false;
  // A comparison or negation that is zero says something of its operands.
  if (I.Kind == Memory::SymKind::Compare && (V == 0 || V == 1))
    return assume(M, S, (V == 1) == Equal);
  Fact &F = Facts[S];
  if (Equal) {
    if (!F.mayBe(V))
      return false;
    F = factOf(V);
    return true;
  }
  if (F.Equal)
    return *F.Equal != V;
  if (!F.Among.empty()) {
    llvm::erase(F.Among, V);
    if (F.Among.empty())
      return false;
    if (F.Among.size() == 1) {
      F = factOf(F.Among.front());
      return true;
    }
  }
  if (V == 0)
    F.Known |= Fact::NonZero;
  else if (!llvm::is_contained(F.NotEqual, V) && F.NotEqual.size() < 8)
    F.NotEqual.push_back(V);
  return !(F.Known & Fact::Zero) || V != 0;
}

bool State::assume(Memory &M, Sym S, bool Truth) {
  if (!S)
    return true;
  if (std::optional<bool> T = truth(M, S))
    return *T == Truth;
  const Memory::SymInfo I = M.symbol(S);
  if (I.Kind == Memory::SymKind::Compare) {
    const Memory::SymInfo &B = M.symbol(I.B);
    const Memory::SymInfo &A = M.symbol(I.A);
    Fact &Own = Facts[S];
    Own.Known |= Truth ? Fact::NonZero : Fact::Zero;
    if (I.Cmp == Comparison::EQ || I.Cmp == Comparison::NE) {
      bool Equal = (I.Cmp == Comparison::EQ) == Truth;
      if (B.Kind == Memory::SymKind::Const)
        return assumeEqual(M, I.A, B.Value, Equal);
      if (A.Kind == Memory::SymKind::Const)
        return assumeEqual(M, I.B, A.Value, Equal);
      return true;
    }
    bool Less = (I.Cmp == Comparison::LT) == Truth;
    if (B.Kind == Memory::SymKind::Const && A.Kind != Memory::SymKind::Const) {
      Fact &F = Facts[I.A];
      if (Less && B.Value <= 0)
        F.Known |= Fact::Negative | Fact::NonZero;
      if (!Less && B.Value >= 0)
        F.Known |= Fact::NonNegative;
      if (!Less && B.Value > 0)
        F.Known |= Fact::NonZero;
      return (F.Known & (Fact::Negative | Fact::NonNegative)) !=
             (Fact::Negative | Fact::NonNegative);
    }
    if (A.Kind == Memory::SymKind::Const && B.Kind != Memory::SymKind::Const) {
      // c < x, or c >= x
      Fact &F = Facts[I.B];
      if (Less && A.Value >= 0)
        F.Known |= Fact::NonNegative | Fact::NonZero;
      if (!Less && A.Value < 0)
        F.Known |= Fact::Negative | Fact::NonZero;
      return (F.Known & (Fact::Negative | Fact::NonNegative)) !=
             (Fact::Negative | Fact::NonNegative);
    }
    return true;
  }
  return assumeEqual(M, S, 0, !Truth);
}

/// Whether a value of this kind can be that of an object with members.
static bool hasParts(Memory::SymKind K) {
  switch (K) {
  case Memory::SymKind::Unknown:
  case Memory::SymKind::Derive:
  case Memory::SymKind::Merge:
  case Memory::SymKind::Changed:
  case Memory::SymKind::Older:
    return true;
  default:
    return false;
  }
}

Sym State::load(Memory &M, Loc L) const {
  if (!L)
    return 0;
  if (const Sym *V = Env.find(L))
    return *V;
  if (M.info(L).Depth > Memory::MaxDepth)
    return 0;
  // A part of a whole that was copied: derived from the whole's value.
  const Memory::LocInfo &I = M.info(L);
  if (I.Kind == Memory::LocKind::Field || I.Kind == Memory::LocKind::Index)
    if (const Sym *Whole = Env.find(I.Parent)) {
      const Memory::SymInfo &W = M.symbol(*Whole);
      if (I.Kind == Memory::LocKind::Field)
        if (const Sym *Part = Env.find(M.field(M.temp(*Whole), EntityId{I.Id})))
          return *Part;
      if (W.Kind == Memory::SymKind::Initial)
        return M.initial(I.Kind == Memory::LocKind::Field
                             ? M.field(W.Where, {I.Id})
                             : M.index(W.Where, I.Id));
      // Nothing is left of what the variable held in an earlier turn.
      if (I.Kind == Memory::LocKind::Field && hasParts(W.Kind))
        return M.initial(M.field(M.temp(*Whole), EntityId{I.Id}));
    }
  return M.initial(L);
}

bool State::holds(Loc Mutex) const {
  return llvm::any_of(Locks,
                      [&](const HeldLock &L) { return L.Mutex == Mutex; });
}

void State::acquire(Loc Mutex, LockMode Mode, Sym Owner, unsigned OpId) {
  if (!Mutex)
    return;
  HeldLock H{Mutex, Mode, Owner, OpId};
  if (llvm::is_contained(Locks, H))
    return;
  // Taken back after it was let go: as when the function began.
  H.Restored = llvm::is_contained(Dropped, Mutex);
  llvm::erase(Dropped, Mutex);
  Locks.push_back(H);
  llvm::sort(Locks, [](const HeldLock &A, const HeldLock &B) {
    return std::tie(A.Mutex, A.Owner) < std::tie(B.Mutex, B.Owner);
  });
}

void State::assertHeld(Loc Mutex, LockMode Mode, unsigned OpId) {
  if (holds(Mutex))
    return;
  acquire(Mutex, Mode, 0, OpId);
  for (HeldLock &L : Locks)
    L.Asserted |= L.Mutex == Mutex && !L.Restored;
}

void State::noteRun(Sym Callable) {
  auto At = llvm::lower_bound(Ran, Callable);
  if (At == Ran.end() || *At != Callable)
    Ran.insert(At, Callable);
}

void State::ask(OpenQuery Q) {
  llvm::erase_if(Queries, [&](const OpenQuery &X) {
    return X.OpId == Q.OpId && X.Effect == Q.Effect && X.Object == Q.Object;
  });
  Queries.push_back(std::move(Q));
  llvm::sort(Queries, [](const OpenQuery &A, const OpenQuery &B) {
    return std::tie(A.OpId, A.Effect, A.Object, A.Key) <
           std::tie(B.OpId, B.Effect, B.Object, B.Key);
  });
}

void State::release(Loc Mutex) {
  bool Restored = false, Held = false;
  for (const HeldLock &L : Locks)
    if (L.Mutex == Mutex) {
      Held = true;
      Restored |= L.Restored || L.Asserted;
    }
  if ((!Held || Restored) && !llvm::is_contained(Dropped, Mutex)) {
    Dropped.push_back(Mutex);
    llvm::sort(Dropped);
  }
  llvm::erase_if(Locks, [&](const HeldLock &L) { return L.Mutex == Mutex; });
  for (OpenQuery &Q : Queries)
    llvm::erase(Q.HeldSince, Mutex);
}

bool State::sameProperty(const State &O) const {
  return Locks == O.Locks && Gone == O.Gone && Dropped == O.Dropped &&
         Ran == O.Ran && Ways == O.Ways;
}

bool State::operator==(const State &O) const {
  return sameProperty(O) && Env == O.Env && Regs == O.Regs &&
         Facts == O.Facts && Guards == O.Guards && Queries == O.Queries &&
         ReturnedBy == O.ReturnedBy;
}

/// Merged values that a join of \p A and \p B at \p Block makes anew, and on
/// which what was handed back depends: that was of an earlier turn of a loop.
static llvm::SmallVector<Sym, 8> mergedAgain(const State &A, const State &B,
                                             Memory &M, unsigned Block) {
  llvm::SmallVector<Sym, 8> Again;
  FlatMap<Loc, Sym>::zip(A.Env, B.Env, [&](Loc L, const Sym *X, const Sym *Y) {
    Sym S = X ? *X : A.load(M, L), T = Y ? *Y : B.load(M, L);
    if (S != T && !M.isMerge(S, Block, L))
      Again.push_back(M.merge(Block, L, NoReg));
  });
  llvm::erase_if(Again, [&](Sym Merged) {
    auto Depends = [&](const auto &P) { return M.dependsOn(P.first, Merged); };
    return llvm::none_of(A.Gone, Depends) && llvm::none_of(B.Gone, Depends);
  });
  return Again;
}

/// As State::join, where no value that is merged was merged before.
static State joinNew(const State &Self, const State &Incoming, Memory &M,
                     unsigned Block) {
  State R;
  State O = Incoming;
  // A merged value that takes in a new one is a new value: what the incoming
  // path still knows of it is of an earlier turn of the loop.
  llvm::SmallVector<Sym, 8> Made;
  for (const auto &[L, S] : Self.Env)
    if (M.isMerge(S, Block, L)) {
      const Sym *Other = O.Env.find(L);
      if (!Other || *Other != S)
        Made.push_back(S);
    }
  for (const auto &[Id, V] : Self.Regs)
    if (V.S && V.S == M.merge(Block, 0, Id)) {
      const RegValue *Other = O.Regs.find(Id);
      if (!Other || *Other != V)
        Made.push_back(V.S);
    }
  O.renew(M, Made);
  // What both sides have in common needs no second look.
  llvm::SmallVector<std::pair<Sym, Fact>, 4> Merges;
  if (Self.Regs.shares(O.Regs))
    R.Regs = Self.Regs;
  else
    FlatMap<Reg, RegValue>::zip(
        Self.Regs, O.Regs, [&](Reg Id, const RegValue *A, const RegValue *B) {
          if (!A || !B || *A == *B)
            return R.Regs.append(Id, A ? *A : *B);
          Sym Merged = M.merge(Block, 0, Id);
          R.Regs.append(Id, {0, Merged});
          if (A->S && B->S)
            Merges.push_back(
                {Merged, Self.factAbout(M, A->S).join(O.factAbout(M, B->S))});
        });
  if (Self.Facts.shares(O.Facts))
    R.Facts = Self.Facts;
  else
    FlatMap<Sym, Fact>::zip(Self.Facts, O.Facts,
                            [&](Sym S, const Fact *A, const Fact *B) {
                              if (!A || !B)
                                return;
                              Fact J = *A == *B ? *A : A->join(*B);
                              if (!J.empty())
                                R.Facts.append(S, std::move(J));
                            });
  for (auto &[S, J] : Merges)
    if (J.empty())
      R.Facts.erase(S);
    else
      R.Facts[S] = std::move(J);
  // A location that one side has not touched holds there what it did at first,
  // or a part of what it is a part of.
  if (Self.Env.shares(O.Env))
    R.Env = Self.Env;
  else
    FlatMap<Loc, Sym>::zip(
        Self.Env, O.Env, [&](Loc L, const Sym *A, const Sym *B) {
          Sym S = A ? *A : Self.load(M, L);
          Sym T = B ? *B : O.load(M, L);
          if (S == T)
            return R.Env.append(L, S);
          Sym Merged = M.merge(Block, L, NoReg);
          R.Env.append(L, Merged);
          if (!Self.knowsOf(M, S) || !O.knowsOf(M, T))
            return;
          Fact J = Self.factAbout(M, S).join(O.factAbout(M, T));
          if (!J.empty())
            R.Facts[Merged] = std::move(J);
        });
  R.ReturnedBy = Self.ReturnedBy == O.ReturnedBy ? Self.ReturnedBy : 0;
  R.Guards = Self.Guards;
  for (const auto &[S, G] : O.Guards)
    R.Guards[S] = G;
  for (HeldLock L : Self.Locks)
    for (const HeldLock &X : O.Locks) {
      if (L.Mutex != X.Mutex)
        continue;
      if (X.Mode == LockMode::Shared)
        L.Mode = LockMode::Shared;
      if (X.Owner != L.Owner)
        L.Owner = 0;
      R.Locks.push_back(L);
      break;
    }
  for (const auto &[S, G] : Self.Gone)
    if (O.Gone.find(S))
      R.Gone[S] = G;
  for (Loc L : Self.Dropped)
    if (llvm::is_contained(O.Dropped, L))
      R.Dropped.push_back(L);
  for (Sym S : Self.Ran)
    if (llvm::is_contained(O.Ran, S))
      R.Ran.push_back(S);
  for (const auto &[S, Way] : Self.Ways)
    if (const bool *Other = O.Ways.find(S); Other && *Other == Way)
      R.Ways[S] = Way;
  // Queries: a path on which one was asked is enough.
  R.Queries = Self.Queries;
  for (const OpenQuery &Q : O.Queries) {
    auto It = llvm::find_if(R.Queries, [&](const OpenQuery &X) {
      return X.OpId == Q.OpId && X.Effect == Q.Effect && X.Object == Q.Object &&
             X.Key == Q.Key;
    });
    if (It == R.Queries.end()) {
      R.Queries.push_back(Q);
      continue;
    }
    llvm::erase_if(It->HeldSince,
                   [&](Loc L) { return !llvm::is_contained(Q.HeldSince, L); });
    It->Claimed |= Q.Claimed;
    for (int B : Q.Branches)
      if (!llvm::is_contained(It->Branches, B))
        It->Branches.push_back(B);
    llvm::sort(It->Branches);
    for (Loc L : Q.Beside)
      if (!llvm::is_contained(It->Beside, L))
        It->Beside.push_back(L);
  }
  llvm::sort(R.Queries, [](const OpenQuery &A, const OpenQuery &B) {
    return std::tie(A.OpId, A.Effect, A.Object, A.Key) <
           std::tie(B.OpId, B.Effect, B.Object, B.Key);
  });
  return R;
}

State State::join(const State &Incoming, Memory &M, unsigned Block) const {
  if (!Gone.empty() && !Env.shares(Incoming.Env))
    if (auto Again = mergedAgain(*this, Incoming, M, Block); !Again.empty()) {
      State Self = *this, Other = Incoming;
      Self.renew(M, Again);
      Other.renew(M, Again);
      return joinNew(Self, Other, M, Block);
    }
  return joinNew(*this, Incoming, M, Block);
}

void State::renew(Memory &M, llvm::ArrayRef<Sym> Made) {
  if (Made.empty())
    return;
  // What an earlier turn had becomes that of one turn before: neither what was
  // computed from it nor what was known of it is true of the one after it.
  Dependence OnMade(M, Made, /*OfOlder=*/true);
  // What was reached through the old value is not what the new one leads to.
  Env.eraseIf([&](const auto &P) { return OnMade.ofWayTo(P.first); });
  auto Rename = [&](Sym &X) {
    // What was old already is one generation older now.
    if (OnMade.of(X))
      X = M.older(X, M.symbol(X).Kind == Memory::SymKind::Older ? 2 : 1);
  };
  Env.transform([&](Loc, Sym &X) { Rename(X); });
  Regs.transform([&](Reg, RegValue &V) {
    Rename(V.S);
    if (V.L && OnMade.ofWayTo(V.L))
      V = RegValue();
  });
  if (!Gone.empty()) {
    FlatMap<Sym, HandedBack> Renamed;
    for (const auto &[X, G] : Gone) {
      Sym Key = X;
      Rename(Key);
      // The second generation stands for many: nothing is sure of it.
      if (Key == X || M.symbol(Key).Id < 2)
        Renamed[Key] = G;
    }
    Gone = std::move(Renamed);
  }
  Facts.eraseIf([&](const auto &P) { return OnMade.of(P.first); });
  Ways.eraseIf([&](const auto &P) { return OnMade.of(P.first); });
  llvm::erase_if(Queries, [&](const OpenQuery &Q) {
    return (Q.Answer && OnMade.of(Q.Answer)) || OnMade.ofWayTo(Q.Object);
  });
}

void State::collectGarbage(const Memory &M) {
  if (Gone.empty() && Guards.empty() && Env.size() < 32)
    return;
  llvm::BitVector Reached(M.numSymbols());
  auto Reach = [&](Sym S) {
    if (!S || Reached.test(S))
      return false;
    Reached.set(S);
    llvm::SmallVector<Sym, 4> Owners;
    M.ownersOf(S, Owners);
    for (Sym Owner : Owners)
      Reached.set(Owner);
    // Whoever has the address of a part uses what it is a part of.
    if (M.symbol(S).Kind == Memory::SymKind::Address)
      Reached.set(M.pointerTo(M.symbol(S).Where));
    return true;
  };
  for (const auto &[R, V] : Regs) {
    Reach(V.S);
    if (V.L)
      Reach(M.pointerTo(V.L));
  }
  for (const HeldLock &L : Locks) {
    Reach(L.Owner);
    Reach(M.pointerTo(L.Mutex));
  }
  for (const OpenQuery &Q : Queries) {
    Reach(Q.Answer);
    Reach(M.pointerTo(Q.Object));
  }
  auto Alive = [&](Loc L) {
    const Memory::LocInfo &Root = M.info(M.rootOf(L));
    Sym Through = Root.Kind == Memory::LocKind::Temp      ? Root.Id
                  : Root.Kind == Memory::LocKind::Pointee ? Root.Id
                                                          : 0;
    return !Through || Reached.test(Through) ||
           M.symbol(Through).Kind == Memory::SymKind::This;
  };
  // What is not alive yet waits for that by which it would be.
  llvm::SmallVector<std::pair<Loc, Sym>, 32> Waiting;
  for (const auto &[L, S] : Env)
    if (Alive(L))
      Reach(S);
    else
      Waiting.push_back({L, S});
  for (bool Grew = true; Grew;) {
    Grew = false;
    llvm::erase_if(Waiting, [&](const std::pair<Loc, Sym> &P) {
      if (!Alive(P.first))
        return false;
      Grew |= Reach(P.second);
      return true;
    });
  }
  if (!Waiting.empty())
    Env.eraseIf([&](const auto &P) { return !Alive(P.first); });
  Gone.eraseIf([&](const auto &P) {
    const Memory::SymInfo &I = M.symbol(P.first);
    // What a parameter, variable or member of `this` held at first stays of
    // interest to callers even if it holds something else now.
    Sym Through = I.Kind == Memory::SymKind::Initial ? M.pointerTo(I.Where) : 0;
    const Memory::SymInfo &T = M.symbol(Through);
    bool OfParameter = T.Kind == Memory::SymKind::Initial && Through &&
                       M.info(T.Where).Kind == Memory::LocKind::Local;
    bool Outer =
        OfParameter || I.Kind == Memory::SymKind::This || M.isLookup(P.first) ||
        (I.Kind == Memory::SymKind::Initial &&
         (!M.pointerTo(I.Where) ||
          M.symbol(M.pointerTo(I.Where)).Kind == Memory::SymKind::This));
    return !Outer && !Reached.test(P.first);
  });
  Guards.eraseIf([&](const auto &P) { return !Reached.test(P.first); });
}
