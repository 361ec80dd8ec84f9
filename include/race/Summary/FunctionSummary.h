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
};

/// A call of a function that is, or may be, one of the program.
struct CallSummary {
  EntityId Callee;
  bool Virtual = false;
  std::vector<AccessPath> Locks;
  Anchor Place;
  /// The method's object is the caller's own: a local variable, or made by it.
  bool OwnObject = false;
};

/// The start of something that runs on another thread.
struct StartSummary {
  EntityId Callee;
  ThreadStartModel::KindTy Kind = ThreadStartModel::Thread;
  /// Two runs can overlap: said so by the model, or started in a loop.
  bool Concurrent = false;
  Anchor Place;
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
  /// As seen by a caller.
  Effects Effect;
  /// Calls functions of other files that may take or release locks, by their
  /// names: what is held in here is not known.
  bool UnknownLocks = false;
  std::vector<AccessSummary> Accesses;
  std::vector<CallSummary> Calls;
  std::vector<StartSummary> Starts;
  /// Functions whose address is taken: they run at a time nobody knows.
  std::vector<EntityId> Escapes;
  /// Places of the first thread start and of the last join in the function's
  /// text: what stands before or behind runs alone, as far as this function
  /// knows.
  Anchor FirstStart, LastJoin;
};

/// A claim of a comment, tied to entities.
struct ClaimSummary {
  Claim What;
  std::string Quote;
  Anchor Place;
  /// Fields and variables the claim speaks of.
  std::vector<EntityId> State;
  /// Functions and classes the claim speaks of.
  std::vector<EntityId> Functions;
  std::vector<EntityId> Classes;
  /// For a comment in a body: the function and the lines of the statement.
  EntityId Inside;
  unsigned FirstLine = 0, LastLine = 0;
};

/// All that one translation unit adds to a program.
struct TUSummary {
  std::string MainFile;
  std::vector<FunctionSummary> Functions;
  std::vector<ClaimSummary> Claims;
};

} // namespace race

#endif // RACE_SUMMARY_FUNCTIONSUMMARY_H
