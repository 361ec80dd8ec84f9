//===- CheckThenActContainers.cpp - Containers that are asked -------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActFixes.h"
#include "CheckThenActWatcher.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// The text that \p Key was made of, if it stands in the source; else null.
static const StringLiteral *textOf(const Simulation &Sim, Sym Key) {
  const Memory &M = Sim.memory();
  for (unsigned Depth = 0; Key && Depth < 4; ++Depth) {
    const Memory::SymInfo &I = M.symbol(Key);
    if (I.Kind == Memory::SymKind::Unknown) {
      const auto *E = dyn_cast_or_null<Expr>(Sim.op(I.Id).Node);
      return E ? dyn_cast<StringLiteral>(E->IgnoreParenImpCasts()) : nullptr;
    }
    // A string, made of it and nothing else.
    const Op *By = callThatMade(Sim, Key);
    const auto *Made =
        By ? dyn_cast_or_null<CXXConstructExpr>(By->Node) : nullptr;
    if (!Made || !Made->getNumArgs() ||
        llvm::any_of(llvm::drop_begin(Made->arguments()), [](const Expr *Arg) {
          return !isa<CXXDefaultArgExpr>(Arg);
        }))
      return nullptr;
    Key = I.A;
  }
  return nullptr;
}

/// \param AtIndex the act is at a position, of which the size says whether it
/// is there.
bool CheckThenActWatcher::sameKey(const Simulation &Sim, const OpenQuery &Q,
                                  Sym Key, bool AtIndex) const {
  const Memory &M = Sim.memory();
  if (!Q.Key || !Key)
    return (!Q.Key && !Key) || (!Q.Key && AtIndex);
  if (M.dependsOn(Q.Key, Key) || M.dependsOn(Key, Q.Key))
    return true;
  const StringLiteral *Asked = textOf(Sim, Q.Key), *Done = textOf(Sim, Key);
  if (Asked && Done)
    return Asked->getBytes() == Done->getBytes();
  // Two calls of one getter on one object.
  const Memory::SymInfo &A = M.symbol(Q.Key), &B = M.symbol(Key);
  if (A.Kind == Memory::SymKind::Derive && B.Kind == A.Kind && A.A == B.A &&
      A.B == B.B) {
    const Op *First = callThatMade(Sim, Q.Key),
             *Second = callThatMade(Sim, Key);
    return First && Second && First->Callee && First->Callee == Second->Callee;
  }
  return false;
}

/// Whether the act at \p O is done because of what \p Q answered: on one
/// outcome of a branch only, or with a value that was computed from the answer.
bool CheckThenActWatcher::relies(const Simulation &Sim, const Op &O,
                                 const OpenQuery &Q) const {
  return decides(Sim, Q) || isComputedFrom(Sim, O, Q.Answer);
}

/// Whether the lock under which \p Asked asks an argument of its call is that
/// of another object.
static bool locksAnother(const ContainerEffect &Asked) {
  return Asked.Object.Root == AccessPath::Param && !Asked.Locks.empty() &&
         llvm::none_of(Asked.Locks, [&](const AccessPath &L) {
           return L.Root == Asked.Object.Root && L.Index == Asked.Object.Index;
         });
}

std::optional<CheckThenActWatcher::Why>
CheckThenActWatcher::sharedBecause(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Act,
                                   const OpenQuery &Q) const {
  std::vector<Loc> ActLocks;
  for (const HeldLock &L : S.Locks)
    ActLocks.push_back(L.Mutex);
  std::vector<Loc> Own;
  for (const AccessPath &P : Act.Locks)
    if (Loc L = Sim.resolve(S, O, P)) {
      ActLocks.push_back(L);
      Own.push_back(L);
    }
  const Op &Asked = Sim.op(Q.OpId);
  std::string Ask = nameOfQuery(Sim, Asked), Do = nameOfOp(Sim, O);
  for (Loc L : ActLocks) {
    if (!llvm::is_contained(Q.Under, L))
      continue;
    // Whoever borrows the callers' lock and lets go of it for a while has
    // something else that keeps others out. Only of what has a key others may
    // well have added the same.
    if (isLent(S, L) && !Q.Key)
      return std::nullopt;
    std::string Mutex = nameOf(Sim, L);
    bool Each = llvm::is_contained(Own, L) && !S.holds(L);
    if (Each)
      return Why{Ask + " and " + Do + " each lock '" + Mutex + "' on their own",
                 Evidence::Structural};
    return Why{"'" + Mutex + "' is held at both, but released in between",
               Evidence::Structural};
  }
  if (Q.Synchronized && Act.Synchronized && !MayBeLocked)
    return Why{"each operation of it is atomic, the two together are not",
               Evidence::Modelled};
  if (MayBeLocked)
    return std::nullopt;
  // A lock that belongs to another object is held for that one's sake.
  auto Beside = [&](Loc L) { return Sim.memory().isBeside(L, Q.Object); };
  auto Lock = llvm::find_if(ActLocks, Beside);
  if (Q.Under.empty() && Lock != ActLocks.end())
    return Why{Do + " is done under '" + nameOf(Sim, *Lock) + "', but " + Ask +
                   " was asked without it",
               Evidence::Structural};
  auto Asking = llvm::find_if(Q.Under, Beside);
  if (Asked.Kind == OpKind::Call && Q.Effect != OpenQuery::PlainRead &&
      locksAnother(Sim.effects(Asked).Containers[Q.Effect]))
    Asking = Q.Under.end();
  if (auto It = Bare.find({identity(Sim.memory(), Q.Object)});
      It != Bare.end() && ActLocks.empty() && Q.Under.empty())
    return Why{It->second, Evidence::Structural};
  if (Lock != ActLocks.end() && Asking != Q.Under.end())
    return Why{Ask + " asks it under '" + nameOf(Sim, *Asking) + "', but " +
                   Do + " is done under '" + nameOf(Sim, *Lock) + "'",
               Evidence::Structural};
  if (ActLocks.empty() && Asking != Q.Under.end())
    return Why{Ask + " asks it under '" + nameOf(Sim, *Asking) + "', but " +
                   Do + " is done without it",
               Evidence::Structural};
  return std::nullopt;
}

static bool isSizeQuery(llvm::StringRef Name) {
  return Name == "empty" || Name == "size";
}

/// Whether a branch compared the answer to \p Q with more than nothing or one.
static bool isComparedWithLimit(const Memory &M, const OpenQuery &Q) {
  return llvm::any_of(Q.ComparedWith, [&](Sym With) {
    const Memory::SymInfo &I = M.symbol(With);
    return I.Kind != Memory::SymKind::Const || I.Value > 1;
  });
}

/// Takes note of what the call \p O is given: its result is made of that.
void CheckThenActWatcher::noteMade(const Simulation &Sim, const State &S,
                                   const Op &O, const CallInfo &Call) {
  if (Info.Searches.empty() &&
      llvm::none_of(S.Queries, [](const OpenQuery &Q) { return Q.Key != 0; }))
    return;
  const Memory &M = Sim.memory();
  std::vector<Sym> &Of = MadeOf[O.Id];
  for (unsigned I = 0; I < Call.Args.size(); ++I) {
    Sym V = Sim.argument(Call, I);
    if (V && I < 31 && (Call.ByReference >> I & 1))
      V = Sim.load(S, Sim.memory().pointee(V));
    if (V && M.symbol(V).Kind != Memory::SymKind::Const &&
        !llvm::is_contained(Of, V))
      Of.push_back(V);
  }
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call.Callee);
  if (Method && Method->getOverloadedOperator() == OO_Equal)
    if (Loc To = Sim.reg(Call.This).L)
      Assigned[To] = Of;
}

/// Whether \p Added is \p Key, holds it, or is what a function made of it.
bool CheckThenActWatcher::isMadeFor(const Simulation &Sim, Sym Added, Sym Key,
                                    unsigned Depth) const {
  const Memory &M = Sim.memory();
  if (!Added || !Key || Depth > 3)
    return false;
  if (M.dependsOn(Added, Key))
    return true;
  const Memory::SymInfo &I = M.symbol(Added);
  const Op *By = callThatMade(Sim, Added);
  auto It = MadeOf.find(I.Kind == Memory::SymKind::Unknown ? I.Id
                        : By                               ? By->Id
                                                           : ~0u);
  return It != MadeOf.end() && llvm::any_of(It->second, [&](Sym From) {
           return isMadeFor(Sim, From, Key, Depth + 1);
         });
}

/// Whether the key of \p Act, which a function called at \p O does, is read out
/// of an object that it is given, and that object holds \p Key: it was set
/// there before.
bool CheckThenActWatcher::holdsKey(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Act,
                                   Sym Key) const {
  if (!Key || !Act.Key || !Act.Place.isValid() ||
      Act.Of != StateKind::Container)
    return false;
  const Memory &M = Sim.memory();
  Loc Object = Sim.resolve(S, O, *Act.Key);
  auto IsPart = [&](Loc L) {
    return L != Object && M.info(L).Kind == Memory::LocKind::Field &&
           M.isWithin(L, Object);
  };
  auto IsKey = [&](Sym V) { return isMadeFor(Sim, V, Key); };
  return Object && (llvm::any_of(S.Env,
                                 [&](const auto &E) {
                                   return IsPart(E.first) && IsKey(E.second);
                                 }) ||
                    llvm::any_of(Assigned, [&](const auto &E) {
                      return IsPart(E.first) && llvm::any_of(E.second, IsKey);
                    }));
}

/// Whether \p V is what a method says of an object: no position of it.
static bool isToldBy(const Simulation &Sim, Sym V) {
  const Op *By = callThatMade(Sim, V);
  const auto *M = By ? dyn_cast_or_null<CXXMethodDecl>(By->Callee) : nullptr;
  return M && M->isConst() && !M->isOverloadedOperator();
}

/// Whether what has this name takes an element that must be there, or looks at
/// it.
static bool takesOne(StringRef Name) {
  return isRemoval(Name) || Name == "front" || Name == "back" ||
         Name == "top" || Name == "peek";
}

/// `while (queue.empty()) yield(); queue.pop();`: the loop ends when there is
/// something, and the act is done once it has.
static bool waitsUntilThere(const Simulation &Sim, const State &S,
                            const ContainerEffect &Act, const OpenQuery &Q) {
  StringRef Asked = Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect].Name;
  return takesOne(Act.Name) && !Q.Key && isSizeQuery(Asked) && Q.Answer &&
         S.truth(Sim.memory(), Q.Answer) ==
             std::optional<bool>(Asked != "empty") &&
         llvm::any_of(Q.Branches, [&](int B) {
           return hangsOn(Sim.graph(), Sim.block(), B);
         });
}

/// `while (names.has(Name)) Name = other(Name); names.add(Name);`: the loop
/// ends when the key is free, and what is added relies on that.
static bool asksUntilFree(const Simulation &Sim, const State &S, const Op &O,
                          const ContainerEffect &Act, const OpenQuery &Q) {
  return Q.Key && Act.Of == StateKind::Container && !isRemoval(Act.Name) &&
         Q.Answer && Sim.inLoop(Q.OpId) && !Sim.inLoop(O.Id) &&
         S.truth(Sim.memory(), Q.Answer) == std::optional<bool>(false) &&
         llvm::any_of(Q.Branches, [&](int B) {
           return hangsOn(Sim.graph(), Sim.block(), B);
         });
}

/// Whether \p Object is a static variable of a function: what adds to it when
/// it is empty fills it for good.
bool CheckThenActWatcher::isStaticLocal(Loc Object,
                                        const Simulation &Sim) const {
  const auto *V = dyn_cast_or_null<VarDecl>(
      TU.entities().decl({identity(Sim.memory(), Object)}));
  return V && V->isStaticLocal();
}

/// Whether the act at \p O on \p Object can rely on the answer to \p Q.
bool CheckThenActWatcher::mayRelyOn(const Simulation &Sim, const State &S,
                                    const Op &O, const ContainerEffect &Act,
                                    Loc Object, Sym Key,
                                    const OpenQuery &Q) const {
  if (Q.Effect == OpenQuery::PlainRead || Q.Changes || Q.Object != Object ||
      Q.OpId == O.Id)
    return false;
  const ContainerEffect &Asked =
      Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect];
  // Looked for, made, and put there.
  if (Asked.Searches && !Act.Keyed && Act.Element && !Key) {
    Sym Added = 0;
    Sim.resolve(S, O, *Act.Element, &Added);
    return isMadeFor(Sim, Added, Q.Key) && relies(Sim, O, Q);
  }
  // There is room for one more, whatever its key.
  bool Limit = !Q.Key && Key && !Q.Synchronized && !Act.Place.isValid() &&
               !Asked.Place.isValid() && Act.Of == StateKind::Container &&
               isAddition(Act.Name) && isSizeQuery(Asked.Name) &&
               isComparedWithLimit(Sim.memory(), Q);
  if (Limit)
    return relies(Sim, O, Q);
  // By the position that the question gave.
  bool There = Key && Q.Answer && Sim.memory().dependsOn(Key, Q.Answer) &&
               !isToldBy(Sim, Key);
  if (!There && !sameKey(Sim, Q, Key, Act.Index) &&
      !(!isRemoval(Act.Name) && holdsKey(Sim, S, O, Act, Q.Key)) &&
      !(Act.Of == StateKind::Files && samePath(Sim.memory(), Q.Key, Key)))
    return false;
  // What is added does not rely on there being nothing, but on there not being
  // too much. The limits of queues that lock themselves are seldom meant to be
  // sharp.
  if (!Q.Key && !Key && isAddition(Act.Name) && isSizeQuery(Asked.Name) &&
      !(Asked.Name == "empty" && isStaticLocal(Object, Sim)) &&
      (Q.Synchronized || Act.Place.isValid() || Asked.Place.isValid() ||
       !isComparedWithLimit(Sim.memory(), Q)))
    return false;
  return There || relies(Sim, O, Q) || waitsUntilGone(Sim, O, Act, Q) ||
         waitsUntilThere(Sim, S, Act, Q) || asksUntilFree(Sim, S, O, Act, Q);
}

/// Whether the function deals with having been second, as its text shows.
bool CheckThenActWatcher::isSettled(const ContainerEffect &Act) const {
  if (Act.Of == StateKind::Files)
    return mentionsSecond(*F);
  if (Act.Of == StateKind::Database)
    // The program's own functions may begin a transaction by any name.
    return mentions(F, {"SQLITE_CONSTRAINT", "unique_violation", "23505",
                        "ER_DUP_ENTRY", "1062", "UNIQUE"}) ||
           (Act.Why == Evidence::Structural &&
            mentions(F, {"ransaction", "TRANSACTION", "BEGIN", "begin",
                         "onstraint", "uplicate", "nique", "LOCK"}));
  return false;
}

/// Whether the act is right even if another thread has done the same since \p Q
/// was answered.
bool CheckThenActWatcher::isHarmless(const Simulation &Sim, const Op &O,
                                     const ContainerEffect &Act, Sym Key,
                                     const OpenQuery &Q) const {
  if (Act.Of != StateKind::Container)
    return false;
  // To take out by its key what is not there any more does nothing, unless it
  // is done because of what was in it, or more is done with it.
  bool ByPosition = Key && Q.Answer && Sim.memory().dependsOn(Key, Q.Answer);
  if (isRemoval(Act.Name) && Q.Key && Act.Keyed && !ByPosition &&
      !Act.ResultUsed && !LookedInto.count(Q.OpId) && !doesMore(Sim, O))
    return true;
  // A position that was there stays there if nothing is ever taken out.
  if (Act.Index && !Q.Key && !Q.Synchronized &&
      !Facts.Shrunk.count({identity(Sim.memory(), Q.Object)}))
    return true;
  // What is there for the only one who takes something out stays there.
  return takesOne(Act.Name) && !Q.Key &&
         isOnlyTaker({identity(Sim.memory(), Q.Object)});
}

/// Whether one thread alone takes elements out of \p Container, and this
/// function runs on it.
bool CheckThenActWatcher::isOnlyTaker(EntityId Container) const {
  const FunctionInfo *Thread = Facts.Threads->soleThread(&Info);
  auto It = Facts.Removers.find(Container);
  if (!Thread)
    return false;
  auto OnThread = [&](EntityId Id) {
    const auto *D = dyn_cast_or_null<FunctionDecl>(TU.entities().decl(Id));
    const FunctionInfo *Remover = D ? TU.scan().find(D) : nullptr;
    return Remover && Facts.Threads->soleThread(Remover) == Thread;
  };
  return It == Facts.Removers.end() || llvm::all_of(It->second, OnThread);
}

/// Whether the act at \p O takes out by a key what \p Q, on this path, did not
/// find: there is nothing to take.
static bool takesNothing(const Simulation &Sim, const State &S,
                         const ContainerEffect &Act, const OpenQuery &Q) {
  const Op &Asked = Sim.op(Q.OpId);
  if (!isRemoval(Act.Name) || !Q.Answer || !Asked.Callee ||
      !Asked.Callee->getReturnType()->isPointerType())
    return false;
  return Sim.effects(Asked).Containers[Q.Effect].Keyed &&
         S.truth(Sim.memory(), Q.Answer) == std::optional<bool>(false);
}

void CheckThenActWatcher::onContainer(const Simulation &Sim, const State &S,
                                      const Op &O, const ContainerEffect &Act,
                                      Loc Object, Sym Key) {
  if (Act.Kind == ContainerOpModel::Query && !S.Locks.empty())
    AskedOutside.erase(identity(Sim.memory(), Object));
  if (Act.Of == StateKind::Container)
    noteUnderLock(Sim, S, Object, isAddition(Act.Name));
  // Files are there for all processes; all else only for threads.
  if (isStartUp(O) || (Act.Of != StateKind::Files && !TU.usesThreads()))
    return;
  if (Act.Of == StateKind::Atomic)
    return onAtomic(Sim, S, O, Act, Object);
  if (Act.Of == StateKind::Owners)
    return onOwners(Sim, S, O, Act, Object);
  if (Act.Of == StateKind::Plain)
    return onPlainAct(Sim, S, O, Act, Object);
  if (Act.Kind == ContainerOpModel::Atomic && !FailureEnds.count(O.Id) &&
      !fails(Sim, O, Act)) {
    Tried.insert(O.Id);
    return;
  }
  if (Act.Of == StateKind::Files)
    onOpened(Sim, S, O, Act, Key);
  if (Act.Kind == ContainerOpModel::Read) {
    noteBegun(Sim, S, O, Act, Object);
    return onContent(Sim, S, O, Act, Object);
  }
  bool Settled = isSettled(Act);
  if ((Act.Kind != ContainerOpModel::Act &&
       Act.Kind != ContainerOpModel::Atomic) ||
      isFresh(Sim, Object))
    return;
  if (Act.Rechecks || (Act.RechecksIfLocked && !S.Locks.empty())) {
    if (!Key && takesOne(Act.Name))
      noteTaken(Sim, S, O, Act, Object);
    return;
  }
  // A check in the same critical section makes the earlier ones harmless, and
  // so do the two ways on which it has led here.
  auto AsksAgain = [&](const OpenQuery &Q) {
    return Q.Effect != OpenQuery::PlainRead && !Q.Changes &&
           Q.Object == Object && Q.OpId != O.Id && !Q.Branches.empty() &&
           Q.Key && sameKey(Sim, Q, Key, Act.Index);
  };
  for (const OpenQuery &Q : S.Queries)
    if (!Q.HeldSince.empty() &&
        (mayRelyOn(Sim, S, O, Act, Object, Key, Q) || AsksAgain(Q))) {
      llvm::erase_if(BlindWaits, [&](const BlindWait &W) {
        return W.Object == Object && Q.OpId != W.Asked;
      });
      return;
    }
  for (const OpenQuery &Q : S.Queries) {
    if ((Settled && !waitsUntilGone(Sim, O, Act, Q)) ||
        !mayRelyOn(Sim, S, O, Act, Object, Key, Q) ||
        isHarmless(Sim, O, Act, Key, Q) || takesNothing(Sim, S, Act, Q))
      continue;
    std::optional<Why> Shared = sharedBecause(Sim, S, O, Act, Q);
    if (!Shared)
      continue;
    // `auto &Slot = Map[Key];` may look at what is there, and then nothing
    // relies on the answer.
    if (Act.Name == "operator[]" && !Act.Index && O.Kind == OpKind::Call) {
      Untested.try_emplace(
          O.Id,
          UntestedCall{pairOf(Sim, S, O, Act, Object, Q, *Shared),
                       /*ReturnToo=*/false, identity(Sim.memory(), Object),
                       Sim.memory().lookup(Key, Object), Sim.block()});
      UsedUntested.insert(O.Id);
      continue;
    }
    // One finding for each object: the others are the same story. The one that
    // few want to hear hides no other.
    bool Apart = Act.Of == StateKind::Files && isApart(Sim, S, Act, Q);
    if (Apart ? FilesSeen.insert(O.Id).second
              : Reported.insert(identity(Sim.memory(), Object)).second)
      reportPair(Sim, S, O, Act, Object, Q, *Shared);
  }
  if (takesOne(Act.Name))
    onAfterWait(Sim, S, O, Object, 0);
}

bool CheckThenActWatcher::isComputedFrom(const Simulation &Sim, const Op &O,
                                         Sym Answer) const {
  if (!Answer || O.Kind != OpKind::Call)
    return false;
  const CallInfo &Call = Sim.graph().Calls[O.Index];
  for (unsigned I = 0; I < Call.Args.size(); ++I) {
    Sym V = Sim.argument(Call, I);
    // A copy of the answer is no change; a computed value is.
    if (V && V != Answer && Sim.memory().dependsOn(V, Answer))
      return true;
  }
  return false;
}

void CheckThenActWatcher::reportPair(const Simulation &Sim, const State &S,
                                     const Op &O, const ContainerEffect &Act,
                                     Loc Object, const OpenQuery &Q,
                                     const Why &Shared) {
  Found.push_back(pairOf(Sim, S, O, Act, Object, Q, Shared));
}

Finding CheckThenActWatcher::pairOf(const Simulation &Sim, const State &S,
                                    const Op &O, const ContainerEffect &Act,
                                    Loc Object, const OpenQuery &Q,
                                    const Why &Shared) const {
  const Op &Asked = Sim.op(Q.OpId);
  std::string Name = nameOf(Sim, Object);
  std::string Written = writtenObject(Sim, O);
  // The object whose methods lock is what the user sees.
  if (!Written.empty() && Written == writtenObject(Sim, Asked) &&
      (Act.Of != StateKind::Database || Name.empty()))
    Name = Written;
  if (Name.empty())
    Name = Written.empty() ? "container" : Written;
  std::string Ask = nameOfQuery(Sim, Asked), Do = nameOfOp(Sim, O);

  Finding R = start(Sim, O, "pair", Name);
  R.Why = std::min(Shared.Grade, Act.Why);
  if (Q.Effect != OpenQuery::PlainRead)
    R.Why = std::min(R.Why, Sim.effects(Asked).Containers[Q.Effect].Why);
  R.Message = "check-then-act on '" + Name +
              "': another thread can change it between " + Ask + " and " + Do;
  R.Files = Act.Of == StateKind::Files;
  if (R.Files && isApart(Sim, S, Act, Q))
    R.Why = Evidence::Named;
  Anchor AskPlace = placeOf(Sim, Asked);
  R.Notes.push_back({AskPlace, "checked here; " + Shared.Text});
  if (Act.Place.isValid())
    R.Notes.push_back({Act.Place, Do + " changes it here"});
  if (Act.Of == StateKind::Database)
    R.Notes.push_back({R.Place,
                       "let the database decide: a unique constraint, the "
                       "conflict handled, and the winner read back"});
  bool Overwrites =
      Act.Of == StateKind::Atomic && isComputedFrom(Sim, O, Q.Answer);
  std::vector<std::string> AskLocks, DoLocks;
  auto AddTo = [](std::vector<std::string> &Locks, std::string Lock) {
    if (!Lock.empty() && !llvm::is_contained(Locks, Lock))
      Locks.push_back(std::move(Lock));
  };
  for (Loc L : Q.Under)
    AddTo(AskLocks, nameOf(Sim, L));
  for (const HeldLock &H : S.Locks)
    AddTo(DoLocks, nameOf(Sim, H.Mutex));
  for (const AccessPath &L : Act.Locks)
    AddTo(DoLocks, Sim.names().display(L.lastEntity()).str());
  R.Interleaving = {{1, AskPlace, Ask, AskLocks},
                    {2, AskPlace, Ask + " gives the same answer", AskLocks},
                    {2, R.Place, Do, DoLocks},
                    {1, R.Place,
                     Overwrites
                         ? Do + " overwrites what thread 2 made of it"
                         : Do + " relies on an answer that is no longer true",
                     DoLocks}};
  R.Fix = fixCheckThenAct(Asked, O, Act.Of, Q.Under.empty() && !Q.Synchronized,
                          TU.context(), TU.models());
  return R;
}

/// The lock under which \p Q found something, and under which others take
/// elements out of the same container; std::nullopt if there is none, or if
/// what was found may be kept all the same.
std::optional<Loc> CheckThenActWatcher::keptUnder(const Simulation &Sim,
                                                  const State &S,
                                                  const OpenQuery &Q) const {
  if (!Q.Answer || Q.Under.empty() || !Q.Key ||
      Q.Effect == OpenQuery::PlainRead || isFresh(Sim, Q.Object))
    return std::nullopt;
  const Memory &M = Sim.memory();
  const ContainerEffect &E = Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect];
  EntityId Object{identity(M, Q.Object)};
  if (E.Of != StateKind::Container || E.Searches ||
      (E.Place.isValid() && !givesElement(Sim.op(Q.OpId).Callee)) ||
      !Facts.Removers.count(Object) || isOnlyTaker(Object))
    return std::nullopt;
  auto Lock = llvm::find_if(
      Q.Under, [&](Loc L) { return isChangedUnder(Sim, Q.Object, L); });
  if (Lock == Q.Under.end() || isLent(S, *Lock))
    return std::nullopt;
  return *Lock;
}

void CheckThenActWatcher::reportKept(const Simulation &Sim, const Op &O,
                                     const OpenQuery &Q, Loc Lock,
                                     llvm::StringRef What) {
  if (!Reported.insert(identity(Sim.memory(), Q.Object)).second)
    return;
  const Op &Asked = Sim.op(Q.OpId);
  std::string Name = nameOf(Sim, Q.Object), Mutex = nameOf(Sim, Lock);
  Finding R = start(Sim, O, "kept beyond lock", Name);
  R.Message = "check-then-act on '" + Name + "': what " + nameOfOp(Sim, Asked) +
              " found is used after '" + Mutex + "' was released";
  R.Notes.push_back({placeOf(Sim, Asked), "found here, holding '" + Mutex +
                                              "', under which others take "
                                              "elements out"});
  R.Interleaving = {
      {1, placeOf(Sim, Asked), "finds it"},
      {2, Anchor(), "takes it out of '" + Name + "'"},
      {1, R.Place, ("follows " + What + " to what is gone").str()}};
  Found.push_back(std::move(R));
}

/// The iterator \p At is followed: does it still point to something?
void CheckThenActWatcher::onFollowed(const Simulation &Sim, const State &S,
                                     const Op &O, Sym At) {
  if (!S.Locks.empty() || MayBeLocked)
    return;
  for (const OpenQuery &Q : S.Queries)
    if (Q.Answer == At)
      if (std::optional<Loc> Lock = keptUnder(Sim, S, Q))
        reportKept(Sim, O, Q, *Lock, "an iterator");
}

/// \p L is touched without a lock: is it a part of an element that was found
/// under one? Who keeps a pointer may well have a protocol by which the element
/// stays; none helps if anybody may take out any element.
void CheckThenActWatcher::onElement(const Simulation &Sim, const State &S,
                                    const Op &O, Loc L) {
  if (!S.Locks.empty() || MayBeLocked || S.Queries.empty() ||
      Facts.FreelyRemoved.empty())
    return;
  const Memory &M = Sim.memory();
  Sym Through = M.pointerTo(L);
  // The iterator's own operator gave the element.
  const Op *By = Through ? callThatMade(Sim, Through) : nullptr;
  if (M.isTarget(Through) ||
      (By && By->Callee && By->Callee->isOverloadedOperator()))
    Through = M.symbol(Through).A;
  for (const OpenQuery &Q : S.Queries)
    if (Through && Q.Answer == Through &&
        Facts.FreelyRemoved.count({identity(M, Q.Object)}))
      if (std::optional<Loc> Lock = keptUnder(Sim, S, Q))
        reportKept(Sim, O, Q, *Lock, "a pointer");
}

/// What an optional holds is looked at, having been asked for under a lock that
/// was released since, and under which others reset it.
void CheckThenActWatcher::onContent(const Simulation &Sim, const State &S,
                                    const Op &O, const ContainerEffect &Read,
                                    Loc Object) {
  if (MayBeLocked || isFresh(Sim, Object) ||
      (Read.Name != "operator*" && Read.Name != "operator->" &&
       Read.Name != "value"))
    return;
  auto AsksHere = [&](const OpenQuery &Q) {
    return Q.Object == Object && Q.Effect != OpenQuery::PlainRead &&
           !Q.Changes && Q.OpId != O.Id;
  };
  for (const OpenQuery &Q : S.Queries)
    if (AsksHere(Q) && !Q.HeldSince.empty())
      return;
  for (const OpenQuery &Q : S.Queries) {
    auto IsGuard = [&](Loc L) { return isChangedUnder(Sim, Object, L); };
    if (!AsksHere(Q) || llvm::none_of(Q.Under, IsGuard) || !decides(Sim, Q))
      continue;
    std::optional<Why> Shared = sharedBecause(Sim, S, O, Read, Q);
    if (Shared && Reported.insert(identity(Sim.memory(), Object)).second)
      reportPair(Sim, S, O, Read, Object, Q, *Shared);
  }
}

void CheckThenActWatcher::onLock(const Simulation &Sim, const State &S,
                                 const Op &O, const LockEffect &Effect,
                                 Loc Mutex) {
  if (Effect.Op == LockModel::AssertHeld)
    Lent.insert(Mutex);
  if (Effect.Op == LockModel::Release && !Begun.empty())
    for (const HeldLock &H : S.Locks)
      if (H.Mutex == Mutex)
        Released.push_back(
            {O.Id, Sim.block(), Mutex, ChangedIn.count(H.OpId) != 0});
  if (Effect.Op == LockModel::Wait)
    onWait(Sim, S, O, Mutex);
  if (Effect.Op != LockModel::Acquire || !S.Locks.empty() || MayBeLocked)
    return;
  noteCounted(Sim, S, O, Mutex);
  noteEntry(Sim, S, O, Mutex);
  const Memory &M = Sim.memory();
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect == OpenQuery::PlainRead || Q.Changes || !Q.Under.empty() ||
        Q.Synchronized || isFresh(Sim, Q.Object) ||
        !M.isBeside(Mutex, Q.Object) || !relies(Sim, O, Q) ||
        !isChangedUnder(Sim, Q.Object, Mutex))
      continue;
    const Op &Asked = Sim.op(Q.OpId);
    // Whoever alone adds to a list may look without the lock.
    const ContainerEffect &E = Sim.effects(Asked).Containers[Q.Effect];
    if (E.Of == StateKind::Plain && E.Searches)
      continue;
    std::string Name = nameOf(Sim, Q.Object), Lock = nameOf(Sim, Mutex);
    Finding R = start(Sim, Asked, "asked outside lock", Name);
    R.Message = "check-then-act on '" + Name + "': '" + calleeName(Sim, Asked) +
                "' asks it without '" + Lock + "', under which it is changed";
    R.Notes.push_back({placeOf(Sim, O), "'" + Lock +
                                            "' is taken here, when the answer "
                                            "may not be true any more"});
    AskedOutside.try_emplace(identity(M, Q.Object), std::move(R));
  }
}
