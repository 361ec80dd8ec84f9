//===- Paths.h - File names that mean the same elsewhere --------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_PATHS_H
#define RACE_SUPPORT_PATHS_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace race {

/// \p Path as it is written in summaries: relative to \p Root where it lies
/// below it, so that it means the same on another machine. "./" and "x/../"
/// are folded away.
std::string relativeTo(llvm::StringRef Root, llvm::StringRef Path);

/// The nearest \p File ("compile_commands.json") in \p Folder, in one of the
/// usual build folders there, or in a folder above; empty if there is none.
std::string findInBuildFolders(llvm::StringRef Folder, llvm::StringRef File);

/// The inverse of relativeTo.
std::string absoluteFrom(llvm::StringRef Root, llvm::StringRef Path);

} // namespace race

#endif // RACE_SUPPORT_PATHS_H
