//===- TidyConfig.h - The project's .clang-tidy files -----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_TIDYCONFIG_H
#define RACE_DRIVER_TIDYCONFIG_H

#include "race/Analysis/StaleComment.h"
#include "race/Driver/Extract.h"
#include "race/Summary/PoolNames.h"
#include <memory>
#include <string>

namespace clang::tidy {
struct ClangTidyOptions;
} // namespace clang::tidy

namespace race {

/// The options of all race-* checks for the files of one folder.
struct FileSettings {
  /// As in ExtractOptions. A file that any check names is for all of them,
  /// since they share what is read.
  std::vector<std::string> Models;
  std::vector<ClaimPhrase> Phrases;
  PoolNames Pools;
  StaleCommentOptions StaleComments;
  /// Those of the above that judging claims depends on, as text.
  std::string Judging;
};

/// What the `.clang-tidy` files of a project say about race-* checks, found as
/// clang-tidy finds them. Safe to be asked from several threads.
class TidyConfig {
public:
  /// \param Checks the user's `--checks`, appended to what files say.
  explicit TidyConfig(llvm::StringRef Checks);
  ~TidyConfig();

  /// Whether \p Check is on for \p File. Files that do not speak of race-*
  /// leave all of them on: whoever runs this program wants them.
  bool isEnabled(llvm::StringRef Check, llvm::StringRef File);

  /// All options for \p File, as clang-tidy's own checks take them. Their
  /// `Checks` are those that are on.
  clang::tidy::ClangTidyOptions all(llvm::StringRef File);

  /// Whether \p F has the evidence that the option `MinEvidence` asks for.
  bool isEvident(const Finding &F);

  /// The options for \p File. An error names the option that cannot be read,
  /// and the file that it is for.
  llvm::Expected<const FileSettings &> settings(llvm::StringRef File);

  /// How to read \p Unit of the project in \p Root. Errors as above.
  llvm::Expected<ExtractOptions> readingOf(const CompileUnit &Unit,
                                           llvm::StringRef Root);

  /// The claims that \p P breaks, each judged with the options for its file.
  /// Errors as above.
  llvm::Expected<std::vector<Finding>> staleComments(const Program &P,
                                                     const EntityTable &Names);

private:
  struct Impl;
  std::unique_ptr<Impl> I;
};

} // namespace race

#endif // RACE_DRIVER_TIDYCONFIG_H
