//===- FlowTestSupport.h - Snippets for tests of flow -----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_TEST_UNIT_FLOW_FLOWTESTSUPPORT_H
#define RACE_TEST_UNIT_FLOW_FLOWTESTSUPPORT_H

#include "race/Flow/Simulation.h"
#include "race/Summary/TranslationUnit.h"
#include "clang/Frontend/ASTUnit.h"
#include <memory>
#include <string>

namespace race::flowtest {

/// Declarations that the snippets of probes begin with: `probe()` shows the
/// locks that are held, `check(P)` what is known of a resource, `put(P)` hands
/// one back, `coin()` is anything.
extern const char *const Prelude;

/// A parsed snippet and what is known of it.
class Snippet {
public:
  /// \p Code must have no errors; C unless \p Standard is one of C++.
  /// \param Yaml a document of models in addition to the presets.
  explicit Snippet(llvm::StringRef Code, llvm::StringRef Standard = "c++17",
                   llvm::StringRef Yaml = "");

  TranslationUnit &unit() { return *TU; }
  /// The first function with a body and the name \p Name.
  const clang::FunctionDecl *function(llvm::StringRef Name);
  std::unique_ptr<FlowGraph> graph(llvm::StringRef Name);

  /// What the function does, one operation with an effect after the other in
  /// the order of the blocks, as in "store x = [y]; f(&z); return".
  std::string effects(llvm::StringRef Name);

private:
  Models Known;
  std::unique_ptr<clang::ASTUnit> Unit;
  std::unique_ptr<TranslationUnit> TU;
};

/// Simulates every function of \p Code, put behind the prelude. Each line that
/// ends in "// = text" has a probe, and the text is what its states say,
/// without repetitions: the locks held ("A B", "-" for none) or what is known
/// of the resource ("gone", "held", "null"), the states separated by " | ".
void expectProbes(llvm::StringRef Code, llvm::StringRef Standard = "c++17",
                  llvm::StringRef Yaml = "");

} // namespace race::flowtest

#endif // RACE_TEST_UNIT_FLOW_FLOWTESTSUPPORT_H
