//===- WordsTest.cpp - Words in identifiers -------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Words.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace race;

static std::string words(llvm::StringRef Name) {
  return llvm::join(wordsOf(Name), " ");
}

TEST(Words, OfIdentifiers) {
  EXPECT_EQ(words("putBack"), "put back");
  EXPECT_EQ(words("put_back"), "put back");
  EXPECT_EQ(words("PutBack"), "put back");
  EXPECT_EQ(words("PUT_BACK"), "put back");
  EXPECT_EQ(words("put"), "put");
  EXPECT_EQ(words("_put__back_"), "put back");
  EXPECT_EQ(words("conn2pool"), "conn2pool");
  EXPECT_EQ(words(""), "");
  EXPECT_EQ(words("__"), "");
}

TEST(Words, SoundsLikeStart) {
  for (const char *Name :
       {"init", "Init", "module_init", "initialize", "startThreads",
        "Server::start", "ns::Server::loadConfig", "openFile", "create_pool"})
    EXPECT_TRUE(soundsLikeStart(Name)) << Name;
  for (const char *Name : {"", "run", "initial", "restarted", "uninit", "stop",
                           "put", "starter", "handleRequest"})
    EXPECT_FALSE(soundsLikeStart(Name)) << Name;
}

TEST(Words, SoundsLikeEnd) {
  for (const char *Name : {"stop", "shutdown", "Server::Stop", "do_exit",
                           "closeAll", "deinit", "Pool::destroy", "cleanup"})
    EXPECT_TRUE(soundsLikeEnd(Name)) << Name;
  for (const char *Name :
       {"", "start", "stopped", "finished", "exiting", "put"})
    EXPECT_FALSE(soundsLikeEnd(Name)) << Name;
}

TEST(Words, TheClassOfAMethodSaysNothingOfItsPhase) {
  EXPECT_FALSE(soundsLikeStart("Init::run"));
  EXPECT_FALSE(soundsLikeEnd("Shutdown::isRequested"));
  EXPECT_TRUE(soundsLikeEnd("Server::shutdown"));
}
