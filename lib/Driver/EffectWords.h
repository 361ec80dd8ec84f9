//===- EffectWords.h - Effects in words -------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_DRIVER_EFFECTWORDS_H
#define RACE_LIB_DRIVER_EFFECTWORDS_H

#include "race/Flow/Effect.h"
#include <vector>

namespace race {

/// A location in words: "argument 1", "'this->pool_'", "what argument 2 points
/// to".
std::string inWords(const AccessPath &P, const EntityTable &Names);

/// What a call with the effects \p E does, a line each: "hands back argument 1
/// if it returns true (modelled: the model of 'put' says so)".
std::vector<std::string> inWords(const Effects &E, const EntityTable &Names);

} // namespace race

#endif // RACE_LIB_DRIVER_EFFECTWORDS_H
