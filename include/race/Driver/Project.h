//===- Project.h - The program to look at -----------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_PROJECT_H
#define RACE_DRIVER_PROJECT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace race {

/// One entry of a compilation database.
struct CompileUnit {
  std::string File;      ///< absolute
  std::string Name;      ///< relative to the project's folder
  std::string Directory; ///< where the command runs
  std::vector<std::string> Command;
  /// Hash of the command, the same wherever the project's folder lies.
  std::string CommandHash;
};

/// A program: what its compilation database says.
struct Project {
  /// The folder of compile_commands.json.
  std::string BuildFolder;
  /// The project's folder: the work tree that holds the sources, or the folder
  /// that all main files have in common.
  std::string Root;
  /// Sorted by name, then command; entries that are the same are one.
  std::vector<CompileUnit> Units;

  /// Reads `compile_commands.json` in \p BuildFolder. The error names the
  /// folder and says how to get a database.
  static llvm::Expected<Project> load(llvm::StringRef BuildFolder);

  /// Makes \p Folder the project's folder, and names its units anew.
  void setRoot(llvm::StringRef Folder);

  /// Whether a unit lies below \p Folder: a database further up may be that of
  /// another program.
  bool hasSourcesIn(llvm::StringRef Folder) const;

  /// The build folder for \p Path: itself or its `build`, or those of the
  /// folders above. Empty if there is no database.
  static std::string findBuildFolder(llvm::StringRef Path);

  /// As load, of the folder that the option `-p` names; if it is empty, of the
  /// current folder, of its `build`, or of those of the folders above.
  static llvm::Expected<Project> open(llvm::StringRef BuildFolder);

  /// Where the index is, absolute: \p Named, or if that is empty `.race/index`
  /// in the build folder.
  std::string indexFile(llvm::StringRef Named) const;
};

/// The unit of one explicit command, as after `--`.
CompileUnit makeUnit(llvm::StringRef File, llvm::StringRef Directory,
                     std::vector<std::string> Command, llvm::StringRef Root);

} // namespace race

#endif // RACE_DRIVER_PROJECT_H
