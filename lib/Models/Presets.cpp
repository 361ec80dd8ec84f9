//===- Presets.cpp - The models that come with the program ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Models/Presets.h"
#include "clang/Basic/IdentifierTable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace race;

/// Whether code that knows the identifiers \p Seen can name \p Name: all of its
/// parts are known. Patterns and operators are taken to be.
static bool isKnown(llvm::StringRef Name, const clang::IdentifierTable &Seen) {
  llvm::SmallVector<llvm::StringRef, 4> Parts;
  Name.split(Parts, "::");
  return llvm::all_of(Parts, [&](llvm::StringRef Part) {
    return Part.contains('*') || Part.starts_with("operator") ||
           Part == "constructor" || Seen.find(Part) != Seen.end();
  });
}

/// Whether one of the names of a list item, which begins with its names, is
/// known.
static bool isMentioned(llvm::StringRef Item,
                        const clang::IdentifierTable &Seen) {
  if (!Item.consume_front("  - names:"))
    return true;
  bool InList = true;
  while (InList && !Item.empty()) {
    llvm::StringRef Line;
    std::tie(Line, Item) = Item.split('\n');
    Line = Line.split(" #").first;
    InList = Line.contains(',') ? !Line.contains(']')
                                : Line.contains('[') && !Line.contains(']');
    llvm::SmallVector<llvm::StringRef, 8> Names;
    Line.split(Names, ',', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef Name : Names) {
      Name = Name.trim(" []\"'");
      if (!Name.empty() && isKnown(Name, Seen))
        return true;
    }
  }
  return false;
}

std::string race::relevantPart(llvm::StringRef Yaml,
                               const clang::IdentifierTable &Seen) {
  std::string Result;
  llvm::StringRef Header, Item;
  bool AnyItem = false;
  auto Flush = [&] {
    if (!Item.empty() && isMentioned(Item, Seen)) {
      Result += Header;
      Header = {};
      Result += Item;
      AnyItem = true;
    }
    Item = {};
  };
  while (!Yaml.empty()) {
    size_t End = std::min(Yaml.find('\n'), Yaml.size() - 1) + 1;
    llvm::StringRef Line = Yaml.take_front(End);
    if (Line.starts_with("  - ")) {
      Flush();
      Item = Line;
    } else if (Line.front() != ' ' && Line.front() != '#' &&
               Line.front() != '\n') {
      Flush();
      // A section is kept if something in it is.
      if (Line.starts_with("types:") || Line.starts_with("functions:"))
        Header = Line;
      else
        Result += Line;
    } else if (!Item.empty()) {
      Item = llvm::StringRef(Item.data(), Item.size() + Line.size());
    }
    Yaml = Yaml.drop_front(End);
  }
  Flush();
  return AnyItem ? Result : std::string();
}

llvm::ArrayRef<Preset> race::embeddedPresets() {
  static const Preset All[] = {
#define PRESET(NAME, TEXT) {NAME, TEXT},
#include "EmbeddedPresets.inc"
#undef PRESET
  };
  return All;
}
