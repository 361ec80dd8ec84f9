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

const std::string &FileHasher::hash(StringRef Path) {
  auto [It, New] = Known.try_emplace(Path);
  std::string &Hash = It->second;
  if (!New)
    return Hash;
  std::string Full = absoluteFrom(Root, Path);
  sys::fs::file_status Status;
  if (sys::fs::status(Full, Status) || !sys::fs::is_regular_file(Status))
    return Hash;
  Index::FileState Now;
  Now.Modified = Status.getLastModificationTime().time_since_epoch().count();
  Now.Size = Status.getSize();
  std::optional<Index::FileState> Then = I.file(Path);
  if (Then && Then->Modified == Now.Modified && Then->Size == Now.Size)
    return Hash = Then->Hash;
  auto Buffer = MemoryBuffer::getFile(Full, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return Hash;
  XXH128_hash_t H = xxh3_128bits(arrayRefFromStringRef((*Buffer)->getBuffer()));
  Hash = utohexstr(H.high64, true, 16) + utohexstr(H.low64, true, 16);
  Now.Hash = Hash;
  // What is younger than the clock's grain may change again unseen.
  auto Age =
      std::chrono::system_clock::now() -
      std::chrono::system_clock::time_point(
          std::chrono::duration_cast<std::chrono::system_clock::duration>(
              Status.getLastModificationTime().time_since_epoch()));
  if (Age > std::chrono::seconds(2))
    I.putFile(Path, Now);
  return Hash;
}
