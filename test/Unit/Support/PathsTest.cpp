//===- PathsTest.cpp - File names that mean the same elsewhere ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Paths.h"
#include "gtest/gtest.h"

using namespace race;

TEST(Paths, BelowTheRoot) {
  EXPECT_EQ(relativeTo("/p", "/p/a.cpp"), "a.cpp");
  EXPECT_EQ(relativeTo("/p/", "/p/src/a.cpp"), "src/a.cpp");
  EXPECT_EQ(relativeTo("/p", "/p/./src/x/../a.cpp"), "src/a.cpp");
  EXPECT_EQ(absoluteFrom("/q", "src/a.cpp"), "/q/src/a.cpp");
}

TEST(Paths, Elsewhere) {
  EXPECT_EQ(relativeTo("/p", "/usr/include/a.h"), "/usr/include/a.h");
  // Not below it, although the names begin alike.
  EXPECT_EQ(relativeTo("/p", "/pq/a.h"), "/pq/a.h");
  EXPECT_EQ(relativeTo("/p", "/p/../q/a.h"), "/p/../q/a.h");
  EXPECT_EQ(relativeTo("/p", "/p"), "/p");
  EXPECT_EQ(relativeTo("", "/p/a.cpp"), "/p/a.cpp");
  EXPECT_EQ(absoluteFrom("/q", "/usr/include/a.h"), "/usr/include/a.h");
  EXPECT_EQ(absoluteFrom("", "a.cpp"), "a.cpp");
  EXPECT_EQ(absoluteFrom("/q", ""), "");
}
