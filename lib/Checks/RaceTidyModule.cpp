//===- RaceTidyModule.cpp - The clang-tidy module -------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RaceTidyModule.h"
#include "CheckThenActCheck.h"
#include "StaleThreadCommentCheck.h"
#include "UseAfterReleaseCheck.h"
#include "clang-tidy/ClangTidyModule.h"

#include "race/Support/LLVMVersion.h"

#include RACE_CLANG_TIDY_REGISTRY_HEADER

namespace race {

void addRaceChecks(clang::tidy::ClangTidyCheckFactories &Factories) {
  Factories.registerCheck<CheckThenActCheck>("race-check-then-act");
  Factories.registerCheck<StaleThreadCommentCheck>("race-stale-thread-comment");
  Factories.registerCheck<UseAfterReleaseCheck>("race-use-after-release");
}

/// Registers the race-* checks.
class RaceTidyModule : public clang::tidy::ClangTidyModule {
public:
  void
  addCheckFactories(clang::tidy::ClangTidyCheckFactories &Factories) override {
    addRaceChecks(Factories);
  }
};

static clang::tidy::ClangTidyModuleRegistry::Add<RaceTidyModule>
    X("race-module", "Checks for race-prone patterns.");

// Referred to by programs that link the checks in, so that the registration
// above is linked too.
extern volatile int RaceTidyModuleAnchorSource;
volatile int RaceTidyModuleAnchorSource = 0;

} // namespace race
