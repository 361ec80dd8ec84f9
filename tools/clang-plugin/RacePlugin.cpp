//===- RacePlugin.cpp - race-* warnings of an ordinary compile ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "clang-tidy/ClangTidyOptions.h"
#include "race/Checks/CheckRun.h"
#include "race/Driver/Extract.h"
#include "race/Driver/TidyConfig.h"
#include "race/Support/WriteFile.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/FileManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace race;

namespace {

/// What the user says with -fplugin-arg-race-...
struct PluginOptions {
  /// Globs after those of the .clang-tidy files.
  std::string Checks, Errors;
  /// Where the summary goes, with %o for the output file; empty for none.
  std::string Summary;
  /// The project's folder in the summary; empty for the current one.
  std::string Root;
};

class RaceConsumer : public ASTConsumer {
public:
  RaceConsumer(CompilerInstance &CI, const PluginOptions &Options,
               StringRef File)
      : CI(CI), Diags(CI.getDiagnostics()), Options(Options), File(File) {}

  void HandleTranslationUnit(ASTContext &Ctx) override;

private:
  void look(ASTContext &Ctx);
  std::string summaryFile();
  void fail(llvm::Error Why);
  std::string absolute(StringRef Path);

  CompilerInstance &CI;
  DiagnosticsEngine &Diags;
  const PluginOptions Options;
  std::string File;
};

class RaceAction : public PluginASTAction {
protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 StringRef File) override {
    return std::make_unique<RaceConsumer>(CI, Options, File);
  }
  bool ParseArgs(const CompilerInstance &CI,
                 const std::vector<std::string> &Args) override;
  /// Behind the main action, the object is made: nothing that happens here can
  /// change it.
  ActionType getActionType() override { return AddAfterMainAction; }

private:
  PluginOptions Options;
};

} // namespace

bool RaceAction::ParseArgs(const CompilerInstance &CI,
                           const std::vector<std::string> &Args) {
  DiagnosticsEngine &Diags = CI.getDiagnostics();
  auto Fail = [&](const llvm::Twine &Text) {
    unsigned Id = Diags.getCustomDiagID(DiagnosticsEngine::Error, "%0");
    Diags.Report(Id) << Text.str();
    return false;
  };
  for (StringRef Arg : Args) {
    auto [Name, Value] = Arg.split('=');
    bool HasValue = Arg.contains('=');
    if (Name == "werror") {
      Options.Errors += "," + (HasValue ? Value.str() : "race-*");
      continue;
    }
    std::string *To = Name == "checks"    ? &Options.Checks
                      : Name == "summary" ? &Options.Summary
                      : Name == "root"    ? &Options.Root
                                          : nullptr;
    if (!To)
      return Fail("unknown option '-fplugin-arg-race-" + Name +
                  "'; there are checks=GLOBS, werror, werror=GLOBS, "
                  "summary=FILE and root=FOLDER");
    if (Value.empty())
      return Fail("'-fplugin-arg-race-" + Name + "' needs a value: " + Name +
                  "=...");
    *To = Value.str();
  }
  return true;
}

/// Whether the compile makes what a program is linked from. Precompiled headers
/// and modules are looked at where they are used; the code for a GPU is that of
/// the host once more.
static bool isOrdinaryCompile(const CompilerInstance &CI) {
  switch (CI.getFrontendOpts().ProgramAction) {
  case frontend::EmitAssembly:
  case frontend::EmitBC:
  case frontend::EmitLLVM:
  case frontend::EmitLLVMOnly:
  case frontend::EmitCodeGenOnly:
  case frontend::EmitObj:
  case frontend::ParseSyntaxOnly:
    break;
  default:
    return false;
  }
  const LangOptions &L = CI.getLangOpts();
  return !L.CUDAIsDevice && !L.OpenMPIsTargetDevice && !L.SYCLIsDevice;
}

void RaceConsumer::HandleTranslationUnit(ASTContext &Ctx) {
  if (!isOrdinaryCompile(CI) || Diags.hasErrorOccurred())
    return;
  // -w is "no warnings"; a summary is still wanted.
  if (Diags.getIgnoreAllWarnings() && Options.Summary.empty())
    return;
  // Whatever is wrong with us must not be the compile's trouble.
  llvm::CrashRecoveryContext::Enable();
  llvm::CrashRecoveryContext Safe;
  if (Safe.RunSafely([&] { look(Ctx); }))
    return;
  unsigned Id = Diags.getCustomDiagID(
      DiagnosticsEngine::Warning,
      "race-tidy crashed while looking at this file; please report it. The "
      "compile goes on%select{|, but there is no summary}0");
  Diags.Report(Id) << !Options.Summary.empty();
}

std::string RaceConsumer::absolute(StringRef Path) {
  SmallString<128> Full(Path);
  CI.getFileManager().makeAbsolutePath(Full);
  llvm::sys::path::remove_dots(Full, /*remove_dot_dot=*/true);
  return Full.str().str();
}

void RaceConsumer::look(ASTContext &Ctx) {
  std::string Main = absolute(File);
  TidyConfig Config(Options.Checks);
  tidy::ClangTidyOptions Tidy = Config.all(Main);
  Tidy.WarningsAsErrors = Tidy.WarningsAsErrors.value_or("") + Options.Errors;
  if (Diags.getIgnoreAllWarnings())
    Tidy.Checks = "-*";

  std::string To = summaryFile();
  if (To.empty())
    return runChecks(Ctx, Diags, Main, Tidy);
  std::string Root = absolute(Options.Root.empty() ? "." : Options.Root);
  llvm::Expected<const FileSettings &> Settings = Config.settings(Main);
  if (!Settings) {
    runChecks(Ctx, Diags, Main, Tidy);
    return fail(Settings.takeError());
  }
  std::string Json;
  auto Keep = [&](TranslationUnit &TU) { Json = unitToJson(TU, Root); };
  UnitUse Use{Root, Settings->Models, Settings->Phrases, Settings->Pools, Keep};
  runChecks(Ctx, Diags, Main, Tidy, &Use);
  // Several processes of a build may compile the same source.
  if (llvm::Error E = writeWholeFile(To, Json + "\n"))
    fail(std::move(E));
}

/// Where the summary goes; empty if there is to be none.
std::string RaceConsumer::summaryFile() {
  std::string To = Options.Summary;
  const std::string &Output = CI.getFrontendOpts().OutputFile;
  for (size_t At = 0; (At = To.find("%o", At)) != To.npos;) {
    if (Output.empty() || Output == "-")
      return "";
    To.replace(At, 2, Output);
    At += Output.size();
  }
  return To;
}

void RaceConsumer::fail(llvm::Error Why) {
  unsigned Id = Diags.getCustomDiagID(DiagnosticsEngine::Error,
                                      "cannot write the race-tidy summary: %0");
  Diags.Report(Id) << llvm::toString(std::move(Why));
}

// The name is the one in -fplugin-arg-race-...
static FrontendPluginRegistry::Add<RaceAction>
    X("race", "race-tidy: patterns that race when the timing is unlucky");
