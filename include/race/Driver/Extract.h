//===- Extract.h - One translation unit, read -------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_DRIVER_EXTRACT_H
#define RACE_DRIVER_EXTRACT_H

#include "race/Analysis/Finding.h"
#include "race/Driver/Project.h"
#include "race/Summary/FunctionSummary.h"
#include "race/Summary/Imports.h"
#include "race/Summary/PoolNames.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <memory>

namespace clang {
class ASTUnit;
} // namespace clang

namespace race {

class TranslationUnit;

/// How to read a translation unit.
struct ExtractOptions {
  /// The project's folder.
  std::string Root;
  /// Model files, in the order in which they are added to the presets.
  std::vector<std::string> Models;
  /// What comments say in the project's own words.
  std::vector<ClaimPhrase> Phrases;
  /// The names by which pools are known.
  PoolNames Pools;
  /// What linking found out, or null.
  const Imports *Imported = nullptr;
  /// ImportTable::hash of that; stands in the document.
  std::string ImportsHash = "";
};

/// What reading a translation unit gave.
struct Extraction {
  /// The unit's document: summary and findings. The same input gives the same
  /// bytes. Empty if the unit could not be read at all.
  std::string Json;
  /// Every file that was read, sources, headers and models; absolute, sorted.
  std::vector<std::string> Files;
  /// The first complaint of the compiler, "file:line:column: text"; the
  /// document says what is known in spite of it.
  std::string Error;
  /// A file was not found: reading again may give something else although none
  /// of Files has changed.
  bool Incomplete = false;
};

/// What parsing a unit left, so that it can be read again with other imports
/// and need not be parsed again.
class ParsedUnit {
public:
  ParsedUnit();
  ~ParsedUnit();
  ParsedUnit(ParsedUnit &&);
  ParsedUnit &operator=(ParsedUnit &&);

  explicit operator bool() const { return AST != nullptr; }
  /// About how many bytes it takes; 0 if there is nothing.
  size_t memory() const;
  /// Leaves the memory to the end of the process, which is faster than giving
  /// it back.
  void abandon();

private:
  friend std::string withUnit(const CompileUnit &Unit,
                              const ExtractOptions &Options,
                              llvm::function_ref<void(TranslationUnit &)> Use,
                              ParsedUnit *Kept, bool *Incomplete);
  std::unique_ptr<clang::ASTUnit> AST;
};

/// Parses \p Unit and says what there is in it. Touches no state of the
/// process, so that several may run at once; survives a crash in the parser.
/// \param Kept if not null, gets what parsing left; if it has that already,
/// nothing is parsed, and the extraction has no word of errors.
Extraction extract(const CompileUnit &Unit, const ExtractOptions &Options,
                   ParsedUnit *Kept = nullptr);

/// Parses \p Unit, and calls \p Use with it and with its models while there is
/// an AST. \returns the first complaint, as Extraction::Error.
/// \param Kept as above.
/// \param Incomplete if not null, gets what Extraction::Incomplete says.
std::string withUnit(const CompileUnit &Unit, const ExtractOptions &Options,
                     llvm::function_ref<void(TranslationUnit &)> Use,
                     ParsedUnit *Kept = nullptr, bool *Incomplete = nullptr);

/// The findings of \p TU for which no other unit is needed; sorted.
std::vector<Finding> findInUnit(TranslationUnit &TU);

/// The document of \p TU, whose project's folder is \p Root: what extract gives
/// as Extraction::Json for the same unit.
/// \param ImportsHash as in ExtractOptions.
std::string unitToJson(TranslationUnit &TU, llvm::StringRef Root,
                       llvm::StringRef ImportsHash = "");

/// The same document of what it holds.
std::string unitToJson(const TUSummary &Summary,
                       const std::vector<Finding> &Findings,
                       const EntityTable &Names, llvm::StringRef Root,
                       llvm::StringRef ImportsHash);

/// What an Extraction's document holds.
struct UnitDocument {
  std::string Imports; ///< ExtractOptions::ImportsHash that it was read with
  TUSummary Summary;
  std::vector<Finding> Findings;
};

/// Reads a document; its entities are added to \p Names. An error says what is
/// wrong with it: of another version of race-tidy or clang, not whole,
/// unexpected values.
llvm::Expected<UnitDocument> readUnit(llvm::StringRef Json, EntityTable &Names,
                                      llvm::StringRef Root);

/// Findings as a document of their own, and back.
std::string findingsToJson(const std::vector<Finding> &All,
                           llvm::StringRef Root);
llvm::Expected<std::vector<Finding>> findingsFromJson(llvm::StringRef Json,
                                                      llvm::StringRef Root);

} // namespace race

#endif // RACE_DRIVER_EXTRACT_H
