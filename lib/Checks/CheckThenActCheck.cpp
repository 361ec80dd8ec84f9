//===- CheckThenActCheck.cpp - race-check-then-act ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActCheck.h"
#include "race/Analysis/CheckThenAct.h"

std::vector<race::Finding> race::CheckThenActCheck::analyze(TranslationUnit &TU,
                                                            const IndexView *) {
  return findCheckThenAct(TU);
}
