//===- Analyze.h - A whole program, analysed --------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_ANALYZE_H
#define RACE_DRIVER_ANALYZE_H

#include "race/Analysis/Finding.h"
#include "race/Driver/Project.h"
#include "llvm/Support/raw_ostream.h"

namespace race {

/// What to analyse, and how.
struct AnalyzeOptions {
  /// Where the index is kept; empty for `.race/index` in the build folder.
  std::string IndexFile;
  /// Globs on names relative to the project's folder: units that match are not
  /// read, and nothing is reported in files that match.
  std::vector<std::string> Exclude;
  /// Globs; if there are any, only findings with a place in a file that matches
  /// are reported. All units are read all the same.
  std::vector<std::string> Files;
  /// If not empty, only findings that a change touches are reported; what
  /// ChangedLines::of makes of it.
  std::string Diff;
  /// Summaries that a build has written (findSummaries). Files that are not
  /// older are not read, unless linking has news for them.
  std::vector<std::string> Summaries;
  /// Where to write what the unit of each summary should know of the others,
  /// in the same order; or empty.
  std::vector<std::string> ImportFiles;
  /// Globs for checks, after those of the .clang-tidy files.
  std::string Checks;
  unsigned Jobs = 0; ///< 0: as many as there are processors
  bool Quiet = false;
};

/// What came out.
struct AnalyzeOutcome {
  /// Sorted by place; those that the options or NOLINT silence are left out.
  /// All have their fingerprints.
  std::vector<Finding> Findings;
  std::vector<Finding> Silenced; ///< by NOLINT; sorted
  /// The fingerprints of those that the options leave out.
  std::vector<std::string> Others;
  /// Units that could not be read, or only in part, and why; and summaries.
  std::vector<std::pair<std::string, std::string>> Failed;
  unsigned Units = 0;
  unsigned Parses = 0; ///< how often a unit was read
  unsigned Rounds = 0; ///< of linking
  /// Units of summaries for which linking had news, and whose sources or
  /// compile commands are not there to read them again.
  unsigned Unread = 0;
};

/// Reads what changed of \p P since the index was made, links everything,
/// reads those again for which linking found out something, and judges. The
/// outcome is that of a run without an index, since a run repeats the same
/// steps, and only takes the results of reading from there.
///
/// Progress and warnings (an index that was made anew) go to \p Log. An error
/// is a user's: a bad glob, a commit that git does not know.
llvm::Expected<AnalyzeOutcome> analyze(const Project &P,
                                       const AnalyzeOptions &Options,
                                       llvm::raw_ostream &Log);

} // namespace race

#endif // RACE_DRIVER_ANALYZE_H
