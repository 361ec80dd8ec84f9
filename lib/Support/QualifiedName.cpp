//===- QualifiedName.cpp - Entities with what is around them --------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/QualifiedName.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace race;

std::string race::qualifiedName(const EntityName &E) {
  // In "c:@N@app@S@Queue@FI@pending_" kinds and names take turns. What is
  // between other pieces has no name, or is a place.
  SmallVector<StringRef, 16> Pieces;
  StringRef(E.USR).split(Pieces, '@');
  std::string Name;
  for (size_t I = 1; I + 1 < Pieces.size(); ++I) {
    StringRef Kind = Pieces[I];
    if (Kind != "N" && Kind != "S" && Kind != "U" && Kind != "F" &&
        !Kind.starts_with("ST>") && !Kind.starts_with("SP>"))
      continue;
    StringRef Part =
        Pieces[++I].take_until([](char C) { return C == '#' || C == '>'; });
    // A class is the last part itself.
    if (I + 1 < Pieces.size() || Part != E.Display)
      Name += (Part + "::").str();
  }
  return Name + E.Display;
}
