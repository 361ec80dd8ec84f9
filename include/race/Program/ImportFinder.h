//===- ImportFinder.h - What units know of each other -----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_PROGRAM_IMPORTFINDER_H
#define RACE_PROGRAM_IMPORTFINDER_H

#include "race/Program/Index.h"
#include "race/Summary/FunctionSummary.h"
#include "race/Summary/Imports.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace race {

/// Imports in their linked form: what a unit that is read (again) gets to know.
class ImportTable : public Imports {
public:
  /// \param Root the project's folder.
  explicit ImportTable(llvm::StringRef Root) : Root(Root) {}

  std::optional<Effects> effectsOf(const EntityName &F,
                                   EntityTable &Names) const override;
  bool isClaimed(const EntityName &Subject) const override;

  void addEffect(const EntityName &F, std::string Json);
  void addClaimed(const EntityName &Subject);
  bool empty() const { return ByName.empty() && Claimed.empty(); }
  /// Equal for equal content; empty for no content.
  std::string hash() const;

  /// As a document of its own, and back. An error says what is wrong with it.
  std::string toJson() const;
  static llvm::Expected<ImportTable> fromJson(llvm::StringRef Json,
                                              llvm::StringRef Root);

private:
  std::string Root;
  llvm::StringMap<std::string> ByName;
  llvm::StringSet<> Claimed;
};

/// Finds out what each of some units should know of the others: the shape of
/// ThinLTO. Functions that several units define differently (two programs in
/// one database) are nobody's: a call from a third unit does not say which.
class ImportFinder {
public:
  /// Links \p Units, whose entities are those of \p Names; linear in their
  /// size. Both must outlive the finder.
  ImportFinder(const EntityTable &Names, std::vector<const TUSummary *> Units,
               llvm::StringRef Root);

  /// What matters to the analysis of unit \p I, and is not known there: effects
  /// of the functions of others that it calls, and claims of others about state
  /// that it touches.
  ImportTable importsOf(unsigned I) const;

  /// Which of the units \p Changed to read first: those that call, directly or
  /// not, no other of them. Units that call each other count as one. The rest
  /// is better read when these have settled, since it would have to be read
  /// again. Sorted; empty only if \p Changed is.
  std::vector<unsigned> lowest(llvm::ArrayRef<unsigned> Changed) const;

  /// The effects that any unit could import.
  std::vector<Index::LinkedEffect> effects() const;

private:
  const std::string &json(const FunctionSummary &F) const;
  void findClaimedBelow();

  const EntityTable &Names;
  std::vector<const TUSummary *> Units;
  std::string Root;
  /// The one definition of each function with effects.
  struct Definition {
    const FunctionSummary *F = nullptr;
    unsigned In = 0; ///< the first unit that has it
    bool Ambiguous = false;
  };
  llvm::DenseMap<EntityId, Definition> Definitions;
  /// State and functions that some claim speaks of.
  llvm::DenseSet<EntityId> Claimed;
  /// Functions that a function that a claim speaks of calls, in another unit:
  /// the claim is about what they touch, too.
  llvm::DenseSet<EntityId> ClaimedBelow;
  mutable llvm::DenseMap<const FunctionSummary *, std::string> Json;
};

} // namespace race

#endif // RACE_PROGRAM_IMPORTFINDER_H
