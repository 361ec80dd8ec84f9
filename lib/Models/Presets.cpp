//===- Presets.cpp - The models that come with the program ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Models/Presets.h"
#include "clang/Basic/IdentifierTable.h"
#include "llvm/ADT/SmallVector.h"

using namespace race;

bool race::isMentioned(llvm::StringRef Yaml,
                       const clang::IdentifierTable &Seen) {
  bool InList = false;
  while (!Yaml.empty()) {
    llvm::StringRef Line;
    std::tie(Line, Yaml) = Yaml.split('\n');
    bool Starts = Line.consume_front("  - names:");
    if (!Starts && !InList)
      continue;
    Line = Line.split(" #").first;
    InList = (InList || Line.contains('[')) && !Line.contains(']');
    llvm::SmallVector<llvm::StringRef, 8> Names;
    Line.split(Names, ',', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef Name : Names) {
      Name = Name.trim(" []\"'").split("::").first.split(' ').first;
      if (Name.contains('*') ||
          (!Name.empty() && Seen.find(Name) != Seen.end()))
        return true;
    }
  }
  return false;
}

llvm::ArrayRef<Preset> race::embeddedPresets() {
  static const Preset All[] = {
#define PRESET(NAME, TEXT) {NAME, TEXT},
#include "EmbeddedPresets.inc"
#undef PRESET
  };
  return All;
}
