//===- Layout.h - Words, lines and edits for readers ------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_REPORT_LAYOUT_H
#define RACE_LIB_REPORT_LAYOUT_H

#include "race/Analysis/Finding.h"
#include "race/Report/NoLint.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace race {

/// \p Text in lines of at most \p Width characters, broken between words where
/// that is possible. At least one line.
std::vector<std::string> wrap(llvm::StringRef Text, unsigned Width);

/// How many characters \p Text has, which is UTF-8.
unsigned characters(llvm::StringRef Text);

/// \p Text as UTF-8 without control characters: what is none is replaced.
std::string printable(llvm::StringRef Text);

/// Calls \p Part with the pieces of a message: plain text, and what it quotes,
/// without the quotes.
void forEachPart(llvm::StringRef Message,
                 llvm::function_ref<void(llvm::StringRef, bool Quoted)> Part);

/// Lines that a fix changes.
struct FixHunk {
  std::string File;
  unsigned FirstLine = 0;
  std::vector<std::string> Old, New;
};

/// What the fix of \p F makes of the source; empty if it has none, or the
/// source is not what it was.
std::vector<FixHunk> fixHunks(const Finding &F, SourceLines &Sources);

/// The locks of \p S in words: "holding 'a', 'b'"; empty if there are none.
std::string holding(const InterleavingStep &S);

/// Whether the last two steps, which are all that is not Before, are of two
/// threads and can happen at the same time.
bool isOverlap(const Finding &F);

} // namespace race

#endif // RACE_LIB_REPORT_LAYOUT_H
