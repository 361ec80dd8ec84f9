//===- UseAfterRelease.h - Hand-back, then use ------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_ANALYSIS_USEAFTERRELEASE_H
#define RACE_ANALYSIS_USEAFTERRELEASE_H

#include "race/Analysis/Finding.h"
#include "race/Summary/TranslationUnit.h"

namespace race {

/// The uses of resources after they were handed back, and second hand-backs.
/// One finding for each place of a hand-back, at the first use in the text.
std::vector<Finding> findUseAfterRelease(TranslationUnit &TU);

} // namespace race

#endif // RACE_ANALYSIS_USEAFTERRELEASE_H
