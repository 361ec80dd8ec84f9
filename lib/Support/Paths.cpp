//===- Paths.cpp - File names that mean the same elsewhere ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Paths.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

std::string race::relativeTo(StringRef Root, StringRef Path) {
  SmallString<128> Clean(Path);
  sys::path::remove_dots(Clean, /*remove_dot_dot=*/true);
  StringRef Rest = Clean;
  if (!Root.empty() && Rest.consume_front(Root.rtrim('/')) &&
      Rest.consume_front("/"))
    return Rest.str();
  // Elsewhere ".." may lead through a symbolic link.
  return Path.str();
}

std::string race::absoluteFrom(StringRef Root, StringRef Path) {
  if (Path.empty() || Root.empty() || sys::path::is_absolute(Path))
    return Path.str();
  SmallString<128> Full(Root);
  sys::path::append(Full, Path);
  return Full.str().str();
}

std::string race::findInBuildFolders(StringRef Folder, StringRef File) {
  SmallString<128> At(Folder);
  sys::fs::make_absolute(At);
  sys::path::remove_dots(At, /*remove_dot_dot=*/true);
  for (StringRef Up = At; !Up.empty();) {
    for (StringRef Sub : {"", "build", "out", "builddir", "cmake-build-debug",
                          "cmake-build-release", "_build"}) {
      SmallString<128> Candidate(Up);
      sys::path::append(Candidate, Sub, File);
      if (sys::fs::exists(Candidate))
        return Candidate.str().str();
    }
    StringRef Parent = sys::path::parent_path(Up);
    Up = Parent == Up ? "" : Parent;
  }
  return "";
}
