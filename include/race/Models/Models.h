//===- Models.h - The set of models in force --------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_MODELS_MODELS_H
#define RACE_MODELS_MODELS_H

#include "race/Models/Model.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <memory>

namespace clang {
class FunctionDecl;
class IdentifierTable;
class NamedDecl;
class QualType;
class RecordDecl;
} // namespace clang

namespace race {

/// The models in force for one translation unit: the presets, then the user's
/// files, a later one replacing an earlier one of the same name.
///
/// Lookups are by declaration and cached, so that asking for every call of a
/// function costs a hash lookup. An object serves one AST at a time, and one
/// thread at a time.
class Models {
public:
  Models();
  ~Models();
  Models(Models &&) noexcept;
  Models &operator=(Models &&) noexcept;

  /// The presets that are embedded in the program. They are parsed once per
  /// process; a preset that does not parse is a bug and asserts (a test parses
  /// each).
  static Models withPresets();

  /// As withPresets, for code that knows the identifiers \p Seen: presets that
  /// speak of none of them are left out, since they could not apply.
  static Models withPresetsFor(const clang::IdentifierTable &Seen);

  /// Adds the models of one YAML document. On error nothing of the document is
  /// added, and the error says "file:line:column: what is wrong", naming the
  /// key.
  llvm::Error add(llvm::MemoryBufferRef Yaml);

  /// Adds the models of the file \p Path; an error names the file.
  llvm::Error addFile(llvm::StringRef Path);

  /// The `.race-models.yaml` in the nearest folder at or above that of
  /// \p SourceFile; empty if there is none.
  static std::string findUserFile(llvm::StringRef SourceFile);

  /// The files to add for \p SourceFile, in order: the one of findUserFile and
  /// those that the option `Models` names.
  /// \param Option names separated by semicolons.
  static std::vector<std::string> filesFor(llvm::StringRef SourceFile,
                                           llvm::StringRef Option);

  /// The model of \p F, or of the method that it overrides or that a base
  /// class declares; null if there is none.
  const FunctionModel *lookup(const clang::FunctionDecl *F) const;

  /// The model of the class \p R, or of a base class; null if there is none.
  const TypeModel *lookup(const clang::RecordDecl *R) const;

  /// The model of the type \p T, seen through references, cv, typedefs,
  /// elaborations and templates. Typedef names are tried before what they
  /// stand for, since C APIs give meaning to names of plain structs
  /// (pthread_mutex_t).
  const TypeModel *lookup(clang::QualType T) const;

  /// The qualified name that models use: without template arguments, inline
  /// and anonymous namespaces.
  static std::string modelName(const clang::NamedDecl *D);

  /// Drops what is cached about declarations and types. To be called before the
  /// same object is asked about another AST.
  void forgetDeclarations();

  /// Changes whenever the set of models does; part of cache keys.
  uint64_t fingerprint() const;

private:
  struct Impl;
  std::unique_ptr<Impl> I;
};

} // namespace race

#endif // RACE_MODELS_MODELS_H
