//===- StaleCommentJudge.h - Judges the claims of a program ----*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_ANALYSIS_STALECOMMENTJUDGE_H
#define RACE_LIB_ANALYSIS_STALECOMMENTJUDGE_H

#include "race/Analysis/StaleComment.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace race {

/// Judges the claims of one program.
class StaleCommentJudge {
public:
  StaleCommentJudge(const Program &P, const EntityTable &Names);

  std::optional<Finding> judge(const ClaimSummary &C,
                               const StaleCommentOptions &How);

private:
  using Accesses = std::vector<RootedAccess>;

  // The table of judgements, one for each kind of claim.
  std::optional<Finding> judgeState(const ClaimSummary &C) const;
  std::optional<Finding> judgePointee(const ClaimSummary &C,
                                      EntityId State) const;
  std::optional<Finding> judgeFunction(const ClaimSummary &C) const;
  std::optional<Finding> judgeThread(const ClaimSummary &C) const;
  std::optional<Finding> judgeTwoThreads(const ClaimSummary &C) const;
  std::optional<Finding> judgeCallers(const ClaimSummary &C) const;
  std::optional<Finding> judgePhase(const ClaimSummary &C) const;
  std::optional<Finding> judgeCalls(const ClaimSummary &C) const;
  std::optional<Finding> judgeOutdated(const ClaimSummary &C) const;

  bool areApart(const RootedAccess &A, const RootedAccess &B) const;
  bool conflict(const RootedAccess &A, const RootedAccess &B) const;
  bool lacksLock(const ClaimSummary &C, const RootedAccess &A,
                 const RootedAccess &B) const;
  static bool writesShared(const ClaimSummary &C, const RootedAccess &A);
  bool breaks(const ClaimSummary &C, const RootedAccess &A,
              const RootedAccess &B) const;
  bool isBeingMade(const RootedAccess &X) const;
  bool isRare(const ClaimSummary &C, const Accesses &All) const;
  bool argued(const ClaimSummary &C, EntityId Function) const;
  bool isThread(const ThreadRoot &R, llvm::StringRef Name) const;
  void thinOut(Accesses &All, bool Ordered) const;
  static bool anyOrdered(const Accesses &All);

  Finding finding(const ClaimSummary &C, llvm::StringRef Kind, EntityId About,
                  std::string Message) const;
  Finding calledByTwo(const ClaimSummary &C, EntityId F, const RootedCall &X,
                      const RootedCall &Y) const;
  void addNotes(Finding &F, const RootedAccess &A) const;
  void addTurn(Finding &F, unsigned Root,
               llvm::ArrayRef<const CallSummary *> Path, const Anchor &Place,
               std::string Does, llvm::ArrayRef<EntityId> Locks) const;
  void addWay(Finding &F, unsigned Root,
              llvm::ArrayRef<const CallSummary *> Path) const;
  std::string describe(const ThreadRoot &R) const;
  std::string locks(llvm::ArrayRef<EntityId> Locks) const;

  const Program &P;
  const EntityTable &Names;
  /// Those for the claim at hand.
  const StaleCommentOptions *Options = nullptr;
  /// What Program::objectsOf said.
  mutable std::map<std::pair<const FunctionSummary *, unsigned>,
                   std::optional<std::vector<EntityId>>>
      Objects;
  /// Functions in which, or on which, a comment says why no lock is taken.
  llvm::DenseMap<EntityId, llvm::SmallVector<const ClaimSummary *, 1>>
      Arguments;
};

} // namespace race

#endif // RACE_LIB_ANALYSIS_STALECOMMENTJUDGE_H
