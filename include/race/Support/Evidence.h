//===- Evidence.h - Why a fact is believed ----------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_EVIDENCE_H
#define RACE_SUPPORT_EVIDENCE_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace race {

/// How a fact about the code ("this is a pool", "this class is shared") came
/// to be known, weakest first. The order is the order of trust: a finding has
/// the weakest evidence of the facts it rests on, and an option sets the least
/// evidence that is reported.
enum class Evidence : uint8_t {
  Named,      ///< only a name suggests it
  Structural, ///< the structure of visible code shows it
  Modelled,   ///< a model (preset or the user's) says it
  Annotated,  ///< an attribute in the source says it
};

/// The word for \p E in messages, options and serialized summaries.
llvm::StringRef toString(Evidence E);

/// The inverse of toString; std::nullopt for any other text.
std::optional<Evidence> parseEvidence(llvm::StringRef Text);

} // namespace race

#endif // RACE_SUPPORT_EVIDENCE_H
