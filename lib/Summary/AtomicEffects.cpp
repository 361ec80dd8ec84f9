//===- AtomicEffects.cpp - Operations of atomics --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AtomicEffects.h"
#include "Expressions.h"
#include "race/Flow/FlowGraph.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace race;

Effects race::atomicEffects(const AtomicExpr *A) {
  Effects E;
  E.Known = true;
  E.ChangesGlobals = false;
  ContainerEffect X;
  switch (atomicOperation(A)) {
  case AtomicOperation::Load:
    X.Kind = ContainerOpModel::Query;
    break;
  case AtomicOperation::Store:
    X.Kind = ContainerOpModel::Act;
    break;
  case AtomicOperation::Change:
    X.Kind = ContainerOpModel::Atomic;
    break;
  }
  X.Of = StateKind::Atomic;
  X.Object = AccessPath::param(0).then(PathStep::deref());
  X.Synchronized = true;
  StringRef Name = A->getOpAsString();
  Name.consume_front("__c11_"); // stdatomic.h's names are macros for these
  X.Name = Name.str();
  E.Containers.push_back(std::move(X));
  return E;
}

bool race::givesOrder(const Expr *E, const ASTContext &Ctx) {
  constexpr int64_t SequentiallyConsistent = 5;
  auto Weaker = [&](const Expr *Order) {
    Expr::EvalResult R;
    return !Order->isValueDependent() && Order->EvaluateAsInt(R, Ctx) &&
           R.Val.getInt().getExtValue() != SequentiallyConsistent;
  };
  if (const auto *A = dyn_cast<AtomicExpr>(E))
    return A->getNumSubExprs() > 1 && Weaker(A->getOrder());
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call)
    return false;
  // Some types have the order in their name.
  const Expr *Object = objectOf(Call);
  const CXXRecordDecl *Type =
      Object ? Object->IgnoreParenImpCasts()->getType()->getAsCXXRecordDecl()
             : nullptr;
  if (Type && Type->getIdentifier() && hasWord(Type->getName(), {"relaxed"}))
    return true;
  return llvm::any_of(Call->arguments(), [&](const Expr *Arg) {
    const auto *T = Arg->getType()->getAs<EnumType>();
    return T && T->getDecl()->getName() == "memory_order" && Weaker(Arg);
  });
}

bool race::onlyReads(const Expr *Site, const ASTContext &Ctx) {
  const auto *Call = dyn_cast<CallExpr>(Site);
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  if (!F || !F->getIdentifier() || Call->getNumArgs() < 2)
    return false;
  StringRef Name = F->getName();
  if (!Name.starts_with("__sync_") || Name.contains("swap") ||
      Name.contains("nand") ||
      !(Name.contains("add") || Name.contains("sub") || Name.contains("or")))
    return false;
  const Expr *By = Call->getArg(1);
  Expr::EvalResult R;
  return !By->isValueDependent() && By->EvaluateAsInt(R, Ctx) &&
         R.Val.getInt() == 0;
}
