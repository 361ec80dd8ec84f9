//===- ParallelRegions.h - OpenMP -------------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_PARALLELREGIONS_H
#define RACE_LIB_SUMMARY_PARALLELREGIONS_H

#include "race/Flow/EntityMapper.h"
#include "race/Summary/CodeScan.h"
#include "race/Summary/FunctionSummary.h"

namespace race {

/// Takes what \p S, the summary of \p F, does in OpenMP's parallel regions out
/// of it, and puts it into summaries of their own, which \p S starts as
/// parallel tasks. What stands in `critical`, `atomic` and the like is under a
/// lock that nobody knows.
/// \param Regions gets the new summaries.
void splitParallelRegions(const FunctionInfo &F, EntityMapper &Entities,
                          FunctionSummary &S,
                          std::vector<FunctionSummary> &Regions);

} // namespace race

#endif // RACE_LIB_SUMMARY_PARALLELREGIONS_H
