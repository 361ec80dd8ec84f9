//===- Doctor.cpp - Why a check speaks or is silent -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Doctor.h"
#include "EffectWords.h"
#include "race/Driver/Extract.h"
#include "race/Driver/TidyConfig.h"
#include "race/Program/IndexView.h"
#include "race/Report/NoLint.h"
#include "race/Summary/TranslationUnit.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace llvm;
using namespace race;

namespace {

class Doctor {
public:
  Doctor(const Project &P, const DoctorOptions &Options, raw_ostream &OS)
      : P(P), Options(Options), OS(OS) {
    SmallString<128> Full(Options.File);
    sys::fs::make_absolute(Full);
    sys::path::remove_dots(Full, /*remove_dot_dot=*/true);
    File = Full.str().str();
  }

  Error run();

private:
  const CompileUnit *unit() const;
  void index();
  void explain(TranslationUnit &TU);
  void function(const FunctionInfo &F, TranslationUnit &TU, const Program &All);
  void claims(TranslationUnit &TU, const Program &All);
  void findings(TranslationUnit &TU, const Program &All);
  bool isHere(const Anchor &From, const Anchor &To) const {
    return From.File == File && (!Options.Line || (From.Line <= Options.Line &&
                                                   Options.Line <= To.Line));
  }
  std::string show(const Anchor &A) const {
    return relativeTo(P.Root, A.File) + ":" + std::to_string(A.Line);
  }

  const Project &P;
  const DoctorOptions &Options;
  raw_ostream &OS;
  std::string File;
  TidyConfig Config{""};
  std::unique_ptr<IndexView> Rest;
};

} // namespace

/// The unit of the file, or for a header the first one of the index that
/// includes it.
const CompileUnit *Doctor::unit() const {
  for (const CompileUnit &U : P.Units)
    if (U.File == File)
      return &U;
  std::string Name = relativeTo(P.Root, File);
  for (const std::string &Main :
       Rest ? Rest->includersOf(Name) : std::vector<std::string>())
    for (const CompileUnit &U : P.Units)
      if (U.Name == Main)
        return &U;
  return nullptr;
}

void Doctor::index() {
  std::string Path = P.indexFile(Options.IndexFile);
  if (!sys::fs::exists(Path)) {
    OS << "index: none; 'race-tidy analyze' makes it. Only this file is "
          "known.\n";
    return;
  }
  Expected<std::unique_ptr<IndexView>> View = IndexView::open(Path);
  if (!View) {
    OS << toString(View.takeError()) << '\n';
    return;
  }
  Rest = std::move(*View);
  OS << "index: " << Path << ", " << Rest->unitCount() << " units\n";
  for (const std::string &Changed : Rest->changedFiles())
    OS << "  changed since, so not used: " << Changed << '\n';
}

Error Doctor::run() {
  OS << "race-tidy " RACE_VERSION ", LLVM " LLVM_VERSION_STRING "\n"
     << "project: " << P.Root << ", " << P.Units.size()
     << " entries in the database of " << P.BuildFolder << '\n';
  index();
  const CompileUnit *U = unit();
  if (!U)
    return failure(File + " is not in the compilation database of " +
                   P.BuildFolder +
                   (Rest ? ", and no file of the index includes it"
                         : "; for a header, run 'race-tidy analyze' first"));
  if (U->File != File)
    OS << "file: a header, seen as " << U->Name << " includes it\n";
  Expected<ExtractOptions> How = Config.readingOf(*U, P.Root);
  if (!How)
    return How.takeError();
  How->Imported = Rest.get();
  OS << "models: the presets";
  for (const std::string &Models : How->Models)
    OS << ", " << Models;
  OS << '\n';
  std::string Problem =
      withUnit(*U, *How, [&](TranslationUnit &TU) { explain(TU); });
  if (!Problem.empty())
    OS << "error: " << Problem << '\n';
  return Error::success();
}

void Doctor::explain(TranslationUnit &TU) {
  TUSummary Own = TU.summary(), Others;
  std::vector<const TUSummary *> Units{&Own};
  if (Rest) {
    Others = Rest->others(Own, TU.entities().table());
    Units.push_back(&Others);
  }
  Program All(TU.names(), std::move(Units));
  const clang::SourceManager &SM = TU.context().getSourceManager();
  bool Any = false;
  for (const auto &F : TU.scan().functions()) {
    clang::SourceRange R = F->Decl->getSourceRange();
    if (!isHere(anchorOf(R.getBegin(), SM), anchorOf(R.getEnd(), SM)))
      continue;
    function(*F, TU, All);
    Any = true;
  }
  if (!Any)
    OS << "functions: none here\n";
  claims(TU, All);
  findings(TU, All);
}

void Doctor::function(const FunctionInfo &F, TranslationUnit &TU,
                      const Program &All) {
  const clang::SourceManager &SM = TU.context().getSourceManager();
  EntityId Id = TU.entities().entity(F.Decl);
  OS << "\nfunction '" << TU.names().display(Id) << "' ("
     << show(anchorOf(F.Decl->getLocation(), SM)) << ")\n";
  for (const std::string &Line : inWords(TU.effects().of(F.Decl), TU.names()))
    OS << "  " << Line << '\n';
  for (const CallSite &C : F.Calls) {
    Anchor Place = anchorOf(C.Call->getBeginLoc(), SM);
    for (const std::string &Line :
         inWords(TU.effects().of(C.Callee), TU.names()))
      OS << "  line " << Place.Line << ": '"
         << TU.names().display(TU.entities().entity(C.Callee)) << "' " << Line
         << '\n';
  }
  for (const StartSite &S : F.Starts)
    OS << "  line " << anchorOf(S.Call->getBeginLoc(), SM).Line
       << ": starts a thread"
       << (S.Root ? " that runs '" +
                        TU.names().display(TU.entities().entity(S.Root)).str() +
                        "'"
                  : "; what runs is not known")
       << '\n';
  const FunctionSummary *Summary = All.function(Id);
  std::vector<Reached> Roots =
      Summary ? All.reached(Summary) : std::vector<Reached>();
  if (Roots.empty())
    OS << "  threads: not followed, since it leads to nothing that a claim "
          "speaks of\n";
  std::set<std::string> Said; // of several programs the same
  for (const Reached &R : Roots) {
    const ThreadRoot &Root = All.roots()[R.Root];
    std::string Text;
    raw_string_ostream Line(Text);
    Line << "  reached by "
         << (Root.Function.isValid()
                 ? "the thread that runs '" +
                       TU.names().display(Root.Function).str() +
                       "', started at " + show(Root.StartedAt)
                 : "whoever calls");
    for (EntityId L : R.Held)
      Line << ", holding '" << TU.names().display(L) << "'";
    if (R.UnknownLocks)
      Line << ", with locks that are not known";
    if (Said.insert(Text).second)
      OS << Text << '\n';
  }
}

void Doctor::claims(TranslationUnit &TU, const Program &All) {
  OS << '\n';
  bool Any = false;
  for (const ClaimSummary &C : TU.summary().Claims) {
    if (C.Place.File != File)
      continue;
    bool Near = !Options.Line || C.Place.Line == Options.Line;
    for (EntityId S : C.State)
      if (const clang::NamedDecl *D = TU.entities().decl(S))
        Near |=
            anchorOf(D->getLocation(), TU.context().getSourceManager()).Line ==
            Options.Line;
    if (!Near)
      continue;
    Any = true;
    OS << "claim at " << show(C.Place) << ": \"" << C.Quote << "\"\n";
    for (EntityId S : C.State)
      OS << "  about '" << TU.names().display(S)
         << "': " << All.accesses(S).size()
         << " accesses by threads that could overlap\n";
    for (EntityId F : C.Functions)
      OS << "  about the function '" << TU.names().display(F) << "'\n";
    if (C.Lock.isValid())
      OS << "  the lock is '" << TU.names().display(C.Lock) << "'\n";
    if (C.State.empty() && C.Functions.empty())
      OS << "  tied to nothing that can be judged\n";
  }
  if (!Any)
    OS << "claims: none here\n";
}

void Doctor::findings(TranslationUnit &TU, const Program &All) {
  std::vector<Finding> Found = findInUnit(TU);
  auto Stale = Config.staleComments(All, TU.names());
  if (!Stale)
    OS << "error: " << toString(Stale.takeError()) << '\n';
  else
    Found.insert(Found.end(), Stale->begin(), Stale->end());
  llvm::sort(Found);
  SourceLines Sources;
  bool Any = false;
  for (const Finding &F : Found) {
    bool Near = isHere(F.Place, F.Place);
    for (const FindingNote &N : F.Notes)
      Near |= isHere(N.Place, N.Place);
    if (!Near)
      continue;
    Any = true;
    OS << "\nfinding at " << show(F.Place) << ": " << F.Message << " ["
       << F.Check << "]\n  evidence: " << toString(F.Why) << '\n';
    if (!Config.isEnabled(F.Check, F.Place.File))
      OS << "  silent: a .clang-tidy file switches the check off\n";
    if (!Config.isEvident(F))
      OS << "  silent: the evidence is below the option MinEvidence\n";
    if (isSuppressed(F, Sources))
      OS << "  silent: a NOLINT comment\n";
  }
  if (!Any)
    OS << "findings: none here\n";
}

Error race::explainPlace(const Project &P, const DoctorOptions &Options,
                         raw_ostream &OS) {
  return Doctor(P, Options, OS).run();
}
