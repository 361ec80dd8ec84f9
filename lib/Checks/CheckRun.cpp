//===- CheckRun.cpp - The checks beside a compile -------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Checks/CheckRun.h"
#include "RaceCheck.h"
#include "RaceTidyModule.h"
#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "clang-tidy/ClangTidyModule.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Tooling/Core/Diagnostic.h"

using namespace clang;
using namespace clang::tidy;

namespace {

/// Hands on what checks say to the compiler's own diagnostics.
class Forward : public DiagnosticConsumer {
public:
  Forward(ClangTidyContext &Context, DiagnosticsEngine &Out)
      : Context(Context), Out(Out) {}

  void HandleDiagnostic(DiagnosticsEngine::Level Level,
                        const Diagnostic &Info) override {
    std::string Check = Context.getCheckName(Info.getID());
    if (Level != DiagnosticsEngine::Note) {
      SmallVector<tooling::Diagnostic, 1> Malformed;
      Silent = Context.shouldSuppressDiagnostic(Level, Info, Malformed);
    }
    // Notes share the fate of their warning.
    if (Silent)
      return;
    llvm::SmallString<256> Message;
    Info.FormatDiagnostic(Message);
    // clang-tidy has written the check's name behind it.
    StringRef Text = Message;
    Text.consume_back(" [" + Check + "]");
    std::string Format = "%0";
    if (Level == DiagnosticsEngine::Warning && Context.treatAsError(Check)) {
      Level = DiagnosticsEngine::Error;
      Format += " [" + Check + ",-warnings-as-errors]";
    } else if (Level != DiagnosticsEngine::Note) {
      Format += " [" + Check + "]";
    }
    unsigned Id = Out.getDiagnosticIDs()->getCustomDiagID(
        static_cast<DiagnosticIDs::Level>(Level), Format);
    DiagnosticBuilder Builder = Out.Report(Info.getLocation(), Id);
    Builder << Text;
    for (const CharSourceRange &Range : Info.getRanges())
      Builder << Range;
    for (const FixItHint &Hint : Info.getFixItHints())
      Builder << Hint;
  }

private:
  ClangTidyContext &Context;
  DiagnosticsEngine &Out;
  bool Silent = false;
};

} // namespace

void race::runChecks(ASTContext &Ctx, DiagnosticsEngine &Out, StringRef File,
                     const ClangTidyOptions &Options, const UnitUse *More) {
  ClangTidyContext Context(std::make_unique<DefaultOptionsProvider>(
      ClangTidyGlobalOptions(), Options));
  Forward Consumer(Context, Out);
  DiagnosticsEngine Engine(new DiagnosticIDs, new DiagnosticOptions, &Consumer,
                           /*ShouldOwnClient=*/false);
  Context.setDiagnosticsEngine(&Engine);
  Context.setSourceManager(&Ctx.getSourceManager());
  Context.setCurrentFile(File);
  Context.setASTContext(&Ctx);

  ClangTidyCheckFactories Factories;
  addRaceChecks(Factories);
  std::vector<std::unique_ptr<ClangTidyCheck>> Checks =
      Factories.createChecksForLanguage(&Context);
  std::shared_ptr<RaceCheck::Shared> Unit;
  if (More)
    Unit = RaceCheck::makeForLinking(Context, Ctx, *More);
  for (const std::unique_ptr<ClangTidyCheck> &Check : Checks)
    // The factories know no others.
    static_cast<RaceCheck &>(*Check).look(Ctx, Unit);
  if (More)
    More->Use(RaceCheck::unitOf(*Unit));
}
