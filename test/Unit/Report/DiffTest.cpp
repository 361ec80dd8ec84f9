//===- DiffTest.cpp - The lines that a change touches ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Diff.h"
#include "gtest/gtest.h"

using namespace race;

namespace {

/// The changed lines of \p File, up to 30, as "3 4 9"; an error as its text.
std::string lines(llvm::StringRef Diff, llvm::StringRef File = "/p/a.cpp") {
  llvm::Expected<ChangedLines> C = ChangedLines::parse(Diff, "/p", "d");
  if (!C)
    return llvm::toString(C.takeError());
  std::string Text;
  for (unsigned L = 1; L <= 30; ++L)
    if (C->contains({File.str(), L, 1}))
      Text += (Text.empty() ? "" : " ") + std::to_string(L);
  return Text;
}

} // namespace

TEST(Diff, WithoutContext) {
  EXPECT_EQ(lines("diff --git a/a.cpp b/a.cpp\n"
                  "--- a/a.cpp\n+++ b/a.cpp\n"
                  "@@ -2 +2,2 @@ int f() {\n-old\n+new\n+newer\n"
                  "@@ -9,0 +11 @@\n+more\n"),
            "2 3 11");
}

TEST(Diff, WithContext) {
  EXPECT_EQ(lines("--- a/a.cpp\t2024-01-01\n+++ b/a.cpp\t2024-01-02\n"
                  "@@ -1,5 +1,6 @@\n one\n-two\n+2\n+2b\n three\n\n four\n"
                  "@@ -20,2 +21,3 @@\n x\n+y\n z\n"),
            "2 3 22");
}

TEST(Diff, RemovedLines) {
  // The lines between which something stood: a lock that is gone changes them.
  EXPECT_EQ(lines("--- a/a.cpp\n+++ b/a.cpp\n@@ -5,2 +4,0 @@\n-x\n-y\n"),
            "4 5");
  EXPECT_EQ(lines("--- a/a.cpp\n+++ b/a.cpp\n@@ -1 +0,0 @@\n-x\n"), "1");
  EXPECT_EQ(lines("--- a/a.cpp\n+++ b/a.cpp\n"
                  "@@ -4,4 +4,2 @@\n a\n-x\n-y\n b\n"),
            "4 5");
}

TEST(Diff, LinesThatLookLikeHeaders) {
  EXPECT_EQ(lines("--- a/a.cpp\n+++ b/a.cpp\n@@ -3,2 +3,2 @@\n"
                  "--- x\n-@@ -1 +1 @@\n+++ b/b.cpp\n+++ y\n"),
            "3 4");
}

TEST(Diff, SeveralFiles) {
  llvm::StringRef Two = "diff --git a/a.cpp b/a.cpp\n"
                        "--- a/a.cpp\n+++ b/a.cpp\n@@ -1 +1 @@\n-a\n+b\n"
                        "diff --git a/s/b.h b/s/b.h\nnew file mode 100644\n"
                        "--- /dev/null\n+++ b/s/b.h\n@@ -0,0 +1,2 @@\n+c\n+d\n"
                        "diff --git a/gone.h b/gone.h\n"
                        "--- a/gone.h\n+++ /dev/null\n@@ -1 +0,0 @@\n-e\n";
  EXPECT_EQ(lines(Two), "1");
  EXPECT_EQ(lines(Two, "/p/s/b.h"), "1 2");
  EXPECT_EQ(lines(Two, "/p/gone.h"), "");
  EXPECT_EQ(ChangedLines::parse(Two, "/p", "d")->files(), 2u);
}

TEST(Diff, Names) {
  auto With = [](llvm::StringRef Name) {
    return "--- a/x\n+++ " + Name.str() + "\n@@ -0,0 +1 @@\n+c\n";
  };
  EXPECT_EQ(lines(With("a.cpp")), "1");
  EXPECT_EQ(lines(With("w/a.cpp")), "1");
  EXPECT_EQ(lines(With("b/./s/../a.cpp")), "1");
  EXPECT_EQ(lines(With("/p/a.cpp")), "1");
  EXPECT_EQ(lines(With("b/with space.cpp"), "/p/with space.cpp"), "1");
  EXPECT_EQ(lines(With("\"b/\\303\\244\\t\\\"\\\\.cpp\""), "/p/ä\t\"\\.cpp"),
            "1");
  // A folder of the project that is called like a prefix.
  EXPECT_EQ(lines(With("b/b/a.cpp"), "/p/b/a.cpp"), "1");
}

TEST(Diff, EndOfLineMarks) {
  EXPECT_EQ(lines("--- a/a.cpp\r\n+++ b/a.cpp\r\n@@ -1,2 +1,2 @@\r\n x\r\n"
                  "-y\r\n\\ No newline at end of file\r\n+z\r\n"
                  "\\ No newline at end of file\r\n"),
            "2");
}

TEST(Diff, NothingChanged) {
  EXPECT_EQ(lines(""), "");
  EXPECT_EQ(lines("diff --git a/a.cpp b/c.cpp\nsimilarity index 100%\n"
                  "rename from a.cpp\nrename to c.cpp\n"),
            "");
  EXPECT_EQ(lines("Binary files a/a.png and b/a.png differ\n"), "");
}

TEST(Diff, Errors) {
  EXPECT_EQ(lines("hello\n"), "d: not a unified diff");
  EXPECT_EQ(lines("--- a/a.cpp\n+++ b/a.cpp\n@@ -1,x +1 @@\n"),
            "d:3: not the header of a hunk");
  EXPECT_EQ(lines("@@ -1 +1 @@\n-a\n+b\n"), "d:1: not the header of a hunk");
  EXPECT_EQ(lines("--- a/a.cpp\n+++ b/a.cpp\n@@ -1,2 +1,2 @@\n x\n"),
            "d:4: the diff ends in a hunk");
  EXPECT_EQ(lines("--- a/a.cpp\n+++ b/a.cpp\n@@ -1 +1 @@\noops\n"),
            "d:4: not a line of a unified diff");
  EXPECT_EQ(lines("diff --cc a.cpp\n@@@ -1,2 -1,2 +1,3 @@@\n"),
            "d:2: this is the diff of a merge; compare two versions");
}

TEST(Diff, AnyPlaceOfAFindingCounts) {
  llvm::Expected<ChangedLines> C = ChangedLines::parse(
      "--- a/a.cpp\n+++ b/a.cpp\n@@ -0,0 +5 @@\n+x\n", "/p", "d");
  ASSERT_TRUE(!!C);
  Anchor On = {"/p/a.cpp", 5, 3}, Off = {"/p/a.cpp", 6, 3},
         Other = {"/p/b.cpp", 5, 3};
  Finding F;
  F.Place = Off;
  F.Notes.push_back({Other, ""});
  EXPECT_FALSE(C->touches(F));
  F.Notes.push_back({On, ""});
  EXPECT_TRUE(C->touches(F));
  F.Notes.clear();
  F.Interleaving.push_back({2, On, ""});
  EXPECT_TRUE(C->touches(F));
  F.Interleaving.clear();
  F.Place = On;
  EXPECT_TRUE(C->touches(F));
  // A place that is nowhere is on no line.
  F.Place = Anchor();
  EXPECT_FALSE(C->touches(F));
}
