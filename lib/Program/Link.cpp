//===- Link.cpp - From summaries to one call graph ------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which functions the program has, who calls whom, where threads start, and
// which of all that leads to something a claim speaks of.
//
//===----------------------------------------------------------------------===//

#include "Reach.h"
#include "race/Program/Program.h"
#include "race/Program/Separate.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <tuple>

using namespace llvm;
using namespace race;

Program::Program(const EntityTable &Names,
                 std::vector<const TUSummary *> TheSummaries)
    : Names(Names), Summaries(std::move(TheSummaries)) {
  // Inline functions come with every unit; one that saw more says more.
  auto Weight = [](const FunctionSummary &F) {
    return F.Accesses.size() + F.Calls.size() + F.Starts.size();
  };
  for (const TUSummary *TU : Summaries)
    for (const FunctionSummary &F : TU->Functions) {
      auto [It, New] = ByName.try_emplace(F.Function, &F);
      if (!New && Weight(F) > Weight(*It->second))
        It->second = &F;
    }
  for (const TUSummary *TU : Summaries)
    for (const FunctionSummary &F : TU->Functions) {
      if (ByName.lookup(F.Function) != &F)
        continue;
      Functions.push_back(&F);
      for (EntityId Over : F.Overrides)
        Overriders[Over].push_back(&F);
    }
  countPrograms();
  mergeClaims();
  resolveCallables();
  collectRoots();
  connect();
  expandClaims();
  findRelevant();
  findPhases();
  findHandedOver();
  reach();
}

Program::~Program() = default;

static void sortUnique(std::vector<EntityId> &V) {
  llvm::sort(V);
  V.erase(std::unique(V.begin(), V.end()), V.end());
}

void Program::countPrograms() {
  for (const FunctionSummary *F : Functions)
    if (!F->Programs.empty())
      Programs = std::max(Programs, F->Programs.back() + 1);
}

/// A claim in a header is seen by every unit that includes it.
void Program::mergeClaims() {
  using Key = std::tuple<Anchor, Claim::KindTy, std::string, std::string>;
  std::map<Key, size_t> Known;
  for (const TUSummary *TU : Summaries)
    for (const ClaimSummary &C : TU->Claims) {
      Key K(C.Place, C.What.Kind, C.Quote, C.What.Subject);
      auto [It, New] = Known.try_emplace(K, Claims.size());
      if (New) {
        Claims.push_back(C);
        // Each unit has an order of its own.
        sortUnique(Claims.back().State);
        continue;
      }
      ClaimSummary &Same = Claims[It->second];
      for (auto Member : {&ClaimSummary::State, &ClaimSummary::Functions,
                          &ClaimSummary::Classes}) {
        (Same.*Member)
            .insert((Same.*Member).end(), (C.*Member).begin(),
                    (C.*Member).end());
        sortUnique(Same.*Member);
      }
      if (!Same.Lock.isValid())
        Same.Lock = C.Lock;
      uniteParts(Same.Programs, C.Programs, /*First=*/false);
    }
  for (const ClaimSummary &C : Claims)
    if (C.What.Kind == Claim::CallerHolds)
      for (EntityId F : C.Functions)
        if (EntityId &Lock = Assumed[F]; !Lock.isValid())
          Lock = C.Lock;
}

/// Finds out what variables, fields and parameters may hold: a worklist over
/// (holder, function), each pair once.
void Program::resolveCallables() {
  DenseMap<EntityId, SmallVector<EntityId, 2>> FlowsTo;
  DenseMap<EntityId, SmallVector<const CallableArgument *, 2>> PassedThrough;
  std::vector<std::pair<EntityId, EntityId>> Work;
  DenseSet<std::pair<EntityId, EntityId>> Seen;
  auto Add = [&](EntityId Holder, EntityId Function) {
    if (Seen.insert({Holder, Function}).second) {
      Holds[Holder].push_back(Function);
      Work.push_back({Holder, Function});
    }
  };
  auto Flow = [&](EntityId From, EntityId To) {
    if (ByName.count(From))
      return Add(To, From);
    FlowsTo[From].push_back(To);
    auto It = Holds.find(From);
    if (It == Holds.end())
      return;
    SmallVector<EntityId, 2> Now = It->second;
    for (EntityId F : Now)
      Add(To, F);
  };
  auto FlowToParameter = [&](EntityId Value, const FunctionSummary *F,
                             unsigned Index) {
    if (Index < F->Params.size() && F->Params[Index].isValid())
      Flow(Value, F->Params[Index]);
  };

  std::vector<const CallableArgument *> ToUnknown;
  for (const TUSummary *TU : Summaries) {
    for (const CallableFlow &F : TU->Flows)
      Flow(F.From, F.To);
    for (const CallableArgument &A : TU->Arguments) {
      if (A.Through) {
        PassedThrough[A.Callee].push_back(&A);
        auto It = Holds.find(A.Callee);
        if (It == Holds.end())
          continue;
        SmallVector<EntityId, 2> Now = It->second;
        for (EntityId F : Now)
          if (const FunctionSummary *S = ByName.lookup(F))
            FlowToParameter(A.Value, S, A.Index);
        continue;
      }
      auto Known = targets(A.Callee, false, A.Virtual);
      if (Known.empty())
        ToUnknown.push_back(&A);
      for (const FunctionSummary *F : Known)
        FlowToParameter(A.Value, F, A.Index);
    }
  }
  while (!Work.empty()) {
    auto [Holder, Function] = Work.back();
    Work.pop_back();
    for (EntityId To : SmallVector<EntityId, 2>(FlowsTo.lookup(Holder)))
      Add(To, Function);
    if (const FunctionSummary *F = ByName.lookup(Function))
      for (const CallableArgument *A : PassedThrough.lookup(Holder))
        FlowToParameter(A->Value, F, A->Index);
  }

  // Kept for a call that may be seen; what unknown code gets runs when it
  // likes.
  for (const auto &[Holder, Held] : Holds)
    Kept.insert(Held.begin(), Held.end());
  auto Escape = [&](EntityId Value) {
    Kept.erase(Value);
    for (EntityId F : Holds.lookup(Value))
      Kept.erase(F);
  };
  for (const CallableArgument *A : ToUnknown)
    Escape(A->Value);
  for (const auto &[Holder, Arguments] : PassedThrough)
    if (!Holds.count(Holder))
      for (const CallableArgument *A : Arguments)
        Escape(A->Value);
}

SmallVector<const FunctionSummary *, 2>
Program::targets(EntityId Callee, bool Through, bool Virtual) const {
  SmallVector<const FunctionSummary *, 2> Result;
  if (Through) {
    // Tasks in a queue all run sooner or later. Which function a table's entry
    // or a callback of many implementations is, nobody knows.
    constexpr unsigned MaxPlain = 8, MaxAll = 48;
    unsigned Plain = 0;
    auto It = Holds.find(Callee);
    if (It == Holds.end())
      return Result;
    for (EntityId F : It->second)
      if (const FunctionSummary *S = ByName.lookup(F)) {
        Result.push_back(S);
        Plain += !S->Encloser.isValid();
      }
    if (Plain > MaxPlain || Result.size() > MaxAll)
      Result.clear();
    return Result;
  }
  if (const FunctionSummary *F = ByName.lookup(Callee))
    Result.push_back(F);
  if (!Virtual)
    return Result;
  // Every override of it, and theirs.
  SmallVector<EntityId, 4> Work{Callee};
  while (!Work.empty()) {
    auto It = Overriders.find(Work.pop_back_val());
    if (It == Overriders.end())
      continue;
    for (const FunctionSummary *F : It->second)
      if (!is_contained(Result, F)) {
        Result.push_back(F);
        Work.push_back(F->Function);
      }
  }
  return Result;
}

/// Whether what is started runs on the thread that runs the event loop, which
/// is most often the one that starts it.
static bool sameThread(ThreadStartModel::KindTy Kind) {
  return Kind == ThreadStartModel::Loop || Kind == ThreadStartModel::Timer;
}

/// \param In the program.
void Program::addRoot(const StartSummary &S, EntityId Target, unsigned In) {
  auto &Known = RootsOf[Target];
  for (unsigned R : Known)
    if (Roots[R].InProgram == In) {
      // Started in two places: two can run at once.
      Roots[R].Concurrent = true;
      return;
    }
  Known.push_back(Roots.size());
  Started.insert(Target);
  std::string Name = S.Name;
  if (const FunctionSummary *F = ByName.lookup(Target))
    Name += ' ' + F->ThreadName;
  Roots.push_back({Target, S.Kind, S.Concurrent, S.Place, S.SharedObject,
                   std::move(Name), In});
}

/// Adds a root for each program that has both the function and who starts it.
/// \param Starters the programs of that, none for all.
void Program::addRoots(const StartSummary &S, EntityId Target,
                       ArrayRef<unsigned> Starters) {
  const FunctionSummary *Body = ByName.lookup(Target);
  auto Has = [](ArrayRef<unsigned> Some, unsigned One) {
    return Some.empty() || is_contained(Some, One);
  };
  for (unsigned In = 0; In < Programs; ++In)
    if (Has(Starters, In) && (!Body || Has(Body->Programs, In)))
      addRoot(S, Target, In);
}

void Program::collectRoots() {
  // The first: whoever calls.
  Roots.resize(Programs);
  for (unsigned In = 0; In < Programs; ++In)
    Roots[In].InProgram = In;
  for (const FunctionSummary *F : Functions)
    for (const StartSummary &S : F->Starts) {
      // A thread's body may be an override, or what a helper was given.
      auto Bodies = targets(S.Callee, S.Through, /*Virtual=*/true);
      if (sameThread(S.Kind)) {
        OnLoop.insert(OnLoop.end(), Bodies.begin(), Bodies.end());
        continue;
      }
      for (const FunctionSummary *Body : Bodies)
        addRoots(S, Body->Function, F->Programs);
      if (Bodies.empty() && !S.Through)
        addRoots(S, S.Callee, F->Programs);
    }
  // A function that only passes on to one of several bodies stands for each.
  for (unsigned I = Programs, E = Roots.size(); I < E; ++I) {
    const FunctionSummary *F = ByName.lookup(Roots[I].Function);
    if (!F)
      continue;
    for (const CallSummary &C : F->Calls) {
      if (C.InLoop || !(C.Virtual || C.Through))
        continue;
      auto Bodies = targets(C.Callee, C.Through, C.Virtual);
      if (Bodies.size() < 2)
        continue;
      PassesOn.insert(&C);
      StartSummary S;
      S.Kind = Roots[I].Kind;
      S.Concurrent = Roots[I].Concurrent;
      S.Place = Roots[I].StartedAt;
      unsigned In = Roots[I].InProgram;
      for (const FunctionSummary *Body : Bodies) {
        if (!isPartOf(*Body, I) ||
            any_of(RootsOf[Body->Function],
                   [&](unsigned R) { return Roots[R].InProgram == In; }))
          continue;
        PassedOnTo.push_back({I, Roots.size()});
        addRoot(S, Body->Function, In);
      }
    }
  }
}

void Program::connect() {
  FirstSometime = Roots.size();
  DenseSet<const FunctionSummary *> Called;
  auto Connect = [&](const FunctionSummary *From, const FunctionSummary *To,
                     const CallSummary *Call) {
    Callees[From].push_back({To, Call});
    Callers[To].push_back(From);
    Called.insert(To);
  };
  for (const FunctionSummary *F : Functions)
    for (const CallSummary &C : F->Calls) {
      if (PassesOn.contains(&C))
        continue;
      // Whether it calls the lambda, and when, its body shows.
      if (C.PassedTo.isValid() &&
          (ByName.count(C.PassedTo) || Holds.count(C.PassedTo) ||
           Overriders.count(C.PassedTo)))
        continue;
      for (const FunctionSummary *T : targets(C.Callee, C.Through, C.Virtual)) {
        // Started here, called by the thread.
        if (Started.contains(T->Function) && T->Encloser.isValid() &&
            !C.Through)
          continue;
        Connect(F, T, &C);
      }
    }
  FunctionSet Loops;
  Loops.insert(OnLoop.begin(), OnLoop.end());
  // A lambda that nobody is seen to call is taken to run where it stands.
  for (const FunctionSummary *F : Functions) {
    if (!F->Encloser.isValid() || Called.contains(F) ||
        Started.contains(F->Function) || Kept.contains(F->Function) ||
        Loops.contains(F))
      continue;
    if (const FunctionSummary *Outer = ByName.lookup(F->Encloser))
      Connect(Outer, F, nullptr);
  }
}

SmallVector<EntityId, 2> race::wholesOf(const AccessPath &Where) {
  SmallVector<EntityId, 2> Result;
  if (Where.Entity.isValid())
    Result.push_back(Where.Entity);
  for (const PathStep &S : Where.Steps) {
    if (S.Kind == PathStep::Deref)
      Result.clear();
    if (S.Kind == PathStep::Field)
      Result.push_back(S.Entity);
  }
  return Result;
}

/// The pointer that \p Where follows last, if it ends there or in an element.
static EntityId pointerOf(const AccessPath &Where) {
  EntityId Last = Where.Entity;
  bool Followed = false;
  for (const PathStep &S : Where.Steps) {
    if (S.Kind == PathStep::Field) {
      Last = S.Entity;
      Followed = false;
    }
    Followed |= S.Kind == PathStep::Deref;
  }
  return Followed ? Last : EntityId();
}

/// A claim about a function or statement is about the state that is touched
/// there and below, in whatever unit the bodies are.
void Program::expandClaims() {
  constexpr unsigned MaxFunctions = 24;
  for (ClaimSummary &C : Claims) {
    if (C.What.Kind == Claim::CallerHolds)
      continue;
    // What the statement itself changes is enough.
    if (C.Inside.isValid() && !C.State.empty())
      continue;
    std::vector<const FunctionSummary *> Work;
    for (EntityId F : C.Functions)
      if (const FunctionSummary *S = ByName.lookup(F))
        Work.push_back(S);
    if (const FunctionSummary *S = ByName.lookup(C.Inside))
      Work.push_back(S);
    for (size_t I = 0; I < Work.size(); ++I) {
      const FunctionSummary *F = Work[I];
      auto Counts = [&](const Anchor &Place) {
        return F->Function != C.Inside ||
               (Place.Line >= C.FirstLine && Place.Line <= C.LastLine);
      };
      // A method's state is that of its object, not of the values it has.
      bool Method = F->Class.isValid();
      for (const AccessSummary &A : F->Accesses) {
        if (!Counts(A.Place))
          continue;
        const auto &Steps = A.Where.Steps;
        if (A.Where.Root == AccessPath::Global && Steps.empty())
          C.State.push_back(A.Where.Entity);
        bool Object = A.Where.Root == AccessPath::This ||
                      (!Method && A.Where.Root == AccessPath::Param);
        if (Object && Steps.size() > 1 && Steps[0].Kind == PathStep::Deref &&
            Steps[1].Kind == PathStep::Field)
          C.State.push_back(Steps[1].Entity);
      }
      auto It = Callees.find(F);
      if (It == Callees.end())
        continue;
      for (const Edge &E : It->second)
        if (Work.size() < MaxFunctions && E.Call && Counts(E.Call->Place) &&
            (!E.Target->Class.isValid() || !Method || E.Call->OnThis) &&
            !is_contained(Work, E.Target))
          Work.push_back(E.Target);
    }
    sortUnique(C.State);
  }
}

void Program::findRelevant() {
  DenseSet<EntityId> Claimed;
  std::vector<const FunctionSummary *> Work;
  auto Add = [&](const FunctionSummary *F) {
    if (F && Relevant.insert(F).second)
      Work.push_back(F);
  };
  for (const ClaimSummary &C : Claims) {
    Claimed.insert(C.State.begin(), C.State.end());
    Add(ByName.lookup(C.Inside));
    for (EntityId F : C.Functions) {
      ClaimedFunctions.insert(F);
      Add(ByName.lookup(F));
    }
  }
  for (const FunctionSummary *F : Functions) {
    for (const AccessSummary &A : F->Accesses)
      for (EntityId E : wholesOf(A.Where))
        if (Claimed.contains(E)) {
          Touches[E].push_back({F, &A});
          Add(F);
        }
    for (const AccessSummary &A : F->Accesses)
      if (EntityId E = pointerOf(A.Where); Claimed.contains(E)) {
        PointeeTouches[E].push_back({F, &A});
        Add(F);
      }
    Handled.insert(F->Handles.begin(), F->Handles.end());
    for (const CallSummary &C : F->Calls)
      if (ClaimedFunctions.contains(C.Callee)) {
        CallsOf[C.Callee].push_back({F, &C});
        Add(F);
      }
  }
  while (!Work.empty()) {
    const FunctionSummary *F = Work.back();
    Work.pop_back();
    auto It = Callers.find(F);
    if (It != Callers.end())
      for (const FunctionSummary *Caller : It->second)
        Add(Caller);
  }
}

/// Which functions may start threads or wait for their ends, somewhere below.
void Program::findPhases() {
  auto Close = [&](FunctionSet &Set, Anchor FunctionSummary::*Place) {
    std::vector<const FunctionSummary *> Work;
    for (const FunctionSummary *F : Functions)
      if ((F->*Place).isValid() && Set.insert(F).second)
        Work.push_back(F);
    while (!Work.empty()) {
      const FunctionSummary *F = Work.back();
      Work.pop_back();
      auto It = Callers.find(F);
      if (It != Callers.end())
        for (const FunctionSummary *Caller : It->second)
          if (Set.insert(Caller).second)
            Work.push_back(Caller);
    }
  };
  Close(MayStart, &FunctionSummary::FirstStart);
  Close(MayJoin, &FunctionSummary::LastJoin);
}

/// A method that starts a thread with `this` makes its object one that is
/// shared, even if it is a local variable of who calls: `server.start()`.
void Program::findHandedOver() {
  FunctionSet Starters;
  std::vector<const FunctionSummary *> Work;
  for (const FunctionSummary *F : Functions)
    if (F->Class.isValid() && any_of(F->Starts, [](const StartSummary &S) {
          return S.SharedObject && !sameThread(S.Kind);
        }))
      Work.push_back(F);
  Starters.insert(Work.begin(), Work.end());
  while (!Work.empty()) {
    const FunctionSummary *F = Work.back();
    Work.pop_back();
    auto It = Callers.find(F);
    if (It == Callers.end())
      continue;
    for (const FunctionSummary *Caller : It->second)
      if (Caller->Class == F->Class && !Starters.contains(Caller) &&
          any_of(Caller->Calls, [&](const CallSummary &C) {
            return C.OnThis && C.Callee == F->Function;
          })) {
        Starters.insert(Caller);
        Work.push_back(Caller);
      }
  }
  for (const FunctionSummary *Starter : Functions) {
    auto It =
        Starters.contains(Starter) ? Callers.find(Starter) : Callers.end();
    if (It == Callers.end())
      continue;
    for (const FunctionSummary *F : It->second)
      for (const CallSummary &C : F->Calls)
        if (C.Callee == Starter->Function &&
            (C.OwnObject || Starter->Constructor)) {
          const Anchor *&First = HandedOver[{F, Starter->Class}];
          if (!First || C.Place < *First)
            First = &C.Place;
        }
  }
}

/// Whether the object of \p Call, which is one of \p From, is in the hands of a
/// thread by then: since it was started, and until something is joined.
bool Program::isHandedOver(const FunctionSummary *From,
                           const CallSummary &Call) const {
  const FunctionSummary *Target = ByName.lookup(Call.Callee);
  if (!Target || HandedOver.empty())
    return false;
  auto It = HandedOver.find({From, Target->Class});
  if (It == HandedOver.end() || It->second->File != Call.Place.File ||
      !(*It->second < Call.Place))
    return false;
  const Anchor &Begin = *It->second;
  auto Between = [&](const Anchor &A) { return Begin < A && A < Call.Place; };
  if (From->LastJoin.isValid() && Between(From->LastJoin))
    return false;
  return none_of(From->Calls, [&](const CallSummary &C) {
    const FunctionSummary *Joins = ByName.lookup(C.Callee);
    return Joins && Between(C.Place) && MayJoin.contains(Joins);
  });
}

TUSummary Program::slice() const {
  TUSummary S;
  for (const FunctionSummary *F : Functions)
    if (Relevant.contains(F) || MayStart.contains(F) || MayJoin.contains(F)) {
      S.Functions.push_back(*F);
      S.Functions.back().Effect = Effects();
    }
  S.Claims = Claims;
  for (const TUSummary *TU : Summaries) {
    S.Flows.insert(S.Flows.end(), TU->Flows.begin(), TU->Flows.end());
    S.Arguments.insert(S.Arguments.end(), TU->Arguments.begin(),
                       TU->Arguments.end());
  }
  return S;
}
