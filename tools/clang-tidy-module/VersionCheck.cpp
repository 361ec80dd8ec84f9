//===- VersionCheck.cpp - Refuses another host ----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "clang/Basic/Version.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

// Clang's C++ interface changes with every release, and clang-tidy and clang do
// not look at the version of what they load: a plugin for another one would
// crash at its first call. Better one clear line.
[[maybe_unused]] static const bool VersionFits = [] {
  std::string Host = clang::getClangFullVersion();
  if (llvm::StringRef(Host).contains(CLANG_VERSION_STRING))
    return true;
  llvm::errs() << "race-tidy is built for clang " CLANG_VERSION_STRING
                  " and cannot be loaded by "
               << Host << "\n";
  std::exit(1);
}();
