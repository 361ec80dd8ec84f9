//===- UseAfterReleaseCheck.cpp - race-use-after-release ------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UseAfterReleaseCheck.h"
#include "race/Analysis/UseAfterRelease.h"

std::vector<race::Finding>
race::UseAfterReleaseCheck::analyze(TranslationUnit &TU, const IndexView *) {
  return findUseAfterRelease(TU);
}
