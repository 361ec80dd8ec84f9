//===- NoLintTest.cpp - Suppressions in the source ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/NoLint.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace race;

namespace {
/// Whether a finding of race-use-after-release in line \p Line of \p Text is
/// silenced.
bool silent(llvm::StringRef Text, unsigned Line) {
  int FD;
  llvm::SmallString<128> File;
  if (llvm::sys::fs::createTemporaryFile("race-nolint", "cpp", FD, File)) {
    ADD_FAILURE() << "no temporary file";
    return false;
  }
  llvm::raw_fd_ostream(FD, /*shouldClose=*/true) << Text;
  Finding F;
  F.Check = "race-use-after-release";
  F.Place = {File.str().str(), Line, 1};
  SourceLines Sources;
  bool Answer = isSuppressed(F, Sources);
  llvm::sys::fs::remove(File);
  return Answer;
}
} // namespace

TEST(NoLint, Line) {
  EXPECT_FALSE(silent("x;", 1));
  EXPECT_TRUE(silent("x; // NOLINT", 1));
  EXPECT_TRUE(silent("x; // NOLINT: it is ours again", 1));
  EXPECT_TRUE(silent("x; /* NOLINT */\r\n", 1));
  EXPECT_FALSE(silent("x; // NOLINT\ny;", 2));
  EXPECT_FALSE(silent("x; // NOLINTED", 1));
  EXPECT_FALSE(silent("x; // NOLINTNEXTLINE", 1));
}

TEST(NoLint, Lists) {
  EXPECT_TRUE(silent("x; // NOLINT(race-use-after-release)", 1));
  EXPECT_TRUE(silent("x; // NOLINT(bugprone-*, race-*)", 1));
  EXPECT_TRUE(silent("x; // NOLINT(*)", 1));
  EXPECT_FALSE(silent("x; // NOLINT(race-check-then-act)", 1));
  EXPECT_FALSE(silent("x; // NOLINT()", 1));
  EXPECT_FALSE(silent("x; // NOLINT(race-*", 1));
  EXPECT_TRUE(silent("x; // NOLINT(a-b) NOLINT(race-use-*)", 1));
}

TEST(NoLint, NextLine) {
  EXPECT_TRUE(silent("// NOLINTNEXTLINE\nx;", 2));
  EXPECT_TRUE(silent("// NOLINTNEXTLINE(race-*)\nx;", 2));
  EXPECT_FALSE(silent("// NOLINTNEXTLINE(a-b)\nx;", 2));
  EXPECT_FALSE(silent("// NOLINTNEXTLINE\n\nx;", 3));
}

TEST(NoLint, Blocks) {
  EXPECT_TRUE(silent("// NOLINTBEGIN\nx;\n// NOLINTEND\n", 2));
  EXPECT_FALSE(silent("// NOLINTBEGIN\n// NOLINTEND\nx;\n", 3));
  EXPECT_FALSE(silent("x;\n// NOLINTBEGIN\n// NOLINTEND\n", 1));
  EXPECT_TRUE(silent("// NOLINTBEGIN(race-*)\nx;\n// NOLINTEND(race-*)\n", 2));
  EXPECT_FALSE(silent("// NOLINTBEGIN(a-b)\nx;\n// NOLINTEND(a-b)\n", 2));
  // The inner block ends, the outer one does not.
  EXPECT_TRUE(silent("// NOLINTBEGIN\n// NOLINTBEGIN(race-*)\n"
                     "// NOLINTEND(race-*)\nx;\n// NOLINTEND\n",
                     4));
}

TEST(NoLint, PlacesThatAreNotThere) {
  EXPECT_FALSE(silent("x;", 9));
  Finding F;
  F.Check = "race-use-after-release";
  F.Place = {"/no/such/file.cpp", 1, 1};
  SourceLines Sources;
  EXPECT_FALSE(isSuppressed(F, Sources));
  EXPECT_EQ(Sources.count("/no/such/file.cpp"), 0u);
}
