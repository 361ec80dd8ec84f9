//===- FileHasher.cpp - Which files are as they were ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FileHasher.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace race;

static int64_t nanoseconds(std::chrono::system_clock::time_point T) {
  using namespace std::chrono;
  return duration_cast<std::chrono::nanoseconds>(T.time_since_epoch()).count();
}

/// The file's time and size; nothing if it is no file.
static std::optional<Index::FileState> stateOf(StringRef Path) {
  sys::fs::file_status Status;
  if (sys::fs::status(Path, Status) || !sys::fs::is_regular_file(Status))
    return std::nullopt;
  return Index::FileState{
      Status.getLastModificationTime().time_since_epoch().count(),
      Status.getSize(), ""};
}

const std::string &FileHasher::hash(StringRef Path) {
  auto [It, New] = Known.try_emplace(Path);
  Index::FileState &Now = It->second;
  std::string &Hash = Now.Hash;
  if (!New)
    return Hash;
  std::string Full = absoluteFrom(Root, Path);
  std::optional<Index::FileState> State = stateOf(Full);
  if (!State)
    return Hash;
  Now = *State;
  std::optional<Index::FileState> Then = I.file(Path);
  if (Then && Then->Modified == Now.Modified && Then->Size == Now.Size)
    return Hash = Then->Hash;
  auto Buffer = MemoryBuffer::getFile(Full, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return Hash;
  XXH128_hash_t H = xxh3_128bits(arrayRefFromStringRef((*Buffer)->getBuffer()));
  Hash = utohexstr(H.high64, true, 16) + utohexstr(H.low64, true, 16);
  // What is younger than the clock's grain may change again unseen.
  if (nanoseconds(std::chrono::system_clock::now()) - Now.Modified >
      2'000'000'000)
    I.putFile(Path, Now);
  return Hash;
}

bool FileHasher::isUnchangedSince(StringRef Path, sys::TimePoint<> Then) {
  // The file system's clock ticks more slowly than ours, or is ahead of it.
  constexpr int64_t Tick = 10'000'000;
  std::optional<Index::FileState> Now = stateOf(absoluteFrom(Root, Path));
  const Index::FileState Hashed = Known.lookup(Path);
  return Now && Now->Modified == Hashed.Modified && Now->Size == Hashed.Size &&
         (Now->Modified < nanoseconds(Then) - Tick ||
          Now->Modified > nanoseconds(std::chrono::system_clock::now()) + Tick);
}
