//===- QualifiedNameTest.cpp - Entities with what is around them ----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/QualifiedName.h"
#include "gtest/gtest.h"

using namespace race;

TEST(QualifiedName, OfUSRs) {
  auto Qualified = [](const char *USR, const char *Display) {
    return qualifiedName({USR, "", Display});
  };
  EXPECT_EQ(Qualified("c:@Entries", "Entries"), "Entries");
  EXPECT_EQ(Qualified("c:main.cpp@Entries", "Entries"), "Entries");
  EXPECT_EQ(Qualified("c:@S@Queue@FI@pending_", "pending_"), "Queue::pending_");
  EXPECT_EQ(Qualified("c:@N@app@S@Queue@FI@pending_", "pending_"),
            "app::Queue::pending_");
  EXPECT_EQ(Qualified("c:@N@app@count", "count"), "app::count");
  EXPECT_EQ(Qualified("c:@N@app@S@Queue", "Queue"), "app::Queue");
  EXPECT_EQ(Qualified("c:q.cpp@aN@S@Queue@FI@n", "n"), "Queue::n");
  EXPECT_EQ(Qualified("c:@ST>1#T@Pool@FI@free_", "free_"), "Pool::free_");
  EXPECT_EQ(Qualified("c:m.cpp@55@F@main#@n@m.cpp:3:4", "n"), "main::n");
  EXPECT_EQ(Qualified("", "x"), "x");
}
