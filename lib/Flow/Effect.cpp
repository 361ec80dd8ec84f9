//===- Effect.cpp - What a call does, as data -----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/Effect.h"
#include "llvm/ADT/STLExtras.h"

using namespace race;

EntityId AccessPath::lastEntity() const {
  for (const PathStep &S : llvm::reverse(Steps))
    if (S.Kind == PathStep::Field)
      return S.Entity;
  return Entity;
}

bool race::isRemoval(llvm::StringRef Name) {
  for (llvm::StringRef Word :
       {"erase", "remove", "delete", "pop", "take", "clear", "extract"})
    if (Name.contains_insensitive(Word))
      return true;
  return false;
}

bool race::isAddition(llvm::StringRef Name) {
  for (llvm::StringRef Prefix :
       {"push", "emplace", "insert", "append", "enqueue"})
    if (Name.starts_with(Prefix))
      return true;
  return false;
}

bool race::isOwnerCount(llvm::StringRef Name) {
  return Name == "use_count" || Name == "unique";
}
