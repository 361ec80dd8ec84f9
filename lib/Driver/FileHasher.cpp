//===- FileHasher.cpp - Which files are as they were ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FileHasher.h"
#include "race/Support/Paths.h"

using namespace llvm;
using namespace race;

static int64_t nanoseconds(std::chrono::system_clock::time_point T) {
  using namespace std::chrono;
  return duration_cast<std::chrono::nanoseconds>(T.time_since_epoch()).count();
}

const std::string &FileHasher::hash(StringRef Path) {
  auto [It, New] = Known.try_emplace(Path);
  Index::FileState &Now = It->second;
  std::string &Hash = Now.Hash;
  if (!New)
    return Hash;
  std::string Full = absoluteFrom(Root, Path);
  std::optional<Index::FileState> State = Index::FileState::of(Full);
  if (!State)
    return Hash;
  Now = *State;
  std::optional<Index::FileState> Then = I.file(Path);
  if (Then && Then->hasTimeOf(Now))
    return Hash = Then->Hash;
  Hash = Index::FileState::hashOf(Full);
  if (Hash.empty())
    return Hash;
  // What is younger than the clock's grain may change again without a later
  // time: only its content tells.
  Index::FileState Kept = Now;
  if (nanoseconds(std::chrono::system_clock::now()) - Now.Modified <=
      2'000'000'000)
    Kept.Modified = 0;
  if (!Then || !Then->hasTimeOf(Kept) || Then->Hash != Kept.Hash)
    I.putFile(Path, Kept);
  return Hash;
}

bool FileHasher::isUnchangedSince(StringRef Path, sys::TimePoint<> Then) {
  // The file system's clock ticks more slowly than ours, or is ahead of it.
  constexpr int64_t Tick = 10'000'000;
  std::optional<Index::FileState> Now =
      Index::FileState::of(absoluteFrom(Root, Path));
  const Index::FileState Hashed = Known.lookup(Path);
  return Now && Now->hasTimeOf(Hashed) &&
         (Now->Modified < nanoseconds(Then) - Tick ||
          Now->Modified > nanoseconds(std::chrono::system_clock::now()) + Tick);
}
