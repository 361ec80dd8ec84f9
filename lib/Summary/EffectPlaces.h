//===- EffectPlaces.h - Where in a call an effect happens -------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_EFFECTPLACES_H
#define RACE_LIB_SUMMARY_EFFECTPLACES_H

#include "race/Flow/Effect.h"
#include "race/Flow/EntityMapper.h"

namespace clang {
class Expr;
class FunctionDecl;
} // namespace clang

namespace race {

/// The location that holds the pointer, handle or number of the resource at
/// \p P in a call of \p F; for hand-backs.
AccessPath resourceAt(const Place &P, const clang::FunctionDecl *F);

/// The location of the object itself at \p P; for locks and containers.
AccessPath objectAt(const Place &P, const clang::FunctionDecl *F);

/// The location of the value at \p P; for keys.
AccessPath valueAt(const Place &P, const clang::FunctionDecl *F);

/// The place of what argument \p I of \p F holds.
AccessPath valueOfParam(const clang::FunctionDecl *F, unsigned I);

/// The argument \p I of the call \p Site, not counting an operator's object;
/// null if there is none.
const clang::Expr *argumentOf(const clang::Expr *Site, unsigned I);

/// Whether \p E says already that \p What is handed back.
bool isHandedBack(const Effects &E, const AccessPath &What);

/// The location that \p E, written in \p F or in one of its attributes, names,
/// as seen by a caller of \p F; std::nullopt if it is not that simple.
std::optional<AccessPath> pathOf(const clang::Expr *E,
                                 const clang::FunctionDecl *F,
                                 EntityMapper &Entities);

} // namespace race

#endif // RACE_LIB_SUMMARY_EFFECTPLACES_H
