//===- CheckThenActFixes.h - Edits that make check and act one --*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_ANALYSIS_CHECKTHENACTFIXES_H
#define RACE_LIB_ANALYSIS_CHECKTHENACTFIXES_H

#include "race/Analysis/Finding.h"
#include "race/Flow/FlowGraph.h"
#include "race/Models/Models.h"

namespace race {

/// The edits that make one of the question at \p Asked and the act at \p Act,
/// on state of the kind \p Of; none where it is not sure that they keep the
/// meaning.
/// \param Outside it was asked without the lock that is held at the act.
std::vector<SourceEdit> fixCheckThenAct(const Op &Asked, const Op &Act,
                                        StateKind Of, bool Outside,
                                        clang::ASTContext &Ctx,
                                        const Models &M);

} // namespace race

#endif // RACE_LIB_ANALYSIS_CHECKTHENACTFIXES_H
