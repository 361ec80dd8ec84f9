//===- RaceTidyModule.h - The one list of checks ----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_CHECKS_RACETIDYMODULE_H
#define RACE_LIB_CHECKS_RACETIDYMODULE_H

namespace clang::tidy {
class ClangTidyCheckFactories;
} // namespace clang::tidy

namespace race {

/// Adds all race-* checks; each of them is a RaceCheck.
void addRaceChecks(clang::tidy::ClangTidyCheckFactories &Factories);

} // namespace race

#endif // RACE_LIB_CHECKS_RACETIDYMODULE_H
