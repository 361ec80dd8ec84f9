//===- UseAfterReleaseFixes.h - The use goes first --------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_ANALYSIS_USEAFTERRELEASEFIXES_H
#define RACE_LIB_ANALYSIS_USEAFTERRELEASEFIXES_H

#include "race/Analysis/Finding.h"
#include "race/Flow/FlowGraph.h"

namespace race {

/// The edits that put the statement with the use \p Use before the one that is
/// the hand-back \p By. None unless that is sure to be what is meant: the use
/// stands right behind the hand-back and does nothing but copy a plain value of
/// the object into a local variable.
std::vector<SourceEdit> fixUseAfterRelease(const Op &By, const Op &Use,
                                           clang::ASTContext &Ctx);

} // namespace race

#endif // RACE_LIB_ANALYSIS_USEAFTERRELEASEFIXES_H
