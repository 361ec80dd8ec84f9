//===- StaleThreadCommentCheck.cpp - race-stale-thread-comment ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StaleThreadCommentCheck.h"
#include "race/Analysis/StaleComment.h"
#include "race/Checks/Editor.h"
#include "race/Program/Program.h"
#include "race/Support/Paths.h"
#include "clang/AST/ASTContext.h"

using namespace clang::tidy;
using namespace llvm;

race::StaleThreadCommentCheck::StaleThreadCommentCheck(
    StringRef Name, ClangTidyContext *Context)
    : RaceCheck(Name, Context),
      ReportOutdated(Options.get("ReportOutdated", false)),
      ThreadNames(Options.get("ThreadNames", "").str()),
      OwnPhrases(Options.get("Phrases", "").str()) {}

void race::StaleThreadCommentCheck::storeOptions(
    ClangTidyOptions::OptionMap &Opts) {
  RaceCheck::storeOptions(Opts);
  Options.store(Opts, "ReportOutdated", ReportOutdated);
  Options.store(Opts, "ThreadNames", ThreadNames);
  Options.store(Opts, "Phrases", OwnPhrases);
}

std::vector<race::Finding>
race::StaleThreadCommentCheck::analyze(TranslationUnit &TU,
                                       const IndexView *Rest) {
  // Who looks at a source file in an editor sees there what it does to the
  // comment in a header, unless the program is so large that it would cost
  // time.
  constexpr size_t SmallSlice = 1 << 20;
  bool OwnClaims = !TU.summary().Claims.empty();
  if (!OwnClaims && !(Rest && servesEditor()))
    return {};
  StaleCommentOptions How;
  How.ReportOutdated = ReportOutdated;
  if (auto Threads = parseThreadNames(ThreadNames))
    How.Threads = std::move(*Threads);
  else
    complain(TU.context().getSourceManager(), toString(Threads.takeError()));
  if (!Rest) {
    Program P(TU.names(), {&TU.summary()});
    return findStaleComments(P, TU.names(), How);
  }
  std::string MainFile = absoluteFrom(Rest->root(), TU.summary().MainFile);
  TUSummary Own = TU.summary();
  TUSummary Others = Rest->others(Own, TU.entities().table(),
                                  OwnClaims ? ~size_t(0) : SmallSlice);
  Program P(TU.names(), {&Own, &Others});
  std::vector<Finding> All = findStaleComments(P, TU.names(), How);
  // Claims of other files are reported where those are looked at; RaceCheck
  // finds a place in this one for those that concern it.
  llvm::erase_if(All, [&](const Finding &F) {
    return llvm::none_of(
               TU.summary().Claims,
               [&](const ClaimSummary &C) { return C.Place == F.Place; }) &&
           !(servesEditor() && llvm::any_of(F.Notes, [&](const FindingNote &N) {
               return N.Place.File == MainFile;
             }));
  });
  return All;
}
