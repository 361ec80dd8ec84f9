//===- PoolNamesTest.cpp - Names that suggest a pool ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/PoolNames.h"
#include "llvm/ADT/StringMap.h"
#include "gtest/gtest.h"

using namespace race;

/// The names that the options \p Set give.
static llvm::Expected<PoolNames> read(llvm::StringMap<std::string> Set) {
  return PoolNames::read(
      [&](llvm::StringRef Option) { return Set.lookup(Option); });
}

TEST(PoolNames, BuiltIn) {
  PoolNames Names;
  for (const char *Name : {"put", "releaseConn", "give_back", "Recycle"})
    EXPECT_TRUE(Names.isRelease(Name)) << Name;
  for (const char *Name : {"", "input", "push", "get", "released", "park"})
    EXPECT_FALSE(Names.isRelease(Name)) << Name;
  for (const char *Name : {"get", "acquire_conn", "allocItem"})
    EXPECT_TRUE(Names.isAcquire(Name)) << Name;
  for (const char *Name : {"", "target", "put", "renew", "fetch"})
    EXPECT_FALSE(Names.isAcquire(Name)) << Name;
  for (const char *Name :
       {"ConnectionPool", "connpool_t", "free_slab", "Arena"})
    EXPECT_TRUE(Names.isPoolType(Name)) << Name;
  for (const char *Name : {"", "Spooler", "Cache", "poolside_bar_x"})
    EXPECT_FALSE(Names.isPoolType(Name)) << Name;
}

TEST(PoolNames, Pairs) {
  PoolNames Names;
  EXPECT_TRUE(Names.isPair("put", "get"));
  EXPECT_TRUE(Names.isPair("free", "alloc"));
  // An accessor beside a function that frees memory.
  EXPECT_FALSE(Names.isPair("free", "get"));
}

TEST(PoolNames, TheUsers) {
  auto Names = read({{"ReleaseNames", "park; handIn"},
                     {"AcquireNames", "Hail"},
                     {"PoolTypes", "garage;"}});
  ASSERT_TRUE(bool(Names));
  EXPECT_TRUE(Names->isRelease("parkCar"));
  EXPECT_TRUE(Names->isRelease("park"));
  EXPECT_TRUE(Names->isRelease("HandIn"));
  EXPECT_FALSE(Names->isRelease("sparkle"));
  EXPECT_FALSE(Names->isRelease("handInto"));
  EXPECT_TRUE(Names->isRelease("put"));
  EXPECT_TRUE(Names->isAcquire("hail_cab"));
  EXPECT_TRUE(Names->isPair("park", "hail"));
  EXPECT_TRUE(Names->isPoolType("CityGarage"));
  EXPECT_FALSE(Names->Suffice);
}

TEST(PoolNames, Suffice) {
  auto Names = read({{"MinEvidence", "named"}});
  ASSERT_TRUE(bool(Names));
  EXPECT_TRUE(Names->Suffice);
}

TEST(PoolNames, Errors) {
  auto Names = read({{"AcquireNames", "hail;two words"}});
  ASSERT_FALSE(bool(Names));
  EXPECT_EQ(llvm::toString(Names.takeError()),
            "option race-use-after-release.AcquireNames: 'two words' cannot be "
            "in a name");
}

TEST(PoolNames, TextTellsThemApart) {
  auto A = read({{"ReleaseNames", "a;b"}}),
       B = read({{"ReleaseNames", "b; A"}}),
       C = read({{"AcquireNames", "a;b"}}),
       D = read({{"MinEvidence", "named"}});
  ASSERT_TRUE(A && B && C && D);
  EXPECT_EQ(A->text(), B->text());
  EXPECT_NE(A->text(), C->text());
  EXPECT_NE(PoolNames().text(), D->text());
}
