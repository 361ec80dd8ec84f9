//===- CheckThenActCheck.cpp - race-check-then-act ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActCheck.h"
#include "race/Analysis/CheckThenAct.h"

std::vector<race::Finding> race::CheckThenActCheck::analyze(TranslationUnit &TU,
                                                            const IndexView *) {
  return findCheckThenAct(TU);
}

race::CheckThenActCheck::CheckThenActCheck(
    llvm::StringRef Name, clang::tidy::ClangTidyContext *Context)
    : RaceCheck(Name, Context), Files(Options.get("Files", "create").str()) {
  if (Files != "create" && Files != "all" && Files != "none")
    configurationDiag("option 'Files' of %0 is '%1', not one of 'create', "
                      "'all' and 'none'")
        << Name << Files;
}

void race::CheckThenActCheck::storeOptions(
    clang::tidy::ClangTidyOptions::OptionMap &Opts) {
  RaceCheck::storeOptions(Opts);
  Options.store(Opts, "Files", Files);
}

bool race::CheckThenActCheck::wants(const Finding &F) const {
  return isWanted(F, MinEvidence, Files);
}
