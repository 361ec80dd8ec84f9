//===- CheckThenActAtomics.cpp - Atomics that are tested, then set --------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace race;

/// Whether the block of \p O calls the program's own code too.
bool CheckThenActWatcher::doesMore(const Simulation &Sim, const Op &O) const {
  for (const Op &Other : Sim.graph().Blocks[Sim.block()].Ops)
    if (Other.Kind == OpKind::Call && Other.Id != O.Id && Other.Callee &&
        !TU.models().lookup(Other.Callee) && !Other.Callee->isInStdNamespace())
      return true;
  return false;
}

/// How many arguments the user wrote: a memory order is one.
static unsigned writtenArguments(const Op &O) {
  const auto *Call = dyn_cast_or_null<CallExpr>(O.Node);
  if (!Call)
    return 0;
  unsigned N = 0;
  for (const Expr *Arg : Call->arguments())
    N += !isa<CXXDefaultArgExpr>(Arg);
  // An operator's object is an argument too.
  return isa<CXXOperatorCallExpr>(Call) ? N - 1 : N;
}

/// Protocols of atomics are their authors' business: a hint, one writer, an
/// order that makes it right. A flag that is tested and set is not, where more
/// hangs on it than the store.
bool CheckThenActWatcher::reliesOnAtomic(const Simulation &Sim, const Op &O,
                                         const OpenQuery &Q) const {
  return writtenArguments(Sim.op(Q.OpId)) == 0 && writtenArguments(O) <= 1 &&
         doesMore(Sim, O) && decides(Sim, Q);
}
