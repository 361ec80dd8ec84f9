//===- PlainState.h - Plain fields and variables ----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_PLAINSTATE_H
#define RACE_SUMMARY_PLAINSTATE_H

#include "race/Flow/EntityMapper.h"
#include "race/Flow/Memory.h"
#include "race/Models/Models.h"

namespace race {

/// Whether \p L is a field or static variable that is a number, a flag, a
/// pointer or a smart pointer, and neither constant, atomic, nor each thread's
/// own: what threads keep apart with a lock if at all.
bool isPlainState(const Memory &M, Loc L, const EntityMapper &Entities,
                  const Models &TheModels);

} // namespace race

#endif // RACE_SUMMARY_PLAINSTATE_H
