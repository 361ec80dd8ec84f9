//===- Analyze.cpp - A whole program, analysed ----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Analyze.h"
#include "FileHasher.h"
#include "race/Driver/Extract.h"
#include "race/Driver/Progress.h"
#include "race/Driver/Summaries.h"
#include "race/Driver/TidyConfig.h"
#include "race/Program/ImportFinder.h"
#include "race/Program/IndexView.h"
#include "race/Program/Separate.h"
#include "race/Report/Diff.h"
#include "race/Report/Fingerprint.h"
#include "race/Report/NoLint.h"
#include "race/Summary/Producer.h"
#include "race/Summary/SummaryJson.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"
#include "race/Support/WriteFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA1.h"
#include "llvm/Support/ThreadPool.h"
#include <deque>
#include <map>
#include <mutex>

using namespace llvm;
using namespace race;

namespace {

/// How often linking may send one unit back to be read. Those that it calls
/// come first, so that most are sent back once; among files that call each
/// other each reading carries what a function does one file further.
constexpr unsigned MaxAgain = 11;

/// How many bytes of parsed units are kept for the rounds to come. What does
/// not fit is parsed again when it is read again.
constexpr size_t MaxKept = size_t(2) << 30;

/// One run over a program.
class Run {
public:
  Run(const Project &P, const AnalyzeOptions &Options, Index &Store,
      StringRef IndexFile, raw_ostream &Log)
      : P(P), Options(Options), Store(Store), IndexFile(IndexFile), Log(Log),
        Hasher(Store, P.Root), Config(Options.Checks) {}

  Expected<AnalyzeOutcome> go();

private:
  struct UnitState {
    const CompileUnit *Unit;
    Index::Unit Stored;
    ExtractOptions How;
    UnitDocument Document;
    std::string Imports; ///< hash of what Document was read with
    /// Those of all documents of this run, one for each reading.
    std::vector<std::string> Used;
    unsigned Again = 0; ///< how often linking has sent it back
    ParsedUnit Parsed;
    /// The build has written it, and it is taken instead of reading the unit.
    std::string Summary;
    std::string ImportsFile; ///< where to write what it should know of others
    bool IsNew = false;      ///< the index does not know it as it is now
    bool Readable = false;
  };

  Error selectUnits();
  void takeSummaries();
  void writeImports(const ImportFinder &L);
  std::string keyOf(const UnitState &S);
  std::string runKey();
  bool load(UnitState &S, StringRef Json, StringRef Imports);
  /// A unit to read, with what linking found out or null, and the hash of that.
  struct Job {
    UnitState *S;
    const ImportTable *Table = nullptr;
    std::string Hash = "";
  };
  void readAll(ArrayRef<Job> Work, StringRef What);
  void link();
  Error judge();
  void keep();
  bool wanted(const Finding &F);

  const Project &P;
  const AnalyzeOptions &Options;
  Index &Store;
  std::string IndexFile; ///< absolute
  raw_ostream &Log;
  FileHasher Hasher;
  TidyConfig Config;
  EntityTable Names;
  std::vector<UnitState> Units;
  /// Those of summaries that the compilation database does not know.
  std::deque<CompileUnit> Others;
  size_t Kept = 0; ///< bytes of parsed units
  std::vector<GlobPattern> Files, Exclude;
  std::optional<ChangedLines> Changed;
  std::vector<Finding> All;
  std::string Slice;
  AnalyzeOutcome Outcome;
};

} // namespace

static Expected<std::vector<GlobPattern>>
compile(const std::vector<std::string> &Globs) {
  std::vector<GlobPattern> Patterns;
  for (const std::string &G : Globs) {
    Expected<GlobPattern> Pattern = GlobPattern::create(G);
    if (!Pattern)
      return failure("bad glob '" + G + "': " + toString(Pattern.takeError()));
    Patterns.push_back(std::move(*Pattern));
  }
  return Patterns;
}

static bool matches(ArrayRef<GlobPattern> Globs, StringRef Name) {
  return any_of(Globs, [&](const GlobPattern &G) {
    // A name without a folder means the file wherever it lies.
    return G.match(Name) || G.match(sys::path::filename(Name));
  });
}

Error Run::selectUnits() {
  Expected<std::vector<GlobPattern>> F = compile(Options.Files);
  if (!F)
    return F.takeError();
  Files = std::move(*F);
  Expected<std::vector<GlobPattern>> E = compile(Options.Exclude);
  if (!E)
    return E.takeError();
  Exclude = std::move(*E);
  if (!Options.Diff.empty()) {
    Expected<ChangedLines> C = ChangedLines::of(Options.Diff, P.Root);
    if (!C)
      return C.takeError();
    Changed = std::move(*C);
  }

  StringMap<Index::Unit> Known;
  for (Index::Unit &U : Store.units())
    Known[U.Main + '\n' + U.Command] = U;
  for (const CompileUnit &U : P.Units) {
    UnitState S;
    S.Unit = &U;
    auto It = Known.find(U.Name + '\n' + U.CommandHash);
    if (It != Known.end()) {
      S.Stored = It->second;
      Known.erase(It);
    }
    // It stays in the index: other runs do not exclude it.
    if (matches(Exclude, U.Name))
      continue;
    S.Stored.Main = U.Name;
    S.Stored.Command = U.CommandHash;
    Expected<ExtractOptions> How = Config.readingOf(U, P.Root);
    if (!How)
      return How.takeError();
    S.How = std::move(*How);
    Units.push_back(std::move(S));
  }
  // What is not part of the program any more.
  for (const auto &E : Known)
    Store.removeUnit(E.second.Id);
  takeSummaries();
  Outcome.Units = Units.size();
  return Error::success();
}

/// Reads the summaries that a build has written. Each is the first reading of a
/// unit of the database, or, if the database does not know its file, a unit
/// that can be linked but not be read again.
void Run::takeSummaries() {
  if (Options.Summaries.empty())
    return;
  StringMap<SmallVector<UnitState *, 1>> ByFile;
  for (UnitState &S : Units)
    ByFile[S.Unit->File].push_back(&S);
  std::vector<UnitState> More;
  for (size_t I = 0; I < Options.Summaries.size(); ++I) {
    const std::string &File = Options.Summaries[I];
    Expected<UnitDocument> D = readSummary(File, Names, P.Root);
    if (!D) {
      Outcome.Failed.push_back({File, toString(D.takeError())});
      continue;
    }
    const std::string &Main = D->Summary.MainFile;
    if (matches(Exclude, Main))
      continue;
    UnitState *S = nullptr;
    auto It = ByFile.find(absoluteFrom(P.Root, Main));
    if (It == ByFile.end()) {
      // Its name tells one of several of the same source from another.
      Others.push_back({absoluteFrom(P.Root, Main), Main, P.Root, {}, File});
      More.emplace_back();
      S = &More.back();
      S->Unit = &Others.back();
      S->Stored.Main = Main;
      S->Stored.Command = File;
    } else if (!It->second.empty() && isFresh(File, D->Summary, P.Root)) {
      S = It->second.front();
      It->second.erase(It->second.begin());
    } else {
      // One too many, or older than its sources: those are read.
      continue;
    }
    S->Summary = File;
    if (I < Options.ImportFiles.size())
      S->ImportsFile = Options.ImportFiles[I];
    S->Imports = D->Imports;
    S->Used.push_back(S->Imports);
    S->Document = std::move(*D);
    S->Readable = true;
  }
  for (UnitState &S : More)
    Units.push_back(std::move(S));
}

/// The hash of all that the reading of a unit depends on, as the files are now;
/// empty if it was never read or cannot be known.
std::string Run::keyOf(const UnitState &S) {
  if (S.Stored.Files.empty())
    return "";
  SHA1 Hash;
  auto Add = [&](StringRef Text) {
    Hash.update(Text);
    Hash.update(StringRef("\0", 1));
  };
  Add(producer());
  Add(S.Stored.Command);
  for (const std::string &M : S.How.Models)
    Add(relativeTo(P.Root, M));
  Add(S.How.Pools.text());
  for (const ClaimPhrase &Own : S.How.Phrases) {
    Add(std::to_string(Own.Kind));
    Add(Own.Name);
    Add(Own.Words);
  }
  for (const std::string &File : S.Stored.Files) {
    const std::string &H = Hasher.hash(File);
    if (H.empty())
      return "";
    Add(File);
    Add(H);
  }
  return toHex(Hash.final(), /*LowerCase=*/true);
}

/// The hash of all that the findings depend on: what was read, and options for
/// judging it.
std::string Run::runKey() {
  SHA1 Hash;
  std::map<StringRef, StringRef> Folders; // and a file of each
  for (const UnitState &S : Units) {
    Hash.update(S.Stored.Main);
    Hash.update(S.Stored.Key);
    for (const std::string &File : S.Stored.Files)
      if (!sys::path::is_absolute(File))
        Folders.try_emplace(sys::path::parent_path(File), File);
  }
  for (const auto &[Folder, File] : Folders) {
    auto Settings = Config.settings(absoluteFrom(P.Root, File));
    std::string Text =
        Settings ? Settings->Judging : toString(Settings.takeError());
    if (!Text.empty())
      Hash.update((Folder + "\n" + Text).str());
  }
  return toHex(Hash.final(), /*LowerCase=*/true);
}

/// Makes \p Json what is known of \p S. \returns false if it cannot be read.
bool Run::load(UnitState &S, StringRef Json, StringRef Imports) {
  S.Readable = false;
  S.Imports = Imports.str();
  S.Used.push_back(S.Imports);
  S.Document = UnitDocument();
  Expected<UnitDocument> D = readUnit(Json, Names, P.Root);
  if (!D) {
    consumeError(D.takeError());
    return false;
  }
  S.Document = std::move(*D);
  return S.Readable = true;
}

void Run::readAll(ArrayRef<Job> Work, StringRef What) {
  std::mutex Lock;
  Progress Bar(Log, What, Work.size(), Options.Quiet);
  DefaultThreadPool Pool(Options.Jobs ? hardware_concurrency(Options.Jobs)
                                      : hardware_concurrency());
  for (const Job &J : Work)
    Pool.async([&] {
      UnitState &S = *J.S;
      const ImportTable *Table = J.Table;
      S.How.Imported = Table;
      S.How.ImportsHash = J.Hash;
      bool Parsed = !S.Parsed;
      sys::TimePoint<> Began = std::chrono::system_clock::now();
      Extraction X = extract(*S.Unit, S.How, &S.Parsed);

      // One transaction a unit: who is killed loses the unit at hand only, and
      // other runs can write in between.
      std::lock_guard<std::mutex> Guard(Lock);
      Store.begin();
      if (Parsed) {
        ++Outcome.Parses;
        size_t Size = S.Parsed.memory();
        if (Kept + Size > MaxKept)
          S.Parsed = ParsedUnit();
        else
          Kept += Size;
      }
      // A unit that the build has summarised is read for the first time here.
      bool First = !Table || S.Stored.Files.empty();
      if (First) {
        S.Stored.Files.clear();
        for (const std::string &File : X.Files)
          S.Stored.Files.push_back(relativeTo(P.Root, File));
        S.Stored.Error = X.Error;
        S.Stored.Key = keyOf(S);
        S.Stored.Imports = "";
      }
      // A key promises that another reading would give the same.
      if (X.Json.empty() || X.Incomplete ||
          any_of(S.Stored.Files, [&](const std::string &File) {
            return !Hasher.isUnchangedSince(File, Began);
          }))
        S.Stored.Key = "";
      if (First)
        Store.putUnit(S.Stored);
      if (!S.Stored.Key.empty())
        Store.putResult(S.Stored, J.Hash, X.Json);
      Store.commit();
      if (!load(S, X.Json, J.Hash) && X.Error.empty())
        S.Stored.Error = "what was read of it cannot be understood";
      Bar.step(S.Unit->Name);
    });
  Pool.wait();
}

/// Writes what units should know of each other, for a build system that reads
/// them again itself.
void Run::writeImports(const ImportFinder &L) {
  for (unsigned I = 0; I < Units.size(); ++I)
    if (!Units[I].ImportsFile.empty())
      if (Error E = writeWholeFile(Units[I].ImportsFile,
                                   L.importsOf(I).toJson() + "\n"))
        Outcome.Failed.push_back({Units[I].Unit->Name, toString(std::move(E))});
}

void Run::link() {
  for (Outcome.Rounds = 1;; ++Outcome.Rounds) {
    Outcome.Unread = 0;
    std::vector<const TUSummary *> Summaries;
    for (const UnitState &S : Units)
      Summaries.push_back(&S.Document.Summary);
    ImportFinder L(Names, Summaries, P.Root);
    std::vector<unsigned> Changed;
    std::vector<Job> Work;
    std::deque<ImportTable> Tables;
    for (unsigned I = 0; I < Units.size(); ++I) {
      UnitState &S = Units[I];
      if (!S.Readable || S.Again == MaxAgain)
        continue;
      ImportTable Table = L.importsOf(I);
      std::string Hash = Table.hash();
      if (Hash == S.Imports)
        continue;
      if (S.Unit->Command.empty()) {
        ++Outcome.Unread;
        continue;
      }
      Tables.push_back(std::move(Table));
      Changed.push_back(I);
      Work.push_back({&S, &Tables.back(), std::move(Hash)});
    }
    if (Work.empty()) {
      Store.begin();
      Store.replaceEffects(L.effects());
      Store.commit();
      writeImports(L);
      return;
    }
    // The others are likely to change once more.
    const std::vector<unsigned> Now = L.lowest(Changed);
    llvm::erase_if(Work, [&](const Job &J) {
      return !std::binary_search(Now.begin(), Now.end(), J.S - Units.data());
    });
    for (const Job &J : Work)
      ++J.S->Again;
    // Results from the index only now: what they say must not change what this
    // round imports.
    llvm::erase_if(Work, [&](const Job &J) {
      std::optional<std::string> Json = Store.result(J.S->Stored, J.Hash);
      return Json && !J.S->Stored.Key.empty() && load(*J.S, *Json, J.Hash);
    });
    readAll(Work, "reading again");
  }
}

Error Run::judge() {
  std::vector<const TUSummary *> Summaries;
  std::vector<TUSummary *> Parts;
  for (UnitState &S : Units) {
    Summaries.push_back(&S.Document.Summary);
    Parts.push_back(&S.Document.Summary);
    All.insert(All.end(), S.Document.Findings.begin(),
               S.Document.Findings.end());
  }
  separatePrograms(Parts, Names);
  Program Whole(Names, std::move(Summaries));
  Expected<std::vector<Finding>> Stale = Config.staleComments(Whole, Names);
  if (!Stale)
    return Stale.takeError();
  All.insert(All.end(), Stale->begin(), Stale->end());
  Slice = summaryToJson(Whole.slice(), Names, P.Root);
  // What stands in a header is found in each file that includes it.
  llvm::sort(All);
  All.erase(std::unique(All.begin(), All.end(),
                        [](const Finding &A, const Finding &B) {
                          return !(A < B) && !(B < A);
                        }),
            All.end());
  return Error::success();
}

/// The project's folder from that of the index, if it lies above it.
static std::string rootFrom(const Project &P, StringRef IndexFile) {
  std::string Below = relativeTo(P.Root, IndexFile);
  if (sys::path::is_absolute(Below))
    return P.Root;
  std::string Up = ".";
  for (size_t I = 0; I < StringRef(Below).count('/'); ++I)
    Up += "/..";
  return Up;
}

void Run::keep() {
  Store.begin();
  // Who asks the index later looks whether the files are still as they were.
  for (const UnitState &S : Units)
    if (!S.Summary.empty() && !IndexFile.empty())
      for (const std::string &File : sourcesOf(S.Document.Summary, P.Root))
        Hasher.hash(relativeTo(P.Root, File));
  for (UnitState &S : Units) {
    if (!S.Stored.Id)
      Store.putUnit(S.Stored);
    if (S.Imports != S.Stored.Imports)
      Store.setImports(S.Stored.Id, S.Imports);
    Store.prune(S.Stored.Id, S.Used);
  }
  Store.putMeta("findings", findingsToJson(All, P.Root));
  Store.putMeta("slice", Slice);
  Store.putMeta("root", rootFrom(P, IndexFile));
  Store.putMeta("producer", producer());
  bool Sure =
      none_of(Units, [](const UnitState &S) { return S.Stored.Key.empty(); });
  Store.putMeta("run", Sure ? runKey() : "");
  Store.commit();
}

/// Whether the options let \p F be reported.
bool Run::wanted(const Finding &F) {
  std::string Name = relativeTo(P.Root, F.Place.File);
  if (sys::path::is_absolute(Name) || matches(Exclude, Name) ||
      !Config.isEnabled(F.Check, F.Place.File))
    return false;
  if (!Files.empty()) {
    bool Any = matches(Files, Name);
    for (const FindingNote &N : F.Notes)
      Any |= matches(Files, relativeTo(P.Root, N.Place.File));
    if (!Any)
      return false;
  }
  if (Changed && !Changed->touches(F))
    return false;
  return Config.isEvident(F);
}

Expected<AnalyzeOutcome> Run::go() {
  Store.begin();
  if (Error E = selectUnits())
    return std::move(E);
  std::vector<Job> New;
  for (UnitState &S : Units) {
    std::string Key = keyOf(S);
    S.IsNew = Key.empty() || Key != S.Stored.Key;
    if (!S.IsNew)
      continue;
    if (S.Summary.empty()) {
      New.push_back({&S});
    } else {
      S.Stored.Key = "";
      S.Stored.Files.clear();
    }
  }
  Store.commit();
  bool Same =
      New.empty() && Options.Summaries.empty() && Store.meta("run") == runKey();
  if (Same) {
    std::optional<std::string> Json = Store.meta("findings");
    Expected<std::vector<Finding>> Stored =
        findingsFromJson(Json.value_or(""), P.Root);
    Same = static_cast<bool>(Stored);
    if (Stored)
      All = std::move(*Stored);
    else
      consumeError(Stored.takeError());
  }
  if (!Same) {
    // What the index has but cannot be made sense of is read again, too.
    for (UnitState &S : Units)
      if (!S.IsNew && S.Summary.empty() &&
          !load(S, Store.result(S.Stored, "").value_or(""), ""))
        New.push_back({&S});
    readAll(New, "reading");
    link();
    for (UnitState &S : Units)
      S.Parsed.abandon();
    if (Error E = judge())
      return std::move(E);
    keep();
  }
  for (const UnitState &S : Units)
    if (!S.Stored.Error.empty())
      Outcome.Failed.push_back({S.Unit->Name, S.Stored.Error});
  // Of all, whatever is reported of them: the options must not change names.
  assignFingerprints(All);
  SourceLines Sources;
  for (Finding &F : All) {
    if (!wanted(F))
      Outcome.Others.push_back(F.Fingerprint);
    else if (isSuppressed(F, Sources))
      Outcome.Silenced.push_back(std::move(F));
    else
      Outcome.Findings.push_back(std::move(F));
  }
  return std::move(Outcome);
}

Expected<AnalyzeOutcome> race::analyze(const Project &P,
                                       const AnalyzeOptions &Options,
                                       raw_ostream &Log) {
  CrashRecoveryContext::Enable();
  // Without a build folder it is kept only where it is asked for.
  bool Keep = !P.BuildFolder.empty() || !Options.IndexFile.empty();
  std::string File = Keep ? P.indexFile(Options.IndexFile) : ":memory:";
  std::string Remade;
  Expected<std::unique_ptr<Index>> Store =
      Index::open(File, Index::Access::ReadWrite, Remade);
  if (!Store)
    return Store.takeError();
  if (!Remade.empty())
    Log << "race-tidy: warning: index " << File << " is made anew: " << Remade
        << '\n';
  else if (isOfAnotherBuild(**Store))
    Log << "race-tidy: warning: index " << File
        << " is made anew: another build of race-tidy has made it\n";
  Expected<AnalyzeOutcome> Outcome =
      Run(P, Options, **Store, Keep ? File : "", Log).go();
  if (Keep && !(*Store)->writeProblem().empty())
    Log << "race-tidy: warning: index " << File
        << " is not kept: " << (*Store)->writeProblem() << '\n';
  return Outcome;
}
