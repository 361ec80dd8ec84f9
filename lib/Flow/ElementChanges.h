//===- ElementChanges.h - Who changes what a container has ------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_FLOW_ELEMENTCHANGES_H
#define RACE_LIB_FLOW_ELEMENTCHANGES_H

#include "llvm/ADT/DenseSet.h"

namespace clang {
class CXXMethodDecl;
class FunctionDecl;
class Stmt;
} // namespace clang

namespace race {

/// Whether \p Method only finds elements of one of the standard library's
/// containers, so that many threads may call it at once although it is not
/// const: find, begin, v[i].
bool findsElements(const clang::CXXMethodDecl *Method);

/// The calls of such methods in \p F through whose results an element is
/// changed there, as far as its text tells: `v[i] = x`, `for (auto &e : v)
/// ++e`, `it->second = x`, or may be by what it is handed to.
llvm::DenseSet<const clang::Stmt *>
elementChanges(const clang::FunctionDecl *F);

} // namespace race

#endif // RACE_LIB_FLOW_ELEMENTCHANGES_H
