//===- StaleThreadCommentCheck.h - race-stale-thread-comment ----*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_CHECKS_STALETHREADCOMMENTCHECK_H
#define RACE_LIB_CHECKS_STALETHREADCOMMENTCHECK_H

#include "RaceCheck.h"

namespace race {

/// Comments about threads and locks that the code breaks.
/// docs/checks/race-stale-thread-comment.md
class StaleThreadCommentCheck : public RaceCheck {
public:
  StaleThreadCommentCheck(llvm::StringRef Name,
                          clang::tidy::ClangTidyContext *Context);

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  std::vector<Finding> analyze(TranslationUnit &TU,
                               const IndexView *Rest) override;

private:
  const bool ReportOutdated;
  const std::string ThreadNames;
  const std::string OwnPhrases;
};

} // namespace race

#endif // RACE_LIB_CHECKS_STALETHREADCOMMENTCHECK_H
