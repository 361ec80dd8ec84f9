//===- Hook.cpp - What a commit brings ------------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Hook.h"
#include "race/Report/Diff.h"
#include "race/Support/Failure.h"
#include "race/Support/Git.h"
#include "race/Support/Paths.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <set>

using namespace llvm;
using namespace race;
namespace path = llvm::sys::path;

/// A program of up to so many units is read whole, and its index made, if there
/// is none: nobody has to know of the index to be warned, and nobody waits for
/// minutes before a commit.
static constexpr size_t SmallProgram = 64;

namespace {

/// One look at a commit.
class Commit {
public:
  Commit(const HookOptions &Options, raw_ostream &Log)
      : Options(Options), Log(Log) {}

  Expected<HookOutcome> run();

private:
  Error findFiles();
  Error findLines();
  Error loadProject();
  void addUnknownSources();
  void keepUnitsOfChanges();
  const CompileUnit *includerOf(StringRef Header);
  bool concerns(const Finding &F) const;
  bool isOurs(StringRef Name, StringRef Why) const;
  void sortProblems(const AnalyzeOutcome &All);

  const HookOptions &Options;
  raw_ostream &Log;
  std::string Folder; ///< the work tree
  /// The changed files, absolute, sorted.
  std::vector<std::string> Changed;
  std::optional<ChangedLines> Lines;
  Project P;
  /// Sources whose commands are guessed.
  StringSet<> Guessed;
  HookOutcome Out;
};

} // namespace

static bool hasExtension(StringRef File, ArrayRef<StringRef> Extensions) {
  return is_contained(Extensions, path::extension(File).drop_front(
                                      path::extension(File).empty() ? 0 : 1));
}

static bool isSource(StringRef File) {
  return hasExtension(File, {"c", "C", "cc", "cpp", "cxx", "c++", "m", "mm"});
}

static bool isHeader(StringRef File) {
  return hasExtension(File, {"h", "H", "hh", "hpp", "hxx", "h++", "inc", "inl",
                             "ipp", "tpp", "tcc", "txx", "def"});
}

/// The spelling that the compilation database uses may lead through links.
static std::string realName(StringRef File) {
  SmallString<128> Real;
  if (sys::fs::real_path(File, Real))
    return File.str();
  return Real.str().str();
}

/// The names in a list of git's that -z separates.
static std::vector<std::string> namesIn(StringRef Text) {
  SmallVector<StringRef, 0> Parts;
  Text.split(Parts, '\0', -1, /*KeepEmpty=*/false);
  return std::vector<std::string>(Parts.begin(), Parts.end());
}

Error Commit::findFiles() {
  SmallString<128> Here;
  if (std::error_code EC = sys::fs::current_path(Here))
    return failure("the current folder: " + EC.message());
  Folder = Here.str().str();
  std::vector<std::string> Names = Options.Files;
  if (Names.empty()) {
    Expected<GitAnswer> Top = runGit(".", {"rev-parse", "--show-toplevel"});
    if (!Top)
      return Top.takeError();
    if (Top->Status != 0)
      return failure(
          "no files are named, and what is staged cannot be known: " +
          Top->Complaint);
    Folder = StringRef(Top->Text).rtrim('\n').str();
    // Without a commit, everything that is staged is new.
    Expected<GitAnswer> Staged = runGit(
        Folder, {"diff", "--cached", "--name-only", "-z", "--diff-filter=d",
                 "--no-ext-diff", "--ignore-submodules"});
    if (!Staged)
      return Staged.takeError();
    if (Staged->Status != 0)
      return failure("what is staged cannot be known: " + Staged->Complaint);
    Names = namesIn(Staged->Text);
    // What is looked at is the work tree's.
    Expected<GitAnswer> Unstaged =
        runGit(Folder, {"diff", "--name-only", "-z", "--no-ext-diff",
                        "--ignore-submodules"});
    if (!Unstaged)
      return Unstaged.takeError();
    for (const std::string &Name : namesIn(Unstaged->Text))
      if (is_contained(Names, Name) && (isSource(Name) || isHeader(Name)))
        Out.Remarks.push_back(Name + " is staged in part; it is looked at as "
                                     "it is in the work tree");
  }
  for (StringRef Name : Names)
    if (isSource(Name) || isHeader(Name))
      Changed.push_back(realName(absoluteFrom(Folder, Name)));
  llvm::sort(Changed);
  Changed.erase(std::unique(Changed.begin(), Changed.end()), Changed.end());
  return Error::success();
}

/// Finds the lines that the commit changes: what pre-commit says, or what is
/// staged.
Error Commit::findLines() {
  if (!Options.ChangedLinesOnly)
    return Error::success();
  if (std::optional<std::string> From =
          sys::Process::GetEnv("PRE_COMMIT_FROM_REF")) {
    Expected<ChangedLines> L = ChangedLines::of(*From, Folder);
    if (!L)
      return L.takeError();
    Lines = std::move(*L);
    return Error::success();
  }
  Expected<GitAnswer> Top = runGit(Folder, {"rev-parse", "--show-toplevel"});
  if (!Top)
    return Top.takeError();
  Expected<GitAnswer> Diff =
      runGit(Folder, {"-c", "core.quotePath=false", "diff", "--cached",
                      "--no-color", "--no-ext-diff", "--no-textconv",
                      "--ignore-submodules", "--unified=0", "--find-renames",
                      "--src-prefix=a/", "--dst-prefix=b/"});
  if (!Diff)
    return Diff.takeError();
  if (Top->Status != 0 || Diff->Status != 0)
    return failure("what is staged cannot be known: " + Diff->Complaint);
  Expected<ChangedLines> L = ChangedLines::parse(
      Diff->Text, StringRef(Top->Text).rtrim('\n'), "git diff");
  if (!L)
    return L.takeError();
  Lines = std::move(*L);
  return Error::success();
}

Error Commit::loadProject() {
  std::string Build = Options.BuildFolder;
  if (Build.empty())
    Build = Project::findBuildFolder(Folder);
  if (!Build.empty()) {
    Expected<Project> Loaded = Project::load(Build);
    if (!Loaded)
      return Loaded.takeError();
    P = std::move(*Loaded);
  }
  if (Build.empty() || (Options.BuildFolder.empty() && !P.hasSourcesIn(Folder)))
    return failure("no compile_commands.json in " + Folder +
                   " or its build folder: configure with cmake -S . -B build "
                   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON (or build with bear), "
                   "or name its folder in the hook's args: [-p, FOLDER]");
  // What the commit takes away is in the database until it is made anew.
  erase_if(P.Units,
           [](const CompileUnit &U) { return !sys::fs::exists(U.File); });
  return Error::success();
}

/// A new file is in the work tree before the build knows of it.
void Commit::addUnknownSources() {
  StringSet<> Known;
  for (const CompileUnit &U : P.Units)
    Known.insert(realName(U.File));
  std::unique_ptr<clang::tooling::CompilationDatabase> Database;
  for (const std::string &File : Changed) {
    if (!isSource(File) || Known.contains(File))
      continue;
    if (!Database) {
      std::string Ignored;
      SmallString<128> Path(P.BuildFolder);
      path::append(Path, "compile_commands.json");
      Database = clang::tooling::JSONCompilationDatabase::loadFromFile(
          Path, Ignored, clang::tooling::JSONCommandLineSyntax::AutoDetect);
      if (!Database)
        return;
      Database =
          clang::tooling::inferMissingCompileCommands(std::move(Database));
    }
    for (auto &C : Database->getCompileCommands(File)) {
      P.Units.push_back(
          makeUnit(C.Filename, C.Directory, std::move(C.CommandLine), P.Root));
      Guessed.insert(P.Units.back().Name);
      Out.Remarks.push_back(relativeTo(Folder, File) +
                            " is not in the compilation database; it is read "
                            "with the command of a similar file");
      break;
    }
  }
}

/// The names that \p File includes, as they are written.
static std::vector<std::string> includesOf(StringRef File) {
  std::vector<std::string> Names;
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(File);
  if (!Buffer)
    return Names;
  StringRef Text = (*Buffer)->getBuffer();
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    Line = Line.ltrim();
    if (!Line.consume_front("#"))
      continue;
    Line = Line.ltrim();
    if (!Line.consume_front("include"))
      continue;
    Line = Line.ltrim();
    if (Line.starts_with("\"") || Line.starts_with("<")) {
      size_t End = Line.find_first_of("\">", 1);
      if (End != StringRef::npos)
        Names.push_back(Line.slice(1, End).str());
    }
  }
  return Names;
}

/// The first unit that includes \p Header, directly or through another header
/// of the work tree; null if there is none. Names are compared and conditions
/// are not looked at: it is enough to find one, and reading it says the rest.
const CompileUnit *Commit::includerOf(StringRef Header) {
  // From the header upwards: who includes a file of that name?
  std::vector<std::string> Headers;
  Expected<GitAnswer> Listed = runGit(
      P.Root, {"ls-files", "-z", "--cached", "--others", "--exclude-standard"});
  if (Listed && Listed->Status == 0) {
    for (const std::string &Name : namesIn(Listed->Text))
      if (isHeader(Name))
        Headers.push_back(absoluteFrom(P.Root, Name));
  } else if (!Listed) {
    consumeError(Listed.takeError());
  }
  auto Includes = [](StringRef File, StringRef Wanted) {
    for (const std::string &Name : includesOf(File)) {
      StringRef Rest = Wanted;
      // "x/../y.h" and "../y.h" are compared by what follows.
      StringRef Tail = Name;
      if (size_t Up = Tail.rfind("../"); Up != StringRef::npos)
        Tail = Tail.drop_front(Up + 3);
      if (Rest.consume_back(Tail) && Rest.ends_with("/"))
        return true;
    }
    return false;
  };
  std::set<std::string> Seen = {Header.str()};
  std::vector<std::string> Work = {Header.str()};
  while (!Work.empty()) {
    std::string Wanted = Work.front();
    Work.erase(Work.begin());
    for (const CompileUnit &U : P.Units)
      if (Includes(U.File, Wanted))
        return &U;
    for (const std::string &H : Headers)
      if (!Seen.count(H) && Includes(H, Wanted)) {
        Seen.insert(H);
        Work.push_back(H);
      }
  }
  return nullptr;
}

/// Leaves the units of the project that say what the changed files do.
void Commit::keepUnitsOfChanges() {
  std::set<std::string> Names;
  for (const std::string &File : Changed) {
    if (isSource(File))
      continue;
    if (const CompileUnit *U = includerOf(File))
      Names.insert(U->Name);
    else
      Out.Remarks.push_back(relativeTo(Folder, File) +
                            " is not looked at: no file of the compilation "
                            "database includes it");
  }
  std::set<std::string> Files(Changed.begin(), Changed.end());
  erase_if(P.Units, [&](const CompileUnit &U) {
    return !Names.count(U.Name) && !Files.count(realName(U.File));
  });
}

/// Whether the commit has a part in \p F.
bool Commit::concerns(const Finding &F) const {
  auto Here = [&](const auto &Part) {
    return std::binary_search(Changed.begin(), Changed.end(),
                              realName(Part.Place.File));
  };
  if (!Lines)
    return Here(F) || any_of(F.Notes, Here) || any_of(F.Interleaving, Here);
  // The diff has the names of the work tree.
  Finding Real = F;
  Real.Place.File = realName(F.Place.File);
  for (FindingNote &N : Real.Notes)
    N.Place.File = realName(N.Place.File);
  for (InterleavingStep &S : Real.Interleaving)
    S.Place.File = realName(S.Place.File);
  return Lines->touches(Real);
}

/// Whether \p Why the file \p Name could not be read has to do with the change.
bool Commit::isOurs(StringRef Name, StringRef Why) const {
  if (Guessed.contains(Name))
    return false;
  // "file:line:column: text", the file often a header.
  std::string File = realName(absoluteFrom(P.Root, Name));
  std::string At = realName(absoluteFrom(P.Root, Why.split(':').first));
  return std::binary_search(Changed.begin(), Changed.end(), File) ||
         std::binary_search(Changed.begin(), Changed.end(), At);
}

/// A changed file that cannot be read is the commit's fault, another one is
/// only worth a remark.
void Commit::sortProblems(const AnalyzeOutcome &All) {
  unsigned Others = 0;
  // A mistake in a header or in a models file is every file's that reads it.
  StringSet<> Said;
  for (const auto &[Name, Why] : All.Failed)
    if (isOurs(Name, Why) && Said.insert(Why).second)
      Out.Failed.push_back({Name, Why});
  for (const auto &[Name, Why] : All.Failed) {
    if (Said.contains(Why))
      continue;
    if (Guessed.contains(Name))
      Out.Remarks.push_back(Name + " cannot be read with that command: " + Why +
                            "; configure the build again");
    else if (++Others == 1)
      Out.Remarks.push_back("outside of the change: " + Name + ": " + Why);
  }
  if (Others > 1)
    Out.Remarks.push_back(std::to_string(Others - 1) +
                          " more files outside of the change have errors");
}

Expected<HookOutcome> Commit::run() {
  if (Error E = findFiles())
    return std::move(E);
  if (Changed.empty())
    return std::move(Out);
  if (Error E = findLines())
    return std::move(E);
  if (Error E = loadProject())
    return std::move(E);
  addUnknownSources();

  AnalyzeOptions How = Options.Analyze;
  How.IndexFile = P.indexFile(How.IndexFile);
  SmallString<128> Scratch;
  if (!sys::fs::exists(How.IndexFile) && P.Units.size() > SmallProgram) {
    keepUnitsOfChanges();
    Out.Remarks.push_back("there is no index, so only the changed files are "
                          "looked at; 'race-tidy analyze -p " +
                          relativeTo(Folder, P.BuildFolder) +
                          "' makes it, and the whole program is the context");
    // Half an index would pass for a whole one.
    if (std::error_code EC =
            sys::fs::createUniqueDirectory("race-hook", Scratch))
      return failure("a temporary folder: " + EC.message());
    How.IndexFile = (Scratch + "/index").str();
  }
  Expected<AnalyzeOutcome> All = analyze(P, How, Log);
  if (!Scratch.empty())
    sys::fs::remove_directories(Scratch);
  if (!All)
    return All.takeError();
  for (Finding &F : All->Findings)
    if (concerns(F))
      Out.Findings.push_back(std::move(F));
  sortProblems(*All);
  return std::move(Out);
}

Expected<HookOutcome> race::checkCommit(const HookOptions &Options,
                                        raw_ostream &Log) {
  return Commit(Options, Log).run();
}
