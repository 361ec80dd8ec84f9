//===- Paths.cpp - File names that mean the same elsewhere ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Paths.h"
#include "llvm/ADT/SmallString.h"
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
