//===- Extract.cpp - One translation unit, read ---------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Extract.h"
#include "race/Analysis/CheckThenAct.h"
#include "race/Analysis/FindingJson.h"
#include "race/Analysis/UseAfterRelease.h"
#include "race/Models/Models.h"
#include "race/Summary/Producer.h"
#include "race/Summary/SummaryJson.h"
#include "race/Summary/TranslationUnit.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/Options.h"
#include "clang/Frontend/ASTUnit.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "clang/Lex/LexDiagnostic.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Support/BuryPointer.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <set>

using namespace clang;
using namespace race;

namespace {

/// Keeps the first error as text.
class FirstError : public DiagnosticConsumer {
public:
  FirstError(std::string &Text, bool &NotFound, StringRef Root)
      : Text(Text), NotFound(NotFound), Root(Root) {}
  void HandleDiagnostic(DiagnosticsEngine::Level Level,
                        const Diagnostic &Info) override {
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    NotFound |= Info.getID() == diag::err_pp_file_not_found;
    if (Level < DiagnosticsEngine::Error || !Text.empty())
      return;
    if (Info.getLocation().isValid() && Info.hasSourceManager()) {
      Anchor A = anchorOf(Info.getLocation(), Info.getSourceManager());
      Text = relativeTo(Root, A.File) + ":" + std::to_string(A.Line) + ":" +
             std::to_string(A.Column) + ": ";
    }
    llvm::SmallString<128> Message;
    Info.FormatDiagnostic(Message);
    Text += Message.str();
  }

private:
  std::string &Text;
  bool &NotFound;
  std::string Root;
};

/// The name of a file without symbolic links.
std::string realName(FileEntryRef File, const SourceManager &SM) {
  StringRef Real = File.getFileEntry().tryGetRealPathName();
  return Real.empty() ? absoluteName(File.getName(), SM) : Real.str();
}

using UnitUser = llvm::function_ref<void(TranslationUnit &)>;

/// Parses, and keeps what parsing made.
class ParseAction : public tooling::ToolAction {
public:
  bool runInvocation(std::shared_ptr<CompilerInvocation> Invocation,
                     FileManager *Files,
                     std::shared_ptr<PCHContainerOperations> Containers,
                     DiagnosticConsumer *Consumer) override {
    auto Diagnostics = CompilerInstance::createDiagnostics(
        &Invocation->getDiagnosticOpts(), Consumer,
        /*ShouldOwnClient=*/false);
    AST = ASTUnit::LoadFromCompilerInvocation(Invocation, std::move(Containers),
                                              Diagnostics, Files);
    return AST != nullptr;
  }

  std::unique_ptr<ASTUnit> AST;
};

/// Looks at a parsed unit with the options' models and imports.
void look(ASTContext &Ctx, const ExtractOptions &Options, std::string &Error,
          UnitUser Use) {
  Models M = Models::withPresetsFor(Ctx.Idents);
  for (const std::string &File : Options.Models)
    if (llvm::Error E = M.addFile(File)) {
      std::string Text = llvm::toString(std::move(E));
      if (Error.empty())
        Error = Text;
    }
  UnitOptions How;
  How.Imported = Options.Imported;
  How.ForProgram = true;
  How.Root = Options.Root;
  How.Phrases = Options.Phrases;
  How.Pools = Options.Pools;
  TranslationUnit TU(Ctx, M, How);
  Use(TU);
}

} // namespace

std::vector<Finding> race::findInUnit(TranslationUnit &TU) {
  std::vector<Finding> All = findUseAfterRelease(TU);
  for (Finding &F : findCheckThenAct(TU))
    All.push_back(std::move(F));
  llvm::sort(All);
  return All;
}

std::string race::unitToJson(TranslationUnit &TU, llvm::StringRef Root,
                             llvm::StringRef ImportsHash) {
  return unitToJson(TU.summary(), findInUnit(TU), TU.names(), Root,
                    ImportsHash);
}

std::string race::unitToJson(const TUSummary &Summary,
                             const std::vector<Finding> &Findings,
                             const EntityTable &Names, llvm::StringRef Root,
                             llvm::StringRef ImportsHash) {
  std::string Json;
  llvm::raw_string_ostream OS(Json);
  ArchiveWriter Ar(OS, Names, Root);
  // Comes first: isSummary looks for it.
  Ar("race-tidy", producer().str());
  Ar("version", SummaryVersion, 0u);
  Ar("imports", ImportsHash.str());
  Ar("summary", Summary);
  Ar("findings", Findings);
  Ar.finish();
  return Json;
}

/// Without what other compilers alone know of how code is made: nothing that is
/// read of a program hangs on that.
static tooling::CommandLineArguments
withoutForeign(tooling::CommandLineArguments Args) {
  std::vector<const char *> Raw;
  for (const std::string &Arg : Args)
    Raw.push_back(Arg.c_str());
  if (Raw.empty() || driver::IsClangCL(driver::getDriverMode(
                         Raw.front(), llvm::ArrayRef(Raw).drop_front())))
    return Args;
  unsigned Missing = 0, Count = 0;
  llvm::opt::InputArgList Parsed = driver::getDriverOptTable().ParseArgs(
      llvm::ArrayRef(Raw).drop_front(), Missing, Count,
      llvm::opt::Visibility(driver::options::ClangOption));
  std::set<unsigned> Foreign;
  for (const llvm::opt::Arg *A :
       Parsed.filtered(driver::options::OPT_UNKNOWN)) {
    StringRef Text = Args[A->getIndex() + 1];
    if (Text.starts_with("-m") || Text.starts_with("-f"))
      Foreign.insert(A->getIndex() + 1);
  }
  tooling::CommandLineArguments Known;
  for (unsigned I = 0; I < Args.size(); ++I)
    if (!Foreign.count(I))
      Known.push_back(std::move(Args[I]));
  return Known;
}

static std::unique_ptr<ASTUnit> parse(const CompileUnit &Unit, StringRef Root,
                                      std::string &Error, bool &NotFound) {
  // Each its own view of the file system: the working directory is the
  // command's.
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS(
      llvm::vfs::createPhysicalFileSystem().release());
  if (std::error_code EC = FS->setCurrentWorkingDirectory(Unit.Directory)) {
    Error = Unit.Directory + ": " + EC.message();
    return nullptr;
  }
  llvm::IntrusiveRefCntPtr<FileManager> Files(
      new FileManager(FileSystemOptions(), FS));
  using namespace tooling;
  ArgumentsAdjuster Adjust =
      combineAdjusters(combineAdjusters(getClangSyntaxOnlyAdjuster(),
                                        getClangStripOutputAdjuster()),
                       combineAdjusters(getClangStripDependencyFileAdjuster(),
                                        getStripPluginsAdjuster()));
  CommandLineArguments Args = withoutForeign(Adjust(Unit.Command, Unit.File));
  // Our own clang's headers, whichever compiler the command names, and no word
  // of its warnings.
  Args.insert(Args.begin() + 1, {"-resource-dir", RACE_CLANG_RESOURCE_DIR});
  Args.insert(std::find(Args.begin(), Args.end(), "--"), "-w");
  FirstError Errors(Error, NotFound, Root.str());
  ParseAction Parse;
  ToolInvocation Invocation(std::move(Args), &Parse, Files.get(),
                            std::make_shared<PCHContainerOperations>());
  Invocation.setDiagnosticConsumer(&Errors);
  if (!Invocation.run() && !Parse.AST && Error.empty())
    Error = "the compile command cannot be understood";
  // Whoever looks at it later has nothing to say here.
  if (Parse.AST)
    Parse.AST->getDiagnostics().setClient(new IgnoringDiagConsumer);
  return std::move(Parse.AST);
}

ParsedUnit::ParsedUnit() = default;
ParsedUnit::~ParsedUnit() = default;
ParsedUnit::ParsedUnit(ParsedUnit &&) = default;
ParsedUnit &ParsedUnit::operator=(ParsedUnit &&) = default;

size_t ParsedUnit::memory() const {
  if (!AST)
    return 0;
  const ASTContext &Ctx = AST->getASTContext();
  const SourceManager &SM = AST->getSourceManager();
  return Ctx.getASTAllocatedMemory() + Ctx.getSideTableAllocatedMemory() +
         SM.getContentCacheSize() + SM.getDataStructureSizes() +
         AST->getPreprocessor().getTotalMemory();
}

void ParsedUnit::abandon() { llvm::BuryPointer(std::move(AST)); }

std::string race::withUnit(const CompileUnit &Unit,
                           const ExtractOptions &Options, UnitUser Use,
                           ParsedUnit *Kept, bool *Incomplete) {
  ParsedUnit Own;
  std::unique_ptr<ASTUnit> &AST = Kept ? Kept->AST : Own.AST;
  if (!AST && !llvm::sys::fs::exists(Unit.File))
    return "no such file";
  std::string Error;
  bool NotFound = false;
  auto Run = [&] {
    if (!AST)
      AST = parse(Unit, Options.Root, Error, NotFound);
    if (AST)
      look(AST->getASTContext(), Options, Error, Use);
  };
  llvm::CrashRecoveryContext Safe;
  // clang's parser recurses; the stack is that of clang's own threads.
  if (Safe.RunSafelyOnThread(Run, 8 << 20)) {
    if (Incomplete)
      *Incomplete = NotFound;
    return Error;
  }
  // Nobody knows in which state it is.
  llvm::BuryPointer(std::move(AST));
  return "crashed while reading the file";
}

Extraction race::extract(const CompileUnit &Unit, const ExtractOptions &Options,
                         ParsedUnit *Kept) {
  Extraction Out;
  bool Complete = false;
  auto Write = [&](TranslationUnit &TU) {
    Out.Json = unitToJson(TU, Options.Root, Options.ImportsHash);
    const SourceManager &SM = TU.context().getSourceManager();
    for (auto It = SM.fileinfo_begin(); It != SM.fileinfo_end(); ++It)
      Out.Files.push_back(realName(It->first, SM));
    Complete = true;
  };
  Out.Error = withUnit(Unit, Options, Write, Kept, &Out.Incomplete);
  // Half a document is none.
  if (!Complete)
    Out.Json.clear();
  Out.Files.insert(Out.Files.end(), Options.Models.begin(),
                   Options.Models.end());
  llvm::sort(Out.Files);
  Out.Files.erase(std::unique(Out.Files.begin(), Out.Files.end()),
                  Out.Files.end());
  return Out;
}

llvm::Expected<UnitDocument>
race::readUnit(llvm::StringRef Json, EntityTable &Names, llvm::StringRef Root) {
  llvm::Expected<llvm::json::Value> V = llvm::json::parse(Json);
  if (!V)
    return failure("not a whole summary: " + llvm::toString(V.takeError()));
  const llvm::json::Object *O = V->getAsObject();
  std::optional<llvm::StringRef> By =
      O ? O->getString("race-tidy") : std::nullopt;
  if (!By)
    return failure("not a summary");
  if (*By != producer())
    return failure("a summary of race-tidy " + *By + ", not of " + producer() +
                   "; make it anew");
  std::optional<int64_t> Version = O->getInteger("version");
  if (Version != SummaryVersion)
    return failure("a summary of version " +
                   (Version ? llvm::Twine(*Version) : llvm::Twine("none")) +
                   ", not " + llvm::Twine(SummaryVersion) + "; make it anew");
  ArchiveReader Ar(Names, Root);
  if (llvm::Error E = Ar.begin(*V))
    return std::move(E);
  UnitDocument D;
  Ar("imports", D.Imports);
  Ar("summary", D.Summary);
  Ar("findings", D.Findings);
  if (llvm::Error E = Ar.finish())
    return std::move(E);
  return D;
}

std::string race::findingsToJson(const std::vector<Finding> &All,
                                 llvm::StringRef Root) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  EntityTable None;
  ArchiveWriter Ar(OS, None, Root);
  Ar("findings", All);
  Ar.finish();
  return Text;
}

llvm::Expected<std::vector<Finding>>
race::findingsFromJson(llvm::StringRef Json, llvm::StringRef Root) {
  llvm::Expected<llvm::json::Value> V = llvm::json::parse(Json);
  if (!V)
    return V.takeError();
  EntityTable None;
  ArchiveReader Ar(None, Root);
  if (llvm::Error E = Ar.begin(*V))
    return std::move(E);
  std::vector<Finding> All;
  Ar("findings", All);
  if (llvm::Error E = Ar.finish())
    return std::move(E);
  return All;
}
