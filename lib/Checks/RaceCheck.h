//===- RaceCheck.h - What all checks have in common -------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_CHECKS_RACECHECK_H
#define RACE_LIB_CHECKS_RACECHECK_H

#include "clang-tidy/ClangTidyCheck.h"
#include "race/Analysis/Finding.h"
#include "race/Checks/CheckRun.h"
#include "race/Program/IndexView.h"
#include "race/Summary/TranslationUnit.h"
#include <memory>

namespace race {

/// A race-* check: options in, findings of an analysis out. All checks of one
/// run share what they know of the translation unit.
class RaceCheck : public clang::tidy::ClangTidyCheck {
public:
  RaceCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  ~RaceCheck() override;

  bool
  isLanguageVersionSupported(const clang::LangOptions &LangOpts) const override;
  void registerMatchers(clang::ast_matchers::MatchFinder *Finder) override;
  void
  check(const clang::ast_matchers::MatchFinder::MatchResult &Result) override;
  void onEndOfTranslationUnit() override;
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

  /// What the checks that look at one AST have in common.
  struct Shared;
  static TranslationUnit &unitOf(Shared &S);
  /// The unit as it is summarised for linking: of other files it knows nothing.
  static std::shared_ptr<Shared>
  makeForLinking(clang::tidy::ClangTidyContext &Context, clang::ASTContext &Ctx,
                 const UnitUse &Use);
  /// Checks \p Ctx.
  /// \param Unit what to look at; null for what the check's options ask for.
  void look(clang::ASTContext &Ctx, std::shared_ptr<Shared> Unit = nullptr);

protected:
  /// The check's own work: what is wrong in \p TU.
  /// \param Rest what the index knows of other files, or null.
  virtual std::vector<Finding> analyze(TranslationUnit &TU,
                                       const IndexView *Rest) = 0;
  /// Whether the options let \p F be reported.
  virtual bool wants(const Finding &F) const { return F.Why >= MinEvidence; }

  const Evidence MinEvidence;

  /// Says that an option or a file of the user's is wrong.
  void complain(const clang::SourceManager &SM, const llvm::Twine &Text);

private:
  void openIndex(Shared &S, const clang::SourceManager &SM);
  std::shared_ptr<Shared> share(clang::ASTContext &Ctx);
  void report(const Finding &Found, clang::ASTContext &Ctx);

  const std::string ModelFiles;
  const std::string IndexFile;
  /// The project's own phrases for claims: an option of one check, but what is
  /// read from comments is shared by all.
  const std::string Phrases;
  /// The names by which pools are known, shared in the same way, and what is
  /// wrong with the options that say them.
  PoolNames Pools;
  std::string PoolsError;
  std::shared_ptr<Shared> Current;
};

} // namespace race

#endif // RACE_LIB_CHECKS_RACECHECK_H
