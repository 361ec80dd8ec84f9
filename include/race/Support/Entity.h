//===- Entity.h - Names of program entities ---------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_ENTITY_H
#define RACE_SUPPORT_ENTITY_H

#include "llvm/ADT/DenseMapInfo.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <deque>
#include <string>

namespace race {

/// The name of a function, variable, field or class that means the same in
/// every translation unit.
struct EntityName {
  /// clang's unified symbol resolution string.
  std::string USR;
  /// Empty for external linkage; else the compilation unit that the entity is
  /// private to, since USRs of same-named internal entities collide.
  std::string Namespace;
  /// How a user would write it, for messages: "pool_", "Pool::put".
  std::string Display;
};

/// A number for an entity, valid for one EntityTable.
struct EntityId {
  uint32_t Value = 0;
  bool isValid() const { return Value != 0; }
  bool operator==(EntityId O) const { return Value == O.Value; }
  bool operator!=(EntityId O) const { return Value != O.Value; }
  bool operator<(EntityId O) const { return Value < O.Value; }
};

/// Entity names, numbered. Numbers are given in the order of first use, so that
/// equal input gives equal numbers.
class EntityTable {
public:
  EntityTable() : Names(1) {}

  /// The number of the entity; a new one for a new USR and namespace.
  EntityId intern(EntityName Name);

  /// The number of a known entity, or an invalid one.
  EntityId find(llvm::StringRef USR, llvm::StringRef Namespace) const;

  const EntityName &name(EntityId Id) const { return Names[Id.Value]; }
  llvm::StringRef display(EntityId Id) const { return Names[Id.Value].Display; }
  uint32_t size() const { return Names.size(); }

private:
  std::deque<EntityName> Names;
  llvm::StringMap<uint32_t> ByKey;
};

} // namespace race

namespace llvm {
template <> struct DenseMapInfo<race::EntityId> {
  static race::EntityId getEmptyKey() { return {~0u}; }
  static race::EntityId getTombstoneKey() { return {~0u - 1}; }
  static unsigned getHashValue(race::EntityId Id) {
    return DenseMapInfo<unsigned>::getHashValue(Id.Value);
  }
  static bool isEqual(race::EntityId A, race::EntityId B) { return A == B; }
};
} // namespace llvm

#endif // RACE_SUPPORT_ENTITY_H
