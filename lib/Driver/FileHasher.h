//===- FileHasher.h - Which files are as they were --------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_DRIVER_FILEHASHER_H
#define RACE_LIB_DRIVER_FILEHASHER_H

#include "race/Program/Index.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Chrono.h"

namespace race {

/// Hashes of files, taken from the index where the file's time and size are
/// what they were. Not safe to be used from several threads at once.
class FileHasher {
public:
  FileHasher(Index &I, llvm::StringRef Root) : I(I), Root(Root) {}

  /// The hash of the file's content; empty if it cannot be read. \p Path is
  /// absolute or relative to the root.
  const std::string &hash(llvm::StringRef Path);

  /// Whether the file is still the one that was hashed, and was so already at
  /// \p Then: who has read it since has read what the hash says.
  bool isUnchangedSince(llvm::StringRef Path, llvm::sys::TimePoint<> Then);

private:
  Index &I;
  std::string Root;
  llvm::StringMap<Index::FileState> Known;
};

} // namespace race

#endif // RACE_LIB_DRIVER_FILEHASHER_H
