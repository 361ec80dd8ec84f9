//===- Effect.h - What a call does, as data ---------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_FLOW_EFFECT_H
#define RACE_FLOW_EFFECT_H

#include "race/Models/Model.h"
#include "race/Support/Anchor.h"
#include "race/Support/Entity.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <string>

namespace race {

/// One step from a location to another.
struct PathStep {
  enum KindTy : uint8_t {
    Deref, ///< to what the pointer or reference stored here points to
    Index, ///< to an element; elements are not told apart
    Field, ///< to the member Entity
  } Kind = Deref;
  EntityId Entity;

  static PathStep deref() { return {Deref, {}}; }
  static PathStep index() { return {Index, {}}; }
  static PathStep field(EntityId E) { return {Field, E}; }
  bool operator==(const PathStep &O) const {
    return Kind == O.Kind && Entity == O.Entity;
  }
  bool operator<(const PathStep &O) const {
    return Kind != O.Kind ? Kind < O.Kind : Entity < O.Entity;
  }
};

/// An access path: a location as seen from outside of the function that
/// touches it. A reference is a pointer: a parameter `T &R` is a location that
/// holds an address, and R in an expression is Deref of it.
struct AccessPath {
  enum RootTy : uint8_t {
    Param,     ///< the location of parameter Index
    This,      ///< the location that holds `this`
    Global,    ///< a variable with static storage, Entity
    Capture,   ///< a variable Entity of an enclosing function
    Result,    ///< what the function returns
    Elsewhere, ///< reached through something that has no path: an element of a
               ///< container, what an unknown function returned
  } Root = Param;
  unsigned Index = 0;
  EntityId Entity;
  llvm::SmallVector<PathStep, 4> Steps;

  static AccessPath param(unsigned I) { return {Param, I, {}, {}}; }
  static AccessPath thisPointer() { return {This, 0, {}, {}}; }
  static AccessPath global(EntityId E) { return {Global, 0, E, {}}; }
  static AccessPath capture(EntityId E) { return {Capture, 0, E, {}}; }
  static AccessPath result() { return {Result, 0, {}, {}}; }

  AccessPath then(PathStep S) const {
    AccessPath P = *this;
    P.Steps.push_back(S);
    return P;
  }
  bool operator==(const AccessPath &O) const {
    return Root == O.Root && Index == O.Index && Entity == O.Entity &&
           Steps == O.Steps;
  }
  bool operator<(const AccessPath &O) const {
    if (Root != O.Root)
      return Root < O.Root;
    if (Index != O.Index)
      return Index < O.Index;
    if (Entity != O.Entity)
      return Entity < O.Entity;
    return Steps < O.Steps;
  }

  /// The last field or variable on the path: what a user would call it.
  EntityId lastEntity() const;
};

/// Holds if what the location Where held before the call was non-zero (Truth),
/// or zero.
struct PathCondition {
  AccessPath Where;
  bool Truth = true;
};

/// What a call does to the elements of a container.
enum class ElementChange : uint8_t {
  None,
  All,     ///< they are gone
  Moved,   ///< they may lie elsewhere from then on
  Shifted, ///< who walks over them does not stand where he stood
};

/// The call hands back what the location What holds.
struct HandBackEffect {
  AccessPath What;
  Outcome When = Outcome::Always;
  std::optional<PathCondition> OnlyIf;
  /// The only result with which When can hold, if that is known.
  std::optional<int64_t> Exactly;
  bool Nulls = false;
  /// Whether What may hold something else afterwards, if that is known.
  std::optional<bool> Renews;
  Evidence Why = Evidence::Modelled;
  /// Why it is believed, for the user: "'put' stores its argument in 'free_',
  /// from which 'get' takes".
  std::string Reason;
  /// What takes it back, if it has a name ("pool_").
  std::string Pool;
  /// Believed only of a resource that came from this function; invalid if it
  /// is believed of every one.
  EntityId OnlyFrom;
  /// The call drops one reference only; others may keep the object alive.
  bool Reference = false;
  /// It is memory that is freed.
  bool Memory = false;
  /// What frees it is, at some depth, a function of another file.
  bool Far = false;
  /// What is an element that the call removes from its container.
  bool Removed = false;
  /// What is a key that was read out of the object that is handed back.
  bool HolderOfKey = false;
  /// It is put into a pool's own container, not given to the pool.
  bool Stocked = false;
  /// It is given to another thread, which frees it when it is done.
  bool HandedOver = false;
  /// What is a table, and the resource is what a lookup there by this handle
  /// gives.
  std::optional<AccessPath> Handle;
  /// What came out of it (see Effects::From) goes with it.
  bool Arena = false;
  /// If not None, What is a container, and this is what becomes of its
  /// elements.
  ElementChange Elements = ElementChange::None;
  /// If set, of that only what was made after this was asked for.
  std::optional<AccessPath> Since;
  /// The name of the member that leads to what goes with it; may be empty.
  std::string Chain;
  /// It may happen or not, and the callers are not told.
  bool Maybe = false;
  /// Done where a count of references was found to be zero.
  bool LastReference = false;
  /// Where it happens inside of the function, if its body is known.
  Anchor Place;
};

/// The call changes which locks are held.
struct LockEffect {
  LockModel::OpTy Op = LockModel::Acquire;
  AccessPath Mutex;
  LockMode Mode = LockMode::Exclusive;
  Outcome When = Outcome::Always;
  std::optional<PathCondition> OnlyIf;
  /// The lock belongs to the constructed or returned object, whose destructor
  /// releases it.
  bool OwnedByResult = false;
};

/// The call asks or changes a container.
struct ContainerEffect {
  ContainerOpModel::KindTy Kind = ContainerOpModel::Query;
  AccessPath Object;
  StateKind Of = StateKind::Container;
  std::optional<AccessPath> Key;
  /// It has a key, even if Key does not say which.
  bool Keyed = false;
  /// The key is a position.
  bool Index = false;
  /// What the statement at Key is written in, if it is not read yet.
  StatementLanguage Statement = StatementLanguage::None;
  /// Query: where the answer is found, if that is not the result.
  std::optional<AccessPath> Answer;
  /// The locks held around it inside of the function.
  llvm::SmallVector<AccessPath, 1> Locks;
  /// Act: done on only one answer of a query under the same lock, so that a
  /// second one does no harm.
  bool Rechecks = false;
  /// The same without a lock of its own: so if the caller holds one.
  bool RechecksIfLocked = false;
  /// Not done on every path through the function.
  bool Conditional = false;
  /// The operation is atomic by itself.
  bool Synchronized = false;
  /// The operation names a memory order weaker than the default: its author
  /// has thought of what other threads do.
  bool OrderGiven = false;
  /// Plain: setting it is all that the function does.
  bool Alone = false;
  /// Plain: a pointer is set to null.
  bool Clears = false;
  /// Somebody looks at the operation's result.
  bool ResultUsed = false;
  /// An Act that tells whether it was done, and whose caller looks at that, is
  /// as good as a query and an act in one.
  bool AtomicIfUsed = false;
  /// What is added to a sequence, if that is not its key.
  std::optional<AccessPath> Element;
  /// Query: the elements are gone through to see whether one with the key is
  /// there.
  bool Searches = false;
  /// The operation's name: "find".
  std::string Name;
  Evidence Why = Evidence::Modelled;
  Anchor Place;
};

/// Whether an operation of this name tells how many owners an object has.
bool isOwnerCount(llvm::StringRef Name);

/// Whether an operation of this name takes something out of a container.
bool isRemoval(llvm::StringRef Name);
/// Whether one of this name puts something into it.
bool isAddition(llvm::StringRef Name);

/// After the call the location To holds what From held before it, or the
/// constant Value: a setter, or a constructor that keeps its argument.
struct AssignEffect {
  AccessPath To;
  AccessPath From;
  std::optional<int64_t> Value;
};

/// The call runs what the location Target holds: a lambda or function that it
/// was given, or that its object keeps.
struct InvokeEffect {
  AccessPath Target;
  /// The locations of the arguments that it is run with, or, if Address, that
  /// the arguments are the addresses of; Elsewhere if unknown.
  struct Argument {
    AccessPath Where;
    bool Address = false;
  };
  llvm::SmallVector<Argument, 1> Args;
  std::optional<PathCondition> OnlyIf;
  /// Done on every path, or on all on which OnlyIf holds.
  bool Sure = false;
  /// Run for each of a range's elements.
  bool Repeats = false;
};

/// What Table holds under Key.
struct LookupEffect {
  AccessPath Table, Key;
};

/// The call makes something run on another thread.
struct StartEffect {
  ThreadStartModel::KindTy Kind = ThreadStartModel::Thread;
  bool Concurrent = false;
};

/// The function looks at what the location Pointer, a member of what it is
/// given, led to when it was called.
struct FollowEffect {
  AccessPath Pointer;
  /// Where it does.
  Anchor Place;
};

/// The function looks at what Pointer, which it is given, leads to after it has
/// handed back what After holds. Only callers know whether one lies in the
/// other.
struct LateUseEffect {
  AccessPath Pointer, After;
  /// Where it does.
  Anchor Place;
};

/// Everything that is known of a call. Most lists are empty: no room for any.
struct Effects {
  llvm::SmallVector<HandBackEffect, 0> HandBacks;
  llvm::SmallVector<LockEffect, 0> Locks;
  llvm::SmallVector<ContainerEffect, 0> Containers;
  /// After the call these are the caller's, whatever they were before.
  llvm::SmallVector<AccessPath, 0> Acquires;
  llvm::SmallVector<AssignEffect, 0> Assigns;
  llvm::SmallVector<InvokeEffect, 0> Invokes;
  /// A lambda: the variables around it that it may change.
  llvm::SmallVector<EntityId, 1> Writes;
  /// A lambda: the pointers that it keeps copies of, and at whose pointees it
  /// looks when it runs.
  llvm::SmallVector<EntityId, 1> KeepsToUse;
  llvm::SmallVector<FollowEffect, 0> Follows;
  llvm::SmallVector<LateUseEffect, 0> LateUses;
  /// A lambda: the pointers around it, not copied, at whose pointees it looks.
  llvm::SmallVector<EntityId, 1> LooksAt;
  /// The result is what this location holds or, for references, is.
  std::optional<AccessPath> ReturnsAlias;
  /// The result is the address of ReturnsAlias instead, though not a reference.
  bool ReturnsAddress = false;
  /// The result is what ReturnsAlias holds instead, though a reference.
  bool ReturnsContent = false;
  /// The result is what a table holds under a key.
  std::optional<LookupEffect> Looks;
  /// The result leads to that: it is an iterator, or a reference to it.
  std::optional<LookupEffect> Finds;
  /// The object that the method is called on owns what that leads to.
  bool Owns = false;
  /// The result came out of the arena that this holds, and goes with it.
  std::optional<AccessPath> From;
  /// The result leads into what lies at this place, and goes with it: an
  /// element of a container, a pointer to the text of a string.
  std::optional<AccessPath> Inside;
  /// The result leads to what these hold the addresses of: a view, or a bound
  /// argument.
  llvm::SmallVector<AccessPath, 0> Views;
  /// Bit i: the function may look at what parameter i points to. Bit 31: at
  /// `*this`.
  uint32_t Derefs = ~0u;
  /// Bit i: the function may change what parameter i points to; bit 31:
  /// `*this`.
  uint32_t Changes = ~0u;
  /// The function may change variables with static storage.
  bool ChangesGlobals = true;
  /// It ends the program, or throws, whatever it is given.
  bool NoReturn = false;
  /// The function looks at what arguments lead to that it does not declare.
  bool LooksAtAll = false;
  /// Makes its callable arguments run on another thread.
  bool Starts = false;
  /// The answers of the Query effects are what the function returns.
  bool ReturnsAnswer = true;
  /// The callee's body was seen, or a model speaks of it.
  bool Known = false;

  bool anyFlowEffect() const {
    return !HandBacks.empty() || !Locks.empty() || !Containers.empty();
  }
  static constexpr unsigned ThisBit = 31;
};

} // namespace race

#endif // RACE_FLOW_EFFECT_H
