//===- FreedMemory.h - Where freed memory is worth a look -------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_FREEDMEMORY_H
#define RACE_LIB_SUMMARY_FREEDMEMORY_H

#include "race/Models/Models.h"
#include "race/Summary/CallEffects.h"
#include "race/Summary/CodeScan.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace race {

/// Finds the functions in which something may be used after it was freed, by
/// their text alone. Nearly every function frees something; flow graphs of all
/// of them would cost more than all else that the checks do.
class FreedMemory {
public:
  /// \param BottomUp the functions of the translation unit, callees first.
  /// \param ForProgram other files, too, may use what is freed here.
  FreedMemory(const Models &M, const CodeScan &Scan, const CallEffects &Calls,
              EntityMapper &Entities,
              llvm::ArrayRef<const FunctionInfo *> BottomUp, bool ForProgram);

  /// Whether \p F uses something behind the place where it was freed, or is
  /// called where one does.
  bool concerns(const clang::FunctionDecl *F) const {
    return Concerned.contains(F);
  }

private:
  friend class FreeingVisitor;
  /// What a call may free of what the caller has.
  struct Freed {
    uint32_t Params = 0; ///< bit i: the argument; bit 31: the object
    struct Member {
      EntityId Field;
      /// It leads to something else afterwards: others may still lead there.
      bool Renewed = false;
    };
    /// What members of whatever object, and static variables, lead to.
    llvm::SmallVector<Member, 2> Members;
    bool any() const { return Params || !Members.empty(); }
    void add(EntityId Field, bool Renewed);
  };
  Freed freedBy(const clang::FunctionDecl *F) const;
  void demand(const FunctionInfo &F);

  const Models &M;
  const CodeScan &Scan;
  const CallEffects &Calls;
  EntityMapper &Entities;
  llvm::DenseMap<const clang::FunctionDecl *, Freed> Frees;
  llvm::DenseSet<const clang::FunctionDecl *> Concerned;
};

} // namespace race

#endif // RACE_LIB_SUMMARY_FREEDMEMORY_H
