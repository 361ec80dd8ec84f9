//===- PoolNames.cpp - Names that suggest a pool --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/PoolNames.h"
#include "race/Support/Evidence.h"
#include "race/Support/Failure.h"
#include "race/Support/Words.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace race;

/// Words that say that something is given back, and those that say that
/// memory is: an accessor `get` beside a `free` is no pool.
static const StringSet<> &givingWords() {
  static const StringSet<> Words = {
      "put",  "release", "return",  "recycle", "giveback",
      "give", "checkin", "reclaim", "restore", "relinquish"};
  return Words;
}
static const StringSet<> &freeingWords() {
  static const StringSet<> Words = {"free", "dealloc", "deallocate"};
  return Words;
}
static const StringSet<> &takingWords() {
  static const StringSet<> Words = {"get",    "borrow",   "take",
                                    "obtain", "checkout", "lease"};
  return Words;
}
static const StringSet<> &allocatingWords() {
  static const StringSet<> Words = {"alloc", "allocate", "new", "create",
                                    "acquire"};
  return Words;
}

static bool says(StringRef Name, const StringSet<> &Own) {
  return !Own.empty() && (hasWord(Name, Own) || Own.contains(Name.lower()));
}

Expected<PoolNames>
PoolNames::read(function_ref<std::string(StringRef)> Option) {
  PoolNames Names;
  std::pair<StringRef, StringSet<> *> Lists[] = {
      {"ReleaseNames", &Names.Releases},
      {"AcquireNames", &Names.Acquires},
      {"PoolTypes", &Names.Types}};
  for (auto [Key, Words] : Lists) {
    std::string Text = Option(Key);
    for (StringRef Word : split(Text, ';')) {
      Word = Word.trim();
      if (!all_of(Word, [](char C) { return isAlnum(C) || C == '_'; }))
        return failure("option race-use-after-release." + Key + ": '" + Word +
                       "' cannot be in a name");
      if (!Word.empty())
        Words->insert(Word.lower());
    }
  }
  Names.Suffice = Option("MinEvidence") == toString(Evidence::Named);
  return Names;
}

bool PoolNames::isRelease(StringRef Name) const {
  return hasWord(Name, givingWords()) || hasWord(Name, freeingWords()) ||
         says(Name, Releases);
}

bool PoolNames::isAcquire(StringRef Name) const {
  return hasWord(Name, takingWords()) || hasWord(Name, allocatingWords()) ||
         says(Name, Acquires);
}

bool PoolNames::isPair(StringRef Give, StringRef Take) const {
  return hasWord(Give, givingWords()) || says(Give, Releases)
             ? isAcquire(Take)
             : hasWord(Take, allocatingWords()) || says(Take, Acquires);
}

bool PoolNames::isPoolType(StringRef Name) const {
  // "connpool_t" is one word and a suffix.
  const auto Words = wordsOf(Name);
  for (size_t I = 0; I < Words.size(); ++I) {
    for (StringRef Kind : {"pool", "freelist", "allocator", "slab", "arena"})
      if (StringRef(Words[I]).ends_with(Kind))
        return true;
    if (I && Words[I] == "list" && Words[I - 1] == "free")
      return true;
  }
  return says(Name, Types);
}

bool PoolNames::isStock(StringRef Name) const {
  static const StringSet<> Words = {
      "free",      "idle",  "spare",    "spares",   "unused",   "avail",
      "available", "freed", "recycled", "freelist", "reusable", "pool"};
  return hasWord(Name, Words);
}

std::string PoolNames::text() const {
  std::string Text;
  for (const StringSet<> *Words : {&Releases, &Acquires, &Types}) {
    SmallVector<StringRef, 8> All(Words->keys());
    sort(All);
    Text += join(All, ";") + '\n';
  }
  return Text + (Suffice ? "+" : "-");
}
