//===- Searches.h - Loops that look for an element --------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_SEARCHES_H
#define RACE_LIB_SUMMARY_SEARCHES_H

#include "race/Summary/CodeScan.h"

namespace clang {
class ASTContext;
class CXXForRangeStmt;
class CallExpr;
class DoStmt;
class Expr;
class ForStmt;
class Stmt;
class ValueDecl;
class WhileStmt;
} // namespace clang

namespace race {

/// A sequence is gone through to see whether an element is there.
struct Search {
  /// The call that begins: `begin()`. Null if it is no search.
  const clang::Expr *Begin = nullptr;
  /// The variable by which the element is known.
  const clang::ValueDecl *Key = nullptr;
  /// The condition that says whether it is the one.
  const clang::Expr *Test = nullptr;
};

/// `for (auto &E : Elements) if (E.Name == Key) return E;`
Search searchIn(const clang::CXXForRangeStmt *Loop);
/// The same with an iterator.
Search searchIn(const clang::ForStmt *Loop);
/// `std::find_if(Elements.begin(), Elements.end(), [&](auto &E) { … Key … })`
Search searchIn(const clang::CallExpr *Call);

/// The same by hand, through a list whose elements point to the next one:
/// `for (E = T->Head; E; E = E->Next) if (E->Name == Key) break;`. Begin is the
/// variable or member that leads to the first element.
Search listSearchIn(const clang::ForStmt *Loop);
/// `E = T->Head; while (E) { if (E->Name == Key) break; E = E->Next; }`
/// \param Before the statement before the loop; may be null.
Search listSearchIn(const clang::Stmt *Before, const clang::WhileStmt *Loop);
/// What \p Loop, with the body \p Body, looks for if it goes from element to
/// element until one is in some state. Its State is null if it does not.
StateSearch stateSearchIn(const clang::Stmt *Loop, const clang::Stmt *Body);
/// What uthash's HASH_FIND is expanded to: a statement `do { if (Head) ... }`.
Search hashSearchIn(const clang::DoStmt *S, const clang::ASTContext &Ctx);

} // namespace race

#endif // RACE_LIB_SUMMARY_SEARCHES_H
