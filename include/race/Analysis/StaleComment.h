//===- StaleComment.h - Comments that became lies ---------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_ANALYSIS_STALECOMMENT_H
#define RACE_ANALYSIS_STALECOMMENT_H

#include "race/Analysis/Finding.h"
#include "race/Program/Program.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

namespace race {

struct StaleCommentOptions {
  /// Also report claims that no lock is needed where in fact one is held
  /// everywhere.
  bool ReportOutdated = false;
  /// Which functions run on which thread: the thread's name as comments spell
  /// it, in lower case, and a function's name ("Reactor::loop").
  std::vector<std::pair<std::string, std::string>> Threads;
};

/// Reads what the option `ThreadNames` says, "io=Reactor::loop;main=App::run",
/// for StaleCommentOptions::Threads. \returns an error that quotes the part
/// that cannot be read.
llvm::Expected<std::vector<std::pair<std::string, std::string>>>
parseThreadNames(llvm::StringRef Text);

/// The options for a claim that stands in the given file.
using StaleCommentOptionsOf =
    llvm::function_ref<const StaleCommentOptions &(llvm::StringRef File)>;

/// The claims of comments that the program breaks.
std::vector<Finding> findStaleComments(const Program &P,
                                       const EntityTable &Names,
                                       StaleCommentOptionsOf OptionsOf);

/// As above, with the same options for all claims.
std::vector<Finding> findStaleComments(const Program &P,
                                       const EntityTable &Names,
                                       const StaleCommentOptions &Options = {});

} // namespace race

#endif // RACE_ANALYSIS_STALECOMMENT_H
