//===- Hook.cpp - race-tidy hook ------------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Hook.h"
#include "Commands.h"
#include "race/Report/NoLint.h"
#include "race/Report/TextReport.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

namespace race {

cl::SubCommand HookCommand("hook", "Looks at what a commit changes, for git "
                                   "and pre-commit");

static cl::list<std::string>
    Files(cl::Positional, cl::desc("[changed file...]"), cl::sub(HookCommand));
static cl::opt<bool> Diff("diff",
                          cl::desc("Report only what touches a changed line"),
                          cl::sub(HookCommand), cl::cat(Category));
static cl::opt<std::string>
    BuildFolder("p",
                cl::desc("Folder of compile_commands.json (default: found "
                         "from the current folder upwards)"),
                cl::value_desc("folder"), cl::sub(HookCommand),
                cl::cat(Category));
static cl::opt<std::string>
    IndexFile("index", cl::value_desc("file"),
              cl::desc("The index (default: .race/index in the build folder)"),
              cl::sub(HookCommand), cl::cat(Category));
static cl::list<std::string>
    Exclude("exclude", cl::CommaSeparated, cl::value_desc("glob"),
            cl::desc("Neither read such files nor report in them"),
            cl::sub(HookCommand), cl::cat(Category));
static cl::opt<std::string>
    Checks("checks", cl::value_desc("globs"),
           cl::desc("Checks to switch on and off, after those of the "
                    ".clang-tidy files"),
           cl::sub(HookCommand), cl::cat(Category));
static cl::opt<unsigned>
    Jobs("jobs", cl::value_desc("n"),
         cl::desc("How many files are read at once (default: as many as there "
                  "are processors)"),
         cl::sub(HookCommand), cl::cat(Category));
static cl::alias JobsShort("j", cl::aliasopt(Jobs),
                           cl::desc("Alias for --jobs"), cl::cat(Category));

int runHook() {
  HookOptions Options;
  Options.Files = Files;
  Options.ChangedLinesOnly = Diff;
  Options.BuildFolder = BuildFolder;
  Options.Analyze.IndexFile = IndexFile;
  Options.Analyze.Exclude = Exclude;
  Options.Analyze.Checks = Checks;
  Options.Analyze.Jobs = Jobs;
  // A progress line is for those who wait at a terminal.
  Options.Analyze.Quiet = !errs().is_displayed();
  Expected<HookOutcome> Outcome = checkCommit(Options, errs());
  if (!Outcome)
    return fail(toString(Outcome.takeError()));

  SmallString<128> Here;
  if (sys::fs::current_path(Here))
    Here.clear();
  auto Shorten = [&](Anchor &Place) {
    Place.File = relativeTo(Here, Place.File);
  };
  SourceLines Sources;
  TextReport Report(outs(), Sources);
  for (Finding F : Outcome->Findings) {
    Shorten(F.Place);
    for (FindingNote &N : F.Notes)
      Shorten(N.Place);
    for (InterleavingStep &S : F.Interleaving)
      Shorten(S.Place);
    Report.print(F);
  }
  outs().flush();
  for (const std::string &Remark : Outcome->Remarks)
    WithColor::note(errs(), "race-tidy") << Remark << '\n';
  for (const auto &[File, Why] : Outcome->Failed)
    WithColor::error(errs(), "race-tidy") << File << ": " << Why << '\n';
  size_t N = Outcome->Findings.size();
  if (N)
    errs() << "race-tidy: " << N << (N == 1 ? " finding" : " findings")
           << " in what is to be committed; mend " << (N == 1 ? "it" : "them")
           << ", or say why it is fine: // NOLINT(race-...): why\n";
  if (!Outcome->Failed.empty())
    return Failed;
  return N ? HasFindings : Clean;
}

} // namespace race
