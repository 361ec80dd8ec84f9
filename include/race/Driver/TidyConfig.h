//===- TidyConfig.h - The project's .clang-tidy files -----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_TIDYCONFIG_H
#define RACE_DRIVER_TIDYCONFIG_H

#include "llvm/ADT/StringRef.h"
#include <memory>
#include <string>

namespace clang::tidy {
struct ClangTidyOptions;
} // namespace clang::tidy

namespace race {

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

  /// The value of the option \p Check.\p Option for \p File; empty if not set.
  std::string option(llvm::StringRef Check, llvm::StringRef Option,
                     llvm::StringRef File);

private:
  struct Impl;
  std::unique_ptr<Impl> I;
};

} // namespace race

#endif // RACE_DRIVER_TIDYCONFIG_H
