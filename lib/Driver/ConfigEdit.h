//===- ConfigEdit.h - Small additions to YAML files -------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Additions to configuration files of other programs that leave every byte
// alone that was there before: comments, order, quotes, line ends. What the
// result says is read again and compared, so that an addition is right or is
// not made.
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_DRIVER_CONFIGEDIT_H
#define RACE_LIB_DRIVER_CONFIGEDIT_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <string>

namespace race {

/// \p File, a `.clang-tidy`, with `race-*` added to its Checks; the same text
/// if they speak of race-* or switch all of it on already. An error is
/// "file:line:column: what is wrong", or says what to add by hand.
llvm::Expected<std::string> addRaceChecks(llvm::MemoryBufferRef File);

/// Where pre-commit finds our hooks.
struct HookSource {
  std::string Url, Revision;
};

/// The lines of a `.pre-commit-config.yaml` with our hook alone.
std::string preCommitConfig(const HookSource &Hook);

/// \p File, a `.pre-commit-config.yaml`, with our hook added behind the others;
/// the same text if it has one of ours. Errors are as above.
llvm::Expected<std::string> addHook(llvm::MemoryBufferRef File,
                                    const HookSource &Hook);

} // namespace race

#endif // RACE_LIB_DRIVER_CONFIGEDIT_H
