//===- EvidenceTest.cpp - Why a fact is believed --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Evidence.h"
#include "gtest/gtest.h"
#include <algorithm>

using namespace race;

static const Evidence All[] = {Evidence::Named, Evidence::Structural,
                               Evidence::Modelled, Evidence::Annotated};

TEST(Evidence, WordsGoThereAndBack) {
  for (Evidence E : All)
    EXPECT_EQ(parseEvidence(toString(E)), E) << toString(E).str();
}

TEST(Evidence, TheWords) {
  EXPECT_EQ(toString(Evidence::Named), "named");
  EXPECT_EQ(toString(Evidence::Structural), "structural");
  EXPECT_EQ(toString(Evidence::Modelled), "modelled");
  EXPECT_EQ(toString(Evidence::Annotated), "annotated");
}

TEST(Evidence, OtherTextIsNoEvidence) {
  for (const char *Text : {"", "Named", "named ", " named", "name", "modeled"})
    EXPECT_EQ(parseEvidence(Text), std::nullopt) << Text;
}

TEST(Evidence, TheOrderIsThatOfTrust) {
  EXPECT_TRUE(std::is_sorted(std::begin(All), std::end(All)));
  EXPECT_EQ(std::min(Evidence::Annotated, Evidence::Structural),
            Evidence::Structural);
}
