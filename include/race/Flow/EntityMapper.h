//===- EntityMapper.h - From declarations to entities -----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_FLOW_ENTITYMAPPER_H
#define RACE_FLOW_ENTITYMAPPER_H

#include "race/Support/Anchor.h"
#include "race/Support/Entity.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/DenseMap.h"

namespace clang {
class ASTContext;
class NamedDecl;
class SourceManager;
} // namespace clang

namespace race {

/// Names the declarations of one translation unit.
class EntityMapper {
public:
  /// \param Root the project's folder; file names that are part of a name are
  ///        relative to it, so that names are the same wherever it lies.
  EntityMapper(EntityTable &Table, const clang::ASTContext &Ctx,
               llvm::StringRef Root = "");

  /// The entity of \p D: the same for every redeclaration, and for a template's
  /// pattern and its instantiations.
  EntityId entity(const clang::NamedDecl *D);

  /// The declaration that entity() was last asked about for \p Id, or null.
  const clang::NamedDecl *decl(EntityId Id) const;

  EntityTable &table() { return Table; }
  const EntityTable &table() const { return Table; }

private:
  /// Whether other translation units mean something else by the same USR.
  bool isLocal(const clang::NamedDecl *D) const;

  EntityTable &Table;
  std::string Root, UnitName;
  llvm::DenseMap<const clang::NamedDecl *, EntityId> Known;
  llvm::DenseMap<EntityId, const clang::NamedDecl *> Decls;
};

/// The name of a file that \p SM knows as \p File, from the root folder.
std::string absoluteName(llvm::StringRef File, const clang::SourceManager &SM);

/// The place of \p Loc in its file; a location inside a macro's expansion is
/// that of the expansion.
Anchor anchorOf(clang::SourceLocation Loc, const clang::SourceManager &SM);

} // namespace race

#endif // RACE_FLOW_ENTITYMAPPER_H
