//===- Hook.h - What a commit brings ----------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_HOOK_H
#define RACE_DRIVER_HOOK_H

#include "race/Driver/Analyze.h"

namespace race {

/// What to look at before a commit.
struct HookOptions {
  /// The changed files; empty for those that are staged in git.
  std::vector<std::string> Files;
  /// Report only what touches a changed line.
  bool ChangedLinesOnly = false;
  /// The folder of the compilation database; empty to find it.
  std::string BuildFolder;
  /// Index, exclusions, checks and jobs are obeyed.
  AnalyzeOptions Analyze;
};

/// What came out.
struct HookOutcome {
  /// Those with a place, or the place of a note, in a changed file or line.
  std::vector<Finding> Findings;
  /// Changed files that could not be looked at, and why.
  std::vector<std::pair<std::string, std::string>> Failed;
  /// What the user may want to know, and need not act upon.
  std::vector<std::string> Remarks;
};

/// Looks at what a commit changes. If there is an index, or the program is so
/// small that one is soon made, the rest of the program is the context, and the
/// index is brought up to date; if not, only the translation units of the
/// changed files are read, for a header one that includes it. A changed source
/// file that the database does not know gets the command of a similar one.
///
/// An error says how to mend it: no database, no repository, a bad option.
llvm::Expected<HookOutcome> checkCommit(const HookOptions &Options,
                                        llvm::raw_ostream &Log);

} // namespace race

#endif // RACE_DRIVER_HOOK_H
