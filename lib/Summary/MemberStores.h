//===- MemberStores.h - Which members a function may set --------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_MEMBERSTORES_H
#define RACE_LIB_SUMMARY_MEMBERSTORES_H

#include "race/Flow/EntityMapper.h"
#include "race/Summary/CodeScan.h"
#include "llvm/ADT/DenseSet.h"
#include <map>
#include <memory>

namespace race {

/// Answers which members a function may set, itself or through what it calls,
/// in whatever object: the side effects of Banning, "An efficient way to find
/// the side effects of procedure calls" (POPL 1979), with one location for each
/// member's declaration. Bodies are read when they are asked for, once each.
class MemberStores {
public:
  /// Members; a set that is not there stands for any member at all.
  using Members = std::unique_ptr<const llvm::SmallDenseSet<EntityId, 8>>;
  MemberStores(const CodeScan &Scan, EntityMapper &Entities)
      : Scan(Scan), Entities(Entities) {}

  /// The members that \p F may set.
  const Members &of(const clang::FunctionDecl *F);

private:
  friend class StoreVisitor;
  const CodeScan &Scan;
  EntityMapper &Entities;
  /// A function that is being read is there, with any member: what it calls may
  /// call it.
  std::map<const clang::FunctionDecl *, Members> Known;
  unsigned Depth = 0;
};

} // namespace race

#endif // RACE_LIB_SUMMARY_MEMBERSTORES_H
