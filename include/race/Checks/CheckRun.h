//===- CheckRun.h - The checks beside a compile -----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_CHECKS_CHECKRUN_H
#define RACE_CHECKS_CHECKRUN_H

#include "race/Comments/Claim.h"
#include "race/Summary/PoolNames.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <string>
#include <vector>

namespace clang {
class ASTContext;
class DiagnosticsEngine;
namespace tidy {
struct ClangTidyOptions;
} // namespace tidy
} // namespace clang

namespace race {

class TranslationUnit;

/// What a host wants of a file beside its warnings.
struct UnitUse {
  /// The project's folder.
  std::string Root;
  /// The files of models, the phrases and the names that whole programs are
  /// read with.
  std::vector<std::string> Models;
  std::vector<ClaimPhrase> Phrases;
  PoolNames Pools;
  /// Gets the unit as it is written for linking: it knows nothing of an index.
  llvm::function_ref<void(TranslationUnit &)> Use;
};

/// Runs the checks that \p Options switch on over \p Ctx, without clang-tidy's
/// walk over the AST. Warnings go to \p Out, which a compiler prints; those
/// that NOLINT silences do not, and those that `WarningsAsErrors` names are
/// errors there.
/// \param File the main file; absolute.
/// \param More if not null, the host's own use of what the checks look at. It
/// comes last, and also if no check is on.
void runChecks(clang::ASTContext &Ctx, clang::DiagnosticsEngine &Out,
               llvm::StringRef File,
               const clang::tidy::ClangTidyOptions &Options,
               const UnitUse *More = nullptr);

} // namespace race

#endif // RACE_CHECKS_CHECKRUN_H
