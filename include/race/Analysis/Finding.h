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
  /// The locks that it holds while it does.
  std::vector<std::string> Locks = {};
  /// It is how the thread comes there, before the window opens: where it was
  /// started, whom it called, where it got the object from.
  bool Before = false;
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
  /// In the order of time; may be empty. Other threads get in between from the
  /// first step that is not Before to the last one.
  std::vector<InterleavingStep> Interleaving;
  /// What the threads of Interleaving are ("the thread that runs 'report'"),
  /// the first one first; may be empty.
  std::vector<std::string> Threads;
  /// Notes say what Interleaving says: whoever prints the one need not print
  /// the other.
  bool NotesTellAll = false;
  /// What mends it, where that is sure to keep the meaning; none of the edits
  /// overlap. All or none are to be applied.
  std::vector<SourceEdit> Fix;
  /// The weakest evidence that it rests on.
  Evidence Why = Evidence::Structural;
  /// It is about the file system, which options grade apart.
  bool Files = false;

  // What tells it from others of its check wherever it stands: no places, no
  // wording.

  /// Which of the check's stories it is: "twice". Stays what it is when the
  /// words of the message get better.
  std::string Kind;
  /// The function that it is in, or what the comment is about; with namespaces
  /// and classes.
  std::string Scope;
  /// Scope is private to its file: others may have one of the same name.
  bool ScopeIsLocal = false;
  /// What it is about, as the user wrote it: the object, the quoted comment.
  std::string Subject;
  /// Set by assignFingerprints (Report): a name that outlives changes of the
  /// code around it.
  std::string Fingerprint;

  bool operator<(const Finding &O) const {
    if (!(Place == O.Place))
      return Place < O.Place;
    return Check != O.Check ? Check < O.Check : Message < O.Message;
  }
};

} // namespace race

#endif // RACE_ANALYSIS_FINDING_H
