//===- SummaryJson.cpp - The JSON form of summaries -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/SummaryJson.h"
#include "race/Support/Failure.h"

using namespace llvm;

namespace race {

/// An access path is [root, index, entity, step, …]; a step is -1 for a
/// dereference, -2 for an index, else the entity of a member.
template <> struct AsIntegers<AccessPath> {
  static void encode(ArchiveWriter &Ar, const AccessPath &P,
                     SmallVectorImpl<int64_t> &Out) {
    Out.append({P.Root, P.Index, Ar.number(P.Entity)});
    for (const PathStep &S : P.Steps)
      Out.push_back(S.Kind == PathStep::Deref   ? -1
                    : S.Kind == PathStep::Index ? -2
                                                : Ar.number(S.Entity));
  }
  static bool decode(ArchiveReader &Ar, ArrayRef<int64_t> In, AccessPath &P) {
    if (In.size() < 3 || In[0] < 0 || In[0] > AccessPath::Elsewhere)
      return false;
    P = AccessPath();
    P.Root = static_cast<AccessPath::RootTy>(In[0]);
    if (!narrow(In[1], P.Index) || !Ar.entity(In[2], P.Entity))
      return false;
    for (int64_t N : In.drop_front(3)) {
      PathStep S = N == -2 ? PathStep::index() : PathStep::deref();
      if (N >= 0) {
        S.Kind = PathStep::Field;
        if (!Ar.entity(N, S.Entity))
          return false;
      }
      P.Steps.push_back(S);
    }
    return true;
  }
};

template <class A> void describe(A &Ar, PathCondition &C) {
  auto &[Where, Truth] = C;
  Ar("where", Where);
  Ar("truth", Truth, true);
}

template <class A> void describe(A &Ar, HandBackEffect &H) {
  auto &[What, When, OnlyIf, Exactly, Nulls, Renews, Why, Reason, Pool,
         OnlyFrom, Reference, Memory, Far, Removed, HolderOfKey, Stocked,
         HandedOver, Handle, Arena, Elements, Since, Chain, Maybe,
         LastReference, Place] = H;
  Ar("what", What);
  Ar("when", When, Outcome::Always);
  Ar("onlyIf", OnlyIf);
  Ar("exactly", Exactly);
  Ar("nulls", Nulls);
  Ar("renews", Renews);
  Ar("evidence", Why, Evidence::Modelled);
  Ar("reason", Reason);
  Ar("pool", Pool);
  Ar("onlyFrom", OnlyFrom);
  Ar("reference", Reference);
  Ar("memory", Memory);
  Ar("far", Far);
  Ar("removed", Removed);
  Ar("holderOfKey", HolderOfKey);
  Ar("stocked", Stocked);
  Ar("handedOver", HandedOver);
  Ar("handle", Handle);
  Ar("arena", Arena);
  Ar("elements", Elements, ElementChange::None);
  Ar("since", Since);
  Ar("chain", Chain);
  Ar("maybe", Maybe);
  Ar("lastReference", LastReference);
  Ar("place", Place);
}

template <class A> void describe(A &Ar, LockEffect &L) {
  auto &[Op, Mutex, Mode, When, OnlyIf, OwnedByResult] = L;
  Ar("op", Op, LockModel::Acquire);
  Ar("mutex", Mutex);
  Ar("mode", Mode, LockMode::Exclusive);
  Ar("when", When, Outcome::Always);
  Ar("onlyIf", OnlyIf);
  Ar("owned", OwnedByResult);
}

template <class A> void describe(A &Ar, ContainerEffect &C) {
  auto &[Kind, Object, Of, Key, Keyed, Index, Statement, Answer, Locks,
         Rechecks, RechecksIfLocked, Conditional, Synchronized, OrderGiven,
         Alone, Clears, ResultUsed, AtomicIfUsed, Element, Searches, Name, Why,
         Place] = C;
  Ar("kind", Kind, ContainerOpModel::Query);
  Ar("object", Object);
  Ar("of", Of, StateKind::Container);
  Ar("key", Key);
  Ar("keyed", Keyed);
  Ar("index", Index);
  Ar("statement", Statement, StatementLanguage::None);
  Ar("answer", Answer);
  Ar("locks", Locks);
  Ar("rechecks", Rechecks);
  Ar("rechecksIfLocked", RechecksIfLocked);
  Ar("conditional", Conditional);
  Ar("synchronized", Synchronized);
  Ar("orderGiven", OrderGiven);
  Ar("alone", Alone);
  Ar("resultUsed", ResultUsed);
  Ar("atomicIfUsed", AtomicIfUsed);
  Ar("element", Element);
  Ar("clears", Clears);
  Ar("searches", Searches);
  Ar("name", Name);
  Ar("evidence", Why, Evidence::Modelled);
  Ar("place", Place);
}

template <class A> void describe(A &Ar, AssignEffect &S) {
  auto &[To, From, Value] = S;
  Ar("to", To);
  Ar("from", From);
  Ar("value", Value);
}

template <class A> void describe(A &Ar, InvokeEffect::Argument &X) {
  auto &[Where, Address] = X;
  Ar("where", Where);
  Ar("address", Address);
}

template <class A> void describe(A &Ar, InvokeEffect &I) {
  auto &[Target, Args, OnlyIf, Sure, Repeats] = I;
  Ar("target", Target);
  Ar("args", Args);
  Ar("onlyIf", OnlyIf);
  Ar("sure", Sure);
  Ar("repeats", Repeats);
}

template <class A> void describe(A &Ar, LookupEffect &L) {
  auto &[Table, Key] = L;
  Ar("table", Table);
  Ar("key", Key);
}

template <class A> void describe(A &Ar, FollowEffect &F) {
  auto &[Pointer, Place] = F;
  Ar("pointer", Pointer);
  Ar("place", Place);
}

template <class A> void describe(A &Ar, LateUseEffect &U) {
  auto &[Pointer, After, Place] = U;
  Ar("pointer", Pointer);
  Ar("after", After);
  Ar("place", Place);
}

template <class A> void describe(A &Ar, Effects &E) {
  auto &[HandBacks, Locks, Containers, Acquires, Assigns, Invokes, Writes,
         KeepsToUse, Follows, LateUses, LooksAt, ReturnsAlias, ReturnsAddress,
         ReturnsContent, Looks, Finds, Owns, From, Inside, Views, Derefs,
         Changes, ChangesGlobals, NoReturn, LooksAtAll, Starts, ReturnsAnswer,
         Known] = E;
  Ar("handBacks", HandBacks);
  Ar("locks", Locks);
  Ar("containers", Containers);
  Ar("acquires", Acquires);
  Ar("assigns", Assigns);
  Ar("invokes", Invokes);
  Ar("writes", Writes);
  Ar("keepsToUse", KeepsToUse);
  Ar("follows", Follows);
  Ar("lateUses", LateUses);
  Ar("looksAt", LooksAt);
  Ar("returnsAlias", ReturnsAlias);
  Ar("returnsAddress", ReturnsAddress);
  Ar("returnsContent", ReturnsContent);
  Ar("looks", Looks);
  Ar("finds", Finds);
  Ar("owns", Owns);
  Ar("from", From);
  Ar("inside", Inside);
  Ar("views", Views);
  Ar("derefs", Derefs, ~0u);
  Ar("changes", Changes, ~0u);
  Ar("changesGlobals", ChangesGlobals, true);
  Ar("noReturn", NoReturn);
  Ar("looksAtAll", LooksAtAll);
  Ar("starts", Starts);
  Ar("returnsAnswer", ReturnsAnswer, true);
  Ar("known", Known);
}

template <class A> static void describe(A &Ar, AccessSummary &S) {
  auto &[Where, Write, Locks, Place, Dropped, UnknownLock, Shared] = S;
  Ar("where", Where);
  Ar("write", Write);
  Ar("locks", Locks);
  Ar("place", Place);
  Ar("dropped", Dropped);
  Ar("unknownLock", UnknownLock);
  Ar("shared", Shared);
}

template <class A> static void describe(A &Ar, CallSummary &S) {
  auto &[Callee, Virtual, Locks, Place, Dropped, UnknownLock, Shared, OwnObject,
         Through, InLoop, OnThis, OfThis, OnStatic, Holder, HolderIsObject,
         PassedTo] = S;
  Ar("callee", Callee);
  Ar("virtual", Virtual);
  Ar("locks", Locks);
  Ar("place", Place);
  Ar("dropped", Dropped);
  Ar("unknownLock", UnknownLock);
  Ar("shared", Shared);
  Ar("ownObject", OwnObject);
  Ar("through", Through);
  Ar("inLoop", InLoop);
  Ar("onThis", OnThis);
  Ar("ofThis", OfThis);
  Ar("onStatic", OnStatic);
  Ar("holder", Holder);
  Ar("holderIsObject", HolderIsObject);
  Ar("passedTo", PassedTo);
}

template <class A> static void describe(A &Ar, StartSummary &S) {
  auto &[Callee, Kind, Concurrent, Place, Through, SharedObject, Sometimes,
         Name] = S;
  Ar("callee", Callee);
  Ar("kind", Kind, ThreadStartModel::Thread);
  Ar("concurrent", Concurrent);
  Ar("place", Place);
  Ar("through", Through);
  Ar("sharedObject", SharedObject);
  Ar("sometimes", Sometimes);
  Ar("name", Name);
}

template <class A> static void describe(A &Ar, CallableFlow &F) {
  auto &[From, To] = F;
  Ar("from", From);
  Ar("to", To);
}

template <class A> static void describe(A &Ar, CallableArgument &S) {
  auto &[Callee, Index, Value, Through, Virtual] = S;
  Ar("callee", Callee);
  Ar("index", Index);
  Ar("value", Value);
  Ar("through", Through);
  Ar("virtual", Virtual);
}

template <class A> static void describe(A &Ar, FunctionSummary &S) {
  auto &[Function, Class, Place, Constructor, Destructor, Exported, IsMain,
         Overrides, Encloser, Params, Effect, UnknownLocks, Handles, Accesses,
         Calls, Starts, Escapes, FirstStart, LastJoin, ThreadName, Programs] =
      S;
  Ar("function", Function);
  Ar("class", Class);
  Ar("place", Place);
  Ar("constructor", Constructor);
  Ar("destructor", Destructor);
  Ar("exported", Exported);
  Ar("main", IsMain);
  Ar("overrides", Overrides);
  Ar("encloser", Encloser);
  Ar("params", Params);
  Ar("effect", Effect);
  Ar("unknownLocks", UnknownLocks);
  Ar("handles", Handles);
  Ar("accesses", Accesses);
  Ar("calls", Calls);
  Ar("starts", Starts);
  Ar("escapes", Escapes);
  Ar("firstStart", FirstStart);
  Ar("lastJoin", LastJoin);
  Ar("threadName", ThreadName);
  Ar("programs", Programs);
}

template <class A> static void describe(A &Ar, Claim &C) {
  auto &[Kind, Thread, Lock, Subject, WritesOnly, OnLock, OnTaking, ForWriting,
         SameThread, Offset, Length] = C;
  Ar("kind", Kind, Claim::Confined);
  Ar("thread", Thread);
  Ar("lock", Lock);
  Ar("subject", Subject);
  Ar("writesOnly", WritesOnly);
  Ar("onLock", OnLock);
  Ar("onTaking", OnTaking);
  Ar("forWriting", ForWriting);
  Ar("sameThread", SameThread);
  Ar("offset", Offset);
  Ar("length", Length);
}

template <class A> static void describe(A &Ar, ClaimSummary &C) {
  auto &[What, Quote, Place, State, Functions, Classes, Lock, LockIsPrivate,
         Annotated, Inside, FirstLine, LastLine, Programs] = C;
  Ar("what", What);
  Ar("quote", Quote);
  Ar("place", Place);
  Ar("state", State);
  Ar("functions", Functions);
  Ar("classes", Classes);
  Ar("lock", Lock);
  Ar("lockIsPrivate", LockIsPrivate);
  Ar("annotated", Annotated);
  Ar("inside", Inside);
  Ar("firstLine", FirstLine);
  Ar("lastLine", LastLine);
  Ar("programs", Programs);
}

template <class A> void describe(A &Ar, TUSummary &S) {
  auto &[MainFile, Functions, Claims, Flows, Arguments, Touched] = S;
  Ar("mainFile", MainFile);
  Ar("functions", Functions);
  Ar("claims", Claims);
  Ar("flows", Flows);
  Ar("arguments", Arguments);
  Ar("touched", Touched);
}

template void describe(ArchiveWriter &, TUSummary &);
template void describe(ArchiveReader &, TUSummary &);
template void describe(ArchiveWriter &, Effects &);
template void describe(ArchiveReader &, Effects &);

void rename(TUSummary &S, const DenseMap<EntityId, EntityId> &NewIds) {
  EntityRenamer Renamer(NewIds);
  describe(Renamer, S);
}

template <class T>
static std::string toDocument(const T &Value, const EntityTable &Names,
                              StringRef Root) {
  std::string Text;
  raw_string_ostream OS(Text);
  ArchiveWriter Ar(OS, Names, Root);
  Ar("version", SummaryVersion, 0u);
  Ar("value", Value);
  Ar.finish();
  return Text;
}

template <class T>
static Expected<T> fromDocument(StringRef Json, EntityTable &Names,
                                StringRef Root) {
  Expected<json::Value> V = json::parse(Json);
  if (!V)
    return V.takeError();
  ArchiveReader Ar(Names, Root);
  if (Error E = Ar.begin(*V))
    return std::move(E);
  unsigned Version = 0;
  Ar("version", Version);
  if (Version != SummaryVersion)
    return failure("version " + Twine(Version) + ", not " +
                   Twine(SummaryVersion));
  T Value;
  Ar("value", Value);
  if (Error Bad = Ar.finish())
    return std::move(Bad);
  return Value;
}

std::string summaryToJson(const TUSummary &S, const EntityTable &Names,
                          StringRef Root) {
  return toDocument(S, Names, Root);
}

Expected<TUSummary> summaryFromJson(StringRef Json, EntityTable &Names,
                                    StringRef Root) {
  return fromDocument<TUSummary>(Json, Names, Root);
}

std::string effectsToJson(const Effects &E, const EntityTable &Names,
                          StringRef Root) {
  return toDocument(E, Names, Root);
}

Expected<Effects> effectsFromJson(StringRef Json, EntityTable &Names,
                                  StringRef Root) {
  return fromDocument<Effects>(Json, Names, Root);
}

} // namespace race
