//===- DeclIndex.h - The declarations of files, by place --------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_COMMENTS_DECLINDEX_H
#define RACE_LIB_COMMENTS_DECLINDEX_H

#include "clang/AST/Decl.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <vector>

namespace clang {
class ASTContext;
class SourceManager;
class Stmt;
} // namespace clang

namespace race::claims {

/// A declaration that a comment can stand on.
struct DeclPlace {
  /// What claims are about: the canonical declaration of a function or
  /// variable, the definition of a class, the pattern of a template.
  const clang::Decl *D = nullptr;
  /// Offsets of its first character and behind its last, its lines.
  unsigned Begin = 0, End = 0;
  unsigned BeginLine = 0, EndLine = 0;
  /// The innermost DeclContainer that it stands in; -1 for none: the file and
  /// its namespaces are one.
  int Container = -1;

  bool isData() const;
  bool isFunction() const;
  bool isNamedRecord() const;
  /// The type in `struct { ... } s;`.
  bool isUnnamedRecord() const;
  llvm::StringRef name() const;
};

/// Braces with declarations or statements between them.
struct DeclContainer {
  const clang::Decl *D = nullptr;
  /// The body, for a function.
  const clang::Stmt *Body = nullptr;
  /// Offsets of the braces, the line of the first.
  unsigned Begin = 0, End = 0;
  unsigned OpenLine = 0;
  int Parent = -1;
};

/// Where the declarations of some files stand. Function bodies are not entered.
class DeclIndex {
public:
  DeclIndex(clang::ASTContext &Ctx, const llvm::DenseSet<clang::FileID> &Files);

  /// By offset; of those that begin at one place the shorter first.
  llvm::ArrayRef<DeclPlace> places(clang::FileID FID) const;
  llvm::ArrayRef<DeclContainer> containers(clang::FileID FID) const;
  /// The innermost container around \p Offset; -1 for none.
  int containerAt(clang::FileID FID, unsigned Offset) const;

private:
  struct File {
    std::vector<DeclPlace> Places;
    std::vector<DeclContainer> Containers;
  };
  void addContext(const clang::DeclContext *DC);
  void addDecl(const clang::Decl *D);
  void addPlace(const clang::Decl *D, clang::SourceRange Range);
  void addContainer(const clang::Decl *D, const clang::Stmt *Body,
                    clang::SourceRange Braces);
  void settle(File &F);

  const clang::SourceManager &SM;
  const clang::LangOptions &LangOpts;
  const llvm::DenseSet<clang::FileID> &Wanted;
  llvm::DenseMap<clang::FileID, File> Files;
};

} // namespace race::claims

#endif // RACE_LIB_COMMENTS_DECLINDEX_H
