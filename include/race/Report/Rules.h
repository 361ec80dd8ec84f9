//===- Rules.h - What the checks are, in words ------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_REPORT_RULES_H
#define RACE_REPORT_RULES_H

#include "race/Support/Evidence.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace race {

/// What to say of a check beside its findings.
struct Rule {
  llvm::StringLiteral Id; ///< "race-check-then-act"
  llvm::StringLiteral Title;
  /// One sentence, and a few.
  llvm::StringLiteral Short, Full;
  /// How to fix what it finds: sentences, the best way first.
  llvm::ArrayRef<llvm::StringLiteral> Fixes;
  /// What to do if it is wrong beside silencing the place.
  llvm::StringLiteral IfWrong;

  /// Where its documentation is.
  std::string uri() const;
};

/// All checks.
llvm::ArrayRef<Rule> rules();

/// The rule of \p Check; for a check that is not known one without words.
const Rule &ruleOf(llvm::StringRef Check);

/// What it means that a finding rests on \p E.
llvm::StringRef describe(Evidence E);

} // namespace race

#endif // RACE_REPORT_RULES_H
