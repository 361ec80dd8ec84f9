//===- UseAfterReleaseCheck.cpp - race-use-after-release ------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UseAfterReleaseCheck.h"
#include "race/Analysis/UseAfterRelease.h"

using namespace clang;

race::UseAfterReleaseCheck::UseAfterReleaseCheck(
    StringRef Name, tidy::ClangTidyContext *Context)
    : RaceCheck(Name, Context),
      ReleaseNames(Options.get("ReleaseNames", "").str()),
      AcquireNames(Options.get("AcquireNames", "").str()),
      PoolTypes(Options.get("PoolTypes", "").str()) {}

void race::UseAfterReleaseCheck::storeOptions(
    tidy::ClangTidyOptions::OptionMap &Opts) {
  RaceCheck::storeOptions(Opts);
  Options.store(Opts, "ReleaseNames", ReleaseNames);
  Options.store(Opts, "AcquireNames", AcquireNames);
  Options.store(Opts, "PoolTypes", PoolTypes);
}

std::vector<race::Finding>
race::UseAfterReleaseCheck::analyze(TranslationUnit &TU, const IndexView *) {
  return findUseAfterRelease(TU);
}
