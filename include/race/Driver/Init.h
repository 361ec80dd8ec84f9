//===- Init.h - Setting a project up for race-tidy --------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_INIT_H
#define RACE_DRIVER_INIT_H

#include "race/Driver/Survey.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace race {

/// A file that setting up makes or changes.
struct FileChange {
  std::string Path; ///< absolute
  std::string Name; ///< relative to the project's folder, for people
  bool Exists = false;
  /// The text as it is, and as it shall be. Equal: there is nothing to do.
  std::string Before, After;
  /// What is done, or why nothing is to be done: "adds race-* to Checks".
  std::string What;
  /// Not empty: the file cannot be changed, and this says why, with file and
  /// line.
  std::string Problem;
  /// It is a program, for git.
  bool Executable = false;
  /// An older hook is kept under this name, and runs first; empty if there is
  /// none.
  std::string KeepAs;
};

/// How to set up.
struct InitOptions {
  /// The project's folder: the work tree around it is set up.
  std::string Folder;
  /// The models that were found in the code; without, the models file is left
  /// alone.
  const Survey *Found = nullptr;
  /// A plain git hook instead of the entry for pre-commit.
  bool GitHook = false;
};

/// The work tree that \p Folder lies in, or \p Folder itself.
std::string projectFolderOf(llvm::StringRef Folder);

/// What there is to do to set up the project, in the order in which it is
/// done. Nothing is written. Errors of single files are in their entries; an
/// error is that there is no repository for a git hook.
llvm::Expected<std::vector<FileChange>> planInit(const InitOptions &Options);

/// Does what \p C says: whole or not at all. An error names the file.
llvm::Error apply(const FileChange &C);

/// The lines that \p C takes away ("-") and adds ("+").
std::string differenceOf(const FileChange &C);

} // namespace race

#endif // RACE_DRIVER_INIT_H
