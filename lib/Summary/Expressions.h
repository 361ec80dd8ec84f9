//===- Expressions.h - What an expression stands for ------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_EXPRESSIONS_H
#define RACE_LIB_SUMMARY_EXPRESSIONS_H

#include "clang/AST/Type.h"

namespace clang {
class CXXRecordDecl;
class Expr;
class FunctionDecl;
class RecordDecl;
class StringLiteral;
class ValueDecl;
} // namespace clang

namespace race {

/// \p E without parentheses, casts, and the nodes for temporaries around it.
const clang::Expr *unwrapped(const clang::Expr *E);

/// The function that an expression used as a callable runs, or null. \p E may
/// be null.
const clang::FunctionDecl *calledThrough(const clang::Expr *E);

/// The variable or field that an expression names, whatever its base; null if
/// it names none.
const clang::ValueDecl *namedObject(const clang::Expr *E);

/// Whether \p D, which may be null, is a variable of a function that nobody
/// else has by reference.
bool isLocal(const clang::ValueDecl *D);

/// The parameter of \p F that \p E is (moved, cast, or the address of `*this`);
/// -1 for `this`, -2 for none.
int parameterIn(const clang::Expr *E, const clang::FunctionDecl *F);

/// The text that \p E gives: a literal, or what is made of one; null if there
/// is none.
const clang::StringLiteral *textOf(const clang::Expr *E);

/// Whether objects of class \p R only show what lies elsewhere: a pointer, and
/// perhaps its length.
bool isView(const clang::CXXRecordDecl *R);

/// The object of the method call or overloaded operator \p E; null for others.
const clang::Expr *objectOf(const clang::Expr *E);

/// Whether a standard container of type \p Container owns objects of class
/// \p R: as elements, or through unique pointers.
bool ownsObjects(clang::QualType Container, const clang::RecordDecl *R);

} // namespace race

#endif // RACE_LIB_SUMMARY_EXPRESSIONS_H
