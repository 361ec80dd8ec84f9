//===- FindingJson.h - The JSON form of findings ----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_ANALYSIS_FINDINGJSON_H
#define RACE_ANALYSIS_FINDINGJSON_H

#include "race/Analysis/Finding.h"
#include "race/Support/Archive.h"

namespace race {

/// How a Finding is written and read (Archive.h).
template <class A> void describe(A &Ar, Finding &F);

} // namespace race

#endif // RACE_ANALYSIS_FINDINGJSON_H
