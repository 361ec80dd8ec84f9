//===- RaceCheck.cpp - What all checks have in common ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RaceCheck.h"
#include "race/Checks/Editor.h"
#include "race/Report/NoLint.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <mutex>

using namespace clang;
using namespace clang::ast_matchers;

namespace clang::tidy {
template <> struct OptionEnumMapping<race::Evidence> {
  static llvm::ArrayRef<std::pair<race::Evidence, StringRef>> getEnumMapping() {
    static const std::pair<race::Evidence, StringRef> Mapping[] = {
        {race::Evidence::Named, "named"},
        {race::Evidence::Structural, "structural"},
        {race::Evidence::Modelled, "modelled"},
        {race::Evidence::Annotated, "annotated"},
    };
    return Mapping;
  }
};
} // namespace clang::tidy

namespace race {

struct RaceCheck::Shared {
  Models TheModels;
  std::unique_ptr<IndexView> Rest;
  std::unique_ptr<TranslationUnit> TU;
};

TranslationUnit &RaceCheck::unitOf(Shared &S) { return *S.TU; }

/// Guards the shared parts of the ASTs that are being checked. An editor checks
/// several at a time; the checks own the shared part, so that it goes with the
/// last of them.
static std::mutex &cacheLock() {
  static std::mutex M;
  return M;
}

static std::string optionOf(const tidy::ClangTidyContext &Context,
                            StringRef Key) {
  const auto &All = Context.getOptions().CheckOptions;
  auto It = All.find(Key);
  return It == All.end() ? std::string() : It->second.Value;
}

RaceCheck::RaceCheck(StringRef Name, tidy::ClangTidyContext *Context)
    : ClangTidyCheck(Name, Context),
      MinEvidence(Options.get("MinEvidence", Evidence::Structural)),
      ModelFiles(Options.get("Models", "").str()),
      IndexFile(Options.get("Index", "auto").str()),
      Phrases(optionOf(*Context, "race-stale-thread-comment.Phrases")) {
  llvm::Expected<PoolNames> Read = PoolNames::read([&](StringRef Option) {
    return optionOf(*Context, ("race-use-after-release." + Option).str());
  });
  if (Read)
    Pools = std::move(*Read);
  else
    PoolsError = llvm::toString(Read.takeError());
}

RaceCheck::~RaceCheck() = default;

bool RaceCheck::isLanguageVersionSupported(const LangOptions &) const {
  return true;
}

void RaceCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "MinEvidence", MinEvidence);
  Options.store(Opts, "Models", ModelFiles);
  Options.store(Opts, "Index", IndexFile);
}

/// The first declaration that is looked at, where not all of them are.
AST_MATCHER(Decl, isFirstInScope) {
  (void)Builder;
  return &Node == Finder->getASTContext().getTraversalScope().front();
}

void RaceCheck::registerMatchers(MatchFinder *Finder) {
  // One match a translation unit: the scan walks the project's own code itself
  // and leaves system headers alone.
  if (servesEditor())
    Finder->addMatcher(decl(isFirstInScope()), this);
  else
    Finder->addMatcher(translationUnitDecl(), this);
}

void RaceCheck::complain(const SourceManager &SM, const Twine &Text) {
  // An editor shows nothing that has no place.
  if (servesEditor())
    diag(SM.getLocForStartOfFile(SM.getMainFileID()), "%0") << Text.str();
  else
    configurationDiag("%0") << Text.str();
}

void RaceCheck::openIndex(Shared &S, const SourceManager &SM) {
  std::string File =
      IndexFile == "auto" ? IndexView::find(getCurrentMainFile()) : IndexFile;
  if (File.empty() || File == "none")
    return;
  // An editor opens it for each edit, and so sees each change of it. Nobody
  // shall wait there for the one who writes it; the next edit knows more.
  llvm::Expected<std::unique_ptr<IndexView>> Rest =
      IndexView::open(File, /*Wait=*/!servesEditor());
  if (Rest)
    S.Rest = std::move(*Rest);
  else
    complain(SM, llvm::toString(Rest.takeError()) +
                     "; run 'race-tidy analyze' to make it anew");
}

std::shared_ptr<RaceCheck::Shared> RaceCheck::share(ASTContext &Ctx) {
  using Key = std::pair<const ASTContext *, std::string>;
  static std::map<Key, std::weak_ptr<Shared>> Cache;
  const Key Mine{&Ctx, ModelFiles + '\n' + IndexFile + '\n' + Phrases + '\n' +
                           Pools.text()};
  {
    std::lock_guard<std::mutex> Guard(cacheLock());
    auto Known = Cache.find(Mine);
    if (Known != Cache.end())
      if (std::shared_ptr<Shared> S = Known->second.lock())
        return S;
  }

  // Without the lock: other threads have other ASTs, and need not wait.
  auto S = std::make_shared<Shared>();
  const SourceManager &SM = Ctx.getSourceManager();
  S->TheModels = Models::withPresetsFor(Ctx.Idents);
  for (const std::string &File :
       Models::filesFor(getCurrentMainFile(), ModelFiles))
    if (llvm::Error E = S->TheModels.addFile(File))
      complain(SM, llvm::toString(std::move(E)));
  openIndex(*S, SM);
  UnitOptions How;
  if (S->Rest) {
    How.Imported = S->Rest.get();
    How.ForProgram = true;
    How.Root = S->Rest->root();
  }
  if (llvm::Expected<std::vector<ClaimPhrase>> Own = parsePhrases(Phrases))
    How.Phrases = std::move(*Own);
  else
    complain(SM, llvm::toString(Own.takeError()));
  How.Pools = Pools;
  if (!PoolsError.empty())
    complain(SM, PoolsError);
  S->TU = std::make_unique<TranslationUnit>(Ctx, S->TheModels, std::move(How));

  std::lock_guard<std::mutex> Guard(cacheLock());
  for (auto It = Cache.begin(); It != Cache.end();)
    It = It->second.expired() ? Cache.erase(It) : std::next(It);
  // Another thread may have been faster.
  std::shared_ptr<Shared> First =
      Cache.try_emplace(Mine, S).first->second.lock();
  return First ? First : S;
}

std::shared_ptr<RaceCheck::Shared>
RaceCheck::makeForLinking(tidy::ClangTidyContext &Context, ASTContext &Ctx,
                          const UnitUse &Use) {
  auto S = std::make_shared<Shared>();
  S->TheModels = Models::withPresetsFor(Ctx.Idents);
  for (const std::string &File : Use.Models)
    if (llvm::Error E = S->TheModels.addFile(File))
      Context.configurationDiag("%0") << llvm::toString(std::move(E));
  UnitOptions How;
  How.ForProgram = true;
  How.Root = Use.Root;
  How.Phrases = Use.Phrases;
  How.Pools = Use.Pools;
  S->TU = std::make_unique<TranslationUnit>(Ctx, S->TheModels, std::move(How));
  return S;
}

void RaceCheck::look(ASTContext &Ctx, std::shared_ptr<Shared> Unit) {
  Current = Unit ? std::move(Unit) : share(Ctx);
  for (const Finding &F : analyze(*Current->TU, Current->Rest.get()))
    if (wants(F))
      report(F, Ctx);
}

void RaceCheck::check(const MatchFinder::MatchResult &Result) {
  look(*Result.Context);
}

void RaceCheck::onEndOfTranslationUnit() { Current.reset(); }

/// \p F as an editor can show it, which drops what stands in a header: at the
/// first of its notes that is in the main file. Nothing if there is none.
template <typename Test>
static std::optional<Finding> movedToMain(const Finding &F, Test InMain) {
  auto Note = llvm::find_if(
      F.Notes, [&](const FindingNote &N) { return InMain(N.Place); });
  // Where the finding belongs, a comment can silence it; the editor's server
  // looks for it only where it is shown.
  SourceLines Lines;
  if (Note == F.Notes.end() || isSuppressed(F, Lines))
    return std::nullopt;
  Finding Moved = F;
  Moved.Place = Note->Place;
  Moved.Notes.insert(Moved.Notes.begin(), {F.Place, "it is about this"});
  Moved.Fix.clear();
  return Moved;
}

void RaceCheck::report(const Finding &Found, ASTContext &Ctx) {
  SourceManager &SM = Ctx.getSourceManager();
  FileID MainID = SM.getMainFileID();
  llvm::StringMap<FileID> Others;
  // In an editor, not by SourceManager::getOrCreateFileID: it would read all of
  // the preamble in search of the file.
  auto FileOf = [&](StringRef Name) {
    auto File = SM.getFileManager().getOptionalFileRef(Name);
    if (!File)
      return FileID();
    OptionalFileEntryRef Main = SM.getFileEntryRefForID(MainID);
    if (Main && Main->isSameRef(*File))
      return MainID;
    if (!servesEditor())
      return SM.getOrCreateFileID(*File, SrcMgr::C_User);
    auto [It, New] = Others.try_emplace(Name);
    if (New)
      It->second = SM.createFileID(*File, SourceLocation(), SrcMgr::C_User);
    return It->second;
  };
  std::optional<Finding> Moved;
  if (servesEditor() && FileOf(Found.Place.File) != MainID) {
    Moved = movedToMain(
        Found, [&](const Anchor &A) { return FileOf(A.File) == MainID; });
    if (!Moved)
      return;
  }
  const Finding &F = Moved ? *Moved : Found;
  auto Locate = [&](const Anchor &A) {
    if (!A.isValid())
      return SourceLocation();
    // A note may stand in a file that this one does not include.
    FileID ID = FileOf(A.File);
    return ID.isValid() ? SM.translateLineCol(ID, A.Line, A.Column)
                        : SourceLocation();
  };
  std::vector<FixItHint> Fix;
  for (const SourceEdit &E : F.Fix) {
    SourceLocation Begin = Locate(E.Begin), End = Locate(E.End);
    if (Begin.isValid() && End.isValid())
      Fix.push_back(FixItHint::CreateReplacement(
          CharSourceRange::getCharRange(Begin, End), E.Text));
  }
  // Half a fix is none.
  if (Fix.size() != F.Fix.size())
    Fix.clear();
  diag(Locate(F.Place), "%0") << F.Message << Fix;
  for (const FindingNote &N : F.Notes)
    diag(Locate(N.Place), "%0", DiagnosticIDs::Note) << N.Text;
  if (F.NotesTellAll)
    return;
  for (const InterleavingStep &S : F.Interleaving)
    diag(Locate(S.Place), "thread %0: %1", DiagnosticIDs::Note)
        << S.Thread << S.Text;
}

} // namespace race
