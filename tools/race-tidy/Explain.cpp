//===- Explain.cpp - race-tidy explain ------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Explain.h"
#include "Commands.h"
#include "Reporting.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"
#include <optional>

using namespace llvm;

namespace race {

cl::SubCommand ExplainCommand("explain", "Tells one finding in full: evidence, "
                                         "call paths, how the threads take "
                                         "turns, how to fix and silence it");

static cl::opt<std::string> What(cl::Positional, cl::Required,
                                 cl::desc("<fingerprint or file:line>"),
                                 cl::sub(ExplainCommand));
static cl::opt<std::string>
    BuildFolder("p",
                cl::desc("Folder of compile_commands.json (default: found "
                         "from the current folder upwards)"),
                cl::value_desc("folder"), cl::sub(ExplainCommand),
                cl::cat(Category));
static cl::opt<std::string>
    IndexFile("index", cl::value_desc("file"),
              cl::desc("The index (default: .race/index in the build folder); "
                       "what has changed since is read"),
              cl::sub(ExplainCommand), cl::cat(Category));
static cl::opt<std::string>
    BaselineFile("baseline", cl::value_desc("file"),
                 cl::desc("Say which findings are in this baseline"),
                 cl::sub(ExplainCommand), cl::cat(Category));

int runExplain() {
  Expected<Project> P = Project::open(BuildFolder);
  if (!P)
    return fail(toString(P.takeError()));
  std::optional<Baseline> Known;
  if (!BaselineFile.empty()) {
    Expected<Baseline> B = Baseline::read(BaselineFile);
    if (!B)
      return fail(toString(B.takeError()));
    Known = std::move(*B);
  }
  AnalyzeOptions Options;
  Options.IndexFile = IndexFile;
  // Progress is for a terminal; whoever pipes this wants the text alone.
  Options.Quiet = !sys::Process::StandardErrIsDisplayed();
  Expected<AnalyzeOutcome> Outcome = analyze(*P, Options, errs());
  if (!Outcome)
    return fail(toString(Outcome.takeError()));
  Report R = makeReport(*P, std::move(*Outcome), Known ? &*Known : nullptr);
  for (const auto &[Unit, Why] : R.Failed)
    WithColor::warning(errs(), "race-tidy") << Unit << ": " << Why << '\n';

  std::vector<const Report::Item *> Chosen = select(R, What);
  if (Chosen.empty())
    return fail("no finding '" + What +
                "'; 'race-tidy analyze' lists them, and 'race-tidy doctor "
                "FILE:LINE' says why a place has none");
  unsigned Width = sys::Process::StandardOutColumns();
  SourceLines Sources;
  for (const Report::Item *I : Chosen) {
    if (I != Chosen.front())
      outs() << '\n' << std::string(60, '=') << "\n\n";
    explain(*I, R.Root, Sources, Width ? Width : 100, outs());
  }
  return Clean;
}

} // namespace race
