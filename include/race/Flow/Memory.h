//===- Memory.h - Locations and symbolic values -----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_FLOW_MEMORY_H
#define RACE_FLOW_MEMORY_H

#include "race/Flow/Effect.h"
#include "race/Flow/FlowGraph.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Allocator.h"
#include <optional>
#include <tuple>
#include <type_traits>
#include <vector>

namespace race {

/// A location, by number; 0 is none.
using Loc = uint32_t;
/// A symbolic value, by number; 0 is none.
using Sym = uint32_t;

/// The locations and values of one simulation, each made once, so that equal
/// ones have equal numbers.
class Memory {
public:
  enum class LocKind : uint8_t {
    Local,
    Global,
    Capture,
    Pointee,
    Temp,
    Field,
    Index
  };
  enum class SymKind : uint8_t {
    Unknown,  ///< made by operation Id
    Initial,  ///< what a location held when the function began
    This,     ///< the value of `this`
    Address,  ///< of a location
    Const,    ///< an integer
    Function, ///< a function or lambda
    Compare,  ///< A <Cmp> B
    Derive,   ///< computed from A and B
    Merge,    ///< what a location or register holds where paths meet
    Changed,  ///< what a location holds after operation Id changed it
    Older,    ///< what an earlier turn of a loop had as A
  };

  struct LocInfo {
    LocKind Kind = LocKind::Local;
    Loc Parent = 0;
    uint32_t Id = 0; ///< local index, entity, or symbol
    uint32_t Depth = 0;
    uint64_t Deps = 0; ///< a bit for each symbol it goes through, modulo 64
    Loc Root = 0;      ///< the outermost location that it is a part of
  };
  struct SymInfo {
    SymKind Kind = SymKind::Unknown;
    uint32_t Id = 0; ///< operation or block
    Loc Where = 0;
    Sym A = 0, B = 0;
    Comparison Cmp = Comparison::EQ;
    int64_t Value = 0;
    const clang::FunctionDecl *Callee = nullptr;
    uint32_t Depth = 0;
    uint64_t Deps = 0; ///< a bit for each symbol it is made of, modulo 64
  };

  /// Longer chains of pointers than this are not followed: a list walk would
  /// otherwise make ever new locations.
  static constexpr uint32_t MaxDepth = 12;

  Loc local(unsigned I) { return loc({LocKind::Local, 0, I, 0}); }
  Loc global(EntityId E) { return loc({LocKind::Global, 0, E.Value, 0}); }
  Loc capture(EntityId E) { return loc({LocKind::Capture, 0, E.Value, 0}); }
  Loc temp(Sym S) { return loc({LocKind::Temp, 0, S, 0}); }
  Loc pointee(Sym S);
  Loc field(Loc Base, EntityId E);
  Loc index(Loc Base, Sym I);

  Sym unknown(unsigned OpId) { return sym(SymKind::Unknown, OpId); }
  bool isUnknown(Sym S, unsigned OpId) const {
    return Syms[S].Kind == SymKind::Unknown && Syms[S].Id == OpId;
  }
  Sym initial(Loc L);
  Sym thisValue() { return sym(SymKind::This); }
  Sym address(Loc L);
  Sym constant(int64_t V);
  Sym function(const clang::FunctionDecl *F);
  Sym compare(Comparison C, Sym A, Sym B);
  /// What operation \p OpId computes from \p A and \p B. If it is \p Operator,
  /// not 0, any other operation that is makes the same of them. Unknown if that
  /// is too deep.
  Sym derive(Sym A, Sym B, unsigned OpId, unsigned Operator = 0);
  /// The operation that alone computes \p S; std::nullopt if it is none, or if
  /// others make the same of the same: operators, and what tables, iterators
  /// and arenas give.
  std::optional<unsigned> derivedBy(Sym S) const {
    const SymInfo &I = Syms[S];
    return I.Kind == SymKind::Derive && I.Id < FirstTag
               ? std::optional<unsigned>(I.Id)
               : std::nullopt;
  }
  /// What the table at \p Table holds under \p Key; 0 if that is too deep.
  Sym lookup(Sym Key, Loc Table);
  /// What lookup() gave for \p Table so far.
  std::vector<Sym> lookupsIn(Loc Table) const;
  /// Takes note that what \p L holds, a pointer, owns what it leads to.
  void setOwner(Loc L) { Owning.insert(L); }
  /// The locations of pointers that end what they lead to at their own end.
  llvm::ArrayRef<Loc> owners() const { return Owning.getArrayRef(); }
  /// Takes note that \p At, an iterator, stands in the container at \p Within.
  void setPosition(Sym At, Loc Within) { Positions.try_emplace(At, Within); }
  /// The container that \p At stands in, as far as setPosition() has said; 0.
  Loc positionIn(Sym At) const { return Positions.lookup(At); }
  /// Takes note that the variable \p L goes over what is in \p Container.
  void setWalk(Loc L, Loc Container) {
    auto [It, New] = Walks.insert({L, Container});
    if (!New && It->second != Container)
      It->second = 0; // over this and that
  }
  /// The container that the variable \p L alone goes over; 0 if there is none.
  Loc walkOf(Loc L) const { return Walks.lookup(L); }
  /// The address of the element that the iterator \p At stands at; 0 if that is
  /// too deep.
  Sym target(Sym At);
  bool isTarget(Sym S) const { return isDerived(S, TargetTag); }
  /// \p Made, something new, as what came out of the arena \p Arena.
  Sym fromArena(Sym Arena, Sym Made);
  /// \p Made, which leads into what \p Owner points to, and goes with it: an
  /// iterator, a view, the address of an element. \p Made if that is too deep.
  Sym part(Sym Made, Sym Owner);
  /// What the pointer, iterator or view \p S leads into, step by step: the
  /// pointers to what ends with that. Nothing for a pointer to an object.
  void ownersOf(Sym S, llvm::SmallVectorImpl<Sym> &Owners) const;
  bool isLookup(Sym S) const { return isDerived(S, LookupTag); }
  /// The table of what lookup() gave.
  Loc tableOf(Sym Lookup) const { return Lookups.lookup(Lookup); }
  bool isFromArena(Sym S, Sym Arena) const {
    return isDerived(S, ArenaTag) && Syms[S].A == Arena;
  }
  /// What fromArena() was given; \p S itself if it is not of an arena.
  Sym madeAs(Sym S) const { return isDerived(S, ArenaTag) ? Syms[S].B : S; }
  Sym merge(unsigned Block, Loc L, Reg R);
  Sym changed(unsigned OpId, Loc L);
  /// What an earlier turn of a loop had as \p S; the turn before that is
  /// Generation 2, and all earlier ones with it.
  Sym older(Sym S, unsigned Generation = 1);

  /// How many symbols there are: grows when one is made for the first time.
  size_t numSymbols() const { return Syms.size(); }
  const LocInfo &info(Loc L) const { return Locs[L]; }
  const SymInfo &symbol(Sym S) const { return Syms[S]; }

  /// Whether \p S is what merge() gives for \p L at \p Block.
  bool isMerge(Sym S, unsigned Block, Loc L) const {
    const SymInfo &I = Syms[S];
    return I.Kind == SymKind::Merge && I.Id == Block && I.Where == L;
  }
  /// Whether \p S is what \p L held when the function began.
  bool isInitial(Sym S, Loc L) const {
    return Syms[S].Kind == SymKind::Initial && Syms[S].Where == L;
  }
  /// The outermost location that \p L is a part of.
  Loc rootOf(Loc L) const { return Locs[L].Root; }
  /// The location that \p L is a part of, or that holds the pointer by which it
  /// is reached; 0 if there is none.
  Loc enclosing(Loc L) const;
  /// Whether \p L is \p Outer or a part of it, or is reached from it through
  /// pointers that it holds.
  bool isWithin(Loc L, Loc Outer) const;
  /// Whether \p Mutex guards what lies beside it: it is a member of an object
  /// that \p L is a part of too, or both are static variables. A lock that
  /// belongs to another object is held for that one's sake.
  bool isBeside(Loc Mutex, Loc L) const;
  /// Whether \p S was computed from \p From, or was read through it.
  bool dependsOn(Sym S, Sym From) const;
  /// What the condition \p C compares \p S with; 0 if it does not.
  Sym comparedWith(Sym C, Sym S) const;
  /// The value that the condition \p C asks to be zero or not: without its
  /// negations.
  /// \param Truth set to what \p C is where that is not zero.
  Sym testedBy(Sym C, bool &Truth) const;
  /// Whether \p From is a pointer or an index on the way to \p L.
  bool goesThrough(Loc L, Sym From) const;
  /// The pointer that must be followed to get to \p L: the symbol of the
  /// pointee that \p L is a part of; 0 for variables.
  Sym pointerTo(Loc L) const;

  /// The pointer to the object that \p S was read out of; 0 if it was not.
  Sym holderOf(Sym S) const;

  /// \p L as an access path from outside of \p G's function; std::nullopt for
  /// its own variables and for what has no such path.
  std::optional<AccessPath> pathOf(Loc L, const FlowGraph &G) const;
  /// As pathOf, for the location that holds the value \p S at the start.
  std::optional<AccessPath> pathOfValue(Sym S, const FlowGraph &G) const;

  /// What a user would call \p L; empty if it has no name.
  std::string display(Loc L, const FlowGraph &G,
                      const EntityTable &Names) const;

private:
  /// In place of the operation that derives a symbol. Operators have the
  /// numbers above those of these.
  static constexpr uint32_t LookupTag = ~0x10000u, ArenaTag = ~0x10001u,
                            TargetTag = ~0x10002u, PartTag = ~0x10003u,
                            FirstTag = PartTag;
  bool isDerived(Sym S, uint32_t Tag) const {
    return Syms[S].Kind == SymKind::Derive && Syms[S].Id == Tag;
  }
  Loc loc(LocInfo I);
  Sym sym(SymKind K, uint32_t Id = 0, Loc Where = 0, Sym A = 0, Sym B = 0,
          Comparison C = Comparison::EQ, int64_t V = 0,
          const clang::FunctionDecl *F = nullptr);

  /// A list whose elements stay where they are: info() and symbol() give
  /// references.
  template <typename T> class Table {
  public:
    Table() { push_back(T()); }
    size_t size() const { return Places.size(); }
    const T &operator[](uint32_t I) const { return *Places[I]; }
    void push_back(const T &Item) {
      Places.push_back(new (Memory.Allocate<T>()) T(Item));
    }

  private:
    static_assert(std::is_trivially_destructible_v<T>);
    llvm::BumpPtrAllocator Memory;
    std::vector<const T *> Places;
  };

  Table<LocInfo> Locs;
  Table<SymInfo> Syms;
  /// All that makes a location or symbol what it is, packed.
  using Key = std::tuple<uint64_t, uint64_t, uint64_t, uint64_t>;
  llvm::DenseMap<Key, Loc> LocIds;
  llvm::DenseMap<Key, Sym> SymIds;
  llvm::MapVector<Sym, Loc> Lookups; ///< with their tables
  llvm::SetVector<Loc> Owning;
  llvm::DenseMap<Sym, Loc> Positions;
  llvm::DenseMap<Loc, Loc> Walks;
};

/// Which values and locations depend on any of a set of values, as
/// Memory::dependsOn and Memory::goesThrough say of one. Each is looked at
/// once, however many are asked for.
class Dependence {
public:
  /// \param OfOlder whether what an earlier turn of a loop had as one of them,
  /// and what was computed from that, depends on it too.
  Dependence(const Memory &M, llvm::ArrayRef<Sym> From, bool OfOlder = false);
  bool of(Sym S);
  bool ofWayTo(Loc L);

private:
  const Memory &M;
  llvm::SmallDenseSet<Sym, 8> From;
  Sym Least = ~0u;
  uint64_t Mask = 0; ///< a bit for each of From, modulo 64
  bool OfOlder;
  llvm::SmallDenseMap<Sym, bool, 32> Known;
};

} // namespace race

#endif // RACE_FLOW_MEMORY_H
