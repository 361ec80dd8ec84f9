//===- Program.h - Summaries, linked ----------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_PROGRAM_PROGRAM_H
#define RACE_PROGRAM_PROGRAM_H

#include "race/Summary/FunctionSummary.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace race {

/// Where a thread of execution begins.
struct ThreadRoot {
  /// The function it runs; invalid for "whoever calls": main and what other
  /// translation units may call, taken as one thread.
  EntityId Function;
  ThreadStartModel::KindTy Kind = ThreadStartModel::Thread;
  /// Two of it can run at once.
  bool Concurrent = false;
  Anchor StartedAt;
};

/// One access to shared state by one root.
struct RootedAccess {
  unsigned Root; ///< index into Program::roots()
  const FunctionSummary *In;
  const AccessSummary *Access;
  /// Mutexes that are held, callers' included; sorted.
  llvm::SmallVector<EntityId, 2> Locks;
  /// Functions on the way call what may lock, unseen.
  bool UnknownLocks = false;
  /// The calls from the root's function to In, outermost first.
  std::vector<const CallSummary *> Path;
};

/// The summaries of one or many translation units as one program: call graph,
/// thread roots and what they reach under which locks.
class Program {
public:
  /// Links \p Summaries, whose entities are those of \p Names. Both must
  /// outlive the program. Linear in their size times the number of roots.
  Program(const EntityTable &Names, std::vector<const TUSummary *> Summaries);

  const std::vector<ThreadRoot> &roots() const { return Roots; }
  const std::vector<const ClaimSummary *> &claims() const { return Claims; }
  const FunctionSummary *function(EntityId F) const { return ByName.lookup(F); }

  /// The accesses to \p State (or a part of it) by all roots, without those
  /// that no other thread can overlap: in constructors and destructors of the
  /// object, and before a function starts its first thread.
  std::vector<RootedAccess> accesses(EntityId State) const;

private:
  void collectRoots();
  void reach(unsigned Root);
  llvm::SmallVector<const FunctionSummary *, 2>
  targets(const CallSummary &Call) const;

  const EntityTable &Names;
  std::vector<const TUSummary *> Summaries;
  llvm::DenseMap<EntityId, const FunctionSummary *> ByName;
  llvm::DenseMap<EntityId, llvm::SmallVector<const FunctionSummary *, 2>>
      Overriders;
  llvm::DenseMap<EntityId, llvm::SmallVector<const FunctionSummary *, 2>>
      LambdasOf;
  std::vector<ThreadRoot> Roots;
  std::vector<const ClaimSummary *> Claims;

  struct Reached {
    llvm::SmallVector<EntityId, 2> Held;
    const CallSummary *Through = nullptr;
    const FunctionSummary *From = nullptr;
  };
  /// For each root, the functions that it reaches.
  std::vector<llvm::DenseMap<const FunctionSummary *, Reached>> ReachedBy;
};

} // namespace race

#endif // RACE_PROGRAM_PROGRAM_H
