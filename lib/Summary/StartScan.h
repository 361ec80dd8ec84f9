//===- StartScan.h - Calls that start threads -------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_STARTSCAN_H
#define RACE_LIB_SUMMARY_STARTSCAN_H

#include "race/Summary/CodeScan.h"
#include "clang/Basic/SourceLocation.h"
#include <optional>

namespace clang {
class SourceManager;
class VarDecl;
} // namespace clang

namespace race {

/// What the scan keeps of calls that make something run on another thread:
/// what runs, what the thread is called, whether all of them share an object.
class StartScan {
public:
  StartScan(const clang::SourceManager &SM, const Models &M) : SM(SM), M(M) {}

  /// Remembers that \p D is set to the value of \p E; either may be null. A
  /// thread that E starts is called so.
  void noteName(const clang::Expr *E, const clang::ValueDecl *D);

  /// What the call \p E, whose model \p S is, starts. \p Loop is where the
  /// outermost loop around it begins, invalid if there is none. std::nullopt
  /// if it starts nothing (`std::thread T;`).
  std::optional<StartSite> visit(const ThreadStartModel &S,
                                 const clang::Expr *E,
                                 clang::SourceLocation Loop) const;

  /// The same for the call \p E that makes an element of \p Container from its
  /// arguments: `threads_.emplace_back(fn)`. std::nullopt if its elements are
  /// no threads.
  std::optional<StartSite> visitElement(clang::QualType Container,
                                        const clang::Expr *E,
                                        clang::SourceLocation Loop) const;

  /// The name that the call \p E of \p F gives to a thread, which is its own:
  /// `pthread_setname_np(self, "io")`, `setThreadName("io")`,
  /// `prctl(PR_SET_NAME, "io")`; empty for other calls.
  static llvm::StringRef nameGivenBy(const clang::FunctionDecl *F,
                                     const clang::Expr *E);

private:
  void describe(const clang::Expr *E, StartSite &Site,
                clang::SourceLocation Loop) const;
  bool staysTheSame(const clang::VarDecl *V, clang::SourceLocation Loop) const;

  const clang::SourceManager &SM;
  const Models &M;
  /// Variables and fields, by the expressions that they are set to.
  llvm::DenseMap<const clang::Expr *, const clang::ValueDecl *> KeptBy;
};

} // namespace race

#endif // RACE_LIB_SUMMARY_STARTSCAN_H
