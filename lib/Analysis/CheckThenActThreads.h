//===- CheckThenActThreads.h - Who gets where ----------------- -*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_ANALYSIS_CHECKTHENACTTHREADS_H
#define RACE_LIB_ANALYSIS_CHECKTHENACTTHREADS_H

#include "race/Summary/TranslationUnit.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <map>
#include <set>
#include <string>

namespace race {

/// Which mutexes are held where a container is changed, in all of the
/// translation unit.
using GuardTable = std::map<EntityId, std::set<EntityId>>;

/// The calls inside of one translation unit: which threads get to a function,
/// and which locks they hold then. Where calls may come from other files it
/// says what is seen, and no more.
class ThreadReach {
public:
  /// \param Kept functions whose callers are known to hold a lock, or to be one
  ///        thread.
  ThreadReach(TranslationUnit &TU, std::set<EntityId> Kept);

  /// The function of the one thread that does all calls of \p F; null if others
  /// may call it, or if that thread is started more than once.
  const FunctionInfo *soleThread(const FunctionInfo *F) const;

  /// For the state that \p F tests and sets without a lock, why other threads
  /// can do the same at once, in words.
  std::map<EntityId, std::string> bareState(const FunctionInfo &F,
                                            const GuardTable &ChangedUnder,
                                            const GuardTable &ReadUnder);

private:
  struct Edge {
    const FunctionInfo *To;
    llvm::SmallVector<EntityId, 1> Locks;
    /// No lock is held at the call.
    bool Bare = false;
  };
  struct Node {
    std::vector<Edge> Calls;
    std::vector<const FunctionInfo *> Callers;
    /// Locks that it takes or releases itself.
    llvm::ArrayRef<EntityId> Handles;
    /// It may take or release locks, unseen.
    bool UnknownLocks = false;
    /// Its address is taken: it may run at any time.
    bool Escapes = false;
    unsigned Starts = 0;
    bool StartedOften = false;
    /// A thread gets here and holds no lock; and several at once.
    bool Bare = false, BareOften = false;
    /// The locks under which it runs at times.
    std::set<EntityId> Under;
  };

  bool isKept(const FunctionInfo *F) const;
  bool concerns() const;
  void connect();
  void start();
  void spread(const FunctionInfo *Root, bool Often);
  void spreadUnder(const FunctionInfo *From, EntityId Lock, unsigned Depth);
  std::string bareCaller(const FunctionInfo *F, EntityId Lock) const;
  bool isCalledBothWays(const FunctionInfo *F, EntityId Lock) const;
  bool entersWithout(const Node &N, EntityId Lock) const;
  bool besides(EntityId Lock, const clang::ValueDecl *State) const;
  bool isLocal(const FunctionInfo *F, const Node &N) const;

  TranslationUnit &TU;
  const std::set<EntityId> Kept;
  /// Empty if no thread is started here and nothing is called under a lock.
  llvm::DenseMap<const FunctionInfo *, Node> Nodes;
};

} // namespace race

#endif // RACE_LIB_ANALYSIS_CHECKTHENACTTHREADS_H
