//===- EffectsClient.h - A simulation that knows the calls ------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_EFFECTSCLIENT_H
#define RACE_SUMMARY_EFFECTSCLIENT_H

#include "race/Flow/Simulation.h"
#include "race/Summary/CallEffects.h"

namespace race {

/// A client of a simulation that has from CallEffects what calls do, and which
/// locks the callers of the function hold. The summarizer and the analyses are
/// built on it.
class EffectsClient : public SimulationClient {
public:
  /// \param F the function that is simulated.
  EffectsClient(const CallEffects &Calls, const clang::FunctionDecl *F)
      : Calls(Calls), F(F) {}

  Effects effectsOf(const Op &O, const CallInfo &Call) override {
    Effects E = Calls.of(Call);
    Calls.addErased(O, E);
    Calls.addStocked(O, E);
    return E;
  }

  void onEntry(const Simulation &Sim, State &S) override {
    for (const AccessPath &P : Calls.requiredLocks(F))
      if (Loc L = Sim.inside(P))
        S.acquire(L, LockMode::Exclusive, 0, 0);
  }

  llvm::ArrayRef<EntityId> pointersInto(EntityId Field) override {
    return Calls.pointersInto(Field);
  }
  bool keepsOwnArena(EntityId Field) override {
    return Calls.keepsOwnArena(Field);
  }
  bool maySet(const CallInfo &Call, unsigned I, EntityId Member) override {
    return Calls.maySet(Call, I, Member);
  }
  bool sets(const CallInfo &Call, EntityId Member) override {
    return Calls.sets(Call, Member).value_or(false);
  }

protected:
  const CallEffects &Calls;
  const clang::FunctionDecl *F;
};

} // namespace race

#endif // RACE_SUMMARY_EFFECTSCLIENT_H
