//===- Analyze.cpp - race-tidy analyze ------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Analyze.h"
#include "Commands.h"
#include "Reporting.h"
#include "race/Driver/Summaries.h"

using namespace llvm;

namespace race {

cl::SubCommand AnalyzeCommand("analyze", "Analyses a whole program");
cl::SubCommand LinkCommand("link", "Analyses a program by the summaries that "
                                   "its build has written: race-tidy link "
                                   "*.race.json");

static cl::opt<std::string>
    BuildFolder("p",
                cl::desc("Folder of compile_commands.json (default: found "
                         "from the current folder upwards)"),
                cl::value_desc("folder"), cl::sub(AnalyzeCommand),
                cl::cat(Category));
static cl::list<std::string> Names(cl::Positional, cl::desc("[file...]"),
                                   cl::sub(AnalyzeCommand));
static cl::list<std::string> Files(
    "files", cl::CommaSeparated, cl::value_desc("glob"), cl::cat(Category),
    cl::desc("Report only findings that have a place in such files, relative "
             "to the project's folder; the whole program is read all the same"),
    cl::sub(AnalyzeCommand), cl::sub(LinkCommand));
static cl::list<std::string>
    Exclude("exclude", cl::CommaSeparated, cl::value_desc("glob"),
            cl::desc("Neither read such files nor report in them"),
            cl::sub(AnalyzeCommand), cl::sub(LinkCommand), cl::cat(Category));
static cl::opt<std::string>
    Diff("diff", cl::value_desc("commit|file|-"),
         cl::desc("Report only findings that have a place on a line that was "
                  "changed since this commit, or in this unified diff"),
         cl::sub(AnalyzeCommand), cl::sub(LinkCommand), cl::cat(Category));
static cl::opt<std::string>
    Checks("checks", cl::value_desc("globs"),
           cl::desc("Checks to switch on and off, after those of the "
                    ".clang-tidy files"),
           cl::sub(AnalyzeCommand), cl::sub(LinkCommand), cl::cat(Category));
static cl::opt<unsigned>
    Jobs("jobs", cl::value_desc("n"),
         cl::desc("How many files are read at once (default: as many as there "
                  "are processors)"),
         cl::sub(AnalyzeCommand), cl::cat(Category));
static cl::alias JobsShort("j", cl::aliasopt(Jobs),
                           cl::desc("Alias for --jobs"), cl::cat(Category));
static cl::opt<std::string>
    IndexFile("index", cl::value_desc("file"),
              cl::desc("Where what was read is kept for the next run (default: "
                       ".race/index in the build folder)"),
              cl::sub(AnalyzeCommand), cl::cat(Category));
static cl::opt<bool> Quiet("quiet", cl::desc("No progress and no summary"),
                           cl::sub(AnalyzeCommand), cl::sub(LinkCommand),
                           cl::cat(Category));

static cl::list<std::string> FromSummaries(
    "from-summaries", cl::value_desc("file or folder"), cl::cat(Category),
    cl::desc("Summaries that a build has written: their files are read only if "
             "they are newer, or if linking has news for them"),
    cl::sub(AnalyzeCommand));
static cl::opt<std::string>
    Root("root", cl::value_desc("folder"), cl::cat(Category),
         cl::desc("The project's folder (default for analyze: the work tree "
                  "that holds the sources; for link: the current one). It must "
                  "be that of the summaries"),
         cl::sub(AnalyzeCommand), cl::sub(LinkCommand));

static cl::list<std::string>
    SummaryFiles(cl::Positional, cl::OneOrMore,
                 cl::desc("<summary or folder of such>..."),
                 cl::sub(LinkCommand));
static cl::opt<std::string>
    LinkedIndex("o", cl::value_desc("file"), cl::cat(Category),
                cl::desc("Write the index, for clang-tidy and clangd"),
                cl::sub(LinkCommand));
static cl::list<std::string>
    ImportFiles("imports", cl::value_desc("file"), cl::cat(Category),
                cl::desc("Where to write what the file of each summary should "
                         "know of the others, for 'race-tidy extract "
                         "--imports': one for each, in the order of the "
                         "summaries"),
                cl::sub(LinkCommand));
static cl::opt<bool> NoFindings("no-findings", cl::cat(Category),
                                cl::desc("Print none, only write"),
                                cl::sub(LinkCommand));

/// Analyses \p P and reports what comes out. \returns the exit status.
static int analyzeAndReport(const Project &P, AnalyzeOptions Options) {
  Options.Exclude = Exclude;
  Options.Files = Files;
  Options.Files.insert(Options.Files.end(), Names.begin(), Names.end());
  Options.Checks = Checks;
  if (Diff.getNumOccurrences() && Diff.empty())
    return fail("--diff: name a commit, a file with a unified diff, or '-' for "
                "one on stdin");
  Options.Diff = Diff;
  Options.Jobs = Jobs;
  Options.Quiet = Quiet;
  Expected<Reporting> Reports =
      Reporting::begin(P, /*Partly=*/!Diff.empty() || !Options.Files.empty());
  if (!Reports)
    return fail(toString(Reports.takeError()));
  Expected<AnalyzeOutcome> Outcome = analyze(P, Options, errs());
  if (!Outcome)
    return fail(toString(Outcome.takeError()));
  if (NoFindings)
    Outcome->Findings.clear();
  return Reports->finish(P, std::move(*Outcome), Quiet);
}

/// A program of which there are summaries only.
static int linkSummaries(AnalyzeOptions Options) {
  Project P;
  P.setRoot(Root.empty() ? "." : StringRef(Root));
  return analyzeAndReport(P, std::move(Options));
}

/// The summaries that \p Paths mean, in \p Options. \returns the exit status.
static int takeSummaries(AnalyzeOptions &Options,
                         const std::vector<std::string> &Paths) {
  Expected<std::vector<std::string>> Found = findSummaries(Paths);
  if (!Found)
    return fail(toString(Found.takeError()));
  Options.Summaries = std::move(*Found);
  return 0;
}

int runAnalyze() {
  AnalyzeOptions Options;
  Options.IndexFile = IndexFile;
  if (!FromSummaries.empty())
    if (int Status = takeSummaries(Options, FromSummaries))
      return Status;
  if (BuildFolder.empty() && !FromSummaries.empty() &&
      Project::findBuildFolder(".").empty())
    return linkSummaries(std::move(Options));
  Expected<Project> P = Project::open(BuildFolder);
  if (!P)
    return fail(toString(P.takeError()));
  if (!Root.empty())
    P->setRoot(Root);
  return analyzeAndReport(*P, std::move(Options));
}

int runLink() {
  AnalyzeOptions Options;
  Options.IndexFile = LinkedIndex;
  Options.ImportFiles = ImportFiles;
  if (ImportFiles.empty()) {
    if (int Status = takeSummaries(Options, SummaryFiles))
      return Status;
  } else if (ImportFiles.size() == SummaryFiles.size()) {
    Options.Summaries = SummaryFiles;
  } else {
    return fail("--imports: there must be as many as there are summaries");
  }
  return linkSummaries(std::move(Options));
}

} // namespace race
