//===- WriteFile.h - A file, whole or not at all ----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_WRITEFILE_H
#define RACE_SUPPORT_WRITEFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace race {

/// Makes \p Text the content of \p File: written beside it and renamed, so that
/// a reader, or another process that writes the same file, never sees a part.
/// The error names the file; what was there before is then left as it was.
llvm::Error writeWholeFile(llvm::StringRef File, llvm::StringRef Text);

} // namespace race

#endif // RACE_SUPPORT_WRITEFILE_H
