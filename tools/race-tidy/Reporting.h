//===- Reporting.h - What becomes of findings -------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_TOOLS_RACETIDY_REPORTING_H
#define RACE_TOOLS_RACETIDY_REPORTING_H

#include "race/Driver/Analyze.h"
#include "race/Report/Report.h"
#include <optional>

namespace race {

enum class ReportFormat { Text, Sarif, Html };

/// What the options say of reports: the baseline, and which files to write.
class Reporting {
public:
  /// Reads the options, and the baseline of \p P if there is one. The error is
  /// the user's.
  /// \param Partly only a part of what is found is reported.
  static llvm::Expected<Reporting> begin(const Project &P, bool Partly);

  /// Prints what is new, writes the reports and the baseline, and says in a
  /// last line what came out unless \p Quiet. \returns the exit status.
  int finish(const Project &P, AnalyzeOutcome Outcome, bool Quiet);

private:
  llvm::Error updateBaseline(const Report &R, bool Quiet) const;

  std::vector<std::pair<ReportFormat, std::string>> Outputs;
  std::optional<Baseline> Known;
  std::string KnownFile;
};

/// What \p Outcome has to report.
/// \param Known the baseline, or null.
Report makeReport(const Project &P, AnalyzeOutcome Outcome,
                  const Baseline *Known);

} // namespace race

#endif // RACE_TOOLS_RACETIDY_REPORTING_H
