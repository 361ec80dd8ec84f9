//===- SummaryTestSupport.h - Effects in words ------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_TEST_UNIT_SUMMARY_SUMMARYTESTSUPPORT_H
#define RACE_TEST_UNIT_SUMMARY_SUMMARYTESTSUPPORT_H

#include "race/Summary/TranslationUnit.h"
#include <string>

namespace race::summarytest {

/// \p P in words: "*arg0", "this->M", "::Pool".
std::string describe(const AccessPath &P, const EntityTable &Names);

/// What \p E says of hand-backs, locks, containers, assignments and the
/// result, separated by "; "; "nothing" if that is nothing.
std::string describe(const Effects &E, const EntityTable &Names);

} // namespace race::summarytest

#endif // RACE_TEST_UNIT_SUMMARY_SUMMARYTESTSUPPORT_H
