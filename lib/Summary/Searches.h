//===- Searches.h - Loops that look for an element --------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_SEARCHES_H
#define RACE_LIB_SUMMARY_SEARCHES_H

namespace clang {
class CXXForRangeStmt;
class CallExpr;
class Expr;
class ForStmt;
class ValueDecl;
} // namespace clang

namespace race {

/// A sequence is gone through to see whether an element is there.
struct Search {
  /// The call that begins: `begin()`. Null if it is no search.
  const clang::Expr *Begin = nullptr;
  /// The variable by which the element is known.
  const clang::ValueDecl *Key = nullptr;
};

/// `for (auto &E : Elements) if (E.Name == Key) return E;`
Search searchIn(const clang::CXXForRangeStmt *Loop);
/// The same with an iterator.
Search searchIn(const clang::ForStmt *Loop);
/// `std::find_if(Elements.begin(), Elements.end(), [&](auto &E) { … Key … })`
Search searchIn(const clang::CallExpr *Call);

} // namespace race

#endif // RACE_LIB_SUMMARY_SEARCHES_H
