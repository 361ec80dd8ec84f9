//===- MentionedTest.cpp - Which presets code can use
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

/// Leaving a preset out must never lose a model: whatever a preset names, code
/// that has the name's first part gets the preset.
TEST(Mentioned, EveryNameOfEveryPreset) {
  unsigned Names = 0;
  for (const Preset &P : embeddedPresets()) {
    auto Doc = parseModels({P.Yaml, P.Name});
    ASSERT_TRUE(bool(Doc)) << P.Name.str();
    auto Check = [&](llvm::StringRef Name) {
      llvm::StringRef First = Name.split("::").first;
      if (First.contains('*'))
        return;
      clang::IdentifierTable Seen;
      Seen.get(First);
      EXPECT_TRUE(isMentioned(P.Yaml, Seen))
          << P.Name.str() << ": " << Name.str();
      ++Names;
    };
    for (const FunctionModel &F : Doc->Functions)
      Check(F.Name);
    for (const TypeModel &T : Doc->Types)
      Check(T.Name);
  }
  EXPECT_GT(Names, 1000u);
}

TEST(Mentioned, NothingInCodeThatUsesNothing) {
  clang::IdentifierTable Seen;
  Seen.get("main");
  Seen.get("x");
  unsigned Mentioned = 0;
  for (const Preset &P : embeddedPresets())
    Mentioned += isMentioned(P.Yaml, Seen);
  EXPECT_LT(Mentioned, 5u);
}
