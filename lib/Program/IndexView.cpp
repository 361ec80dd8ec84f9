//===- IndexView.cpp - The index, as other tools see it -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Program/IndexView.h"
#include "race/Program/Separate.h"
#include "race/Summary/Producer.h"
#include "race/Summary/SummaryJson.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <map>
#include <utility>

using namespace llvm;
using namespace race;
namespace path = llvm::sys::path;

bool race::isOfAnotherBuild(const Index &Store) {
  // Before the first run has finished there is neither.
  return Store.meta("root") && Store.meta("producer") != producer();
}

Expected<std::unique_ptr<IndexView>> IndexView::open(StringRef File,
                                                     bool Wait) {
  std::string Remade;
  Expected<std::unique_ptr<Index>> Store = Index::open(
      File, Wait ? Index::Access::ReadOnly : Index::Access::Glance, Remade);
  if (!Store)
    return Store.takeError();
  if (!*Store)
    return nullptr;
  if (isOfAnotherBuild(**Store))
    return failure("index " + File +
                   ": another build of race-tidy has made it");
  // The root is kept relative to the index, so that both can move.
  SmallString<128> Root((*Store)->meta("root").value_or(""));
  if (!path::is_absolute(Root)) {
    SmallString<128> Below(path::parent_path(File));
    path::append(Below, Root);
    Root = Below;
  }
  sys::fs::make_absolute(Root);
  path::remove_dots(Root, /*remove_dot_dot=*/true);
  return std::unique_ptr<IndexView>(
      new IndexView(std::move(*Store), Root.str().str()));
}

std::string IndexView::find(StringRef SourceFile) {
  return findInBuildFolders(path::parent_path(SourceFile), IndexPath);
}

bool IndexView::isFresh(StringRef File) const {
  auto [It, New] = Fresh.try_emplace(File, false);
  if (!New)
    return It->second;
  std::optional<Index::FileState> Then = Store->file(relativeTo(Root, File));
  std::optional<Index::FileState> Now = Index::FileState::of(File);
  if (!Then || !Now || Then->Size != Now->Size)
    return false;
  // A copy of the project has other times.
  return It->second = Then->hasTimeOf(*Now) ||
                      Then->Hash == Index::FileState::hashOf(File);
}

std::optional<Effects> IndexView::effectsOf(const EntityName &F,
                                            EntityTable &Names) const {
  std::optional<Index::LinkedEffect> E = Store->effect(F.USR, F.Namespace);
  if (!E || !isFresh(absoluteFrom(Root, E->File)))
    return std::nullopt;
  return expectedToOptional(effectsFromJson(E->Json, Names, Root));
}

/// Tells \p Own which programs it is a part of, as \p Known has it: of what is
/// where it was, and of the file \p MainFile.
static void adoptPrograms(TUSummary &Own, const TUSummary &Known,
                          StringRef MainFile) {
  std::vector<unsigned> OfFile;
  bool First = true;
  for (const FunctionSummary &F : Known.Functions)
    if (F.Place.File == MainFile)
      uniteParts(OfFile, F.Programs, std::exchange(First, false));
  auto Adopt = [&](auto &Mine, const auto &Theirs) {
    std::map<Anchor, const std::vector<unsigned> *> At;
    for (const auto &Part : Theirs)
      At[Part.Place] = &Part.Programs;
    for (auto &Part : Mine) {
      auto It = At.find(Part.Place);
      Part.Programs = It == At.end() ? OfFile : *It->second;
    }
  };
  Adopt(Own.Functions, Known.Functions);
  Adopt(Own.Claims, Known.Claims);
}

TUSummary IndexView::others(TUSummary &Own, EntityTable &Names,
                            size_t MaxBytes) const {
  std::string MainFile = absoluteFrom(Root, Own.MainFile);
  std::string Json = Store->meta("slice").value_or("");
  if (Json.size() > MaxBytes)
    return {};
  Expected<TUSummary> All = summaryFromJson(Json, Names, Root);
  if (!All) {
    consumeError(All.takeError());
    return {};
  }
  adoptPrograms(Own, *All, MainFile);
  erase_if(All->Functions, [&](const FunctionSummary &F) {
    return F.Place.File == MainFile || !isFresh(F.Place.File);
  });
  erase_if(All->Claims, [&](const ClaimSummary &C) {
    return C.Place.File == MainFile || !isFresh(C.Place.File);
  });
  return std::move(*All);
}

std::vector<std::string> IndexView::includersOf(StringRef File) const {
  std::vector<std::string> Mains;
  for (const Index::Unit &U : Store->units())
    if (is_contained(U.Files, File))
      Mains.push_back(U.Main);
  return Mains;
}

std::vector<std::string> IndexView::changedFiles() const {
  std::vector<std::string> Changed;
  StringSet<> Seen;
  for (const Index::Unit &U : Store->units())
    for (const std::string &File : U.Files)
      if (Seen.insert(File).second && !isFresh(absoluteFrom(Root, File)))
        Changed.push_back(File);
  llvm::sort(Changed);
  return Changed;
}
