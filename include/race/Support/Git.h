//===- Git.h - What git says of a work tree ---------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_GIT_H
#define RACE_SUPPORT_GIT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace race {

/// What a run of git gave.
struct GitAnswer {
  int Status = 0;
  std::string Text;
  /// The first line of what it says of errors.
  std::string Complaint;
};

/// Runs git in \p Folder. That it ends with a status is an answer; an error is
/// that there is no git, or that it cannot be run.
llvm::Expected<GitAnswer> runGit(llvm::StringRef Folder,
                                 llvm::ArrayRef<llvm::StringRef> Arguments);

} // namespace race

#endif // RACE_SUPPORT_GIT_H
