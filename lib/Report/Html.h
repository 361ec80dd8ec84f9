//===- Html.h - Parts of the HTML report ------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_REPORT_HTML_H
#define RACE_LIB_REPORT_HTML_H

#include "race/Analysis/Finding.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace race {

/// \p Text, escaped for HTML and SVG, elements and attributes alike; without
/// control characters.
std::string escaped(llvm::StringRef Text);

/// The style sheet.
llvm::StringRef htmlStyle();

/// How many colours htmlStyle() has for threads; further threads take turns.
constexpr unsigned ThreadColors = 4;

/// Draws the interleaving of \p F as inline SVG: a column for each thread, time
/// downward, the locks as bars beside the steps, the window shaded.
/// \param Width in pixels.
/// \param Root the project's folder; names of files are relative to it.
/// \param Class added to those of the element.
void drawInterleaving(const Finding &F, unsigned Width, llvm::StringRef Root,
                      llvm::StringRef Class, llvm::raw_ostream &OS);

} // namespace race

#endif // RACE_LIB_REPORT_HTML_H
