//===- Program.cpp - What threads reach -----------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Program/Program.h"
#include "Reach.h"
#include "race/Support/SCC.h"
#include "race/Support/Words.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace race;

/// From the locks that the callers hold to those that are held at \p Here, an
/// access or a call.
/// \param Shared those of \p Held that are held for reading.
template <class Summary>
static void addLocks(SmallVectorImpl<EntityId> &Held,
                     SmallVectorImpl<EntityId> &Shared, const Summary &Here) {
  for (const AccessPath &P : Here.Dropped) {
    erase(Held, P.lastEntity());
    erase(Shared, P.lastEntity());
  }
  for (const AccessPath &P : Here.Locks) {
    EntityId E = P.lastEntity();
    if (!E.isValid())
      continue;
    bool Known = is_contained(Held, E);
    if (!is_contained(Here.Shared, P))
      erase(Shared, E);
    else if (!Known)
      Shared.push_back(E);
    if (!Known)
      Held.push_back(E);
  }
  llvm::sort(Shared);
  llvm::sort(Held);
  Held.erase(std::unique(Held.begin(), Held.end()), Held.end());
}

std::vector<Reached> Program::reached(const FunctionSummary *F) const {
  auto It = NumberOf.find(F);
  return It == NumberOf.end() ? std::vector<Reached>()
                              : Reaching->at(It->second);
}

//===----------------------------------------------------------------------===//
// Phases
//===----------------------------------------------------------------------===//

/// Whether \p Place of \p F is where no thread of the program has started yet,
/// or all were joined, as far as F's text tells. Only "whoever calls" waits.
bool Program::alone(unsigned Root, const FunctionSummary *F,
                    const Anchor &Place) const {
  // Who ends it waits for its threads first.
  if (isCaller(Root) && F->LastJoin.isValid() && F->Starts.empty() &&
      F->LastJoin.File == Place.File && F->LastJoin < Place &&
      soundsLikeEnd(Names.display(F->Function)))
    return true;
  // What runs once, in main's order, may also be where all threads end.
  bool Ends = Once.count(F) && MayJoin.contains(F);
  if (!isCaller(Root) || (F->Starts.empty() && !MayStart.contains(F) && !Ends))
    return false;
  // A callback that starts threads of its own comes when others are there.
  StringRef Name = Names.display(F->Function);
  if (isSometime(Root) && !soundsLikeStart(Name) && !soundsLikeEnd(Name))
    return false;
  Anchor First = F->FirstStart, LastStart = F->FirstStart, Join = F->LastJoin;
  auto NoteStart = [&](const Anchor &A) {
    if (!First.isValid() || A < First)
      First = A;
    if (LastStart < A)
      LastStart = A;
  };
  for (const StartSummary &S : F->Starts)
    if (!S.Sometimes)
      NoteStart(S.Place);
  // What main calls happens once; other functions may be called again.
  bool InOrder = F->IsMain || soundsLikeStart(Names.display(F->Function));
  if (InOrder || Ends) {
    auto It = Callees.find(F);
    if (It != Callees.end())
      for (const Edge &E : It->second) {
        if (!E.Call || E.Call->Place.File != Place.File)
          continue;
        if (InOrder && MayStart.contains(E.Target))
          NoteStart(E.Call->Place);
        if (MayJoin.contains(E.Target) && Join < E.Call->Place)
          Join = E.Call->Place;
      }
  }
  if (!First.isValid() && Ends)
    return Join.isValid() && Join.File == Place.File && Join < Place &&
           notBegun(F, Place) == RootSets::Empty;
  if (!First.isValid() || First.File != Place.File)
    return false;
  if (Place < First)
    return true;
  return Join.isValid() && Join.File == Place.File && LastStart < Join &&
         Join < Place;
}

//===----------------------------------------------------------------------===//
// Reach
//===----------------------------------------------------------------------===//

/// Adds what \p F may rely on by its own comment.
void Program::assume(const FunctionSummary *F, Reached &How) const {
  auto It = Assumed.find(F->Function);
  if (It == Assumed.end())
    return;
  if (!It->second.isValid()) {
    How.UnknownLocks = true;
    return;
  }
  if (is_contained(How.Held, It->second))
    return;
  How.Held.push_back(It->second);
  llvm::sort(How.Held);
}

/// The roots of the programs that \p F is a part of.
unsigned Program::rootsIn(const FunctionSummary *F) const {
  RootSets &Sets = Reaching->Sets;
  auto [It, New] = RootsInPrograms.try_emplace(F->Programs, RootSets::Empty);
  if (New)
    for (unsigned Root = 0; Root < Roots.size(); ++Root)
      if (isPartOf(*F, Root))
        It->second = Sets.unite(It->second, Sets.single(Root));
  return It->second;
}

void Program::visit(const FunctionSummary *F, Reached How, unsigned Roots) {
  auto It = NumberOf.find(F);
  if (It == NumberOf.end())
    return;
  if (!F->Programs.empty())
    Roots = Reaching->Sets.intersect(Roots, rootsIn(F));
  if (Roots == RootSets::Empty)
    return;
  assume(F, How);
  Reaching->arrive(It->second, How, Roots, How.From, How.Through);
}

/// How the call \p Call (null for a lambda that stands in \p From) looks from
/// inside of its target.
Reached Program::inside(const Reached &Outer, const FunctionSummary *From,
                        const CallSummary *Call) const {
  Reached How;
  How.Root = Outer.Root;
  How.Held = Outer.Held;
  How.Shared = Outer.Shared;
  How.Before = Outer.Before;
  How.Callback = Outer.Callback;
  How.UnknownLocks = Outer.UnknownLocks || From->UnknownLocks;
  How.Through = Call;
  How.From = From;
  bool Making = From->Constructor || From->Destructor;
  if (!Call) {
    // A constructor leaves its lambdas for later.
    How.OwnObject = Outer.OwnObject && !Making;
    How.SharedObject = Outer.SharedObject;
    return How;
  }
  addLocks(How.Held, How.Shared, *Call);
  How.UnknownLocks |= Call->UnknownLock;
  // The standard algorithms call what they are given there and then.
  bool AtOnce =
      Call->PassedTo.isValid() &&
      StringRef(Names.name(Call->PassedTo).USR).starts_with("c:@N@std@");
  if (Call->OnThis || AtOnce)
    How.OwnObject = Outer.OwnObject || Making;
  else
    How.OwnObject =
        (Call->OwnObject && !isHandedOver(From, *Call)) ||
        (Call->OfThis && Call->HolderIsObject && (Outer.OwnObject || Making));
  How.SharedObject =
      Call->OnStatic ||
      ((Call->OnThis || Call->OfThis || AtOnce) && Outer.SharedObject);
  return How;
}

/// Finds the roots that hold a lock at all that their functions call.
void Program::findAlwaysHeld() {
  DenseSet<EntityId> Dropped;
  for (const FunctionSummary *F : Functions)
    for (const CallSummary &C : F->Calls)
      for (const AccessPath &P : C.Dropped)
        Dropped.insert(P.lastEntity());
  for (unsigned Root = Programs; Root < Roots.size(); ++Root) {
    const FunctionSummary *F = ByName.lookup(Roots[Root].Function);
    auto Number = NumberOf.find(F);
    auto Edges = Callees.find(F);
    if (Number == NumberOf.end() || Edges == Callees.end())
      continue;
    std::optional<SmallVector<EntityId, 2>> Common;
    for (const Edge &E : Edges->second) {
      SmallVector<EntityId, 2> Held, Shared;
      if (E.Call)
        addLocks(Held, Shared, *E.Call);
      // What others may hold at the same time is followed call by call.
      erase_if(Held, [&](EntityId L) { return is_contained(Shared, L); });
      if (Common)
        erase_if(*Common, [&](EntityId L) { return !is_contained(Held, L); });
      else
        Common = std::move(Held);
    }
    erase_if(*Common, [&](EntityId L) { return Dropped.contains(L); });
    if (!Common->empty())
      Reaching->holdAlways(Root, Number->second, *Common);
  }
}

/// Lets each root enter where it begins.
void Program::enter() {
  unsigned AllRoots = RootSets::Empty;
  for (unsigned Root = 0; Root < Roots.size(); ++Root)
    AllRoots = Reaching->Sets.unite(AllRoots, Reaching->Sets.single(Root));
  DenseSet<EntityId> Escaped;
  for (const FunctionSummary *F : Functions)
    Escaped.insert(F->Escapes.begin(), F->Escapes.end());
  for (const FunctionSummary *F : entries()) {
    Reached Start;
    // What an event loop runs is where whoever runs the loop is.
    Start.Callback = (!F->Overrides.empty() || Escaped.contains(F->Function)) &&
                     !is_contained(OnLoop, F);
    visit(F, Start, CallerRoots);
  }
  for (auto [F, With] : besideThreads()) {
    Reached Start;
    Start.Before = Reaching->Sets.minus(AllRoots, With);
    visit(F, Start, CallerRoots);
  }
  for (unsigned Root = Programs; Root < FirstSometime; ++Root) {
    Reached Start;
    Start.SharedObject = Roots[Root].SharedObject;
    if (const FunctionSummary *F = ByName.lookup(Roots[Root].Function))
      visit(F, Start, Reaching->Sets.single(Root));
  }
}

/// Follows all roots through the functions that matter: callers before callees,
/// and within a cycle of calls until nothing changes.
void Program::reach() {
  for (const FunctionSummary *F : Functions)
    if (Relevant.contains(F)) {
      NumberOf[F] = Followed.size();
      Followed.push_back(F);
    }
  std::vector<std::vector<unsigned>> Successors(Followed.size());
  for (unsigned I = 0; I < Followed.size(); ++I)
    if (auto It = Callees.find(Followed[I]); It != Callees.end())
      for (const Edge &E : It->second)
        if (auto To = NumberOf.find(E.Target); To != NumberOf.end())
          Successors[I].push_back(To->second);

  auto Sometimes = sometimes();
  erase_if(Sometimes, [&](const auto &S) { return !NumberOf.count(S.first); });
  for (unsigned In = 0; In < Programs && !Sometimes.empty(); ++In) {
    Roots.emplace_back();
    Roots.back().InProgram = In;
  }
  Reaching = std::make_unique<Reach>(Followed.size(), Roots.size());
  RootSets &Sets = Reaching->Sets;
  unsigned SometimeRoots = RootSets::Empty;
  for (unsigned Root = FirstSometime; Root < Roots.size(); ++Root)
    SometimeRoots = Sets.unite(SometimeRoots, Sets.single(Root));
  for (unsigned Root = 0; Root < Programs; ++Root)
    CallerRoots = Sets.unite(CallerRoots, Sets.single(Root));
  const unsigned Outsiders = Sets.unite(CallerRoots, SometimeRoots);
  findOrder();
  findAlwaysHeld();
  enter();
  for (auto [F, Locked] : Sometimes) {
    Reached Start;
    Start.Callback = !F->Overrides.empty();
    Start.UnknownLocks = Locked;
    visit(F, Start, SometimeRoots);
  }
  // Within a cycle the shortest ways first: they hold the fewest locks, so that
  // little is left for others to change.
  std::vector<unsigned> Order(Followed.size(), ~0u), Queue;
  auto Enqueue = [&](unsigned F) {
    if (Order[F] != ~0u)
      return;
    Order[F] = Queue.size();
    Queue.push_back(F);
  };
  for (unsigned I = 0; I < Followed.size(); ++I)
    if (Reaching->isChanged(I))
      Enqueue(I);
  for (size_t I = 0; I < Queue.size(); ++I)
    for (unsigned To : Successors[Queue[I]])
      Enqueue(To);

  auto Components = componentsBottomUp(Successors);
  for (auto &Component : llvm::reverse(Components)) {
    llvm::sort(Component,
               [&](unsigned A, unsigned B) { return Order[A] < Order[B]; });
    for (bool Again = true; Again;) {
      Again = false;
      for (unsigned I : Component)
        Again |= Reaching->take(I, [&](const Reached &How, unsigned Roots) {
          const FunctionSummary *F = Followed[I];
          auto It = Callees.find(F);
          if (It == Callees.end())
            return;
          for (const Edge &E : It->second) {
            if (!Relevant.contains(E.Target))
              continue;
            Reached In = inside(How, F, E.Call);
            visit(E.Target, In, Sets.minus(Roots, Outsiders));
            unsigned Outside = Sets.intersect(Roots, Outsiders);
            if (Outside == RootSets::Empty ||
                (E.Call && alone(0, F, E.Call->Place)))
              continue;
            In.Before =
                notBegun(How, F, E.Call ? E.Call->Place : E.Target->Place);
            visit(E.Target, In, Outside);
          }
        });
    }
  }
}

bool Program::handlesLock(const FunctionSummary *F, EntityId Lock) {
  auto Drops = [&](const auto &At) {
    return any_of(At.Dropped,
                  [&](const AccessPath &P) { return P.lastEntity() == Lock; });
  };
  return is_contained(F->Handles, Lock) || any_of(F->Calls, Drops) ||
         any_of(F->Accesses, Drops);
}

std::vector<const CallSummary *>
Program::pathTo(const Reached &How,
                std::vector<const FunctionSummary *> *Through) const {
  std::vector<const CallSummary *> Path;
  auto Way = std::make_pair(How.Through, How.From);
  for (unsigned Steps = 0; Way.second && Steps < 24; ++Steps) {
    if (Way.first)
      Path.push_back(Way.first);
    if (Through)
      Through->push_back(Way.second);
    Way = Reaching->wayTo(NumberOf.lookup(Way.second), How.Root);
  }
  std::reverse(Path.begin(), Path.end());
  return Path;
}

/// Whether the way that pathTo shows is one on which no more locks are held
/// than on all ways together. Otherwise it is another that lacks them, through
/// a cycle of calls or a table of functions, which nobody can be shown.
bool Program::showsLocks(const Reached &How) const {
  SmallVector<std::pair<const CallSummary *, const FunctionSummary *>, 8> Steps;
  for (auto Way = std::make_pair(How.Through, How.From);
       Way.second && Steps.size() < 24;
       Way = Reaching->wayTo(NumberOf.lookup(Way.second), How.Root))
    Steps.push_back(Way);
  Reached Here;
  for (auto [Call, From] : reverse(Steps)) {
    assume(From, Here);
    if (Call)
      addLocks(Here.Held, Here.Shared, *Call);
  }
  return all_of(Here.Held,
                [&](EntityId L) { return is_contained(How.Held, L); });
}

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

/// Whether \p Path is a way that somebody would believe. Each call makes it
/// longer; one whose target is only one of those that are possible, or whose
/// object may be any of its class, makes it less certain.
bool Program::isCredible(ArrayRef<const CallSummary *> Path) const {
  constexpr unsigned MaxDoubt = 8;
  unsigned Doubt = 0;
  for (const CallSummary *C : Path) {
    const FunctionSummary *Target = ByName.lookup(C->Callee);
    bool AnyObject = Target && Target->Class.isValid() && !C->OnThis &&
                     !C->OfThis && !C->OnStatic && !C->OwnObject;
    Doubt += 1 + 2 * (C->Virtual || C->Through) + AnyObject;
  }
  return Doubt <= MaxDoubt;
}

std::optional<RootedAccess> Program::rooted(const FunctionSummary *In,
                                            const AccessSummary &A,
                                            const Reached &How) const {
  bool OfThis = A.Where.Root == AccessPath::This;
  // The object that is made or destroyed has no other users.
  if (OfThis && (In->Constructor || In->Destructor))
    return std::nullopt;
  if (alone(How.Root, In, A.Place))
    return std::nullopt;
  RootedAccess X;
  X.Root = How.Root;
  X.In = In;
  X.Access = &A;
  X.Locks = How.Held;
  X.Shared = How.Shared;
  addLocks(X.Locks, X.Shared, A);
  X.UnknownLocks = How.UnknownLocks || In->UnknownLocks || A.UnknownLock;
  X.OwnObject = OfThis && How.OwnObject;
  X.Callback = How.Callback;
  X.Before = notBegun(How, In, A.Place);
  const ThreadRoot &R = Roots[How.Root];
  bool AtRoot = R.Function == In->Function;
  X.SharedObject = A.Where.Root == AccessPath::Global ||
                   (OfThis && How.SharedObject) ||
                   (AtRoot && R.SharedObject &&
                    (A.Where.Root == AccessPath::Param ||
                     A.Where.Root == AccessPath::Capture));
  return X;
}

/// A fixed order, whatever the hash of pointers.
static void sortAccesses(std::vector<RootedAccess> &All) {
  llvm::sort(All, [](const RootedAccess &A, const RootedAccess &B) {
    return std::tie(A.Root, A.Access->Place, A.In->Function, A.Access->Write) <
           std::tie(B.Root, B.Access->Place, B.In->Function, B.Access->Write);
  });
}

std::vector<RootedAccess> Program::accesses(EntityId State,
                                            bool Pointee) const {
  std::vector<RootedAccess> Result;
  const auto &Of = Pointee ? PointeeTouches : Touches;
  auto It = Of.find(State);
  if (It == Of.end())
    return Result;
  for (const auto &[F, A] : It->second)
    for (const Reached &How : reached(F))
      if (auto X = rooted(F, *A, How)) {
        X->Path = pathTo(How, &X->Callers);
        X->Credible = isCredible(X->Path) && showsLocks(How);
        Result.push_back(std::move(*X));
      }
  sortAccesses(Result);
  return Result;
}

std::vector<RootedAccess> Program::accessesUnder(EntityId Function,
                                                 ArrayRef<EntityId> States,
                                                 unsigned FirstLine,
                                                 unsigned LastLine) const {
  std::vector<RootedAccess> Result;
  const FunctionSummary *Top = ByName.lookup(Function);
  if (!Top)
    return Result;
  // What happens further down is no more what the comment speaks of.
  constexpr unsigned MaxFunctions = 64, MaxDepth = 1;
  auto InLines = [&](const FunctionSummary *F, const Anchor &Place) {
    return F != Top || !FirstLine ||
           (Place.Line >= FirstLine && Place.Line <= LastLine);
  };
  for (const Reached &Begin : reached(Top)) {
    // Each function below once, by the first way found.
    struct Step {
      const FunctionSummary *F;
      Reached How;
      std::vector<const CallSummary *> Path;
    };
    std::vector<Step> Work{{Top, Begin, pathTo(Begin)}};
    FunctionSet Seen;
    Seen.insert(Top);
    const size_t First = Work.front().Path.size();
    const bool Shown = showsLocks(Begin);
    for (size_t I = 0; I < Work.size(); ++I) {
      Step At = Work[I];
      for (const AccessSummary &A : At.F->Accesses) {
        if (!InLines(At.F, A.Place))
          continue;
        EntityId State;
        for (EntityId E : wholesOf(A.Where))
          if (std::binary_search(States.begin(), States.end(), E))
            State = E;
        if (!State.isValid())
          continue;
        if (auto X = rooted(At.F, A, At.How)) {
          X->Path = At.Path;
          X->Credible = Shown && isCredible(X->Path);
          X->State = State;
          Result.push_back(std::move(*X));
        }
      }
      auto It = Callees.find(At.F);
      if (It == Callees.end() || At.Path.size() - First > MaxDepth)
        continue;
      for (const Edge &E : It->second) {
        if (!Relevant.contains(E.Target) || Work.size() >= MaxFunctions ||
            !isPartOf(*E.Target, At.How.Root) ||
            (E.Call && (!InLines(At.F, E.Call->Place) ||
                        alone(At.How.Root, At.F, E.Call->Place))))
          continue;
        if (!Seen.insert(E.Target).second)
          continue;
        Step Next{E.Target, inside(At.How, At.F, E.Call), At.Path};
        Next.How.Before =
            notBegun(At.How, At.F, E.Call ? E.Call->Place : E.Target->Place);
        assume(E.Target, Next.How);
        if (E.Call)
          Next.Path.push_back(E.Call);
        Work.push_back(std::move(Next));
      }
    }
  }
  sortAccesses(Result);
  return Result;
}

std::optional<std::vector<EntityId>>
Program::objectsOf(const FunctionSummary *F, unsigned Root) const {
  constexpr size_t MaxFunctions = 32;
  std::vector<EntityId> Objects;
  std::vector<const FunctionSummary *> Work{F};
  for (size_t I = 0; I < Work.size(); ++I) {
    auto Above = Callers.find(Work[I]);
    if (Above == Callers.end() || Work.size() > MaxFunctions)
      return std::nullopt;
    for (const FunctionSummary *Caller : Above->second) {
      if (none_of(reached(Caller),
                  [&](const Reached &How) { return How.Root == Root; }))
        continue;
      for (const Edge &E : Callees.find(Caller)->second) {
        if (E.Target != Work[I])
          continue;
        bool Inside = E.Call && E.Call->OnThis && F->Class.isValid();
        if (!Inside &&
            !(E.Call && E.Call->Holder.isValid() && E.Call->HolderIsObject))
          return std::nullopt;
        if (!Inside)
          Objects.push_back(E.Call->Holder);
        else if (!is_contained(Work, Caller))
          Work.push_back(Caller);
      }
    }
  }
  return Objects;
}

std::vector<RootedCall> Program::calls(EntityId F) const {
  std::vector<RootedCall> Result;
  auto It = CallsOf.find(F);
  if (It == CallsOf.end())
    return Result;
  const FunctionSummary *Body = ByName.lookup(F);
  for (const auto &[From, Call] : It->second)
    for (const Reached &How : reached(From)) {
      if (Body && !isPartOf(*Body, How.Root))
        continue;
      bool Making = From->Constructor || From->Destructor;
      if ((Making && Call->OnThis) || alone(How.Root, From, Call->Place))
        continue;
      Reached Inside = inside(How, From, Call);
      RootedCall X;
      X.Root = How.Root;
      X.From = From;
      X.Call = Call;
      X.Locks = std::move(Inside.Held);
      X.Shared = std::move(Inside.Shared);
      X.UnknownLocks = Inside.UnknownLocks;
      X.OwnObject = Inside.OwnObject;
      std::vector<const FunctionSummary *> Callers;
      X.Path = pathTo(How, &Callers);
      X.Entry = Callers.empty() ? From : Callers.back();
      X.Credible = isCredible(X.Path) && showsLocks(How);
      Result.push_back(std::move(X));
    }
  llvm::sort(Result, [](const RootedCall &A, const RootedCall &B) {
    return std::tie(A.Root, A.Call->Place) < std::tie(B.Root, B.Call->Place);
  });
  return Result;
}
