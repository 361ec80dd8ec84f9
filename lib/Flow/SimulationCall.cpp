//===- SimulationCall.cpp - What calls do to states -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Flow/Simulation.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace race;

const Effects &Simulation::effects(const Op &O) const { return known(O).All; }

Effects Simulation::effectsOfRun(const Op &O,
                                 const clang::FunctionDecl *F) const {
  CallInfo Call;
  Call.Callee = F;
  return Client.effectsOf(O, Call);
}

/// The captured pointers at whose pointees a lambda with the effects \p E
/// looks.
static llvm::SmallVector<EntityId, 1> lookedThrough(const Effects &E) {
  llvm::SmallVector<EntityId, 1> All = E.KeepsToUse;
  All.append(E.LooksAt.begin(), E.LooksAt.end());
  return All;
}

Simulation::KnownCall &Simulation::known(const Op &O) const {
  auto [It, New] = EffectsById.try_emplace(O.Id);
  KnownCall &K = It->second;
  if (New) {
    K.All = Client.effectsOf(O, G.Calls[O.Index]);
    KnownCall::Part P;
    P.Runs = O.Callee;
    P.Looks = lookedThrough(K.All);
    P.LastHandBack = K.All.HandBacks.size();
    P.LastContainer = K.All.Containers.size();
    K.Parts.push_back(std::move(P));
  }
  return K;
}

/// \p P, a path of a function that is run with \p Args, as one of the call that
/// runs it.
static AccessPath outside(const AccessPath &P,
                          llvm::ArrayRef<InvokeEffect::Argument> Args) {
  if (P.Root != AccessPath::Param)
    return P;
  AccessPath Q;
  Q.Root = AccessPath::Elsewhere;
  if (P.Index >= Args.size())
    return Q;
  const InvokeEffect::Argument &A = Args[P.Index];
  Q = A.Where;
  llvm::ArrayRef<PathStep> Steps = P.Steps;
  if (A.Address) {
    if (Steps.empty() || Steps.front().Kind != PathStep::Deref) {
      Q.Root = AccessPath::Elsewhere;
      return Q;
    }
    Steps = Steps.drop_front();
  }
  Q.Steps.append(Steps.begin(), Steps.end());
  return Q;
}

unsigned Simulation::partFor(const Op &O, const clang::FunctionDecl *F,
                             const InvokeEffect *By) const {
  KnownCall &K = known(O);
  for (unsigned I = 1; I < K.Parts.size(); ++I)
    if (K.Parts[I].Runs == F)
      return I;
  Effects E = effectsOfRun(O, F);
  KnownCall::Part P;
  P.Runs = F;
  P.FirstHandBack = K.All.HandBacks.size();
  P.FirstContainer = K.All.Containers.size();
  P.Writes = E.Writes;
  P.Looks = lookedThrough(E);
  auto Translate = [&](AccessPath &Path) {
    // A lambda's `this` is the one around it, not the object of the call.
    if (Path.Root == AccessPath::This) {
      Path.Root = AccessPath::Capture;
      Path.Entity = EntityId();
    } else if (By) {
      Path = outside(Path, By->Args);
    }
  };
  for (HandBackEffect &H : E.HandBacks) {
    Translate(H.What);
    if (H.OnlyIf)
      Translate(H.OnlyIf->Where);
    // The result of what is run is not that of the call.
    if (H.When == Outcome::Always)
      K.All.HandBacks.push_back(std::move(H));
  }
  for (ContainerEffect &C : E.Containers) {
    Translate(C.Object);
    if (C.Key)
      Translate(*C.Key);
    K.All.Containers.push_back(std::move(C));
  }
  for (AssignEffect &A : E.Assigns) {
    Translate(A.To);
    Translate(A.From);
    P.Assigns.push_back(std::move(A));
  }
  P.LastHandBack = K.All.HandBacks.size();
  P.LastContainer = K.All.Containers.size();
  K.Parts.push_back(std::move(P));
  return K.Parts.size() - 1;
}

Sym Simulation::argument(const CallInfo &Call, unsigned I) const {
  if (I >= Call.Args.size())
    return 0;
  RegValue V = reg(Call.Args[I]);
  if (I < 31 && (Call.ByReference >> I & 1))
    return V.L ? M.address(V.L) : V.S ? M.address(M.temp(V.S)) : 0;
  return valueOf(*Now, V);
}

Loc Simulation::captured(const State &S, const clang::FunctionDecl *Lambda,
                         EntityId E) const {
  // What was captured by copy stands beside the lambda.
  if (Lambda)
    if (Loc Copy = M.field(M.temp(M.function(Lambda)), E); S.Env.find(Copy))
      return Copy;
  for (unsigned I = 0; I < G.Locals.size(); ++I)
    if (G.Locals[I].Entity == E)
      return M.local(I);
  return M.capture(E);
}

Loc Simulation::resolve(const State &S, const Op &O, const AccessPath &P,
                        Sym *Content, const clang::FunctionDecl *In) const {
  const CallInfo &Call = G.Calls[O.Index];
  if (!In)
    In = Call.Callee;
  Loc L = 0;
  Sym V = 0;
  switch (P.Root) {
  case AccessPath::Param:
    V = argument(Call, P.Index);
    break;
  case AccessPath::This: {
    const auto *Method =
        llvm::dyn_cast_or_null<clang::CXXMethodDecl>(Call.Callee);
    // A lambda's `this` is that of the function it stands in.
    if (Method && Method->getParent()->isLambda())
      V = M.thisValue();
    else if (Call.Constructor) {
      V = reg(O.Dst).S;
      V = V ? M.address(M.temp(V)) : 0;
    } else {
      RegValue T = reg(Call.This);
      V = T.L ? M.address(T.L) : T.S ? M.address(M.temp(T.S)) : 0;
    }
    break;
  }
  case AccessPath::Global:
    L = M.global(P.Entity);
    break;
  case AccessPath::Capture:
    if (P.Entity.isValid())
      L = captured(S, In, P.Entity);
    else
      V = M.thisValue();
    break;
  case AccessPath::Result:
    V = reg(O.Dst).S;
    break;
  case AccessPath::Elsewhere:
    return 0;
  }
  for (const PathStep &Step : P.Steps) {
    if (L && Step.Kind == PathStep::Deref)
      V = load(S, L), L = 0;
    if (L == 0 && !V)
      return 0;
    switch (Step.Kind) {
    case PathStep::Deref:
      L = M.pointee(V);
      break;
    case PathStep::Index:
      L = M.index(L ? L : M.temp(V), 0);
      break;
    case PathStep::Field:
      L = M.field(L ? L : M.temp(V), Step.Entity);
      break;
    }
    V = 0;
  }
  if (Content)
    *Content = L ? load(S, L) : V;
  return L;
}

Sym Simulation::derivedFromArguments(const State &S, const Op &O,
                                     const CallInfo &Call, Sym Else) {
  Sym Result = 0;
  for (unsigned I = 0; I < Call.Args.size() && I < 3; ++I) {
    Sym V = argument(Call, I);
    if (V && (Call.ByReference >> I & 1))
      V = load(S, M.pointee(V));
    else if (V && M.symbol(V).Kind == Memory::SymKind::Address)
      V = load(S, M.symbol(V).Where);
    if (!V)
      continue;
    Result = Result ? M.derive(Result, V, O.Id) : M.derive(V, 0, O.Id);
  }
  return Result ? Result : Else;
}

bool Simulation::isAnswer(const State &S, Sym V) const {
  return V && llvm::any_of(S.Queries, [&](const OpenQuery &Q) {
           return Q.Answer && M.dependsOn(V, Q.Answer);
         });
}

Sym Simulation::answerAmong(const State &S, const CallInfo &Call) const {
  if (S.Queries.empty())
    return 0;
  auto IsAnswer = [&](RegValue R) -> Sym {
    Sym V = R.S;
    if (!V && R.L) {
      const Sym *Held = S.Env.find(R.L);
      V = Held ? *Held : 0;
    }
    return isAnswer(S, V) ? V : 0;
  };
  if (Call.This >= 0) {
    if (Sym V = IsAnswer(reg(Call.This)))
      return V;
    // What a question says of the object that was found.
    const auto *Asks =
        llvm::dyn_cast_or_null<clang::CXXMethodDecl>(Call.Callee);
    if (Asks && Asks->isConst() && !Asks->isOverloadedOperator())
      if (Sym V = M.pointerTo(reg(Call.This).L); isAnswer(S, V))
        return V;
  }
  for (Reg R : Call.Args) {
    if (Sym V = IsAnswer(reg(R)))
      return V;
    // What the answer leads to, by reference: `clone(*Found)`.
    if (Sym V = M.pointerTo(reg(R).L); isAnswer(S, V))
      return V;
  }
  return 0;
}

/// The function or lambda that \p V is, or null.
static const clang::FunctionDecl *functionIn(const Memory &M, Sym V) {
  const Memory::SymInfo &I = M.symbol(V);
  return I.Kind == Memory::SymKind::Function ? I.Callee : nullptr;
}

static bool isLambda(const clang::FunctionDecl *F) {
  const auto *Method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(F);
  return Method && Method->getParent()->isLambda();
}

const clang::FunctionDecl *Simulation::lambdaIn(const State &S,
                                                RegValue V) const {
  const clang::FunctionDecl *F = functionIn(M, valueOf(S, V));
  return isLambda(F) ? F : nullptr;
}

Sym Simulation::calledValue(const State &S, const CallInfo &Call) const {
  if (Call.Delete)
    return 0;
  if (!Call.Callee) {
    return valueOf(S, reg(Call.Target));
  }
  const auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(Call.Callee);
  if (!Method || Method->getOverloadedOperator() != clang::OO_Call)
    return 0;
  return valueOf(S, reg(Call.This));
}

bool Simulation::isOver(const State &S, const CallInfo &Call) const {
  RegValue D = reg(Call.Destroyed);
  Loc L = asLocation(D);
  if (!L)
    return true;
  // It was moved from, or what it is a part of was.
  for (Loc Whole = L; Whole; Whole = M.info(Whole).Parent)
    if (isMovedFrom(S, Whole))
      return true;
  // What is returned lives on with the caller.
  const RegValue *Returned = S.Regs.find(ReturnedReg);
  return Returned && Returned->S &&
         G.Function->getReturnType()->isRecordType() &&
         Returned->S == (D.S ? D.S : load(S, L));
}

std::vector<Simulation::Running> Simulation::findRunning(State &S, const Op &O,
                                                         const CallInfo &Call) {
  std::vector<Running> Result;
  const Effects &E = effects(O);
  Sym Called = calledValue(S, Call);
  const clang::FunctionDecl *F = functionIn(M, Called);
  bool Direct = true;
  if (F && F != (Call.Callee ? Call.Callee->getCanonicalDecl() : nullptr)) {
    // Through a pointer, std::function or the like.
    Result.push_back({partFor(O, F, nullptr), {}});
    Direct = false;
  } else if (!F && Called && E.Locks.empty() && M.pathOfValue(Called, G)) {
    // Which one it is, only callers know: a template's body must not be taken
    // for what its first instantiation calls. (A lock's is known well enough.)
    S.noteRun(Called);
    if (Reporting)
      Client.onRun(*this, O, Called);
    Direct = !isLambda(Call.Callee);
  }
  if (Direct)
    Result.insert(Result.begin(), {0, {}});
  for (const InvokeEffect &I : llvm::SmallVector<InvokeEffect, 0>(E.Invokes)) {
    Sym Target = 0;
    resolve(S, O, I.Target, &Target);
    if (!Target)
      continue;
    const clang::FunctionDecl *Runs = functionIn(M, Target);
    if (!Runs) {
      if (I.Sure && !I.OnlyIf && M.pathOfValue(Target, G)) {
        S.noteRun(Target);
        if (Reporting)
          Client.onRun(*this, O, Target);
      }
      continue;
    }
    Running R{partFor(O, Runs, &I), {}};
    R.Sure = I.Sure;
    R.Repeats = I.Repeats;
    if (I.OnlyIf)
      R.Sure &= condition(S, O, *I.OnlyIf, nullptr, R.When);
    Result.push_back(std::move(R));
  }
  return Result;
}

/// A lambda that runs looks at what it has captured.
void Simulation::reportRun(const State &S, const Op &O,
                           llvm::ArrayRef<Running> Runs) {
  const KnownCall &K = known(O);
  for (const Running &R : Runs) {
    const KnownCall::Part &P = K.Parts[R.Part];
    if (!isLambda(P.Runs) || !R.Sure || !R.When.empty())
      continue;
    for (EntityId E : P.Looks) {
      Sym V = load(S, captured(S, P.Runs, E));
      Sym Gone = goneBehind(S, V);
      // Its own message says it: handed back twice.
      bool Again = false;
      for (unsigned I = P.FirstHandBack; Gone && I < P.LastHandBack; ++I) {
        Sym Content = 0;
        resolve(S, O, K.All.HandBacks[I].What, &Content, P.Runs);
        Again |= Content == Gone;
      }
      if (Gone && !Again)
        Client.onUse(*this, S, O, V, UseKind::Called);
    }
  }
}

/// What the call hands back may be what something else that it is given, and
/// that it looks at behind that, leads into.
void Simulation::reportLateUses(const State &S, const Op &O, const Effects &E,
                                llvm::ArrayRef<Given> Back) {
  State After = S;
  for (const Given &B : Back)
    end(After, B.V, {O.Id, B.Index});
  for (const LateUseEffect &U : E.LateUses) {
    Sym V = 0;
    resolve(S, O, U.Pointer, &V);
    const HandedBack *By = After.Gone.find(goneBehind(After, V));
    if (By && By->OpId == O.Id && E.HandBacks[By->Effect].What == U.After)
      Client.onUse(*this, After, O, V, UseKind::Followed);
  }
}

/// Whoever is given a lambda runs it, now or later.
void Simulation::reportPassedLambda(const State &S, const Op &O, RegValue V) {
  const clang::FunctionDecl *F = lambdaIn(S, V);
  if (!F)
    return;
  for (EntityId E : effectsOfRun(O, F).KeepsToUse)
    if (Sym X = load(S, captured(S, F, E)); goneBehind(S, X))
      Client.onUse(*this, S, O, X, UseKind::Kept);
}

bool Simulation::condition(const State &S, const Op &O, const PathCondition &C,
                           const clang::FunctionDecl *In,
                           Conditions &When) const {
  Sym V = 0;
  resolve(S, O, C.Where, &V, In);
  if (V)
    When.push_back({V, C.Truth});
  return V != 0;
}

void Simulation::addOutcome(Outcome Of, Sym Result, Conditions &When) const {
  switch (Of) {
  case Outcome::Always:
    return;
  case Outcome::True:
  case Outcome::False:
    When.push_back({Result, Of == Outcome::True});
    return;
  case Outcome::Negative:
  case Outcome::NonNegative:
    When.push_back({M.compare(Comparison::LT, Result, M.constant(0)),
                    Of == Outcome::Negative});
    return;
  }
}

void Simulation::applyWhen(std::vector<State> &Work, const Conditions &When,
                           llvm::function_ref<void(State &)> Apply) {
  std::vector<State> After;
  for (State &S : Work) {
    bool Possible = true;
    for (const auto &[V, Truth] : When) {
      State Not = S;
      bool Otherwise = Not.assume(M, V, !Truth);
      Possible = S.assume(M, V, Truth);
      if (Otherwise || !Possible)
        After.push_back(std::move(Not));
      if (!Possible)
        break;
    }
    if (!Possible)
      continue;
    Now = &S;
    Apply(S);
    After.push_back(std::move(S));
  }
  Work = std::move(After);
}

void Simulation::assign(State &S, const Op &O, llvm::ArrayRef<Running> Runs) {
  const KnownCall &K = known(O);
  // All are read before the first is written.
  std::vector<std::pair<Loc, Sym>> Stores;
  auto Read = [&](const AssignEffect &A, const clang::FunctionDecl *In) {
    Sym V = 0;
    if (A.Value)
      V = M.constant(*A.Value);
    else
      resolve(S, O, A.From, &V, In);
    Loc To = resolve(S, O, A.To, nullptr, In);
    if (To && V)
      Stores.push_back({To, V});
  };
  llvm::SmallVector<Loc, 8> Changed;
  for (const Running &R : Runs) {
    const KnownCall::Part &P = K.Parts[R.Part];
    for (EntityId E : P.Writes)
      Changed.push_back(captured(S, P.Runs, E));
    if (R.Sure && !R.Repeats && R.When.empty())
      for (const AssignEffect &A : P.Assigns)
        Read(A, P.Runs);
  }
  if (llvm::any_of(Runs, [](const Running &R) { return R.Part == 0; }))
    for (const AssignEffect &A : K.All.Assigns)
      Read(A, nullptr);
  // Whoever gets a lambda may run it.
  auto MayRun = [&](RegValue V) {
    const clang::FunctionDecl *F = lambdaIn(S, V);
    if (!F)
      return;
    for (EntityId E : effectsOfRun(O, F).Writes)
      Changed.push_back(captured(S, F, E));
  };
  const CallInfo &Call = G.Calls[O.Index];
  for (Reg R : Call.Args)
    MayRun(reg(R));
  if (Call.This >= 0 && Call.Destroyed < 0)
    MayRun(reg(Call.This));
  forgetChanged(S, O, Call, K.All, Changed);
  for (const auto &[To, V] : Stores)
    store(S, To, V, O.Id);
}

/// Whether \p Call gives a place in the container that it is made on: `begin`,
/// `find`.
static bool givesPosition(const CallInfo &Call) {
  const auto *Method =
      llvm::dyn_cast_or_null<clang::CXXMethodDecl>(Call.Callee);
  const clang::CXXRecordDecl *R =
      Method ? Method->getReturnType()->getAsCXXRecordDecl() : nullptr;
  return R && Method->getParent()->isInStdNamespace() && isIterator(R) &&
         !isIterator(Method->getParent());
}

void Simulation::executeCall(const Op &O, std::vector<State> &States,
                             size_t I) {
  const CallInfo &Call = G.Calls[O.Index];
  State *S = &States[I];
  Now = S;
  bool Implicit = Call.Destroyed >= 0;
  if (Implicit && isOver(*S, Call))
    return;
  const Effects &E = effects(O);
  if (!Implicit) {
    if (Reporting)
      Client.onCall(*this, *S, O, Call);
    reportUses(*S, O, Call, E);
  }

  // The result first, so that effects can speak of it.
  Sym Result = resultOf(*S, O, Call, E);
  if (Loc Within = reg(Call.This).L; Within && givesPosition(Call))
    M.setPosition(Result, Within);
  set(*S, O.Dst, {0, Result});
  // `if (!p)` of a smart pointer reads it, too.
  Loc Object = reg(Call.This).L;
  auto IsAtomic = [](const ContainerEffect &C) {
    return C.Of == StateKind::Atomic;
  };
  if (!Implicit && Object && !(Call.MayChange >> Effects::ThisBit & 1) &&
      llvm::none_of(E.Containers, IsAtomic) && Client.tracksRead(*this, Object))
    track(*S, O, Object, Result);
  if (Reporting && !Implicit)
    Client.onResult(*this, *S, O, Result);
  std::vector<Running> Runs = findRunning(*S, O, Call);
  bool Direct =
      llvm::any_of(Runs, [](const Running &R) { return R.Part == 0; });
  if (Reporting && !S->Gone.empty())
    reportRun(*S, O, Runs);

  // Locks that the call takes and keeps come before what it does under them;
  // what it releases, after.
  for (const LockEffect &L : E.Locks)
    if (Direct && L.Op != LockModel::Release && L.When == Outcome::Always &&
        !L.OnlyIf)
      applyLock(*S, O, L, Result);
  for (const Running &R : Runs) {
    const KnownCall::Part &P = known(O).Parts[R.Part];
    for (unsigned C = P.FirstContainer; R.Sure && C < P.LastContainer; ++C)
      applyContainer(*S, O, E.Containers[C], C, R.Part ? 0 : Result, P.Runs);
  }
  for (const LockEffect &L : E.Locks)
    if (Direct && L.Op == LockModel::Release && L.When == Outcome::Always &&
        !L.OnlyIf)
      applyLock(*S, O, L, Result);

  // What, resolved before the call changes anything.
  std::vector<Given> Back = findGiven(*S, O, Runs, Result);
  if (Reporting && !E.LateUses.empty())
    reportLateUses(*S, O, E, Back);
  std::vector<std::pair<const LockEffect *, Conditions>> Locks;
  for (const LockEffect &L : E.Locks) {
    Conditions When;
    if (!Direct || (L.When == Outcome::Always && !L.OnlyIf))
      continue;
    if (L.OnlyIf && !condition(*S, O, *L.OnlyIf, nullptr, When))
      continue;
    addOutcome(L.When, Result, When);
    Locks.push_back({&L, std::move(When)});
  }
  // What the call changes may grow older by it; what it hands back is still the
  // one from before, and grows older too.
  auto ForEachKept = [&](llvm::function_ref<void(Reg, RegValue &)> Do) {
    Reg R = ReturnedReg;
    auto Keep = [&](Loc &L, Sym &V) {
      RegValue Where{L, 0}, Value{0, V};
      Do(--R, Where);
      Do(--R, Value);
      L = Where.L;
      V = Value.S;
    };
    Loc None = 0;
    Keep(None, Result);
    for (Given &B : Back) {
      Keep(B.Where, B.V);
      for (auto &C : B.When)
        Keep(None, C.first);
    }
    for (auto &L : Locks)
      for (auto &C : L.second)
        Keep(None, C.first);
  };
  const bool Keeps = !Back.empty() || !Locks.empty();
  if (Keeps)
    ForEachKept([&](Reg R, RegValue &V) { S->Regs[R] = V; });
  assign(*S, O, Runs);
  if (Keeps)
    ForEachKept([&](Reg R, RegValue &V) {
      V = *S->Regs.find(R);
      S->Regs.erase(R);
    });
  // An answer in a variable is what that holds after the call.
  for (unsigned C = 0; C < E.Containers.size(); ++C) {
    const std::optional<AccessPath> &Answer = E.Containers[C].Answer;
    Sym Before = 0;
    Loc Out = Answer ? resolve(*S, O, *Answer, &Before) : 0;
    for (OpenQuery &Q : S->Queries)
      if (Answer && Q.OpId == O.Id && Q.Effect == C)
        Q.Answer = Answer->Steps.empty() ? Before : load(*S, Out);
  }
  if (!S->Guards.empty() && !Call.Args.empty())
    releaseMoved(*S, O, Call);
  for (const AccessPath &P : E.Acquires) {
    Sym V = 0;
    resolve(*S, O, P, &V);
    S->Gone.erase(V);
  }
  if (Locks.empty() && Back.empty())
    return;

  auto Give = [&](const Given &B, State &T) {
    const HandBackEffect &H = E.HandBacks[B.Index];
    if (H.Exactly && H.When != Outcome::Always &&
        !T.assumeEqual(M, Result, *H.Exactly, true))
      return;
    T.Gone[B.V] = {O.Id, B.Index};
    if (!B.Where)
      return;
    // What else the call may have changed, this is known.
    if (H.Nulls)
      store(T, B.Where, M.constant(0), O.Id);
    else if (H.Renews == std::optional<bool>(false) || !T.Env.find(B.Where))
      T.Env[B.Where] =
          H.Renews.value_or(false) ? M.changed(O.Id, B.Where) : B.V;
  };
  // Outcomes and conditions tell states apart.
  std::vector<State> Work;
  Work.push_back(std::move(*S));
  for (const auto &[L, When] : Locks)
    applyWhen(Work, When,
              [&, L = L](State &T) { applyLock(T, O, *L, Result); });
  for (const Given &B : Back) {
    // Each may double the states, and calls follow one another in a block: of
    // too many what may also not happen is left out, which loses findings only.
    if (!B.When.empty() &&
        States.size() + Work.size() > 2 * Limit.StatesPerBlock)
      continue;
    applyWhen(Work, B.When, [&](State &T) { Give(B, T); });
  }
  // The operation loop takes only the states that were there before it.
  States[I] = std::move(Work.front());
  for (State &More : llvm::drop_begin(Work))
    States.push_back(std::move(More));
}
