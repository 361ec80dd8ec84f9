//===- RemovalScan.h - Who removes objects from their owners ----*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_REMOVALSCAN_H
#define RACE_LIB_SUMMARY_REMOVALSCAN_H

#include "race/Summary/CodeScan.h"

namespace race {

/// Finds the functions that remove the object of their parameter from the
/// container of the standard library that owns it: the one to which the
/// parameter points, or the one that stands under it as a key.
class RemovalScan {
public:
  explicit RemovalScan(std::vector<RemovalSite> &Out) : Out(Out) {}

  /// A call of a method of a standard container, or of a function of that
  /// library, in \p By.
  void visitCall(const clang::FunctionDecl *By, llvm::StringRef Name,
                 const clang::Expr *Call);
  /// Draws the conclusions; call after the walk.
  void finish();

private:
  struct Erasure {
    const clang::FunctionDecl *By;
    const clang::Expr *Call;
    const clang::Expr *Container;
  };
  std::vector<Erasure> Erasures;
  std::vector<RemovalSite> &Out;
};

} // namespace race

#endif // RACE_LIB_SUMMARY_REMOVALSCAN_H
