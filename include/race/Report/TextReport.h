//===- TextReport.h - Findings as text --------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_REPORT_TEXTREPORT_H
#define RACE_REPORT_TEXTREPORT_H

#include "race/Report/NoLint.h"
#include "llvm/Support/raw_ostream.h"

namespace race {

/// Prints findings the way clang does: place, severity, message, the line of
/// source with a caret, and the notes.
class TextReport {
public:
  TextReport(llvm::raw_ostream &OS, SourceLines &Sources)
      : OS(OS), Sources(Sources) {}

  void print(const Finding &F);

private:
  void print(const Anchor &Place, llvm::StringRef Severity,
             llvm::raw_ostream::Colors Color, const llvm::Twine &Text);
  void color(llvm::raw_ostream::Colors C);
  void plain();

  llvm::raw_ostream &OS;
  SourceLines &Sources;
};

} // namespace race

#endif // RACE_REPORT_TEXTREPORT_H
