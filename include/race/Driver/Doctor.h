//===- Doctor.h - Why a check speaks or is silent ---------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_DOCTOR_H
#define RACE_DRIVER_DOCTOR_H

#include "race/Driver/Project.h"
#include "llvm/Support/raw_ostream.h"

namespace race {

/// What to explain.
struct DoctorOptions {
  std::string File;
  unsigned Line = 0; ///< 0: all of the file
  /// Where the index is; empty for `.race/index` in the build folder.
  std::string IndexFile;
};

/// Tells on \p OS what is known about a place and by which evidence: the state
/// of the index, the models in force, what the functions there do and call,
/// which threads reach them, the claims, and the findings with what silences
/// them. An error says that the file is not part of the program.
llvm::Error explainPlace(const Project &P, const DoctorOptions &Options,
                         llvm::raw_ostream &OS);

} // namespace race

#endif // RACE_DRIVER_DOCTOR_H
