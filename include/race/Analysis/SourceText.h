//===- SourceText.h - Names as the user wrote them --------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_ANALYSIS_SOURCETEXT_H
#define RACE_ANALYSIS_SOURCETEXT_H

#include "race/Analysis/Finding.h"
#include "race/Flow/FlowGraph.h"
#include "race/Flow/Simulation.h"
#include "clang/AST/Decl.h"
#include <string>

namespace race {

/// How the user wrote the object that \p P speaks of at the call \p O:
/// "conn", "r->conn". Empty if that is long or comes from a macro.
std::string writtenName(const Simulation &Sim, const Op &O,
                        const AccessPath &P);

/// How the user wrote the object that the method call \p O is made on; empty
/// for other calls.
std::string writtenObject(const Simulation &Sim, const Op &O);

/// The plain name of what \p O calls: "put".
std::string calleeName(const Simulation &Sim, const Op &O);

/// Whether the text of \p F has one of \p Words in it.
bool mentions(const clang::FunctionDecl *F,
              std::initializer_list<llvm::StringRef> Words);

/// Whether a comment in the file of \p F, at the lines from \p FirstLine to
/// \p LastLine or just above them, says that a race there does no harm: its
/// author knows.
bool isCalledHarmless(const clang::FunctionDecl *F, unsigned FirstLine,
                      unsigned LastLine);

/// The name of \p D with the namespaces, classes and functions around it, the
/// same whatever the types of parameters are called: "app::Server::run".
std::string qualifiedName(const clang::NamedDecl *D);

/// Makes \p F a finding in \p In.
void setScope(Finding &F, const clang::FunctionDecl *In);

/// The place of an operation.
Anchor placeOf(const Simulation &Sim, const Op &O);

} // namespace race

#endif // RACE_ANALYSIS_SOURCETEXT_H
