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

namespace race {

class TranslationUnit;

/// How to read a translation unit.
struct ExtractOptions {
  /// The project's folder.
  std::string Root;
  /// Model files beside the nearest `.race-models.yaml`.
  std::vector<std::string> Models;
  /// What linking found out, or null.
  const Imports *Imported = nullptr;
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
};

/// Parses \p Unit and says what there is in it. Touches no state of the
/// process, so that several may run at once; survives a crash in the parser.
Extraction extract(const CompileUnit &Unit, const ExtractOptions &Options);

/// Parses \p Unit, and calls \p Use with it and with its models while there is
/// an AST. \returns the first complaint, as Extraction::Error.
std::string withUnit(const CompileUnit &Unit, const ExtractOptions &Options,
                     llvm::function_ref<void(TranslationUnit &)> Use);

/// What an Extraction's document holds.
struct UnitDocument {
  TUSummary Summary;
  std::vector<Finding> Findings;
};

/// Reads a document; its entities are added to \p Names. An error says what is
/// wrong with it: another version, not JSON, unexpected values.
llvm::Expected<UnitDocument> readUnit(llvm::StringRef Json, EntityTable &Names,
                                      llvm::StringRef Root);

/// Findings as a document of their own, and back.
std::string findingsToJson(const std::vector<Finding> &All,
                           llvm::StringRef Root);
llvm::Expected<std::vector<Finding>> findingsFromJson(llvm::StringRef Json,
                                                      llvm::StringRef Root);

} // namespace race

#endif // RACE_DRIVER_EXTRACT_H
