//===- NoLint.h - Suppressions in the source --------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_REPORT_NOLINT_H
#define RACE_REPORT_NOLINT_H

#include "race/Analysis/Finding.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <memory>

namespace llvm {
class MemoryBuffer;
} // namespace llvm

namespace race {

/// The lines of source files, read when they are asked for.
class SourceLines {
public:
  SourceLines();
  ~SourceLines();

  /// Line \p Number of \p File, counted from one, without its end; empty if
  /// there is no such line or file.
  llvm::StringRef line(llvm::StringRef File, unsigned Number);
  /// How many lines \p File has; 0 if it cannot be read.
  unsigned count(llvm::StringRef File);

private:
  struct Text;
  Text &text(llvm::StringRef File);
  llvm::StringMap<std::unique_ptr<Text>> Texts;
};

/// Whether clang-tidy's comments (NOLINT, NOLINTNEXTLINE, NOLINTBEGIN and
/// NOLINTEND, each for all checks or with a list of globs) silence \p F: at its
/// main place, as in clang-tidy.
bool isSuppressed(const Finding &F, SourceLines &Sources);

/// Whether one of the comma-separated globs in \p Globs matches \p Name; `*` is
/// any text. An empty list matches nothing.
bool matchesGlobs(llvm::StringRef Globs, llvm::StringRef Name);

} // namespace race

#endif // RACE_REPORT_NOLINT_H
