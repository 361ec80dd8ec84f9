//===- OwnershipScan.h - Counts, tables, arenas -----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_OWNERSHIPSCAN_H
#define RACE_LIB_SUMMARY_OWNERSHIPSCAN_H

#include "race/Summary/CodeScan.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"
#include "llvm/ADT/MapVector.h"
#include <optional>

namespace race {

/// What the scan keeps of who owns what: where counts of references come to
/// zero, tables from which objects are looked up and removed by a handle,
/// pointers into what another member owns, and objects that keep the arena they
/// lie in. Told of the statements of a function in the order of the text.
class OwnershipScan {
public:
  OwnershipScan(const Models &M, OwnershipFacts &Out) : M(M), Out(Out) {}

  void enter(FunctionInfo *F) { Current = F; }
  void visitBlock(const clang::CompoundStmt *S);
  void visitDecrement(const clang::UnaryOperator *E);
  void visitAddressOf(const clang::UnaryOperator *E);
  /// An assignment of a pointer.
  void visitAssignment(const clang::BinaryOperator *E);
  void visitVariable(const clang::VarDecl *V);
  void visitReturn(const clang::ReturnStmt *S);
  /// What \p E points to comes to its end.
  void visitEnd(const clang::Expr *E);
  /// A call of a method of a standard container.
  void visitContainer(llvm::StringRef Method, const clang::Expr *Call);
  /// Draws the conclusions; call after the walk.
  void finish();

private:
  struct ZeroTest {
    const clang::Expr *Object = nullptr; ///< whose count is tested
    bool Zero = true;                    ///< what the condition says of it
  };
  ZeroTest zeroTest(const clang::Expr *Condition, unsigned Depth = 0) const;
  const clang::Expr *decremented(const clang::Expr *E, bool &Old) const;
  void visitZero(const clang::Stmt *S, const clang::Expr *Object);
  bool isDisposal(const clang::FunctionDecl *F) const;
  std::optional<TableSite> element(const clang::Expr *E, unsigned Depth) const;
  int keyIn(const clang::Expr *E, unsigned Depth = 0) const;
  const clang::Expr *arenaOf(const clang::Expr *Made) const;

  const Models &M;
  OwnershipFacts &Out;
  FunctionInfo *Current = nullptr;
  /// Members that the current function counts down.
  llvm::DenseSet<const clang::ValueDecl *> CountedDown;
  const FunctionInfo *CountedIn = nullptr;
  /// For a pointer member, the members whose value it was given, and whether
  /// it was given anything else.
  struct Sources {
    llvm::SmallVector<const clang::FieldDecl *, 1> From;
    bool Others = false;
  };
  llvm::MapVector<const clang::FieldDecl *, Sources> Pointers;
  /// Local variables that came out of an arena.
  llvm::DenseMap<const clang::ValueDecl *, const clang::Expr *> Arenas;
};

} // namespace race

#endif // RACE_LIB_SUMMARY_OWNERSHIPSCAN_H
