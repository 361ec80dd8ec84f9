//===- Callables.h - Where things that can be called go ---------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions, lambdas and bound members travel through variables, fields,
// parameters, tables and queues before somebody calls them. This says from
// where to where, for one translation unit, without regard to order: who calls
// what is worked out when the summaries are linked.
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_CALLABLES_H
#define RACE_LIB_SUMMARY_CALLABLES_H

#include "race/Flow/EntityMapper.h"
#include "race/Summary/FunctionSummary.h"
#include "llvm/ADT/SmallVector.h"

namespace clang {
class ASTContext;
class CallExpr;
class Expr;
class NamedDecl;
class QualType;
} // namespace clang

namespace race {

using CallableSources = llvm::SmallVector<const clang::NamedDecl *, 2>;

/// What the value of \p E may call: functions, lambdas' call operators, and
/// variables, fields and parameters that hold something to call.
CallableSources callableSources(const clang::Expr *E);

/// As callableSources, for the argument \p E of a call that starts a thread. A
/// pointer to a structure stands for the function pointers in it.
CallableSources startedBy(const clang::Expr *E);

/// For a call through a pointer, a `std::function` or the like, what holds the
/// called function; empty for other calls.
CallableSources calledThroughVariable(const clang::CallExpr *E);

/// Whether something that can be called can be kept in an object of type \p T:
/// it is one, a container of such, or a structure with one in it.
bool canHoldCallable(clang::QualType T);

/// Adds to \p Out how callables move in the code of \p Ctx that is not in
/// system headers.
void findCallableFlows(clang::ASTContext &Ctx, EntityMapper &Entities,
                       TUSummary &Out);

} // namespace race

#endif // RACE_LIB_SUMMARY_CALLABLES_H
