//===- Entity.cpp - Names of program entities -----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Entity.h"

using namespace llvm;
using namespace race;

static std::string keyOf(StringRef USR, StringRef Namespace) {
  std::string Key = USR.str();
  Key += '\0';
  Key += Namespace;
  return Key;
}

EntityId EntityTable::intern(EntityName Name) {
  auto [It, New] =
      ByKey.try_emplace(keyOf(Name.USR, Name.Namespace), Names.size());
  if (New)
    Names.push_back(std::move(Name));
  return {It->second};
}

EntityId EntityTable::find(StringRef USR, StringRef Namespace) const {
  auto It = ByKey.find(keyOf(USR, Namespace));
  return It == ByKey.end() ? EntityId() : EntityId{It->second};
}
