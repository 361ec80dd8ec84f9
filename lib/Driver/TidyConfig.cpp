//===- TidyConfig.cpp - The project's .clang-tidy files -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/TidyConfig.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "clang-tidy/GlobList.h"
#include "race/Analysis/CheckThenAct.h"
#include "race/Models/Models.h"
#include "race/Support/Failure.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/YAMLParser.h"
#include <mutex>

using namespace llvm;
using namespace race;
using namespace clang::tidy;

static constexpr StringLiteral UseAfterRelease = "race-use-after-release",
                               CheckThenAct = "race-check-then-act",
                               StaleComment = "race-stale-thread-comment";

struct TidyConfig::Impl {
  explicit Impl(StringRef Checks)
      : Checks(Checks),
        Provider(ClangTidyGlobalOptions(), ClangTidyOptions::getDefaults(),
                 ClangTidyOptions(), vfs::getRealFileSystem()) {}

  const ClangTidyOptions &options(StringRef File) {
    // All files of a folder have the same options.
    auto [It, New] = ByFolder.try_emplace(sys::path::parent_path(File));
    if (New)
      It->second = Provider.getOptions(File);
    return It->second;
  }

  /// The value of the option; empty if it is not set.
  std::string option(StringRef Check, StringRef Option, StringRef File) {
    const ClangTidyOptions &O = options(File);
    auto It = O.CheckOptions.find((Check + "." + Option).str());
    return It == O.CheckOptions.end() ? "" : It->second.Value;
  }

  Error read(FileSettings &S, StringRef File);

  std::mutex Lock;
  std::string Checks;
  FileOptionsProvider Provider;
  StringMap<ClangTidyOptions> ByFolder;
  StringMap<FileSettings> Settings;
};

TidyConfig::TidyConfig(StringRef Checks) : I(std::make_unique<Impl>(Checks)) {}
TidyConfig::~TidyConfig() = default;

ClangTidyOptions TidyConfig::all(StringRef File) {
  std::lock_guard<std::mutex> Guard(I->Lock);
  ClangTidyOptions O = I->options(File);
  if (!O.Checks || !StringRef(*O.Checks).contains("race-"))
    O.Checks = "race-*";
  if (!I->Checks.empty())
    *O.Checks += "," + I->Checks;
  return O;
}

bool TidyConfig::isEnabled(StringRef Check, StringRef File) {
  return GlobList(*all(File).Checks).contains(Check);
}

bool TidyConfig::isEvident(const Finding &F) {
  std::lock_guard<std::mutex> Guard(I->Lock);
  std::string Least = I->option(F.Check, "MinEvidence", F.Place.File);
  return isWanted(F, parseEvidence(Least).value_or(Evidence::Structural),
                  I->option(F.Check, "Files", F.Place.File));
}

Error TidyConfig::Impl::read(FileSettings &S, StringRef File) {
  auto Fail = [&](StringRef Check, StringRef Option, const Twine &Why) {
    return failure("option " + Check + "." + Option + " for " + File + ": " +
                   Why);
  };
  std::vector<std::string> Named;
  for (StringRef Check : {UseAfterRelease, CheckThenAct, StaleComment}) {
    Named.push_back(option(Check, "Models", File));
    std::string Least = option(Check, "MinEvidence", File);
    if (!Least.empty() && !parseEvidence(Least))
      return Fail(Check, "MinEvidence",
                  "'" + Least +
                      "' is none of named, structural, modelled, annotated");
  }
  S.Models = Models::filesFor(File, join(Named, ";"));

  auto Pools = PoolNames::read(
      [&](StringRef Option) { return option(UseAfterRelease, Option, File); });
  if (!Pools)
    return failure(toString(Pools.takeError()) + ", for " + File);
  S.Pools = std::move(*Pools);

  auto Phrases = parsePhrases(option(StaleComment, "Phrases", File));
  if (!Phrases)
    return Fail(StaleComment, "Phrases", toString(Phrases.takeError()));
  S.Phrases = std::move(*Phrases);

  std::string Names = option(StaleComment, "ThreadNames", File);
  auto Threads = parseThreadNames(Names);
  if (!Threads)
    return Fail(StaleComment, "ThreadNames", toString(Threads.takeError()));
  S.StaleComments.Threads = std::move(*Threads);

  // As clang-tidy reads it.
  std::string Outdated = option(StaleComment, "ReportOutdated", File);
  std::optional<bool> Report = yaml::parseBool(Outdated);
  int64_t Number = 0;
  if (!Report && !StringRef(Outdated).getAsInteger(10, Number))
    Report = Number != 0;
  if (!Report && !Outdated.empty())
    return Fail(StaleComment, "ReportOutdated",
                "'" + Outdated + "' is neither true nor false");
  S.StaleComments.ReportOutdated = Report.value_or(false);
  if (!Names.empty() || S.StaleComments.ReportOutdated)
    S.Judging = Names + '\n' + (S.StaleComments.ReportOutdated ? "+" : "-");
  return Error::success();
}

Expected<const FileSettings &> TidyConfig::settings(StringRef File) {
  std::lock_guard<std::mutex> Guard(I->Lock);
  auto [It, New] = I->Settings.try_emplace(sys::path::parent_path(File));
  if (New)
    if (Error E = I->read(It->second, File)) {
      I->Settings.erase(It);
      return std::move(E);
    }
  return It->second;
}

Expected<ExtractOptions> TidyConfig::readingOf(const CompileUnit &Unit,
                                               StringRef Root) {
  Expected<const FileSettings &> S = settings(Unit.File);
  if (!S)
    return S.takeError();
  return ExtractOptions{Root.str(), S->Models, S->Phrases, S->Pools};
}

Expected<std::vector<Finding>>
TidyConfig::staleComments(const Program &P, const EntityTable &Names) {
  for (const ClaimSummary &C : P.claims())
    if (auto S = settings(C.Place.File); !S)
      return S.takeError();
  return findStaleComments(P, Names,
                           [&](StringRef File) -> const StaleCommentOptions & {
                             return cantFail(settings(File)).StaleComments;
                           });
}
