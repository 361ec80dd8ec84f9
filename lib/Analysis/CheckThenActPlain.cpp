//===- CheckThenActPlain.cpp - Plain state that is tested, then set
//--------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// Whether \p L is a scalar or pointer that is neither atomic nor a lock, and
/// that others can see.
bool CheckThenActWatcher::isPlainState(const Simulation &Sim, Loc L) const {
  const Memory &M = Sim.memory();
  const Memory::LocInfo &I = M.info(L);
  if (I.Kind != Memory::LocKind::Field && I.Kind != Memory::LocKind::Global)
    return false;
  const NamedDecl *D = TU.entities().decl({I.Id});
  const auto *V = dyn_cast_or_null<ValueDecl>(D);
  if (!V || V->getType().isConstQualified())
    return false;
  if (const auto *Var = dyn_cast<VarDecl>(V); Var && Var->getTLSKind())
    return false;
  QualType T = V->getType();
  if (T->isScalarType())
    return !T->isAtomicType();
  const TypeModel *Model = TU.models().lookup(T);
  return Model && Model->Kind == TypeModel::SmartPointer;
}

bool CheckThenActWatcher::tracksRead(const Simulation &Sim, Loc L) {
  if (SetUnderLock.empty())
    return false;
  const Memory::LocInfo &I = Sim.memory().info(L);
  return (I.Kind == Memory::LocKind::Field ||
          I.Kind == Memory::LocKind::Global) &&
         SetUnderLock.count({I.Id});
}

void CheckThenActWatcher::onAccess(const Simulation &Sim, const State &S,
                                   const Op &O, Loc L, bool Write) {
  if (!Write || S.Locks.empty() || MayBeLocked || AtEnd ||
      !isPlainState(Sim, L) || isFresh(Sim, L))
    return;
  const Memory &M = Sim.memory();
  auto Guard = llvm::find_if(
      S.Locks, [&](const HeldLock &H) { return isBeside(M, H.Mutex, L); });
  if (Guard == S.Locks.end())
    return;
  SetUnderLock.insert({M.info(L).Id});
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect != OpenQuery::PlainRead || Q.Object != L)
      continue;
    // "Is it mine already?": what is set is what the test asked for, and only
    // its owner can set it.
    Sym Set = O.Kind == OpKind::Store ? Sim.reg(O.B).S : 0;
    if (Set && llvm::is_contained(Q.ComparedWith, Set) &&
        M.symbol(Set).Kind != Memory::SymKind::Const)
      continue;
    if (decides(Sim, Q) && Reported.insert(identity(M, L)).second)
      reportTestOutsideLock(Sim, Sim.op(Q.OpId), O, L, Guard->Mutex);
  }
}

void CheckThenActWatcher::reportTestOutsideLock(const Simulation &Sim,
                                                const Op &Read, const Op &Write,
                                                Loc L, Loc Mutex) {
  std::string Name = nameOf(Sim, L), Lock = nameOf(Sim, Mutex);
  if (Name.empty() || Lock.empty())
    return;
  Finding R = start(Sim, Read);
  R.Message = "check-then-act on '" + Name + "': it is tested without '" +
              Lock + "', under which it is set";
  R.Notes.push_back({placeOf(Sim, Write), "set here, holding '" + Lock + "'"});
  R.Notes.push_back({R.Place, "another thread can be half-way through what "
                              "the test stands for; test under the lock, or "
                              "make '" +
                                  Name + "' atomic and test it again there"});
  Found.push_back(std::move(R));
}
