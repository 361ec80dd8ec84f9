//===- StatementText.h - Statements for databases ---------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_STATEMENTTEXT_H
#define RACE_LIB_SUMMARY_STATEMENTTEXT_H

#include "race/Models/Model.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace clang {
class Expr;
} // namespace clang

namespace race {

/// What one statement for a database does.
struct Statement {
  enum KindTy : uint8_t {
    Asks,    ///< reads rows of Table, or the value of a key
    Adds,    ///< adds to it, and does not say what if it is there already
    Settles, ///< adds or changes in one step, whatever is there
    Begins,  ///< from now on others are kept out
    Ends,    ///< a transaction ends
  } Kind = Asks;
  /// The table, or the key if it is written in the text; may be empty.
  std::string Table;
  /// The first word: "SELECT".
  std::string Verb;
};

/// Reads the text of a statement, or the beginning of it.
/// \returns std::nullopt if it does nothing that matters or is not understood.
std::optional<Statement> readStatement(llvm::StringRef Text,
                                       StatementLanguage Language);

/// The first string literal in \p E, or in what the local variable that it
/// names is initialised with; empty if there is none.
llvm::StringRef literalIn(const clang::Expr *E);

/// Whether \p Text begins as a statement of SQL does that reads or adds to a
/// table.
bool startsStatement(llvm::StringRef Text);

} // namespace race

#endif // RACE_LIB_SUMMARY_STATEMENTTEXT_H
