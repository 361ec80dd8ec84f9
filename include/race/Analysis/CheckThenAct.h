//===- CheckThenAct.h - Check, then act -------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_ANALYSIS_CHECKTHENACT_H
#define RACE_ANALYSIS_CHECKTHENACT_H

#include "race/Analysis/Finding.h"
#include "race/Summary/TranslationUnit.h"

namespace race {

/// The acts on shared containers that rely on an answer which another thread
/// can have made untrue in between.
std::vector<Finding> findCheckThenAct(TranslationUnit &TU);

/// Whether the options let a finding of the check be reported.
/// \param Least the option MinEvidence.
/// \param Files the option Files: "create" (also where it is none of the
///        others), "all" or "none".
bool isWanted(const Finding &F, Evidence Least, llvm::StringRef Files);

} // namespace race

#endif // RACE_ANALYSIS_CHECKTHENACT_H
