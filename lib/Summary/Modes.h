//===- Modes.h - Ways to run that exclude each other ------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_MODES_H
#define RACE_LIB_SUMMARY_MODES_H

#include "race/Summary/CodeScan.h"

namespace clang {
class Stmt;
} // namespace clang

namespace race {

/// Whether \p S, a part of \p F's body, runs only where a flag is set the other
/// way than where \p Scan has seen a thread started: what is said there of one
/// thread is said of the mode in which there is no other.
bool isInThreadlessMode(const clang::FunctionDecl *F, const clang::Stmt *S,
                        const CodeScan &Scan);

} // namespace race

#endif // RACE_LIB_SUMMARY_MODES_H
