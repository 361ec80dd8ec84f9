//===- UseAfterReleaseReport.h - What the user reads ------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_ANALYSIS_USEAFTERRELEASEREPORT_H
#define RACE_LIB_ANALYSIS_USEAFTERRELEASEREPORT_H

#include "race/Analysis/Finding.h"
#include "race/Flow/Simulation.h"
#include "llvm/ADT/StringRef.h"

namespace race {

/// A use of what was handed back, as the simulation of a function found it.
struct BadUse {
  const Simulation &Sim;
  const State &S;
  /// The operation that uses it.
  const Op &O;
  /// The operation that handed it back, and its effect that says so.
  const Op &By;
  const HandBackEffect &E;
  /// What was handed back.
  Sym Gone;
  /// What is used: the same, or what leads into it.
  Sym Used;
  /// "used", "returned"; empty where it is handed back once more.
  llvm::StringRef Verb;
  /// The function that is simulated.
  const clang::FunctionDecl *F;
};

/// The finding that tells of \p U; its place is invalid if the source has none
/// for it.
Finding describe(const BadUse &U);

/// The call that gave \p V to the simulated function, or null.
const Op *originOf(const Simulation &Sim, Sym V);

} // namespace race

#endif // RACE_LIB_ANALYSIS_USEAFTERRELEASEREPORT_H
