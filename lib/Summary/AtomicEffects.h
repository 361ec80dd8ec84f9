//===- AtomicEffects.h - Operations of atomics ------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_ATOMICEFFECTS_H
#define RACE_LIB_SUMMARY_ATOMICEFFECTS_H

#include "race/Flow/Effect.h"

namespace clang {
class ASTContext;
class AtomicExpr;
class Expr;
} // namespace clang

namespace race {

/// The effects of one of the compiler's atomic operations, which have no
/// function to describe.
Effects atomicEffects(const clang::AtomicExpr *A);

/// Whether the call \p E names a memory order that is weaker than the default.
bool givesOrder(const clang::Expr *E, const clang::ASTContext &Ctx);

/// Whether \p Site changes an atomic by nothing, as `__sync_fetch_and_add(&N,
/// 0)` does where there is no plain load: it only reads.
bool onlyReads(const clang::Expr *Site, const clang::ASTContext &Ctx);

} // namespace race

#endif // RACE_LIB_SUMMARY_ATOMICEFFECTS_H
