//===- Report.h - All that a run has to report ------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_REPORT_REPORT_H
#define RACE_REPORT_REPORT_H

#include "race/Report/Baseline.h"
#include "race/Report/NoLint.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace race {

/// What becomes of a finding.
enum class FindingState {
  New,      ///< it counts
  Known,    ///< it is in the baseline
  Silenced, ///< by a comment in the source
};

/// All that a run has to report, for those who write it into a file.
struct Report {
  std::string Root;    ///< the project's folder; absolute
  std::string Version; ///< of race-tidy
  struct Item {
    Finding What;
    FindingState State = FindingState::New;
  };
  std::vector<Item> Items; ///< sorted by place
  /// There is a baseline, and these entries of it do not occur any more.
  bool HasBaseline = false;
  std::vector<Baseline::Entry> Gone;
  /// Files that could not be read, or only in part, and why.
  std::vector<std::pair<std::string, std::string>> Failed;

  unsigned count(FindingState State) const;
};

/// Writes \p R as a log of SARIF 2.1.0.
void writeSarif(const Report &R, SourceLines &Sources, llvm::raw_ostream &OS);

/// Writes \p R as one HTML file that needs no other and has no script.
void writeHtml(const Report &R, SourceLines &Sources, llvm::raw_ostream &OS);

/// Makes what \p Write writes the content of \p File. The error says why that
/// cannot be; what was there before is then left as it was.
llvm::Error writeFile(llvm::StringRef File,
                      llvm::function_ref<void(llvm::raw_ostream &)> Write);

} // namespace race

#endif // RACE_REPORT_REPORT_H
