//===- Words.cpp - Words in identifiers -----------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Words.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace race;

SmallVector<std::string, 4> race::wordsOf(StringRef Identifier) {
  SmallVector<std::string, 4> Words;
  std::string Word;
  for (size_t I = 0; I < Identifier.size(); ++I) {
    char C = Identifier[I];
    bool Starts = isUpper(C) && I && isLower(Identifier[I - 1]);
    if (!isAlnum(C) || Starts) {
      if (!Word.empty())
        Words.push_back(Word);
      Word.clear();
    }
    if (isAlnum(C))
      Word += toLower(C);
  }
  if (!Word.empty())
    Words.push_back(Word);
  return Words;
}

bool race::hasWord(StringRef Identifier, const StringSet<> &Words) {
  return any_of(wordsOf(Identifier),
                [&](const std::string &W) { return Words.contains(W); });
}

bool race::hasWord(StringRef Identifier,
                   std::initializer_list<StringRef> Words) {
  return any_of(wordsOf(Identifier), [&](const std::string &W) {
    return is_contained(Words, StringRef(W));
  });
}

/// Of a method's display name the class says nothing of its phase.
static bool soundsLike(StringRef Name, const StringSet<> &Words) {
  size_t Colon = Name.rfind("::");
  return hasWord(Colon == StringRef::npos ? Name : Name.drop_front(Colon + 2),
                 Words);
}

bool race::soundsLikeStart(StringRef FunctionName) {
  static const StringSet<> Words = {
      "init",    "initialize", "initialise", "setup",     "start",
      "startup", "restart",    "config",     "configure", "parse",
      "load",    "open",       "create",     "construct"};
  return soundsLike(FunctionName, Words);
}

bool race::soundsLikeMaking(StringRef FunctionName) {
  static const StringSet<> Words = {"init", "initialize", "initialise", "setup",
                                    "construct"};
  return soundsLike(FunctionName, Words);
}

bool race::soundsLikeEnd(StringRef FunctionName) {
  static const StringSet<> Words = {"stop", "shutdown", "teardown", "finish",
                                    "fini", "deinit",   "destroy",  "cleanup",
                                    "exit", "close",    "terminate"};
  return soundsLike(FunctionName, Words);
}

bool race::soundsLikeAllocation(StringRef FunctionName) {
  return any_of(wordsOf(FunctionName), [](StringRef W) {
    return W.ends_with("alloc") && W != "realloc" && W != "dealloc" &&
           W != "prealloc";
  });
}

bool race::soundsLikeReport(StringRef FunctionName) {
  for (const std::string &Word : wordsOf(FunctionName))
    if (StringRef(Word).ends_with("log") || StringRef(Word).ends_with("printf"))
      return true;
  return hasWord(FunctionName, {"logv", "logf", "logging", "warn", "warning",
                                "debug", "trace", "print", "tick", "ticker",
                                "metric", "metrics", "stats", "statistics"});
}
