//===- Finding.h - What is reported -----------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_ANALYSIS_FINDING_H
#define RACE_ANALYSIS_FINDING_H

#include "race/Support/Anchor.h"
#include "race/Support/Evidence.h"
#include <string>
#include <vector>

namespace race {

/// A further place that helps to believe a finding.
struct FindingNote {
  Anchor Place;
  std::string Text;
};

/// One step of the threads that take turns until it goes wrong.
struct InterleavingStep {
  unsigned Thread = 1; ///< counted from one
  Anchor Place;
  /// What the thread does there: "'get' gives the same answer".
  std::string Text;
};

/// A piece of source text to replace: from Begin up to End, without what stands
/// at End. Both are in the same file; equal ones are an insertion.
struct SourceEdit {
  Anchor Begin, End;
  std::string Text;
};

/// One thing that is wrong. Says nothing of how it is shown.
struct Finding {
  /// The check that found it: "race-use-after-release".
  std::string Check;
  Anchor Place;
  /// In the words of clang's diagnostics: lower case, names in quotes, no full
  /// stop.
  std::string Message;
  std::vector<FindingNote> Notes;
  /// In the order of time; may be empty.
  std::vector<InterleavingStep> Interleaving;
  /// What mends it, where that is sure to keep the meaning; none of the edits
  /// overlap. All or none are to be applied.
  std::vector<SourceEdit> Fix;
  /// The weakest evidence that it rests on.
  Evidence Why = Evidence::Structural;

  bool operator<(const Finding &O) const {
    if (!(Place == O.Place))
      return Place < O.Place;
    return Check != O.Check ? Check < O.Check : Message < O.Message;
  }
};

} // namespace race

#endif // RACE_ANALYSIS_FINDING_H
