//===- TextReport.cpp - Findings as text ----------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/TextReport.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"

using namespace llvm;
using namespace race;

void TextReport::print(const Finding &F) {
  print(F.Place, "warning", raw_ostream::MAGENTA,
        F.Message + " [" + F.Check + "]");
  for (const FindingNote &N : F.Notes)
    print(N.Place, "note", raw_ostream::CYAN, N.Text);
  if (F.NotesTellAll)
    return;
  for (const InterleavingStep &S : F.Interleaving)
    print(S.Place, "note", raw_ostream::CYAN,
          "thread " + Twine(S.Thread) + ": " + S.Text);
}

void TextReport::color(raw_ostream::Colors C) {
  if (OS.has_colors())
    OS.changeColor(C, /*Bold=*/true);
}

void TextReport::plain() {
  if (OS.has_colors())
    OS.resetColor();
}

void TextReport::print(const Anchor &Place, StringRef Severity,
                       raw_ostream::Colors Color, const Twine &Text) {
  if (Place.isValid()) {
    color(raw_ostream::SAVEDCOLOR);
    OS << Place.File << ':' << Place.Line << ':' << Place.Column << ": ";
  }
  color(Color);
  OS << Severity << ": ";
  plain();
  OS << Text << '\n';
  StringRef Line = Sources.line(Place.File, Place.Line);
  if (!Place.isValid() || Line.empty())
    return;
  OS << format("%5u | ", Place.Line) << Line << "\n      | ";
  // Tabs stay tabs, so that the caret stands under its character.
  for (char C : Line.take_front(Place.Column ? Place.Column - 1 : 0))
    OS << (C == '\t' ? '\t' : ' ');
  color(raw_ostream::GREEN);
  OS << '^';
  plain();
  OS << '\n';
}
