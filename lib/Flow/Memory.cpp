//===- Memory.cpp - Locations and symbolic values -------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/Memory.h"
#include "clang/AST/Decl.h"

using namespace race;

Loc Memory::loc(LocInfo I) {
  Key K(uint64_t(I.Kind), I.Parent, I.Id, 0);
  auto [It, New] = LocIds.try_emplace(K, Locs.size());
  if (New) {
    I.Deps = Locs[I.Parent].Deps;
    if (I.Kind == LocKind::Pointee || I.Kind == LocKind::Temp ||
        I.Kind == LocKind::Index)
      I.Deps |= Syms[I.Id].Deps;
    I.Root = I.Parent ? Locs[I.Parent].Root : Loc(Locs.size());
    Locs.push_back(I);
  }
  return It->second;
}

Sym Memory::sym(SymKind K, uint32_t Id, Loc Where, Sym A, Sym B, Comparison C,
                int64_t V, const clang::FunctionDecl *F) {
  // Value and Callee never come together.
  Key Packed(uint64_t(K) | uint64_t(C) << 8 | uint64_t(Id) << 16,
             uint64_t(Where) << 32 | A, B,
             uint64_t(V) + reinterpret_cast<uintptr_t>(F));
  auto [It, New] = SymIds.try_emplace(Packed, Syms.size());
  if (New) {
    uint32_t Depth =
        1 + std::max({Locs[Where].Depth, Syms[A].Depth, Syms[B].Depth});
    uint64_t Deps = Locs[Where].Deps | Syms[A].Deps | Syms[B].Deps |
                    uint64_t(1) << (Syms.size() % 64);
    Syms.push_back({K, Id, Where, A, B, C, V, F, Depth, Deps});
  }
  return It->second;
}

Loc Memory::pointee(Sym S) {
  if (!S)
    return 0;
  const SymInfo &I = Syms[S];
  if (I.Kind == SymKind::Address)
    return I.Where;
  return loc({LocKind::Pointee, 0, S, I.Depth + 1});
}

Loc Memory::field(Loc Base, EntityId E) {
  if (!Base)
    return 0;
  return loc({LocKind::Field, Base, E.Value, Locs[Base].Depth});
}

Loc Memory::index(Loc Base, Sym I) {
  if (!Base)
    return 0;
  return loc({LocKind::Index, Base, I, Locs[Base].Depth});
}

Sym Memory::initial(Loc L) {
  if (Locs[L].Kind == LocKind::Temp)
    return Locs[L].Id;
  return sym(SymKind::Initial, 0, L);
}

Sym Memory::address(Loc L) {
  if (!L)
    return 0;
  // &*p is p.
  if (Locs[L].Kind == LocKind::Pointee)
    return Locs[L].Id;
  return sym(SymKind::Address, 0, L);
}

Sym Memory::constant(int64_t V) {
  return sym(SymKind::Const, 0, 0, 0, 0, Comparison::EQ, V);
}

Sym Memory::function(const clang::FunctionDecl *F) {
  return sym(SymKind::Function, 0, 0, 0, 0, Comparison::EQ, 0,
             F->getCanonicalDecl());
}

Sym Memory::compare(Comparison C, Sym A, Sym B) {
  // The negations of EQ and LT are "that is zero", so that a condition and its
  // opposite speak of one value.
  if (C == Comparison::NE || C == Comparison::GE)
    return compare(
        Comparison::EQ,
        compare(C == Comparison::NE ? Comparison::EQ : Comparison::LT, A, B),
        constant(0));
  return sym(SymKind::Compare, 0, 0, A, B, C);
}

Sym Memory::derive(Sym A, Sym B, unsigned OpId, unsigned Operator) {
  if (Syms[A].Depth > MaxDepth || Syms[B].Depth > MaxDepth)
    return unknown(OpId);
  return sym(SymKind::Derive, Operator ? ~Operator : OpId, 0, A, B);
}

Sym Memory::lookup(Sym Key, Loc Table) {
  Sym T = address(Table);
  if (!Key || !T || Syms[Key].Depth > MaxDepth || Syms[T].Depth > MaxDepth)
    return 0;
  Sym V = sym(SymKind::Derive, LookupTag, 0, Key, T);
  Lookups.insert({V, Table});
  return V;
}

std::vector<Sym> Memory::lookupsIn(Loc Table) const {
  std::vector<Sym> Result;
  for (const auto &[V, In] : Lookups)
    if (In == Table)
      Result.push_back(V);
  return Result;
}

Sym Memory::target(Sym At) {
  if (Syms[At].Depth > MaxDepth)
    return 0;
  return sym(SymKind::Derive, TargetTag, 0, At);
}

Sym Memory::fromArena(Sym Arena, Sym Made) {
  if (Syms[Arena].Depth > MaxDepth || Syms[Made].Depth > MaxDepth)
    return Made;
  return sym(SymKind::Derive, ArenaTag, 0, Arena, Made);
}

Sym Memory::part(Sym Made, Sym Owner) {
  if (!Owner || Syms[Owner].Depth > MaxDepth || Syms[Made].Depth > MaxDepth)
    return Made;
  return sym(SymKind::Derive, PartTag, 0, Made, Owner);
}

void Memory::ownersOf(Sym S, llvm::SmallVectorImpl<Sym> &Owners) const {
  llvm::SmallVector<Sym, 4> Work{S};
  for (unsigned Steps = 0; !Work.empty() && Steps < 16; ++Steps) {
    const SymInfo &I = Syms[Work.pop_back_val()];
    auto Add = [&](Sym Owner) {
      if (!Owner)
        return;
      if (Syms[Owner].Kind == SymKind::Address)
        Owner = pointerTo(Syms[Owner].Where);
      if (!Owner)
        return;
      Owners.push_back(Owner);
      Work.push_back(Owner);
    };
    if (I.Kind != SymKind::Derive)
      continue;
    if (I.Id == PartTag) {
      Add(I.A);
      Add(I.B);
    } else if (I.Id == TargetTag) {
      Add(I.A);
      if (isLookup(I.A))
        Add(Syms[I.A].B);
    }
  }
}

Sym Memory::merge(unsigned Block, Loc L, Reg R) {
  return sym(SymKind::Merge, Block, L, 0, 0, Comparison::EQ, R);
}

Sym Memory::changed(unsigned OpId, Loc L) {
  if (Locs[L].Depth > MaxDepth)
    return unknown(OpId);
  return sym(SymKind::Changed, OpId, L);
}

Sym Memory::older(Sym S, unsigned Generation) {
  if (Syms[S].Kind == SymKind::Older)
    return Generation > Syms[S].Id ? sym(SymKind::Older, 2, 0, Syms[S].A) : S;
  return sym(SymKind::Older, Generation, 0, S);
}

Loc Memory::enclosing(Loc L) const {
  const LocInfo &I = Locs[L];
  if (I.Parent)
    return I.Parent;
  if (I.Kind != LocKind::Pointee)
    return 0;
  const SymInfo &S = Syms[I.Id];
  if (isTarget(I.Id) && isLookup(S.A))
    return tableOf(S.A);
  return S.Kind == SymKind::Initial || S.Kind == SymKind::Changed ? S.Where : 0;
}

bool Memory::isWithin(Loc L, Loc Outer) const {
  for (unsigned Steps = 0; L && Steps < 64; ++Steps, L = enclosing(L))
    if (L == Outer)
      return true;
  return false;
}

bool Memory::isBeside(Loc Mutex, Loc L) const {
  // A member that leads to the lock stands for it.
  if (info(Mutex).Kind == LocKind::Pointee) {
    const SymInfo &Pointer = symbol(info(Mutex).Id);
    if (Pointer.Kind == SymKind::Initial &&
        info(Pointer.Where).Kind == LocKind::Field)
      Mutex = Pointer.Where;
  }
  const LocInfo &I = info(Mutex);
  if (I.Kind == LocKind::Global)
    return info(rootOf(L)).Kind == LocKind::Global;
  return I.Kind == LocKind::Field && isWithin(L, I.Parent);
}

bool Memory::dependsOn(Sym S, Sym From) const {
  return Dependence(*this, From).of(S);
}

Sym Memory::comparedWith(Sym C, Sym S) const {
  while (Syms[C].Kind == SymKind::Compare) {
    const SymInfo &I = Syms[C];
    if (I.A == S)
      return I.B;
    if (I.B == S)
      return I.A;
    C = I.A; // a negation
  }
  return 0;
}

Sym Memory::testedBy(Sym C, bool &Truth) const {
  Truth = true;
  while (Syms[C].Kind == SymKind::Compare && Syms[C].Cmp == Comparison::EQ &&
         Syms[Syms[C].B].Kind == SymKind::Const && Syms[Syms[C].B].Value == 0) {
    Truth = !Truth;
    C = Syms[C].A;
  }
  return C;
}

bool Memory::goesThrough(Loc L, Sym From) const {
  return Dependence(*this, From).ofWayTo(L);
}

Sym Memory::pointerTo(Loc L) const {
  const LocInfo &R = Locs[rootOf(L)];
  return R.Kind == LocKind::Pointee ? R.Id : 0;
}

Sym Memory::holderOf(Sym S) const {
  const SymInfo &I = Syms[S];
  bool Read = I.Kind == SymKind::Initial || I.Kind == SymKind::Changed ||
              I.Kind == SymKind::Merge;
  return Read && I.Where ? pointerTo(I.Where) : 0;
}

std::optional<AccessPath> Memory::pathOf(Loc L, const FlowGraph &G) const {
  const LocInfo &I = Locs[L];
  switch (I.Kind) {
  case LocKind::Local:
    if (I.Id < G.Locals.size() && G.Locals[I.Id].Param >= 0)
      return AccessPath::param(G.Locals[I.Id].Param);
    return std::nullopt;
  case LocKind::Global:
    return AccessPath::global({I.Id});
  case LocKind::Capture:
    return AccessPath::capture({I.Id});
  case LocKind::Temp:
    return std::nullopt;
  case LocKind::Pointee:
    if (auto P = pathOfValue(I.Id, G))
      return P->then(PathStep::deref());
    return std::nullopt;
  case LocKind::Field:
    if (auto P = pathOf(I.Parent, G))
      return P->then(PathStep::field({I.Id}));
    return std::nullopt;
  case LocKind::Index:
    if (auto P = pathOf(I.Parent, G))
      return P->then(PathStep::index());
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<AccessPath> Memory::pathOfValue(Sym S, const FlowGraph &G) const {
  const SymInfo &I = Syms[S];
  if (I.Kind == SymKind::This)
    return AccessPath::thisPointer();
  if (I.Kind == SymKind::Initial)
    return pathOf(I.Where, G);
  return std::nullopt;
}

std::string Memory::display(Loc L, const FlowGraph &G,
                            const EntityTable &Names) const {
  const LocInfo &I = Locs[L];
  switch (I.Kind) {
  case LocKind::Local:
    return I.Id < G.Locals.size() ? G.Locals[I.Id].Decl->getNameAsString()
                                  : std::string();
  case LocKind::Global:
  case LocKind::Capture:
  case LocKind::Field:
    return Names.display({I.Id}).str();
  case LocKind::Index:
    return display(I.Parent, G, Names);
  case LocKind::Temp:
    return "";
  case LocKind::Pointee: {
    const SymInfo &S = Syms[I.Id];
    if (S.Kind == SymKind::This)
      return "*this";
    if (S.Kind == SymKind::Initial || S.Kind == SymKind::Changed ||
        S.Kind == SymKind::Merge)
      return S.Where ? display(S.Where, G, Names) : std::string();
    return "";
  }
  }
  return "";
}

Dependence::Dependence(const Memory &M, llvm::ArrayRef<Sym> From, bool OfOlder)
    : M(M), From(From.begin(), From.end()), OfOlder(OfOlder) {
  for (Sym S : From) {
    Least = std::min(Least, S);
    Mask |= uint64_t(1) << (S % 64);
  }
}

bool Dependence::of(Sym S) {
  // What a value is made of is older than it, and so has a smaller number.
  if (S < Least || !(M.symbol(S).Deps & Mask))
    return false;
  if (From.contains(S))
    return true;
  const Memory::SymInfo &I = M.symbol(S);
  switch (I.Kind) {
  case Memory::SymKind::Compare:
  case Memory::SymKind::Derive:
  case Memory::SymKind::Initial:
  case Memory::SymKind::Address:
  case Memory::SymKind::Changed:
    break;
  case Memory::SymKind::Older:
    return OfOlder && of(I.A);
  default:
    return false;
  }
  if (auto It = Known.find(S); It != Known.end())
    return It->second;
  bool Result =
      I.Kind == Memory::SymKind::Compare || I.Kind == Memory::SymKind::Derive
          ? of(I.A) || of(I.B)
          : ofWayTo(I.Where);
  Known[S] = Result;
  return Result;
}

bool Dependence::ofWayTo(Loc L) {
  for (; L && (M.info(L).Deps & Mask); L = M.info(L).Parent) {
    const Memory::LocInfo &I = M.info(L);
    if ((I.Kind == Memory::LocKind::Pointee ||
         I.Kind == Memory::LocKind::Temp || I.Kind == Memory::LocKind::Index) &&
        of(I.Id))
      return true;
  }
  return false;
}
