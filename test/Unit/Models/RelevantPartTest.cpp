//===- RelevantPartTest.cpp - What of the presets code can use
//-------------===//
//-----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Models/ModelsYaml.h"
#include "race/Models/Presets.h"
#include "clang/Basic/IdentifierTable.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "gtest/gtest.h"

using namespace race;

/// Leaving things out must never lose a model: whatever a preset names, code
/// that has the name's parts gets it.
TEST(RelevantPart, EveryNameOfEveryPreset) {
  unsigned Names = 0;
  for (const Preset &P : embeddedPresets()) {
    auto Doc = parseModels({P.Yaml, P.Name});
    ASSERT_TRUE(bool(Doc)) << P.Name.str();
    auto Check = [&](const std::string &Name, bool Function) {
      clang::IdentifierTable Seen;
      llvm::SmallVector<llvm::StringRef, 4> Parts;
      llvm::StringRef(Name).split(Parts, "::");
      for (llvm::StringRef Part : Parts)
        Seen.get(Part);
      std::string Text = relevantPart(P.Yaml, Seen);
      auto Some = parseModels({Text, P.Name});
      ASSERT_TRUE(bool(Some)) << P.Name.str() << ": " << Name;
      bool Found = false;
      for (const FunctionModel &F : Some->Functions)
        Found |= Function && F.Name == Name;
      for (const TypeModel &T : Some->Types)
        Found |= !Function && T.Name == Name;
      EXPECT_TRUE(Found) << P.Name.str() << ": " << Name;
      ++Names;
    };
    for (const FunctionModel &F : Doc->Functions)
      Check(F.Name, true);
    for (const TypeModel &T : Doc->Types)
      Check(T.Name, false);
  }
  EXPECT_GT(Names, 1000u);
}

TEST(RelevantPart, NothingForCodeThatUsesNothing) {
  clang::IdentifierTable Seen;
  Seen.get("main");
  Seen.get("x");
  unsigned Mentioned = 0;
  for (const Preset &P : embeddedPresets())
    Mentioned += !relevantPart(P.Yaml, Seen).empty();
  EXPECT_LT(Mentioned, 8u);
}
