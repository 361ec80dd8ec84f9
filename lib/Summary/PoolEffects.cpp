//===- PoolEffects.cpp - What is handed back to pools ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EffectPlaces.h"
#include "Expressions.h"
#include "race/Summary/CallEffects.h"
#include "race/Summary/PoolFinder.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace race;

/// Whether what \p P keeps its resources in is named for that.
static bool keepsUnused(const PoolPut &P, const PoolNames &Names) {
  if (P.Container->getIdentifier() && Names.isStock(P.Container->getName()))
    return true;
  const auto *Method = dyn_cast<CXXMethodDecl>(P.Put);
  return Method && Names.isPoolType(Method->getParent()->getName());
}

void CallEffects::addPools() {
  for (PoolPut &P : findPools(Scan, Names)) {
    Effects E = compute(P.Put);
    HandBackEffect H;
    H.What =
        P.Param < 0 ? AccessPath::thisPointer() : AccessPath::param(P.Param);
    if (P.Param >= 0) {
      QualType T = P.Put->getParamDecl(P.Param)->getType();
      if (T->isReferenceType() &&
          !T->getPointeeType().getUnqualifiedType()->isRecordType())
        H.What = H.What.then(PathStep::deref());
    }
    H.Why = P.Why;
    H.Reason = P.Reason;
    // One sign alone a queue of work shows, too, or a list whose nodes the
    // function that put them there may well go on with.
    bool Sounds =
        (P.Put->getIdentifier() && Names.isRelease(P.Put->getName())) ||
        keepsUnused(P, Names);
    H.HandedOver = P.HandedOver;
    bool Sure = P.Locked + P.Certain + Sounds >= 2;
    if (!P.HandedOver && !Sure)
      H.OnlyFrom = Entities.entity(P.Get);
    if (!P.HandedOver && Sure && P.Locked && !P.Unseen)
      Stocks.try_emplace(P.Container, H.Reason);
    // What the source or a model says of it goes first.
    if (!isHandedBack(E, H.What))
      E.HandBacks.push_back(H);
    dropKept(P.Put, E);
    E.Known = true;
    Known[P.Put->getCanonicalDecl()] = E;
    Puts[P.Put->getCanonicalDecl()] = {H, Entities.entity(P.Container),
                                       P.Unseen, Scan.find(P.Put)->Locks};
    if (const auto *Method = dyn_cast<CXXMethodDecl>(P.Put);
        Method && !P.Unseen)
      Pools.insert(Method->getParent()->getCanonicalDecl());
  }
}

/// What is put where a pool keeps what nobody uses is handed back, whoever does
/// it.
void CallEffects::addStocked(const Op &O, Effects &E) const {
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(O.Node);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  if (Stocks.empty() || !Method || !Method->getIdentifier() ||
      Method->getNumParams() != 1 || !isAddition(Method->getName()) ||
      !Method->getParent()->isInStdNamespace())
    return;
  const ValueDecl *Container = namedObject(Call->getImplicitObjectArgument());
  auto It = Stocks.find(Container);
  if (It == Stocks.end())
    return;
  HandBackEffect H;
  H.What = valueOfParam(Method, 0);
  H.Why = Evidence::Structural;
  H.Reason = It->second;
  H.Stocked = true;
  E.HandBacks.push_back(std::move(H));
}
