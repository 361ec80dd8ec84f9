//===- IndexView.h - The index, as other tools see it -----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_PROGRAM_INDEXVIEW_H
#define RACE_PROGRAM_INDEXVIEW_H

#include "race/Program/Index.h"
#include "race/Summary/FunctionSummary.h"
#include "race/Summary/Imports.h"
#include "llvm/ADT/StringMap.h"

namespace race {

/// Whether another build of race-tidy (producer) has made what \p Store knows:
/// of that nothing is believed.
bool isOfAnotherBuild(const Index &Store);

/// What an index says to a tool that looks at one file: read-only, and silent
/// about files that have changed since it was made. Serves one thread at a
/// time.
class IndexView : public Imports {
public:
  /// An error says what is wrong with the index: damaged, of another version
  /// or build of race-tidy.
  /// \param Wait for somebody who keeps readers out for a moment. Otherwise
  /// there is no view then (null), and what one that is open cannot read is
  /// unknown.
  static llvm::Expected<std::unique_ptr<IndexView>> open(llvm::StringRef File,
                                                         bool Wait = true);

  /// The index of the build that \p SourceFile belongs to: `.race/index` in a
  /// folder above it or in one of the usual build folders there. Empty if there
  /// is none.
  static std::string find(llvm::StringRef SourceFile);

  /// The project's folder.
  const std::string &root() const { return Root; }

  std::optional<Effects> effectsOf(const EntityName &F,
                                   EntityTable &Names) const override;
  /// False: claims of other files are not judged while looking at one.
  bool isClaimed(const EntityName &) const override { return false; }

  unsigned unitCount() const { return Store->units().size(); }
  /// The main files of the units that read \p File (relative to the root).
  std::vector<std::string> includersOf(llvm::StringRef File) const;
  /// The files, relative to the root, that are not as they were.
  std::vector<std::string> changedFiles() const;

  /// The functions of other files that have to do with claims and threads.
  /// \param Own the unit that is looked at: what its main file and changed
  /// files say is left out, and it is told of which programs it is a part.
  /// \param MaxBytes nothing, if it is written in more than that.
  TUSummary others(TUSummary &Own, EntityTable &Names,
                   size_t MaxBytes = ~size_t(0)) const;

private:
  IndexView(std::unique_ptr<Index> Store, std::string Root)
      : Store(std::move(Store)), Root(std::move(Root)) {}
  bool isFresh(llvm::StringRef File) const;

  std::unique_ptr<Index> Store;
  std::string Root;
  mutable llvm::StringMap<bool> Fresh;
};

} // namespace race

#endif // RACE_PROGRAM_INDEXVIEW_H
