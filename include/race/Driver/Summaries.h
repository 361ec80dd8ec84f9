//===- Summaries.h - The summaries that a build has written -----*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_SUMMARIES_H
#define RACE_DRIVER_SUMMARIES_H

#include "race/Driver/Extract.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <set>
#include <string>
#include <vector>

namespace race {

/// The summaries that \p Paths mean, sorted, each once: a file is one whatever
/// it is called; of a folder, and of all below it, the *.json files that
/// `extract` or the compiler plugin have written. An error names a folder
/// without any; a file that is not there is an error when it is read.
llvm::Expected<std::vector<std::string>>
findSummaries(const std::vector<std::string> &Paths);

/// Reads the summary in \p File. Errors as readUnit's.
llvm::Expected<UnitDocument>
readSummary(llvm::StringRef File, EntityTable &Names, llvm::StringRef Root);

/// The files that \p Summary speaks of; absolute.
std::set<std::string> sourcesOf(const TUSummary &Summary, llvm::StringRef Root);

/// Whether \p Summary, in \p File, says what the files that it speaks of held
/// when they were last changed, as far as their times tell.
bool isFresh(llvm::StringRef File, const TUSummary &Summary,
             llvm::StringRef Root);

} // namespace race

#endif // RACE_DRIVER_SUMMARIES_H
