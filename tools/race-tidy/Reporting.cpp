//===- Reporting.cpp - What becomes of findings ---------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reporting.h"
#include "Commands.h"
#include "race/Report/TextReport.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

namespace race {

static cl::list<ReportFormat>
    Formats("format", cl::CommaSeparated,
            cl::desc("What to write into the file of -o:"),
            cl::values(clEnumValN(ReportFormat::Text, "text",
                                  "only the findings on stdout, as always"),
                       clEnumValN(ReportFormat::Sarif, "sarif", "SARIF 2.1.0"),
                       clEnumValN(ReportFormat::Html, "html", "one HTML file")),
            cl::sub(AnalyzeCommand), cl::sub(LinkCommand), cl::cat(Category));
static cl::list<std::string> OutputFiles(
    "o", cl::value_desc("file"),
    cl::desc("Where to write the report; without --format the file's "
             "name says which: .sarif or .html"),
    cl::sub(AnalyzeCommand), cl::cat(Category));
static cl::list<std::string>
    LinkReports("report", cl::value_desc("file"),
                cl::desc("Where to write the report, as -o of analyze"),
                cl::sub(LinkCommand), cl::cat(Category));
static cl::opt<std::string>
    BaselineFile("baseline", cl::value_desc("file"),
                 cl::desc("Findings that are known; only others count"),
                 cl::sub(AnalyzeCommand), cl::sub(LinkCommand),
                 cl::cat(Category));
static cl::opt<bool>
    WriteBaseline("write-baseline",
                  cl::desc("Make what is found now the baseline (default: "
                           "race.baseline in the project's folder)"),
                  cl::sub(AnalyzeCommand), cl::sub(LinkCommand),
                  cl::cat(Category));
static cl::opt<bool>
    PruneBaseline("prune-baseline",
                  cl::desc("Take what is not found any more out of the "
                           "baseline"),
                  cl::sub(AnalyzeCommand), cl::sub(LinkCommand),
                  cl::cat(Category));

static std::string count(unsigned N, StringRef What) {
  return (Twine(N) + " " + What + (N == 1 ? "" : "s")).str();
}

/// Which report goes into which file. An error is the user's.
static Expected<std::vector<std::pair<ReportFormat, std::string>>>
pairOutputs() {
  const cl::list<std::string> &Outputs =
      LinkCommand ? LinkReports : OutputFiles;
  std::vector<std::pair<ReportFormat, std::string>> Result;
  std::vector<ReportFormat> Wanted;
  for (ReportFormat F : Formats)
    if (F != ReportFormat::Text)
      Wanted.push_back(F);
  bool ByName = Formats.empty();
  if (!ByName && Wanted.size() != Outputs.size())
    return failure(
        Wanted.empty()
            ? "-o: findings as text go to stdout; --format=sarif and "
              "--format=html go into a file"
            : "a report needs a file of its own, named with -o, since "
              "findings as text go to stdout: --format=sarif -o "
              "race.sarif");
  for (size_t I = 0; I < Outputs.size(); ++I) {
    StringRef File = Outputs[I];
    if (File == "-" || File.empty())
      return failure("-o: name a file; stdout has the findings as text");
    if (!ByName) {
      Result.push_back({Wanted[I], File.str()});
      continue;
    }
    StringRef Bare = File;
    Bare.consume_back(".json");
    if (Bare.ends_with(".sarif"))
      Result.push_back({ReportFormat::Sarif, File.str()});
    else if (File.ends_with(".html") || File.ends_with(".htm"))
      Result.push_back({ReportFormat::Html, File.str()});
    else
      return failure("-o " + File +
                     ": say what it is to be, --format=sarif or --format=html");
  }
  return std::move(Result);
}

/// \p F with names of files as seen from the current folder: where a build
/// system links, the folder has another name each time, and the same is to be
/// said of it.
static Finding namedFromHere(Finding F) {
  SmallString<128> Here;
  if (sys::fs::current_path(Here))
    return F;
  auto Shorten = [&](Anchor &A) { A.File = relativeTo(Here, A.File); };
  Shorten(F.Place);
  for (FindingNote &N : F.Notes)
    Shorten(N.Place);
  for (InterleavingStep &S : F.Interleaving)
    Shorten(S.Place);
  return F;
}

Report makeReport(const Project &P, AnalyzeOutcome Outcome,
                  const Baseline *Known) {
  Report R;
  R.Root = P.Root;
  R.Version = RACE_VERSION;
  R.Failed = std::move(Outcome.Failed);
  R.HasBaseline = Known != nullptr;
  StringSet<> Present;
  for (const std::string &F : Outcome.Others)
    Present.insert(F);
  for (Finding &F : Outcome.Findings) {
    Present.insert(F.Fingerprint);
    bool IsKnown = Known && Known->contains(F);
    R.Items.push_back(
        {std::move(F), IsKnown ? FindingState::Known : FindingState::New});
  }
  for (Finding &F : Outcome.Silenced) {
    Present.insert(F.Fingerprint);
    R.Items.push_back({std::move(F), FindingState::Silenced});
  }
  llvm::sort(R.Items, [](const Report::Item &A, const Report::Item &B) {
    return A.What < B.What;
  });
  // What could not be read may still be there.
  if (Known && R.Failed.empty())
    R.Gone = Known->absent(Present);
  return R;
}

/// Says which entries of the baseline \p Name do not occur any more.
static void printGone(const Report &R, StringRef Name) {
  WithColor::warning(errs(), "race-tidy")
      << Name << ": " << R.Gone.size()
      << (R.Gone.size() == 1 ? " entry does" : " entries do")
      << " not occur any more; --prune-baseline takes them out\n";
  constexpr size_t Most = 20;
  for (const Baseline::Entry &E : ArrayRef(R.Gone).take_front(Most))
    errs() << "  " << E.Fingerprint << ' ' << E.Check << ' ' << E.File << ": "
           << E.Message << '\n';
  if (R.Gone.size() > Most)
    errs() << "  and " << R.Gone.size() - Most << " more\n";
}

/// The last line: what came out.
static void printSummary(const Report &R, unsigned Units, unsigned Parses,
                         unsigned Unread) {
  unsigned New = R.count(FindingState::New),
           Known = R.count(FindingState::Known),
           Silenced = R.count(FindingState::Silenced);
  errs() << count(New, R.HasBaseline ? "new finding" : "finding");
  if (Known || Silenced) {
    errs() << " (and ";
    if (Known)
      errs() << Known << " in the baseline" << (Silenced ? ", " : "");
    if (Silenced)
      errs() << Silenced << " silenced by NOLINT";
    errs() << ')';
  }
  errs() << " in " << count(Units, "file") << ", " << Parses << " read";
  if (!R.Failed.empty())
    errs() << ", " << R.Failed.size() << " with errors";
  errs() << '\n';
  if (Unread)
    WithColor::note(errs(), "race-tidy")
        << "linking has news for " << count(Unread, "file")
        << ", which were not read again; 'race-tidy analyze --from-summaries' "
           "does that where there is a compilation database\n";
}

/// Writes the baseline anew, or takes out of it what is gone.
Error Reporting::updateBaseline(const Report &R, bool Quiet) const {
  if (WriteBaseline) {
    std::vector<Finding> All;
    for (const Report::Item &I : R.Items)
      if (I.State != FindingState::Silenced)
        All.push_back(I.What);
    if (Error E = writeFile(KnownFile, [&](raw_ostream &OS) {
          Baseline::write(OS, All, R.Root);
        }))
      return E;
    if (!Quiet)
      errs() << KnownFile << ": " << count(All.size(), "finding")
             << " written\n";
    return Error::success();
  }
  if (!R.Failed.empty())
    return failure("the baseline is not pruned: what could not be "
                   "read may still be there");
  StringSet<> Gone;
  for (const Baseline::Entry &E : R.Gone)
    Gone.insert(E.Fingerprint);
  if (Error E = writeFile(
          KnownFile, [&](raw_ostream &OS) { Known->writeWithout(OS, Gone); }))
    return E;
  if (!Quiet)
    errs() << KnownFile << ": " << R.Gone.size()
           << (R.Gone.size() == 1 ? " entry" : " entries") << " taken out\n";
  return Error::success();
}

Expected<Reporting> Reporting::begin(const Project &P, bool Partly) {
  Reporting R;
  auto Outputs = pairOutputs();
  if (!Outputs)
    return Outputs.takeError();
  R.Outputs = std::move(*Outputs);
  if (WriteBaseline && PruneBaseline)
    return failure("--write-baseline and --prune-baseline: choose one");
  if (WriteBaseline && Partly)
    return failure("--write-baseline: a baseline is of the whole program, "
                   "without --diff and --files");
  R.KnownFile = BaselineFile;
  if (R.KnownFile.empty() && (WriteBaseline || PruneBaseline))
    R.KnownFile = absoluteFrom(P.Root, BaselineName);
  if (!R.KnownFile.empty() && !WriteBaseline) {
    Expected<Baseline> B = Baseline::read(R.KnownFile);
    if (!B)
      return B.takeError();
    R.Known = std::move(*B);
  }
  return std::move(R);
}

int Reporting::finish(const Project &P, AnalyzeOutcome Outcome, bool Quiet) {
  unsigned Units = Outcome.Units, Parses = Outcome.Parses,
           Unread = Outcome.Unread;
  Report R = makeReport(P, std::move(Outcome), Known ? &*Known : nullptr);

  SourceLines Sources;
  TextReport Text(outs(), Sources);
  for (const Report::Item &I : R.Items)
    if (I.State == FindingState::New && !WriteBaseline)
      Text.print(LinkCommand ? namedFromHere(I.What) : I.What);
  outs().flush();
  bool Wrong = !R.Failed.empty();
  for (const auto &[Unit, Why] : R.Failed)
    WithColor::error(errs(), "race-tidy") << Unit << ": " << Why << '\n';
  auto Check = [&](Error E) {
    if (E) {
      fail(toString(std::move(E)));
      Wrong = true;
    }
  };
  for (const auto &[Format, File] : Outputs)
    Check(writeFile(File, [&, Format = Format](raw_ostream &OS) {
      (Format == ReportFormat::Sarif ? writeSarif : writeHtml)(R, Sources, OS);
    }));
  if (WriteBaseline || PruneBaseline)
    Check(updateBaseline(R, Quiet));
  else if (!R.Gone.empty() && !Quiet)
    printGone(R, KnownFile);
  if (!Quiet)
    printSummary(R, Units, Parses, Unread);
  if (Wrong)
    return Failed;
  return R.count(FindingState::New) && !WriteBaseline ? HasFindings : Clean;
}

} // namespace race
