//===- FunctionSummary.h - What one translation unit says -------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_FUNCTIONSUMMARY_H
#define RACE_SUMMARY_FUNCTIONSUMMARY_H

#include "race/Comments/Claim.h"
#include "race/Flow/Effect.h"
#include "race/Support/Anchor.h"
#include <optional>
#include <string>
#include <vector>

namespace race {

/// A read or write of state that others may see too.
struct AccessSummary {
  AccessPath Where;
  bool Write = false;
  /// The locks that are held on every path to it, without those of callers.
  std::vector<AccessPath> Locks;
  Anchor Place;
  /// Locks of callers that were let go before.
  std::vector<AccessPath> Dropped;
  /// A lock is held, too, of which nobody can say which one it is.
  bool UnknownLock = false;
  /// Those of Locks that others may hold at the same time: for reading.
  std::vector<AccessPath> Shared;
};

/// A call of a function that is, or may be, one of the program.
struct CallSummary {
  EntityId Callee;
  bool Virtual = false;
  std::vector<AccessPath> Locks;
  Anchor Place;
  /// As in AccessSummary.
  std::vector<AccessPath> Dropped;
  bool UnknownLock = false;
  std::vector<AccessPath> Shared;
  /// The method's object is the caller's own: a local variable, or made by it.
  bool OwnObject = false;
  /// Callee is not a function but the field, variable or parameter that holds
  /// the function to call.
  bool Through = false;
  /// In a loop of the caller; known of virtual calls and those through what
  /// holds the function.
  bool InLoop = false;
  /// A method is called on the caller's own `this`.
  bool OnThis = false;
  /// The object is a member of `*this`, or a member of it leads there.
  bool OfThis = false;
  /// The object is a static variable, or one leads there.
  bool OnStatic = false;
  /// The field or variable that is the method's object, or leads to it; of a C
  /// function, the one whose address is its first argument. Invalid if there is
  /// none.
  EntityId Holder;
  /// Holder is the object itself, not a pointer to it.
  bool HolderIsObject = false;
  /// Set if the call is not written: Callee is a lambda that is passed to this
  /// function, and taken to run there and then as long as the function's body
  /// is not known.
  EntityId PassedTo;
};

/// The start of something that runs on another thread.
struct StartSummary {
  EntityId Callee;
  ThreadStartModel::KindTy Kind = ThreadStartModel::Thread;
  /// Two runs can overlap: said so by the model, or started in a loop.
  bool Concurrent = false;
  Anchor Place;
  /// Callee is not a function but what holds one, as in CallSummary.
  bool Through = false;
  /// All that start here work on one object: the starter's `this`, or what a
  /// pointer leads to that stays the same.
  bool SharedObject = false;
  /// Started only under a condition: the function does its work at other times
  /// without a start.
  bool Sometimes = false;
  /// What the code calls the thread: the variable or field that keeps it, a
  /// name that is given to it. Words for people; may be empty.
  std::string Name;
};

/// What the variable, field or parameter From holds, To may hold: both are, or
/// contain, something that can be called. From may be a function.
struct CallableFlow {
  EntityId From, To;
};

/// Value, which can be called, is argument Index of a call of Callee.
struct CallableArgument {
  EntityId Callee;
  unsigned Index = 0;
  EntityId Value;
  /// Callee holds the called function, as in CallSummary.
  bool Through = false;
  bool Virtual = false;
};

/// What one function does that matters to others. Plain data: nothing in it
/// refers to an AST.
struct FunctionSummary {
  EntityId Function;
  /// The class of a method; invalid for others.
  EntityId Class;
  Anchor Place;
  bool Constructor = false;
  bool Destructor = false;
  /// Callable from other translation units: external linkage and, for methods,
  /// not private.
  bool Exported = false;
  bool IsMain = false;
  /// The virtual methods that it overrides.
  std::vector<EntityId> Overrides;
  /// For a lambda: the function that it stands in.
  EntityId Encloser;
  /// For each parameter that can hold something to call, its entity; invalid
  /// ids for the others. Empty if there is none.
  std::vector<EntityId> Params;
  /// As seen by a caller.
  Effects Effect;
  /// Calls functions of other files that may take or release locks, by their
  /// names: what is held in here is not known.
  bool UnknownLocks = false;
  /// The locks that it takes or releases itself.
  std::vector<EntityId> Handles;
  std::vector<AccessSummary> Accesses;
  std::vector<CallSummary> Calls;
  std::vector<StartSummary> Starts;
  /// Functions whose address is taken: they run at a time nobody knows.
  std::vector<EntityId> Escapes;
  /// Places of the first thread start and of the last join in the function's
  /// text: what stands before or behind runs alone, as far as this function
  /// knows.
  Anchor FirstStart, LastJoin;
  /// How it calls the thread that it runs on, in its own text; may be empty.
  std::string ThreadName;
  /// The programs that it is a part of, by their numbers, sorted; empty for
  /// all. Known where several are linked: see separatePrograms.
  std::vector<unsigned> Programs;
};

/// A claim of a comment, tied to entities.
struct ClaimSummary {
  Claim What;
  std::string Quote;
  Anchor Place;
  /// Fields and variables the claim speaks of.
  std::vector<EntityId> State;
  /// Functions and classes the claim speaks of. For functions State is what
  /// they touch.
  std::vector<EntityId> Functions;
  std::vector<EntityId> Classes;
  /// The lock that the claim names, if the declaration of it was found.
  EntityId Lock;
  /// Code outside of the class or file cannot name that lock.
  bool LockIsPrivate = false;
  /// It was made by an annotation, not by the words of a comment.
  bool Annotated = false;
  /// For a comment in a body: the function and the lines of the statement.
  EntityId Inside;
  unsigned FirstLine = 0, LastLine = 0;
  /// As in FunctionSummary.
  std::vector<unsigned> Programs;
};

/// All that one translation unit adds to a program.
struct TUSummary {
  /// Relative to the project's folder, if that is known.
  std::string MainFile;
  std::vector<FunctionSummary> Functions;
  std::vector<ClaimSummary> Claims;
  std::vector<CallableFlow> Flows;
  std::vector<CallableArgument> Arguments;
  /// State of headers and other files that is touched here, and that no claim
  /// seen here speaks of; empty unless summarised for a program. Sorted.
  std::vector<EntityId> Touched;
};

} // namespace race

#endif // RACE_SUMMARY_FUNCTIONSUMMARY_H
