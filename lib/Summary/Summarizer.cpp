//===- Summarizer.cpp - From a simulation to a summary --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Summarizer.h"
#include "Callables.h"
#include "LockNames.h"
#include "race/Summary/PlainState.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace race;

Anchor Summarizer::anchor(const Op &O) const {
  return anchorOf(O.Loc, G.Function->getASTContext().getSourceManager());
}

Effects Summarizer::effectsOf(const Op &O, const CallInfo &Call) {
  Effects E = EffectsClient::effectsOf(O, Call);
  if (!Put)
    return E;
  // Inside of a pool's own put: what it closes instead of keeping is gone too.
  llvm::erase_if(E.HandBacks, [](const HandBackEffect &H) { return H.Memory; });
  const IdentifierInfo *Id =
      Call.Callee ? Call.Callee->getIdentifier() : nullptr;
  if (Call.Delete || (Id && Id->isStr("free") && Call.Args.size() == 1)) {
    HandBackEffect H;
    H.What = AccessPath::param(0);
    H.Why = Put->Effect.Why;
    E.HandBacks.push_back(std::move(H));
    return E;
  }
  // Adding to the container is the hand-back.
  for (unsigned I = 0; I < E.Containers.size(); ++I)
    if (E.Containers[I].Kind == ContainerOpModel::Act && !Call.Args.empty()) {
      HandBackEffect H;
      H.What = AccessPath::param(0);
      if (Call.ByReference & 1)
        H.What = H.What.then(PathStep::deref());
      H.Why = Put->Effect.Why;
      E.HandBacks.push_back(std::move(H));
      break;
    }
  return E;
}

bool Summarizer::storeHandsBack(const Simulation &Sim, const Op &O, Loc L,
                                Sym V) {
  if (!Put)
    return false;
  const Memory &M = Sim.memory();
  auto IsPart = [&](Loc X) {
    for (; X; X = M.info(X).Parent) {
      const Memory::LocInfo &I = M.info(X);
      if ((I.Kind == Memory::LocKind::Field ||
           I.Kind == Memory::LocKind::Global) &&
          EntityId{I.Id} == Put->Container)
        return true;
    }
    return false;
  };
  bool Kept = IsPart(L);
  // *head.last = p: where the list keeps the address of its end.
  if (Sym End = Kept ? 0 : M.pointerTo(L))
    Kept = IsPart(M.symbol(End).Where);
  auto P = Kept ? M.pathOfValue(V, G) : std::nullopt;
  if (!P || !(P->Root == AccessPath::This || P->Root == AccessPath::Param))
    return false;
  for (const Candidate &C : Candidates)
    if (C.V == V)
      return true;
  HandBackEffect H;
  H.What = *P;
  H.Why = Put->Effect.Why;
  H.Place = anchor(O);
  H.LastReference = isAtZero(O);
  Candidates.push_back({std::move(H), V, false, false});
  return true;
}

void Summarizer::onEntry(const Simulation &Sim, State &S) {
  EffectsClient::onEntry(Sim, S);
  for (const HeldLock &L : S.Locks)
    Required.push_back(L.Mutex);
}

/// The lock that the program knows, where \p P is the mutex inside of it.
AccessPath Summarizer::wholeLock(AccessPath P) const {
  auto IsWhole = [&](EntityId E) {
    const auto *D = dyn_cast_or_null<ValueDecl>(Entities.decl(E));
    return D && wrapsLock(D->getType(), Calls.models());
  };
  if (P.Root == AccessPath::Global && !P.Steps.empty() &&
      P.Steps[0].Kind == PathStep::Field && IsWhole(P.Entity)) {
    P.Steps.clear();
    return P;
  }
  for (unsigned I = 0; I + 1 < P.Steps.size(); ++I)
    if (P.Steps[I].Kind == PathStep::Field && IsWhole(P.Steps[I].Entity)) {
      P.Steps.truncate(I + 1);
      break;
    }
  return P;
}

llvm::SmallVector<AccessPath, 1> Summarizer::locksHeld(const Simulation &Sim,
                                                       const State &S) const {
  llvm::SmallVector<AccessPath, 1> Paths;
  for (const HeldLock &L : S.Locks)
    if (auto P = Sim.memory().pathOf(L.Mutex, G))
      Paths.push_back(*P);
  llvm::sort(Paths);
  return Paths;
}

/// The lock at \p L as the program knows it. A lock that a function returns has
/// the function's name: two calls of one getter give one lock.
std::optional<AccessPath> Summarizer::lockPath(const Memory &M, Loc L) const {
  if (auto P = M.pathOf(L, G))
    return wholeLock(std::move(*P));
  const Memory::LocInfo &Root = M.info(M.rootOf(L));
  if (Root.Kind != Memory::LocKind::Pointee &&
      Root.Kind != Memory::LocKind::Temp)
    return std::nullopt;
  Sym From = Root.Id;
  while (M.symbol(From).Kind == Memory::SymKind::Derive)
    From = M.symbol(From).A;
  const Memory::SymInfo &I = M.symbol(From);
  if (I.Kind != Memory::SymKind::Unknown)
    return std::nullopt;
  for (const FlowBlock &B : G.Blocks)
    for (const Op &O : B.Ops)
      if (O.Id == I.Id && O.Kind == OpKind::Call && O.Callee &&
          !isa<CXXConstructorDecl>(O.Callee))
        return AccessPath::global(Entities.entity(O.Callee));
  return std::nullopt;
}

/// Notes in \p Out which locks are held and which of the callers' are not.
template <class Summary>
void Summarizer::describeLocks(const Simulation &Sim, const State &S,
                               Summary &Out) const {
  const Memory &M = Sim.memory();
  for (const HeldLock &L : S.Locks) {
    auto P = lockPath(M, L.Mutex);
    if (!P) {
      Out.UnknownLock = true;
      continue;
    }
    if (L.Mode == LockMode::Shared)
      Out.Shared.push_back(*P);
    Out.Locks.push_back(std::move(*P));
  }
  for (Loc L : S.Dropped)
    if (auto P = lockPath(M, L))
      Out.Dropped.push_back(std::move(*P));
  llvm::sort(Out.Locks);
  llvm::sort(Out.Shared);
}

bool race::hasHiddenState(const FunctionDecl *F) {
  const IdentifierInfo *Id = F->getIdentifier();
  if (!Id || !F->getDeclContext()->getRedeclContext()->isTranslationUnit())
    return false;
  return llvm::StringSwitch<bool>(Id->getName())
      .Cases("asctime", "ctime", "gmtime", "localtime", "strtok", "strsignal",
             true)
      .Cases("gethostbyname", "gethostbyaddr", "getpwnam", "getpwuid",
             "getgrnam", "getgrgid", "inet_ntoa", "ttyname", true)
      .Default(false);
}

void Summarizer::noteParamUse(const Simulation &Sim, Sym V) {
  const Memory::SymInfo &I = Sim.memory().symbol(V);
  if (I.Kind == Memory::SymKind::This)
    Derefs |= 1u << Effects::ThisBit;
  if (I.Kind != Memory::SymKind::Initial)
    return;
  const Memory::LocInfo &L = Sim.memory().info(I.Where);
  if (L.Kind == Memory::LocKind::Local && L.Id < G.Locals.size()) {
    int P = G.Locals[L.Id].Param;
    if (P >= 0 && P < 31)
      Derefs |= 1u << P;
  }
}

/// Whether the answer of \p Q is a pointer that another function found: what is
/// behind it is an object of its own, and no part of the container.
static bool leadsToObject(const Simulation &Sim, const OpenQuery &Q) {
  const Op &Asked = Sim.op(Q.OpId);
  return Q.Effect != OpenQuery::PlainRead && Asked.Callee &&
         Asked.Callee->getReturnType()->isPointerType() &&
         Sim.effects(Asked).Containers[Q.Effect].Place.isValid();
}

void Summarizer::onAccess(const Simulation &Sim, const State &S, const Op &O,
                          Loc L, bool Write) {
  const Memory &M = Sim.memory();
  const Memory::LocInfo &Where = M.info(L);
  if (Where.Kind == Memory::LocKind::Field ||
      Where.Kind == Memory::LocKind::Global) {
    bool Locked = !S.Locks.empty();
    if (Write)
      (Locked ? SetLocked : SetUnlocked).insert(Where.Id);
    else
      (Locked ? ReadLocked : ReadUnlocked).insert(Where.Id);
  }
  noteGuarded(Sim, S, O, L, Write);
  Sym Through = M.pointerTo(L);
  if (Through)
    noteParamUse(Sim, Through);
  // A value that is stored where others find it counts as looked at.
  if (O.Kind == OpKind::Store) {
    RegValue V = Sim.reg(O.B);
    if (V.S)
      noteParamUse(Sim, V.S);
  }
  // Writing through what a query answered changes what was asked about.
  if (Write && Through)
    for (const OpenQuery &Q : S.Queries)
      if (Q.Answer && M.dependsOn(Through, Q.Answer) &&
          !leadsToObject(Sim, Q)) {
        ContainerEffect E;
        E.Kind = ContainerOpModel::Act;
        E.Name = "assignment";
        E.Place = anchor(O);
        auto P = M.pathOf(Q.Object, G);
        if (!P)
          continue;
        E.Object = *P;
        E.Keyed = Q.Key != 0;
        if (Q.Key)
          E.Key = pathOfKey(M, Q.Key);
        E.Locks = locksHeld(Sim, S);
        // The element has a lock of its own.
        if (E.Locks.size() < S.Locks.size())
          continue;
        add(std::move(E));
      }
  auto P = M.pathOf(L, G);
  if (!P && Through && !isOwnObject(Sim, {L, 0}))
    P = pathFromElsewhere(M, L);
  if (!P)
    return;
  EntityId State = P->lastEntity();
  // An access to a part is one to the whole.
  bool Wanted = Interesting.contains(State) || Interesting.contains(P->Entity);
  for (const PathStep &Step : P->Steps)
    Wanted |= Step.Kind == PathStep::Field && Interesting.contains(Step.Entity);
  const auto *Touched = dyn_cast_or_null<ValueDecl>(Entities.decl(State));
  if (!Wanted || (Touched && !canBeRacedOn(Touched, Interesting.M)))
    return;
  noteAccess(Sim, S, O, *P, Write);
}

void Summarizer::noteAccess(const Simulation &Sim, const State &S, const Op &O,
                            AccessPath P, bool Write) {
  AccessSummary A;
  A.Where = std::move(P);
  A.Write = Write;
  A.Place = anchor(O);
  describeLocks(Sim, S, A);
  Out.Accesses.push_back(std::move(A));
}

/// What code that is not seen does with the memory it gets a pointer to.
void Summarizer::noteArguments(const Simulation &Sim, const State &S,
                               const Op &O, const CallInfo &Call) {
  if (!Call.Callee || Call.Callee->hasBody())
    return;
  if (hasHiddenState(Call.Callee))
    noteAccess(Sim, S, O, AccessPath::global(Entities.entity(Call.Callee)),
               true);
  const Memory &M = Sim.memory();
  for (unsigned I = 0; I < Call.Args.size() && I < 31; ++I) {
    if (Call.ByReference >> I & 1)
      continue;
    Sym V = Sim.argument(Call, I);
    const Memory::SymInfo &Pointer = M.symbol(V);
    std::optional<AccessPath> P;
    if (V && Pointer.Kind == Memory::SymKind::Address)
      P = M.pathOf(Pointer.Where, G);
    else if (V && Pointer.Kind == Memory::SymKind::Initial)
      P = M.pathOfValue(V, G);
    if (!P || !Interesting.contains(P->lastEntity()))
      continue;
    if (Pointer.Kind == Memory::SymKind::Initial)
      P = P->then(PathStep::deref());
    noteAccess(Sim, S, O, std::move(*P), Call.MayChange >> I & 1);
  }
}

/// Whether a search by hand through a list begins with the read at \p O.
bool Summarizer::searchesFrom(const Op &O) const {
  const auto *Read = dyn_cast_or_null<Expr>(O.Node);
  return Read && O.Kind == OpKind::Load &&
         llvm::any_of(Info.Searches, [&](const ListSearch &Search) {
           return Search.Head == Read->IgnoreParenImpCasts();
         });
}

/// Whether the pointer \p L, which is set at \p O, may be null from then on: it
/// is, or it leads to the next element after the one that it led to.
static bool clears(const Simulation &Sim, const State &S, const Op &O, Loc L) {
  if (O.Kind == OpKind::Store) {
    const Memory &M = Sim.memory();
    Sym Set = Sim.reg(O.B).S;
    if (!Set || S.truth(M, Set) == std::optional<bool>(false))
      return Set != 0;
    const Memory::SymInfo &I = M.symbol(Set);
    return I.Kind == Memory::SymKind::Initial &&
           M.info(I.Where).Kind == Memory::LocKind::Field &&
           M.pointerTo(I.Where) && M.pointerTo(I.Where) == Sim.load(S, L) &&
           !S.truth(M, Set);
  }
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(O.Node);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  return Method && Method->getIdentifier() && Method->getName() == "reset" &&
         llvm::all_of(Call->arguments(), [](const Expr *Arg) {
           return isa<CXXDefaultArgExpr>(Arg);
         });
}

/// The member or variable that holds the lists of a hash table, where \p L is
/// one of them: an array of pointers, or the pointer to one. 0 for all else.
static Loc tableOfLists(const Memory &M, Loc L, const EntityMapper &Entities) {
  if (M.info(L).Kind != Memory::LocKind::Index)
    return 0;
  while (M.info(L).Kind == Memory::LocKind::Index)
    L = M.info(L).Parent;
  if (M.info(L).Kind == Memory::LocKind::Pointee) {
    const Memory::SymInfo &Way = M.symbol(M.info(L).Id);
    L = Way.Kind == Memory::SymKind::Initial ? Way.Where : 0;
  }
  const auto *D =
      L ? dyn_cast_or_null<ValueDecl>(Entities.decl({M.info(L).Id})) : nullptr;
  if (!D || (M.info(L).Kind != Memory::LocKind::Field &&
             M.info(L).Kind != Memory::LocKind::Global))
    return 0;
  QualType T = D->getType();
  QualType Element = T->isPointerType() ? T->getPointeeType()
                     : T->isArrayType()
                         ? QualType(T->getPointeeOrArrayElementType(), 0)
                         : QualType();
  return !Element.isNull() && Element->isPointerType() &&
                 Element->getPointeeType()->isRecordType()
             ? L
             : 0;
}

/// Plain state under its own lock is a container of one element: a function
/// that only reads it asks, one that sets it acts.
void Summarizer::noteGuarded(const Simulation &Sim, const State &S, const Op &O,
                             Loc L, bool Write) {
  // To take a lock is no change.
  ChangesShared |=
      Write && (O.Kind != OpKind::Call || Sim.effects(O).Locks.empty());
  // A list that is searched under its callers' lock is asked, too.
  bool Searched = S.Locks.empty() && !Write && searchesFrom(O);
  if ((S.Locks.empty() && !Searched) ||
      isa<CXXConstructorDecl, CXXDestructorDecl>(G.Function))
    return;
  const Memory &M = Sim.memory();
  // A list is searched that lies in a table, or what the function is given is
  // put into one.
  Loc Table = tableOfLists(M, L, Entities);
  if (Table && Write) {
    auto Given = O.Kind == OpKind::Store ? M.pathOfValue(Sim.reg(O.B).S, G)
                                         : std::nullopt;
    if (!Given || Given->Root != AccessPath::Param || !Given->Steps.empty())
      Table = 0;
  } else if (Table && !searchesFrom(O)) {
    Table = 0;
  }
  while (M.info(L).Kind == Memory::LocKind::Index)
    L = M.info(L).Parent;
  if (Table)
    L = Table;
  auto Beside = [&](const HeldLock &H) { return M.isBeside(H.Mutex, L); };
  if ((!Searched && llvm::none_of(S.Locks, Beside)) ||
      (!Table && !isPlainState(M, L, Entities, Calls.models())))
    return;
  // The pointer to the lock itself.
  if (Sym V = Sim.load(S, L); V && S.holds(Sim.memory().pointee(V)))
    return;
  auto Path = M.pathOf(L, G);
  auto &Into = Write ? GuardedActs : GuardedReads;
  if (!Path || Into.size() >= 4)
    return;
  auto [It, New] = Into.try_emplace(L);
  ContainerEffect &E = It->second;
  bool Conditional = !Sim.postDominates(Sim.block(), G.Entry);
  if (O.Kind == OpKind::Change || Table)
    Counted.insert(L);
  E.Clears |= Write && clears(Sim, S, O, L);
  if (!New) {
    E.Conditional &= Conditional;
    E.Rechecks &= Conditional;
    return;
  }
  E.Kind = Write ? ContainerOpModel::Act : ContainerOpModel::Query;
  E.Of = StateKind::Plain;
  E.Object = *Path;
  E.Locks = locksHeld(Sim, S);
  E.Conditional = Conditional;
  E.Rechecks = Write && Conditional && GuardedReads.count(L);
  E.Name = Entities.table().display({M.info(L).Id}).str();
  E.Searches = Searched;
  E.Why = Evidence::Structural;
  E.Place = anchor(O);
}

void Summarizer::addGuarded() {
  bool Alone = GuardedActs.size() == 1 && Out.Calls.empty() &&
               Out.Starts.empty() && Out.Effect.Containers.empty();
  for (auto &[L, E] : GuardedActs) {
    // To set a flag twice does no harm by itself; to count does, and so does to
    // put something before what is there.
    E.Alone = Alone && !Counted.count(L) && !GuardedReads.count(L);
    add(std::move(E));
  }
  if (!ChangesShared && !Acts && !G.Function->getReturnType()->isVoidType())
    for (auto &[L, E] : GuardedReads)
      add(std::move(E));
}

void Summarizer::onLock(const Simulation &Sim, const State &, const Op &O,
                        const LockEffect &E, Loc Mutex) {
  auto P = lockPath(Sim.memory(), Mutex);
  EntityId Lock = P ? P->lastEntity() : EntityId();
  if (Lock.isValid() && !llvm::is_contained(Out.Handles, Lock))
    Out.Handles.push_back(Lock);
  if (E.Op == LockModel::Acquire)
    TakesAgain |= Taken.try_emplace(Mutex, O.Id).first->second != O.Id;
  // So does a wait.
  WaitsOnce |= E.Op == LockModel::Wait && !Sim.inLoop(O.Id);
  TakesAgain |= WaitsOnce;
}

/// The members on the way to \p L from the last pointer that is followed.
std::optional<AccessPath> Summarizer::pathFromElsewhere(const Memory &M,
                                                        Loc L) {
  AccessPath P;
  P.Root = AccessPath::Elsewhere;
  for (; M.info(L).Parent; L = M.info(L).Parent)
    if (M.info(L).Kind == Memory::LocKind::Field)
      P.Steps.push_back(PathStep::field({M.info(L).Id}));
  std::reverse(P.Steps.begin(), P.Steps.end());
  if (P.Steps.empty())
    return std::nullopt;
  return P;
}

void Summarizer::onHandBack(const Simulation &Sim, const State &S, const Op &O,
                            Sym V, const HandBackEffect &E) {
  // To change a container twice does no harm.
  UsesAfterHandBack |=
      E.Elements == ElementChange::None && S.Gone.find(V) != nullptr;
  // Of what a pool's own functions do callers know more.
  if (E.Stocked)
    return;
  const Memory &M = Sim.memory();
  auto P = M.pathOfValue(V, G);
  HandBackEffect H = E;
  H.Handle.reset();
  if (M.isLookup(V)) {
    // By a handle that callers gave, from a table that they know.
    H.Handle = M.pathOfValue(M.symbol(V).A, G);
    P = M.pathOf(M.tableOf(V), G);
    if (!H.Handle && E.Elements == ElementChange::None)
      return;
  }
  if (!P || (!E.Removed && Calls.throughElement(*P)))
    return;
  H.What = *P;
  H.When = Outcome::Always;
  H.Nulls = H.Maybe = H.HolderOfKey = false;
  H.Renews.reset();
  H.Arena &= H.What.Root != AccessPath::Elsewhere;
  H.Since.reset();
  H.Place = anchor(O);
  H.LastReference = isAtZero(O);
  // Whether it was done is told here, and nobody listens.
  bool Unheard =
      E.Maybe || (E.When != Outcome::Always && O.Kind == OpKind::Call &&
                  !G.Calls[O.Index].ResultUsed);
  Unheard &= Sim.postDominates(Sim.block(), G.Entry);
  for (Candidate &C : Candidates)
    if (C.V == V) {
      C.Effect.LastReference &= H.LastReference;
      C.Unheard &= Unheard;
      C.Counted |= isCounted(Sim, S);
      return;
    }
  Candidates.push_back({std::move(H), V, Unheard, isCounted(Sim, S)});
}

void Summarizer::onLook(const Simulation &Sim, const State &S, const Op &O,
                        Sym V) {
  constexpr size_t MaxUses = 16;
  const Memory &M = Sim.memory();
  auto P = M.pathOfValue(V, G);
  if (!P || (P->Root != AccessPath::Param && P->Root != AccessPath::This) ||
      P->Steps.empty() == (P->Root == AccessPath::This))
    return;
  for (const auto &[Gone, By] : S.Gone)
    if (LateUses.size() < MaxUses &&
        llvm::none_of(LateUses, [&, Gone = Gone](const LateUse &U) {
          return U.Gone == Gone && U.Pointer == V;
        }))
      LateUses.push_back({Gone, V, anchor(O)});
}

/// Whether what is known in \p S was asked of something that the function has
/// computed from what was there before, as one asks a count that was dropped.
bool Summarizer::isCounted(const Simulation &Sim, const State &S) {
  Memory &M = Sim.memory();
  return llvm::any_of(S.Env, [&](const auto &Entry) {
    Sym Now = Entry.second;
    const Memory::SymInfo I = M.symbol(Now);
    bool Computed = I.Kind == Memory::SymKind::Changed
                        ? Sim.op(I.Id).Kind == OpKind::Change
                        : I.Kind == Memory::SymKind::Derive &&
                              M.dependsOn(Now, M.initial(Entry.first));
    return Computed && llvm::any_of(S.Facts, [&](const auto &Known) {
             return M.dependsOn(Known.first, Now);
           });
  });
}

/// Whether \p O is where a count of references has come to zero.
bool Summarizer::isAtZero(const Op &O) const {
  if (Info.AtZero.empty())
    return false;
  const SourceManager &SM = G.Function->getASTContext().getSourceManager();
  SourceLocation At = SM.getExpansionLoc(O.Loc);
  return llvm::any_of(Info.AtZero, [&](SourceRange R) {
    SourceRange In(SM.getExpansionLoc(R.getBegin()),
                   SM.getExpansionLoc(R.getEnd()));
    return In.getBegin() == At || In.getEnd() == At ||
           (SM.isBeforeInTranslationUnit(In.getBegin(), At) &&
            SM.isBeforeInTranslationUnit(At, In.getEnd()));
  });
}

void Summarizer::add(ContainerEffect E) {
  for (ContainerEffect &X : Out.Effect.Containers)
    if (X.Kind == E.Kind && X.Object == E.Object && X.Key == E.Key) {
      X.Rechecks &= E.Rechecks;
      X.RechecksIfLocked &= E.RechecksIfLocked;
      return;
    }
  Out.Effect.Containers.push_back(std::move(E));
}

/// The path of a key, or of what it was computed from: the key of a pair.
std::optional<AccessPath> Summarizer::pathOfKey(const Memory &M,
                                                Sym Key) const {
  for (unsigned Depth = 0; Key && Depth < 4; ++Depth) {
    if (auto P = M.pathOfValue(Key, G))
      return P;
    const Memory::SymInfo &I = M.symbol(Key);
    if (I.Kind != Memory::SymKind::Derive)
      return std::nullopt;
    Key = I.A;
  }
  return std::nullopt;
}

/// Takes note of whether the act \p X on \p Object hangs on what it was asked
/// in the same critical section.
void Summarizer::noteRechecks(const Simulation &Sim, const State &S, Loc Object,
                              Sym Key, ContainerEffect &X) {
  unsigned Section = S.Locks.empty() ? 0 : S.Locks.front().OpId;
  // Whoever finds nothing to take and gives up by an exception fails by being
  // second.
  auto Decides = [&](int B) {
    return !Sim.postDominates(Sim.block(), B) &&
           (X.Keyed || Sim.mayReturnPast(Sim.block(), B));
  };
  auto Note = [&](bool Together) {
    X.Rechecks |= Together;
    X.RechecksIfLocked |= !Together;
  };
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Object != Object || (Q.Key && Key && Q.Key != Key))
      continue;
    bool Together =
        llvm::any_of(Q.HeldSince, [&](Loc L) { return S.holds(L); });
    if (!Together && !(S.Locks.empty() && Q.Under.empty()))
      continue;
    for (int B : Q.Branches)
      if (Decides(B)) {
        Note(Together);
        if (!Key)
          Rechecked[Object].insert({Section, B});
      }
  }
  // To look at the first element and then to take it hangs on one answer.
  auto It = Rechecked.find(Object);
  if (It != Rechecked.end() && !Key)
    for (const auto &[In, B] : It->second)
      if (In == Section && Decides(B))
        Note(Section != 0);
}

void Summarizer::onContainer(const Simulation &Sim, const State &S, const Op &O,
                             const ContainerEffect &E, Loc Object, Sym Key) {
  const Memory &M = Sim.memory();
  Queries |= E.Kind == ContainerOpModel::Query;
  Acts |= E.Kind == ContainerOpModel::Act || E.Kind == ContainerOpModel::Atomic;
  if (E.Kind == ContainerOpModel::Query && E.Of == StateKind::Plain)
    AsksTwice |= GivenBy.try_emplace(Object, O.Id).first->second != O.Id;
  Walks |= E.Kind == ContainerOpModel::Read && E.Name == "begin";
  auto P = M.pathOf(Object, G);
  if (!P)
    return;
  ContainerEffect X = E;
  X.Object = *P;
  X.Key.reset();
  if (Key)
    X.Key = pathOfKey(M, Key);
  X.Element.reset();
  if (E.Element) {
    Sym Added = 0;
    Sim.resolve(S, O, *E.Element, &Added);
    X.Element = pathOfKey(M, Added);
  }
  X.Locks = locksHeld(Sim, S);
  X.Conditional |= !Sim.postDominates(Sim.block(), G.Entry);
  X.Rechecks |= X.RechecksIfLocked && !S.Locks.empty();
  for (const AccessPath &L : E.Locks)
    if (Loc In = Sim.resolve(S, O, L))
      if (auto Q = M.pathOf(In, G))
        X.Locks.push_back(*Q);
  llvm::sort(X.Locks);
  X.Place = anchor(O);
  if (E.Kind == ContainerOpModel::Query) {
    unsigned Index = 0;
    const Effects &All = Sim.effects(O);
    for (unsigned I = 0; I < All.Containers.size(); ++I)
      if (&All.Containers[I] == &E)
        Index = I;
    Asked.push_back({{O.Id, Index}, std::move(X)});
    return;
  }
  if (E.Kind == ContainerOpModel::Act || E.Kind == ContainerOpModel::Atomic) {
    noteRechecks(Sim, S, Object, Key, X);
  }
  if (E.Kind == ContainerOpModel::Atomic) {
    Tried.insert({O.Id, {std::move(X), false}});
    return;
  }
  add(std::move(X));
}

/// Whether \p Object is a variable of the function, a temporary, or something
/// that the function has just made.
bool Summarizer::isOwnObject(const Simulation &Sim, RegValue Object) const {
  if (!Object.L)
    return Object.S != 0;
  const Memory &M = Sim.memory();
  const Memory::LocInfo &Root = M.info(M.rootOf(Object.L));
  if (Root.Kind == Memory::LocKind::Local)
    return Root.Id >= G.Locals.size() ||
           (G.Locals[Root.Id].Param < 0 && !isLeaked(G.Locals[Root.Id].Decl));
  if (Root.Kind == Memory::LocKind::Temp)
    return true;
  return Root.Kind == Memory::LocKind::Pointee && Sim.isNew(Root.Id);
}

void Summarizer::onCall(const Simulation &Sim, const State &S, const Op &O,
                        const CallInfo &Call) {
  const Effects &E = Sim.effects(O);
  for (unsigned I = 0; I < Call.Args.size() && I < 31; ++I)
    if ((E.Derefs >> I & 1) && (!(Call.ValueOnly >> I & 1) || E.LooksAtAll))
      if (Sym V = Sim.argument(Call, I))
        noteParamUse(Sim, V);
  noteArguments(Sim, S, O, Call);
  CallSummary Base;
  Base.Place = anchor(O);
  describeLocks(Sim, S, Base);
  const SourceManager &SM = G.Function->getASTContext().getSourceManager();
  bool InSystem =
      Call.Callee && SM.isInSystemHeader(Call.Callee->getLocation());
  CallableSources Holders;
  if (const auto *Written = dyn_cast_or_null<CallExpr>(O.Node))
    Holders = calledThroughVariable(Written);
  // A lambda that is passed on is taken to be called there and then, under the
  // locks of that moment; those that start threads are roots. The library's
  // constructors only keep it.
  bool Keeps = Call.Constructor && InSystem;
  for (Reg R : Call.Args) {
    RegValue V = Sim.reg(R);
    Sym Callable = V.S ? V.S : V.L ? Sim.load(S, V.L) : 0;
    const Memory::SymInfo &I = Sim.memory().symbol(Callable);
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(
        I.Kind == Memory::SymKind::Function ? I.Callee : nullptr);
    if (E.Starts || Keeps || !Method || !Method->getParent()->isLambda())
      continue;
    CallSummary C = Base;
    C.Callee = Entities.entity(I.Callee);
    if (Call.Callee)
      C.PassedTo = Entities.entity(Call.Callee);
    if (!Holders.empty())
      C.PassedTo = Entities.entity(Holders.front());
    Out.Calls.push_back(std::move(C));
  }
  const auto *Written = dyn_cast_or_null<CallExpr>(O.Node);
  for (const NamedDecl *Holder : Holders) {
    CallSummary C = Base;
    C.Callee = Entities.entity(Holder);
    C.Through = true;
    C.InLoop = Info.Looped.contains(Written);
    Out.Calls.push_back(std::move(C));
  }
  if (!Call.Callee || InSystem)
    return;
  CallSummary C = std::move(Base);
  C.Callee = Entities.entity(Call.Callee);
  C.Virtual = Call.Virtual;
  C.InLoop = Written && Info.Looped.contains(Written);
  describeObject(Sim, Sim.reg(Call.This), C);
  // In C the object comes first.
  if (Call.This == NoReg && !Call.Args.empty()) {
    const Memory &M = Sim.memory();
    const Memory::SymInfo &First = M.symbol(Sim.argument(Call, 0));
    const Memory::LocInfo *I =
        First.Kind == Memory::SymKind::Address ? &M.info(First.Where) : nullptr;
    if (I && (I->Kind == Memory::LocKind::Field ||
              I->Kind == Memory::LocKind::Global)) {
      C.Holder = {I->Id};
      C.HolderIsObject = true;
    }
  }
  Out.Calls.push_back(std::move(C));
}

/// Whose the object at \p Object is that \p C is called on.
void Summarizer::describeObject(const Simulation &Sim, RegValue Object,
                                CallSummary &C) const {
  C.OwnObject = isOwnObject(Sim, Object);
  const Memory &M = Sim.memory();
  if (!Object.L)
    return;
  if (auto P = M.pathOf(Object.L, G)) {
    C.OfThis = P->Root == AccessPath::This && P->Steps.size() > 1;
    C.OnStatic = P->Root == AccessPath::Global;
  }
  const Memory::LocInfo *I = &M.info(Object.L);
  if (I->Kind == Memory::LocKind::Pointee) {
    const Memory::SymInfo &Pointer = M.symbol(I->Id);
    C.OnThis = Pointer.Kind == Memory::SymKind::This;
    if (Pointer.Kind != Memory::SymKind::Initial &&
        Pointer.Kind != Memory::SymKind::Changed)
      return;
    I = &M.info(Pointer.Where);
  } else {
    C.HolderIsObject = true;
  }
  if (I->Kind == Memory::LocKind::Field || I->Kind == Memory::LocKind::Global)
    C.Holder = {I->Id};
}

void Summarizer::onBranch(const Simulation &Sim, const State &S, Sym C) {
  for (auto &[OpId, T] : Tried)
    T.second |= Sim.failureEnds(S, C, OpId);
}

void Summarizer::onRun(const Simulation &Sim, const Op &O, Sym Callable) {
  for (const auto &[V, E] : Invoked)
    if (V == Callable)
      return;
  const Memory &M = Sim.memory();
  auto P = M.pathOfValue(Callable, G);
  if (!P)
    return;
  InvokeEffect E;
  E.Target = *P;
  const CallInfo &Call = G.Calls[O.Index];
  AccessPath Unknown;
  Unknown.Root = AccessPath::Elsewhere;
  for (unsigned I = 0; I < Call.Args.size(); ++I) {
    InvokeEffect::Argument A{Unknown, false};
    Sym V = Sim.argument(Call, I);
    if (auto Held = V ? M.pathOfValue(V, G) : std::nullopt)
      A.Where = *Held;
    else if (V && M.symbol(V).Kind == Memory::SymKind::Address)
      if (auto At = M.pathOf(M.symbol(V).Where, G))
        A = {*At, true};
    E.Args.push_back(std::move(A));
  }
  Invoked.push_back({Callable, std::move(E)});
}

FlowHints Summarizer::hints() const {
  FlowHints H;
  H.UsesAfterHandBack = UsesAfterHandBack;
  H.Queries = Queries;
  H.Acts = Acts;
  H.QueriesAndActs = Queries && Acts;
  H.AsksTwice = AsksTwice;
  H.WalksAndReleases = Walks && TakesAgain;
  auto Read = [](const std::set<uint32_t> &In) {
    return [&In](uint32_t E) { return In.count(E) != 0; };
  };
  H.TestsOutsideLock =
      WaitsOnce || llvm::any_of(SetLocked, Read(ReadUnlocked)) ||
      (TakesAgain && llvm::any_of(SetLocked, Read(ReadLocked))) ||
      llvm::any_of(SetUnlocked, Read(ReadLocked));
  for (uint32_t Id : ReadLocked) {
    const auto *V = dyn_cast_or_null<ValueDecl>(Entities.decl({Id}));
    if ((ReadUnlocked.count(Id) || TakesAgain) && V &&
        !V->getType()->isArithmeticType())
      H.ReadBothWays.push_back({Id});
  }
  auto IsFlag = [&](uint32_t Id) {
    const auto *V = dyn_cast_or_null<ValueDecl>(Entities.decl({Id}));
    return V && V->getType()->isIntegralOrEnumerationType();
  };
  for (uint32_t Id : SetLocked)
    if (IsFlag(Id))
      H.FlagsSet.push_back({Id});
  if (!SetLocked.empty())
    for (uint32_t Id : ReadUnlocked)
      if (IsFlag(Id) && !ReadLocked.count(Id) && !SetLocked.count(Id) &&
          !SetUnlocked.count(Id))
        H.FlagsRead.push_back({Id});
  return H;
}
