//===- Archive.cpp - Plain data as JSON, and back -------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Support/Archive.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"

using namespace llvm;
using namespace race;

ArchiveWriter::ArchiveWriter(raw_ostream &OS, const EntityTable &Names,
                             StringRef Root)
    : J(OS), Names(Names), Root(Root) {
  J.objectBegin();
}

void ArchiveWriter::finish() {
  J.attributeBegin("names");
  J.arrayBegin();
  for (EntityId Id : Ids) {
    const EntityName &N = Names.name(Id);
    J.arrayBegin();
    write(N.USR);
    write(N.Namespace);
    write(N.Display);
    J.arrayEnd();
  }
  J.arrayEnd();
  J.attributeEnd();
  J.attributeBegin("files");
  write(Files);
  J.attributeEnd();
  J.objectEnd();
}

int64_t ArchiveWriter::number(EntityId Id) {
  if (!Id.isValid())
    return 0;
  auto [It, New] = Numbers.try_emplace(Id, Ids.size() + 1);
  if (New)
    Ids.push_back(Id);
  return It->second;
}

int64_t ArchiveWriter::number(StringRef File) {
  auto [It, New] = FileNumbers.try_emplace(File, Files.size());
  if (New)
    Files.push_back(relativeTo(Root, File));
  return It->second;
}

Error ArchiveReader::begin(const json::Value &Document) {
  Current = Document.getAsObject();
  if (!Current)
    return failure("not a JSON object");
  const json::Array *TheNames = Current->getArray("names");
  const json::Array *TheFiles = Current->getArray("files");
  if (!TheNames || !TheFiles)
    return failure("the tables \"names\" and \"files\" are missing");
  for (const json::Value &V : *TheNames) {
    const json::Array *A = V.getAsArray();
    if (!A || A->size() != 3 || !(*A)[0].getAsString() ||
        !(*A)[1].getAsString() || !(*A)[2].getAsString())
      return failure("an entry of \"names\" is not [USR, namespace, name]");
    Ids.push_back(Names.intern({(*A)[0].getAsString()->str(),
                                (*A)[1].getAsString()->str(),
                                (*A)[2].getAsString()->str()}));
  }
  for (const json::Value &V : *TheFiles) {
    if (!V.getAsString())
      return failure("an entry of \"files\" is not a string");
    Files.push_back(absoluteFrom(Root, *V.getAsString()));
  }
  return Error::success();
}

Error ArchiveReader::finish() {
  if (Problem.empty())
    return Error::success();
  return failure(Problem);
}

bool ArchiveReader::entity(int64_t Number, EntityId &Id) const {
  Id = EntityId();
  if (Number == 0)
    return true;
  if (Number < 0 || static_cast<uint64_t>(Number) > Ids.size())
    return false;
  Id = Ids[Number - 1];
  return true;
}

bool ArchiveReader::file(int64_t Number, std::string &Path) const {
  if (Number < 0 || static_cast<uint64_t>(Number) >= Files.size())
    return false;
  Path = Files[Number];
  return true;
}

void AsIntegers<Anchor>::encode(ArchiveWriter &Ar, const Anchor &A,
                                SmallVectorImpl<int64_t> &Out) {
  if (A.isValid())
    Out.append({Ar.number(StringRef(A.File)), A.Line, A.Column});
}

bool AsIntegers<Anchor>::decode(ArchiveReader &Ar, ArrayRef<int64_t> In,
                                Anchor &A) {
  A = Anchor();
  if (In.empty())
    return true;
  if (In.size() != 3 || !Ar.file(In[0], A.File))
    return false;
  return narrow(In[1], A.Line) && narrow(In[2], A.Column);
}
