//===- Entries.cpp - Where callers come in --------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that nobody in the program calls, and that are called: by
// other programs, by what runs an event loop, by unseen code that was given
// them.
//
//===----------------------------------------------------------------------===//

#include "Reach.h"
#include "race/Program/Program.h"
#include "race/Support/Words.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace race;

/// Where "whoever calls" comes in: main, what other units may call and nobody
/// here does, and what an event loop runs.
std::vector<const FunctionSummary *> Program::entries() const {
  std::vector<const FunctionSummary *> Result;
  auto IsEntry = [&](const FunctionSummary *F) {
    StringRef Name = Names.display(F->Function);
    // Whoever destroys an object has seen to it that nobody else has it.
    return F->Exported && !F->Destructor && !Callers.count(F) &&
           !Started.contains(F->Function) && !soundsLikeStart(Name) &&
           !soundsLikeEnd(Name);
  };
  for (const FunctionSummary *F : Functions)
    if (F->IsMain || IsEntry(F))
      Result.push_back(F);
  Result.insert(Result.end(), OnLoop.begin(), OnLoop.end());
  return Result;
}

/// What opens and closes, called by nobody here, while threads run that it
/// starts or waits for itself: those functions, and the threads.
std::vector<std::pair<const FunctionSummary *, unsigned>>
Program::besideThreads() const {
  RootSets &Sets = Reaching->Sets;
  std::vector<std::pair<const FunctionSummary *, unsigned>> Result;
  for (const FunctionSummary *F : Functions) {
    StringRef Name = Names.display(F->Function);
    bool Starts = soundsLikeStart(Name) && !F->Starts.empty();
    bool Ends = soundsLikeEnd(Name) && F->LastJoin.isValid();
    if ((!Starts && !Ends) || !F->Exported || F->Constructor || F->Destructor ||
        F->IsMain || Callers.count(F) || Started.contains(F->Function))
      continue;
    unsigned With = RootSets::Empty;
    for (const StartSummary &S : F->Starts)
      if (!S.Sometimes)
        With = Sets.unite(With, begunBy(S));
    // Those of the same class, or C file, are the ones to be waited for.
    for (unsigned Root = Programs; Ends && Root < Roots.size(); ++Root) {
      const FunctionSummary *Runs = ByName.lookup(Roots[Root].Function);
      const FunctionSummary *In = Runs && Runs->Encloser.isValid()
                                      ? ByName.lookup(Runs->Encloser)
                                      : Runs;
      if (In && (F->Class.isValid() ? In->Class == F->Class
                                    : In->Place.File == F->Place.File))
        With = Sets.unite(With, Sets.single(Root));
    }
    if (With != RootSets::Empty)
      Result.push_back({F, With});
  }
  return Result;
}

/// The functions that may be called while somebody above holds a lock.
Program::FunctionSet Program::calledLocked() const {
  FunctionSet Locked;
  std::vector<const FunctionSummary *> Work;
  auto Add = [&](const FunctionSummary *F) {
    if (F && Locked.insert(F).second)
      Work.push_back(F);
  };
  for (const auto &[F, Edges] : Callees)
    for (const Edge &E : Edges)
      if (F->UnknownLocks ||
          (E.Call && (!E.Call->Locks.empty() || E.Call->UnknownLock)))
        Add(E.Target);
  for (const auto &[F, Lock] : Assumed)
    Add(ByName.lookup(F));
  while (!Work.empty()) {
    auto It = Callees.find(Work.back());
    Work.pop_back();
    if (It != Callees.end())
      for (const Edge &E : It->second)
        Add(E.Target);
  }
  return Locked;
}

/// Whether a function of that name is likely to call what it is given before it
/// returns.
static bool soundsLikeCallingNow(StringRef Name) {
  return hasWord(Name, {"sort",  "qsort",  "bsearch", "search",  "foreach",
                        "each",  "walk",   "iterate", "visit",   "traverse",
                        "scan",  "parse",  "find",    "remove",  "filter",
                        "apply", "map",    "dump",    "enum",    "enumerate",
                        "load",  "read",   "sweep",   "destroy", "free",
                        "clear", "delete", "lookup",  "insert",  "compare",
                        "call",  "update", "replace"});
}

/// Whether a function of that name is likely to call what it is given after it
/// has returned.
static bool soundsLikeCallingLater(StringRef Name) {
  return hasWord(Name,
                 {"schedule", "submit", "post", "enqueue", "queue", "defer",
                  "async", "register", "subscribe", "spawn", "timer", "timeout",
                  "later", "dispatch", "listen", "on"});
}

/// What is called at a time, or by a thread, that nobody knows, and whether
/// with locks that nobody knows: what opens and closes under a lock, which
/// other threads take then, and what unseen code was given.
std::vector<std::pair<const FunctionSummary *, bool>>
Program::sometimes() const {
  std::vector<std::pair<const FunctionSummary *, bool>> Result;
  FunctionSet Locked = calledLocked();
  // Who gives away which function, and to whom.
  DenseMap<EntityId, SmallVector<const FunctionSummary *, 1>> GivenBy;
  for (const FunctionSummary *F : Functions)
    for (EntityId E : F->Escapes)
      GivenBy[E].push_back(F);
  DenseMap<EntityId, SmallVector<EntityId, 1>> GivenTo;
  for (const TUSummary *TU : Summaries)
    for (const CallableArgument &A : TU->Arguments)
      if (GivenBy.count(A.Value))
        GivenTo[A.Value].push_back(A.Callee);
  // It may be called at once, under the locks that are held there.
  auto MayBeLocked = [&](const FunctionSummary *F) {
    auto To = GivenTo.lookup(F->Function);
    // Kept in a table, it is called as the owner of the table likes.
    return To.empty() || any_of(To, [&](EntityId Callee) {
             StringRef Name = Names.display(Callee);
             return !soundsLikeCallingLater(Name) &&
                    (soundsLikeCallingNow(Name) ||
                     any_of(GivenBy.lookup(F->Function), [&](const auto *By) {
                       return Locked.contains(By) || By->UnknownLocks ||
                              any_of(By->Calls, [&](const CallSummary &C) {
                                return C.Callee == Callee &&
                                       (!C.Locks.empty() || C.UnknownLock);
                              });
                     }));
           });
  };
  for (const FunctionSummary *F : Functions) {
    StringRef Name = Names.display(F->Function);
    if (F->IsMain || F->Destructor || F->Constructor || Callers.count(F) ||
        Started.contains(F->Function))
      continue;
    bool Given = GivenBy.count(F->Function);
    if (F->Exported) {
      if ((soundsLikeStart(Name) || soundsLikeEnd(Name)) && !F->Handles.empty())
        Result.push_back({F, Given && MayBeLocked(F)});
      continue;
    }
    if (Given || (!F->Overrides.empty() && !F->Encloser.isValid()))
      Result.push_back({F, Given && MayBeLocked(F)});
  }
  return Result;
}
