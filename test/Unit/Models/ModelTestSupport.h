//===- ModelTestSupport.h - Code snippets that say what they expect -*- C++
//-*-//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_TEST_UNIT_MODELS_MODELTESTSUPPORT_H
#define RACE_TEST_UNIT_MODELS_MODELTESTSUPPORT_H

#include "race/Models/Models.h"
#include "clang/AST/Decl.h"
#include "clang/Frontend/ASTUnit.h"
#include <memory>
#include <string>
#include <vector>

namespace race::modeltest {

/// The effects of \p M in the words of the YAML format, on one line.
std::string describe(const FunctionModel *M);

/// The error of \p E, which it consumes; "" for success.
std::string message(llvm::Error E);

/// Parses \p Code, which must have no errors, with the real headers of the
/// standard library. C unless \p Standard is one of C++.
std::unique_ptr<clang::ASTUnit> parse(llvm::StringRef Code,
                                      llvm::StringRef Standard = "c++17");

/// Looks up the callees of the calls (constructors too) on each line of
/// \p Code that ends in "// = text", and expects the models' descriptions,
/// joined by " & ", to be the text.
void expectLines(const Models &Known, llvm::StringRef Code,
                 llvm::StringRef Standard = "c++17");

/// The first declaration of kind T with the name \p Name.
template <typename T> const T *find(clang::ASTUnit &Unit, llvm::StringRef Name);

} // namespace race::modeltest

#endif // RACE_TEST_UNIT_MODELS_MODELTESTSUPPORT_H
