//===- Report.cpp - All that a run has to report --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Report.h"
#include "race/Support/WriteFile.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace race;

unsigned Report::count(FindingState State) const {
  return count_if(Items, [&](const Item &I) { return I.State == State; });
}

Error race::writeFile(StringRef File, function_ref<void(raw_ostream &)> Write) {
  std::string Text;
  raw_string_ostream OS(Text);
  Write(OS);
  return writeWholeFile(File, OS.str());
}
