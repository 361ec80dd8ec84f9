//===- Summaries.cpp - The summaries that a build has written -------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Driver/Summaries.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace race;

/// Whether \p File is meant as a summary: a build folder holds JSON of others.
/// One that was cut off is one, too; of an empty one only the name tells.
static bool isSummary(const std::string &File) {
  StringRef Name = File;
  if (!Name.ends_with(".json"))
    return false;
  if (Name.ends_with(".race.json"))
    return true;
  constexpr StringLiteral Beginning = "{\"race-tidy\":";
  auto Buffer = MemoryBuffer::getFileSlice(File, Beginning.size(), 0);
  return Buffer && (*Buffer)->getBuffer() == Beginning;
}

Expected<std::vector<std::string>>
race::findSummaries(const std::vector<std::string> &Paths) {
  std::vector<std::string> Found;
  for (const std::string &Path : Paths) {
    if (!sys::fs::is_directory(Path)) {
      Found.push_back(Path);
      continue;
    }
    size_t Before = Found.size();
    std::error_code EC;
    for (sys::fs::recursive_directory_iterator I(Path, EC), End;
         I != End && !EC; I.increment(EC))
      if (isSummary(I->path()))
        Found.push_back(I->path());
    if (EC)
      return failure(Path + ": " + EC.message());
    if (Found.size() == Before)
      return failure(Path + ": there are no summaries in it; compile with "
                            "-fplugin-arg-race-summary=FILE");
  }
  llvm::sort(Found);
  Found.erase(std::unique(Found.begin(), Found.end()), Found.end());
  return Found;
}

Expected<UnitDocument> race::readSummary(StringRef File, EntityTable &Names,
                                         StringRef Root) {
  auto Buffer = MemoryBuffer::getFile(File);
  if (!Buffer)
    return failure(Buffer.getError().message());
  return readUnit((*Buffer)->getBuffer(), Names, Root);
}

std::set<std::string> race::sourcesOf(const TUSummary &Summary,
                                      StringRef Root) {
  std::set<std::string> Sources = {absoluteFrom(Root, Summary.MainFile)};
  for (const FunctionSummary &F : Summary.Functions)
    Sources.insert(F.Place.File);
  for (const ClaimSummary &C : Summary.Claims)
    Sources.insert(C.Place.File);
  Sources.erase("");
  return Sources;
}

bool race::isFresh(StringRef File, const TUSummary &Summary, StringRef Root) {
  sys::fs::file_status Own;
  if (sys::fs::status(File, Own))
    return false;
  return all_of(sourcesOf(Summary, Root), [&](const std::string &Source) {
    sys::fs::file_status Status;
    return !sys::fs::status(Source, Status) &&
           Status.getLastModificationTime() <= Own.getLastModificationTime();
  });
}
