//===- TranslationUnit.h - One translation unit, summarised -----*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_TRANSLATIONUNIT_H
#define RACE_SUMMARY_TRANSLATIONUNIT_H

#include "race/Comments/CommentFinder.h"
#include "race/Flow/EntityMapper.h"
#include "race/Flow/FlowGraph.h"
#include "race/Models/Models.h"
#include "race/Summary/CallEffects.h"
#include "race/Summary/CodeScan.h"
#include "race/Summary/FunctionSummary.h"
#include "race/Summary/Imports.h"
#include "race/Summary/PoolNames.h"
#include <memory>

namespace race {

class FreedMemory;

/// What happens in a function, seen in passing.
struct FlowHints {
  bool UsesAfterHandBack = false; ///< something handed back is touched again
  bool Queries = false;           ///< a container is asked
  bool Acts = false;              ///< a container is changed
  bool QueriesAndActs = false;    ///< a container is asked, and changed
  /// Plain state is read and set, but not under one lock held throughout.
  bool TestsOutsideLock = false;
  /// Functions that give plain state are called twice for the same.
  bool AsksTwice = false;
  /// A container is gone through, and a lock is taken more than once.
  bool WalksAndReleases = false;
  /// Pointers that are read both under a lock and without one, or in more than
  /// one critical section.
  std::vector<EntityId> ReadBothWays;
  /// Plain flags that are read without a lock only, where something else is set
  /// under one; and those that are set under one.
  std::vector<EntityId> FlagsRead, FlagsSet;
};

/// A function that was worth a flow graph.
struct FlowFunction {
  const FunctionInfo *Info;
  std::unique_ptr<FlowGraph> Graph;
  /// What the summarizing run saw, so that analyses go over just the functions
  /// that have something for them.
  FlowHints Hints;
};

/// How a translation unit is summarised.
struct UnitOptions {
  /// What is known of other files, or null; must outlive the unit.
  const Imports *Imported = nullptr;
  /// The summary is to be linked with those of other files: it also says what
  /// only they can judge, and of all functions whom they call.
  bool ForProgram = false;
  /// The project's folder (EntityMapper).
  std::string Root;
  /// What comments say in the project's own words.
  std::vector<ClaimPhrase> Phrases;
  /// The names by which pools are known.
  PoolNames Pools;
};

/// What the analyses of one translation unit share: the scan, the claims, the
/// flow graphs of the functions that matter, and the summaries, made bottom-up
/// so that a caller knows what its callees do.
class TranslationUnit {
public:
  /// \param Ctx must outlive this object.
  /// \param M the models in force; must outlive this object.
  TranslationUnit(clang::ASTContext &Ctx, const Models &M,
                  UnitOptions Options = UnitOptions());
  ~TranslationUnit();

  clang::ASTContext &context() const { return Ctx; }
  const CodeScan &scan() const { return *Scan; }
  /// Locks, threads or atomics are used here, or by other files with which this
  /// one was linked.
  bool usesThreads() const {
    return Scan->usesThreads() || Options.Imported != nullptr;
  }
  const CallEffects &effects() const { return *Effects; }
  const Models &models() const { return M; }
  const PoolNames &poolNames() const { return Options.Pools; }
  EntityMapper &entities() { return *Mapper; }
  const EntityTable &names() const { return Table; }
  const TUSummary &summary() const { return Summary; }

  /// The functions with something to judge in them, callees first.
  const std::vector<FlowFunction> &flowFunctions() const { return Flows; }

private:
  void findInterest();
  void findTouched();
  ClaimSummary subjectsOf(const AttachedClaim &A);
  void findAnnotatedClaims();
  void addEnum(ClaimSummary &C, const clang::EnumDecl *D);
  /// Adds to \p C what \p A says of \p D as something to call.
  /// \returns whether it is about that, or about a callback that is not here.
  bool addCallback(ClaimSummary &C, const AttachedClaim &A,
                   const clang::Decl *D);
  void addClass(ClaimSummary &C, const clang::CXXRecordDecl *R);
  void addStateOf(ClaimSummary &C, const clang::FunctionDecl *F);
  void addTaking(ClaimSummary &C, const clang::FunctionDecl *F,
                 const clang::Stmt *S);
  void addStatement(ClaimSummary &C, const clang::FunctionDecl *F,
                    const clang::Stmt *S);
  EntityId lockOf(const AttachedClaim &A);
  void summarize(const FunctionInfo &F, const FreedMemory &Freed);
  void describeText(const FunctionInfo &F, FunctionSummary &S);
  bool simulate(const FunctionInfo &F, const FlowGraph &Graph,
                FunctionSummary &S, FlowHints &Hints);
  void describe(const FunctionInfo &F, FunctionSummary &S);
  bool worthFlow(const FunctionInfo &F) const;
  bool isHandler(const clang::FunctionDecl *F) const;
  std::vector<const FunctionInfo *> bottomUp() const;

  clang::ASTContext &Ctx;
  const Models &M;
  const UnitOptions Options;
  EntityTable Table;
  std::unique_ptr<EntityMapper> Mapper;
  std::unique_ptr<CodeScan> Scan;
  std::unique_ptr<CallEffects> Effects;
  std::vector<AttachedClaim> Claims;
  /// The state that claims speak of: only its accesses are summarised.
  llvm::DenseSet<EntityId> Interesting;
  llvm::DenseSet<const clang::FunctionDecl *> TouchInteresting;
  TUSummary Summary;
  std::vector<FlowFunction> Flows;
};

} // namespace race

#endif // RACE_SUMMARY_TRANSLATIONUNIT_H
