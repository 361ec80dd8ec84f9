//===- BaselineTest.cpp - Findings that are known -------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Baseline.h"
#include "gtest/gtest.h"

using namespace race;

namespace {

constexpr llvm::StringLiteral A = "00000000000000aa", B = "00000000000000bb";

Finding named(llvm::StringRef Fingerprint) {
  Finding F;
  F.Check = "race-check-then-act";
  F.Place = {"/p/src/a.cpp", 7, 3};
  F.Message = "on 'x':\nboth";
  F.Fingerprint = Fingerprint.str();
  return F;
}

Baseline parsed(llvm::StringRef Text) {
  llvm::Expected<Baseline> Result = Baseline::parse(Text, "b");
  if (Result)
    return std::move(*Result);
  ADD_FAILURE() << llvm::toString(Result.takeError());
  return Baseline();
}

std::string problem(llvm::StringRef Text) {
  llvm::Expected<Baseline> Result = Baseline::parse(Text, "b");
  return Result ? "" : llvm::toString(Result.takeError());
}

} // namespace

TEST(Baseline, ReadsWhatItWrites) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  Baseline::write(OS, {named(A)}, "/p");
  EXPECT_EQ(OS.str(), "# race-tidy baseline, format 1\n"
                      "# Findings that are known. The fingerprint counts, the "
                      "rest of a line is for people.\n"
                      "00000000000000aa race-check-then-act src/a.cpp: on 'x': "
                      "both\n");
  Baseline Again = parsed(Text);
  EXPECT_TRUE(Again.contains(named(A)));
  EXPECT_FALSE(Again.contains(named(B)));
  std::vector<Baseline::Entry> Gone = Again.absent({});
  ASSERT_EQ(Gone.size(), 1u);
  EXPECT_EQ(Gone[0].Fingerprint, A);
  EXPECT_EQ(Gone[0].Check, "race-check-then-act");
  EXPECT_EQ(Gone[0].File, "src/a.cpp");
  EXPECT_EQ(Gone[0].Message, "on 'x': both");
}

TEST(Baseline, WrittenByPeople) {
  Baseline Known = parsed("\r\n# because\r\n  00000000000000AA\r\n"
                          "00000000000000bb until the next release");
  EXPECT_TRUE(Known.contains(named(A)));
  EXPECT_TRUE(Known.contains(named(B)));
  EXPECT_TRUE(parsed("").absent({}).empty());
}

TEST(Baseline, PruningLeavesTheRestAlone) {
  Baseline Known = parsed("# race-tidy baseline, format 1\n\n# one\n" +
                          A.str() + "  x\n# two\n" + B.str() + " y\n");
  llvm::StringSet<> Present;
  Present.insert(B);
  std::vector<Baseline::Entry> Gone = Known.absent(Present);
  ASSERT_EQ(Gone.size(), 1u);
  EXPECT_EQ(Gone[0].Fingerprint, A);
  llvm::StringSet<> Out;
  Out.insert(A);
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  Known.writeWithout(OS, Out);
  EXPECT_EQ(OS.str(), "# race-tidy baseline, format 1\n\n# one\n# two\n" +
                          B.str() + " y\n");
}

TEST(Baseline, Errors) {
  EXPECT_EQ(problem("# x\nhello\n"),
            "baseline b:2: 'hello' is not a fingerprint");
  EXPECT_EQ(problem("<<<<<<< HEAD\n"),
            "baseline b:1: '<<<<<<<' is not a fingerprint");
  EXPECT_EQ(problem("00000000000000a race-x\n"),
            "baseline b:1: '00000000000000a' is not a fingerprint");
  EXPECT_EQ(problem("# race-tidy baseline, format 2\n"),
            "baseline b:1: another race-tidy wrote this; --write-baseline "
            "makes it anew");
  llvm::Expected<Baseline> None = Baseline::read("/no/such/file");
  ASSERT_FALSE(!!None);
  EXPECT_EQ(llvm::toString(None.takeError()),
            "baseline /no/such/file: No such file or directory; "
            "--write-baseline makes it");
}
