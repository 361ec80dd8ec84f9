//===- StaleThreadCommentCheck.cpp - race-stale-thread-comment ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StaleThreadCommentCheck.h"
#include "race/Analysis/StaleComment.h"
#include "race/Program/Program.h"

std::vector<race::Finding>
race::StaleThreadCommentCheck::analyze(TranslationUnit &TU) {
  if (TU.summary().Claims.empty())
    return {};
  Program P(TU.names(), {&TU.summary()});
  return findStaleComments(P, TU.names());
}
