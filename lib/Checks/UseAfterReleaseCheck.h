//===- UseAfterReleaseCheck.h - race-use-after-release ----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_CHECKS_USEAFTERRELEASECHECK_H
#define RACE_LIB_CHECKS_USEAFTERRELEASECHECK_H

#include "RaceCheck.h"

namespace race {

/// Uses of resources after they were handed back to a pool.
/// docs/checks/race-use-after-release.md
class UseAfterReleaseCheck : public RaceCheck {
public:
  UseAfterReleaseCheck(llvm::StringRef Name,
                       clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  std::vector<Finding> analyze(TranslationUnit &TU,
                               const IndexView *Rest) override;

private:
  /// All checks read them, since they share what is read (RaceCheck); here they
  /// are only kept to be shown.
  const std::string ReleaseNames, AcquireNames, PoolTypes;
};

} // namespace race

#endif // RACE_LIB_CHECKS_USEAFTERRELEASECHECK_H
