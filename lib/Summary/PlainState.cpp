//===- PlainState.cpp - Plain fields and variables ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/PlainState.h"
#include "clang/AST/Decl.h"

using namespace clang;
using namespace race;

bool race::isPlainState(const Memory &M, Loc L, const EntityMapper &Entities,
                        const Models &TheModels) {
  const Memory::LocInfo &I = M.info(L);
  if (I.Kind != Memory::LocKind::Field && I.Kind != Memory::LocKind::Global)
    return false;
  const auto *V = dyn_cast_or_null<ValueDecl>(Entities.decl({I.Id}));
  if (!V || V->getType().isConstQualified())
    return false;
  if (const auto *Var = dyn_cast<VarDecl>(V); Var && Var->getTLSKind())
    return false;
  QualType T = V->getType();
  if (T->isScalarType())
    return !T->isAtomicType();
  const TypeModel *Model = TheModels.lookup(T);
  return Model && Model->Kind == TypeModel::SmartPointer;
}
