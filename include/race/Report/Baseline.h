//===- Baseline.h - Findings that are known ---------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_REPORT_BASELINE_H
#define RACE_REPORT_BASELINE_H

#include "race/Analysis/Finding.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace race {

/// The findings that a team has seen and lives with for now, so that only new
/// ones count. A text file that can be read, reviewed and merged: a line for
/// each finding begins with its fingerprint; the rest of it is for people.
/// Lines that are empty or begin with '#' are for people, too.
class Baseline {
public:
  /// A line that stands for a finding.
  struct Entry {
    std::string Fingerprint;
    /// As they were when it was written; may be empty if a person wrote it.
    std::string Check, File, Message;
  };

  /// Reads the file \p File. The error names file and line.
  static llvm::Expected<Baseline> read(llvm::StringRef File);
  /// \param Source the name of \p Text in errors.
  static llvm::Expected<Baseline> parse(llvm::StringRef Text,
                                        llvm::StringRef Source);

  bool contains(const Finding &F) const {
    return Known.contains(F.Fingerprint);
  }

  /// The entries whose fingerprint is not among \p Present.
  std::vector<Entry> absent(const llvm::StringSet<> &Present) const;

  /// Writes the baseline as it was read, without the entries of these
  /// fingerprints.
  void writeWithout(llvm::raw_ostream &OS, const llvm::StringSet<> &Gone) const;

  /// Writes a baseline of \p All.
  /// \param Root what the names of files are written relative to.
  static void write(llvm::raw_ostream &OS, const std::vector<Finding> &All,
                    llvm::StringRef Root);

private:
  /// Each line, and the entry that it is, if any.
  std::vector<std::pair<std::string, int>> Lines;
  std::vector<Entry> Entries;
  llvm::StringSet<> Known;
};

/// The name of the baseline that is written if no other is given, in the
/// project's folder.
constexpr llvm::StringLiteral BaselineName = "race.baseline";

} // namespace race

#endif // RACE_REPORT_BASELINE_H
