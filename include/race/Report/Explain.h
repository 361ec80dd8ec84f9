//===- Explain.h - One finding, in full -------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_REPORT_EXPLAIN_H
#define RACE_REPORT_EXPLAIN_H

#include "race/Report/Report.h"

namespace race {

/// Prints one finding in full, for a terminal: what it is, its evidence, the
/// places, how the threads get there and take turns (a column for each), how to
/// fix it and how to silence it.
/// \param Width how many characters a line may have.
/// \param Project the project's folder; names of files are relative to it.
void explain(const Report::Item &I, llvm::StringRef Project,
             SourceLines &Sources, unsigned Width, llvm::raw_ostream &OS);

/// Which items of \p R a user means with \p What: a fingerprint or the
/// beginning of one, "file:line" or "file". Those with their own place there
/// come first; if there is none, those with a note there. A file is named
/// relative to the current folder or to the project's.
std::vector<const Report::Item *> select(const Report &R, llvm::StringRef What);

} // namespace race

#endif // RACE_REPORT_EXPLAIN_H
