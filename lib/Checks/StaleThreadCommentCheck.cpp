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
#include "race/Support/Paths.h"

std::vector<race::Finding>
race::StaleThreadCommentCheck::analyze(TranslationUnit &TU,
                                       const IndexView *Rest) {
  if (TU.summary().Claims.empty())
    return {};
  if (!Rest) {
    Program P(TU.names(), {&TU.summary()});
    return findStaleComments(P, TU.names());
  }
  TUSummary Others = Rest->others(
      absoluteFrom(Rest->root(), TU.summary().MainFile), TU.entities().table());
  Program P(TU.names(), {&TU.summary(), &Others});
  std::vector<Finding> All = findStaleComments(P, TU.names());
  // Claims of other files are reported where those are looked at.
  llvm::erase_if(All, [&](const Finding &F) {
    return llvm::none_of(TU.summary().Claims, [&](const ClaimSummary &C) {
      return C.Place == F.Place;
    });
  });
  return All;
}
