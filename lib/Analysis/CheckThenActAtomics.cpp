//===- CheckThenActAtomics.cpp - Atomics that are tested, then set --------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// Whether the function that \p O calls says that its callers hold a lock, or
/// are one thread.
bool CheckThenActWatcher::isKept(const Op &O) const {
  return O.Callee && TU.scan().find(O.Callee) &&
         Facts.Kept.count(TU.entities().entity(O.Callee));
}

/// Whether the block of \p O calls the program's own code too.
bool CheckThenActWatcher::doesMore(const Simulation &Sim, const Op &O) const {
  for (const Op &Other : Sim.graph().Blocks[Sim.block()].Ops)
    if (Other.Kind == OpKind::Call && Other.Id != O.Id && Other.Callee &&
        !TU.models().lookup(Other.Callee) && !Other.Callee->isInStdNamespace())
      return true;
  return false;
}

/// Whether the atomic \p Object goes through several states, of which somebody
/// takes one by compare-and-exchange: others move on from those that are
/// theirs.
bool CheckThenActWatcher::hasStates(const Simulation &Sim, Loc Object) const {
  EntityId Id{identity(Sim.memory(), Object)};
  if (!Facts.Swapped.count(Id))
    return false;
  const auto *D = dyn_cast_or_null<ValueDecl>(TU.entities().decl(Id));
  if (!D)
    return true;
  QualType T = D->getType().getNonReferenceType();
  if (const auto *Atomic = T->getAs<AtomicType>())
    T = Atomic->getValueType();
  const auto *Of =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(T->getAsRecordDecl());
  if (Of && Of->getTemplateArgs().size() &&
      Of->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
    T = Of->getTemplateArgs()[0].getAsType();
  return !T->isBooleanType();
}

static bool setsWhatWasComparedWith(const Simulation &Sim, const Op &O,
                                    const OpenQuery &Q) {
  const Memory &M = Sim.memory();
  const CallInfo *Call =
      O.Kind == OpKind::Call ? &Sim.graph().Calls[O.Index] : nullptr;
  for (unsigned I = 0; Call && I < Call->Args.size(); ++I) {
    Sym V = Sim.argument(*Call, I);
    if (V && M.symbol(V).Kind != Memory::SymKind::Const &&
        llvm::is_contained(Q.ComparedWith, V))
      return true;
  }
  return false;
}

/// Whether the act at \p O comes too late for the answer to \p Q.
///
/// Protocols of atomics are their authors' business: a hint, one writer, an
/// order that makes it right. A weaker order than the default shows that there
/// is one. Three patterns are none:
/// - a value is loaded, and what is computed from it is stored;
/// - a count is compared, and then changed without a look at what it was;
/// - a flag is tested and set, and more hangs on it than the store.
bool CheckThenActWatcher::isAtomicRace(const Simulation &Sim, const Op &O,
                                       const ContainerEffect &Act,
                                       const OpenQuery &Q) const {
  const ContainerEffect &Query =
      Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect];
  if (Query.OrderGiven || Act.OrderGiven)
    return false;
  if (Act.Kind == ContainerOpModel::Atomic)
    return !Act.ResultUsed && (countsUp(Act.Name) || countsDown(Act.Name)) &&
           decides(Sim, Q);
  if (isComputedFrom(Sim, O, Q.Answer))
    return true;
  // What is set is what was compared with: to set it once more changes nothing.
  return decides(Sim, Q) && doesMore(Sim, O) && !hasStates(Sim, Q.Object) &&
         !setsWhatWasComparedWith(Sim, O, Q);
}

void CheckThenActWatcher::onAtomic(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Act,
                                   Loc Object) {
  noteHandshake(Sim, S, O, Act, Object);
  noteCountUnderLock(Sim, S, Act, Object);
  // What a callee does only under some condition of its own is its business.
  if ((Act.Kind != ContainerOpModel::Act &&
       Act.Kind != ContainerOpModel::Atomic) ||
      Act.Conditional || Act.Rechecks || isKept(O) ||
      (Act.RechecksIfLocked && !S.Locks.empty()) || isFresh(Sim, Object))
    return;
  auto Asked = [&](const OpenQuery &Q) {
    return Q.Effect != OpenQuery::PlainRead && !Q.Changes &&
           Q.Object == Object && Q.OpId != O.Id;
  };
  for (const OpenQuery &Q : S.Queries)
    if (Asked(Q) && !Q.HeldSince.empty())
      return;
  for (const OpenQuery &Q : S.Queries) {
    if (!Asked(Q) || !isAtomicRace(Sim, O, Act, Q))
      continue;
    std::optional<Why> Shared = sharedBecause(Sim, S, O, Act, Q);
    if (Shared && Reported.insert(identity(Sim.memory(), Object)).second)
      reportPair(Sim, S, O, Act, Object, Q, *Shared);
  }
}
