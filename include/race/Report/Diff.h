//===- Diff.h - The lines that a change touches -----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_REPORT_DIFF_H
#define RACE_REPORT_DIFF_H

#include "race/Analysis/Finding.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace race {

/// The lines of the files as they are now that a change has touched: those it
/// added or wrote anew, and where it only took lines away, the two between
/// which they stood.
class ChangedLines {
public:
  /// What a user asks for with --diff: "-" is a unified diff on stdin, a commit
  /// that git knows is what the work tree has since the common ancestor of that
  /// commit and HEAD (files that git does not know yet are new in all lines),
  /// and anything else the name of a file with a unified diff.
  /// \param Root the project's folder. Names in a diff are relative to the work
  /// tree that it lies in; where there is none, to \p Root.
  /// The error says what is missing: git, the work tree, the commit.
  static llvm::Expected<ChangedLines> of(llvm::StringRef What,
                                         llvm::StringRef Root);

  /// Reads a unified diff, with or without lines of context.
  /// \param Folder what its names are relative to.
  /// \param Source for errors, which begin "Source:line: ".
  static llvm::Expected<ChangedLines>
  parse(llvm::StringRef Diff, llvm::StringRef Folder, llvm::StringRef Source);

  bool contains(const Anchor &Place) const;

  /// Whether the place of \p F, a note or a step of it is on a changed line.
  bool touches(const Finding &F) const;

  /// How many files have changed lines.
  unsigned files() const { return Files.size(); }

private:
  /// First and last line.
  using Range = std::pair<unsigned, unsigned>;
  void add(llvm::StringRef Name, unsigned First, unsigned Last);
  static llvm::Expected<ChangedLines> since(llvm::StringRef Commit,
                                            llvm::StringRef Tree);

  llvm::StringMap<std::vector<Range>> Files; ///< absolute names
};

} // namespace race

#endif // RACE_REPORT_DIFF_H
