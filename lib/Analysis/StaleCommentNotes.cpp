//===- StaleCommentNotes.cpp - What is said of a stale comment -----------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StaleCommentJudge.h"
#include "race/Support/QualifiedName.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace race;

/// How a user would call the thread \p R.
std::string StaleCommentJudge::describe(const ThreadRoot &R) const {
  if (!R.Function.isValid())
    return "the caller's thread";
  std::string Name = Names.display(R.Function).str();
  std::string Kind;
  switch (R.Kind) {
  case ThreadStartModel::Thread:
    Kind = "the thread";
    break;
  case ThreadStartModel::Task:
  case ThreadStartModel::Parallel:
  case ThreadStartModel::Loop:
    Kind = "the task";
    break;
  case ThreadStartModel::Timer:
    Kind = "the timer";
    break;
  case ThreadStartModel::Signal:
    Kind = "the signal handler";
    break;
  case ThreadStartModel::Callback:
    Kind = "the callback";
    break;
  }
  return Name == "lambda" ? Kind + " that is started at line " +
                                std::to_string(R.StartedAt.Line)
                          : Kind + " that runs '" + Name + "'";
}

std::string StaleCommentJudge::locks(ArrayRef<EntityId> Locks) const {
  if (Locks.empty())
    return "without a lock";
  std::string Text = "holding ";
  for (size_t I = 0; I < Locks.size(); ++I)
    Text += (I ? ", '" : "'") + Names.display(Locks[I]).str() + "'";
  return Text;
}

/// \param About what of the claim's subject it is about.
Finding StaleCommentJudge::finding(const ClaimSummary &C, StringRef Kind,
                                   EntityId About, std::string Message) const {
  Finding F;
  F.Check = "race-stale-thread-comment";
  F.Kind = Kind.str();
  const EntityName &Scope =
      Names.name(C.Inside.isValid()    ? C.Inside
                 : C.Functions.empty() ? About
                                       : C.Functions.front());
  F.Scope = C.Inside.isValid() || !C.Functions.empty() ? Scope.Display
                                                       : qualifiedName(Scope);
  F.ScopeIsLocal = !Scope.Namespace.empty();
  F.Subject = C.Quote + " " + Names.display(About).str();
  F.NotesTellAll = true;
  F.Place = C.Place;
  F.Why = C.Annotated ? Evidence::Annotated : Evidence::Structural;
  F.Message = (C.Annotated ? "annotation says \"" : "comment says \"") +
              C.Quote + "\", but " + Message;
  return F;
}

/// The way from the start of a thread to what it does.
void StaleCommentJudge::addWay(Finding &F, unsigned Root,
                               ArrayRef<const CallSummary *> Path) const {
  for (const CallSummary *Call : Path)
    F.Notes.push_back({Call->Place, "called here"});
  const ThreadRoot &R = P.roots()[Root];
  if (R.StartedAt.isValid())
    F.Notes.push_back({R.StartedAt, "the thread is started here"});
}

void StaleCommentJudge::addNotes(Finding &F, const RootedAccess &A) const {
  F.Notes.push_back(
      {A.Access->Place, std::string(A.Access->Write ? "written" : "read") +
                            " here by " + describe(P.roots()[A.Root]) + ", " +
                            locks(A.Locks)});
  addWay(F, A.Root, A.Path);
  addTurn(F, A.Root, A.Path, A.Access->Place,
          std::string(A.Access->Write ? "writes '" : "reads '") +
              Names.display(A.Access->Where.lastEntity()).str() + "'",
          A.Locks);
}

/// One more thread, for those who draw it: how it comes to \p Place and what it
/// does there.
void StaleCommentJudge::addTurn(Finding &F, unsigned Root,
                                ArrayRef<const CallSummary *> Path,
                                const Anchor &Place, std::string Does,
                                ArrayRef<EntityId> Locks) const {
  const ThreadRoot &R = P.roots()[Root];
  std::string Name = describe(R);
  if (is_contained(F.Threads, Name))
    Name = "another such thread";
  F.Threads.push_back(Name);
  unsigned Thread = F.Threads.size();
  std::vector<InterleavingStep> Way;
  if (R.StartedAt.isValid())
    Way.push_back({Thread, R.StartedAt, "is started", {}, /*Before=*/true});
  for (const CallSummary *Call : Path)
    Way.push_back({Thread,
                   Call->Place,
                   "calls '" + Names.display(Call->Callee).str() + "'",
                   {},
                   /*Before=*/true});
  auto Opens = find_if(F.Interleaving,
                       [](const InterleavingStep &S) { return !S.Before; });
  F.Interleaving.insert(Opens, Way.begin(), Way.end());
  InterleavingStep Step{Thread, Place, std::move(Does)};
  for (EntityId L : Locks)
    Step.Locks.push_back(Names.display(L).str());
  F.Interleaving.push_back(std::move(Step));
}
