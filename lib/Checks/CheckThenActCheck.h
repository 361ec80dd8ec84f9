//===- CheckThenActCheck.h - race-check-then-act ----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_CHECKS_CHECKTHENACTCHECK_H
#define RACE_LIB_CHECKS_CHECKTHENACTCHECK_H

#include "RaceCheck.h"

namespace race {

/// Acts on shared state that rely on an answer which may be stale.
/// docs/checks/race-check-then-act.md
class CheckThenActCheck : public RaceCheck {
public:
  CheckThenActCheck(llvm::StringRef Name,
                    clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  std::vector<Finding> analyze(TranslationUnit &TU,
                               const IndexView *Rest) override;
  bool wants(const Finding &F) const override;

private:
  const std::string Files;
};

} // namespace race

#endif // RACE_LIB_CHECKS_CHECKTHENACTCHECK_H
