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
  using RaceCheck::RaceCheck;

protected:
  std::vector<Finding> analyze(TranslationUnit &TU,
                               const IndexView *Rest) override;
};

} // namespace race

#endif // RACE_LIB_CHECKS_STALETHREADCOMMENTCHECK_H
