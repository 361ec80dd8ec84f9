//===- Imports.h - What is known of other files -----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_IMPORTS_H
#define RACE_SUMMARY_IMPORTS_H

#include "race/Flow/Effect.h"

namespace race {

/// What linking found out about the rest of the program, as far as it matters
/// to the analysis of one file.
class Imports {
public:
  virtual ~Imports() = default;

  /// What a call of \p F, which another file defines, does; nothing if that is
  /// not known or of no interest. Entities of the answer are in \p Names.
  virtual std::optional<Effects> effectsOf(const EntityName &F,
                                           EntityTable &Names) const = 0;

  /// Whether a comment of another file makes a claim about \p Subject, a
  /// field, variable or function.
  virtual bool isClaimed(const EntityName &Subject) const = 0;
};

} // namespace race

#endif // RACE_SUMMARY_IMPORTS_H
