//===- EffectWords.cpp - Effects in words ---------------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EffectWords.h"

using namespace llvm;
using namespace race;

std::string race::inWords(const AccessPath &P, const EntityTable &Names) {
  std::string Text;
  switch (P.Root) {
  case AccessPath::Param:
    Text = "argument " + std::to_string(P.Index + 1);
    break;
  case AccessPath::This:
    Text = "this";
    break;
  case AccessPath::Global:
  case AccessPath::Capture:
    Text = Names.display(P.Entity).str();
    break;
  case AccessPath::Result:
    Text = "the result";
    break;
  case AccessPath::Elsewhere:
    Text = "something";
    break;
  }
  bool Arrow = false;
  for (const PathStep &S : P.Steps) {
    if (S.Kind == PathStep::Field) {
      Text += (Arrow ? "->" : ".") + Names.display(S.Entity).str();
      Arrow = false;
    } else if (S.Kind == PathStep::Index) {
      Text += "[]";
      Arrow = false;
    } else {
      Arrow = true;
    }
  }
  return "'" + Text + "'";
}

static StringRef inWords(Outcome O) {
  switch (O) {
  case Outcome::Always:
    return "";
  case Outcome::True:
    return " if it succeeds (true, not null)";
  case Outcome::False:
    return " if it fails (false, null)";
  case Outcome::Negative:
    return " if it returns a negative number";
  case Outcome::NonNegative:
    return " if it returns no negative number";
  }
  llvm_unreachable("all outcomes are listed");
}

static StringRef verb(LockModel::OpTy Op) {
  switch (Op) {
  case LockModel::Acquire:
    return "locks ";
  case LockModel::Release:
    return "unlocks ";
  case LockModel::AssertHeld:
    return "says that its caller holds ";
  case LockModel::Wait:
    return "waits, and lets go meanwhile of ";
  case LockModel::Owns:
    return "tells whether it holds ";
  case LockModel::Disown:
    return "leaves locked ";
  }
  llvm_unreachable("all operations are listed");
}

static StringRef verb(ContainerOpModel::KindTy Kind) {
  switch (Kind) {
  case ContainerOpModel::Query:
    return "asks ";
  case ContainerOpModel::Act:
    return "changes ";
  case ContainerOpModel::Atomic:
    return "asks and changes in one ";
  case ContainerOpModel::Read:
    return "reads ";
  }
  llvm_unreachable("all kinds are listed");
}

std::vector<std::string> race::inWords(const Effects &E,
                                       const EntityTable &Names) {
  std::vector<std::string> Lines;
  for (const HandBackEffect &H : E.HandBacks)
    Lines.push_back("hands back " + inWords(H.What, Names) +
                    ::inWords(H.When).str() + " (" + toString(H.Why).str() +
                    (H.Reason.empty() ? "" : ": " + H.Reason) + ")");
  for (const LockEffect &L : E.Locks)
    Lines.push_back(verb(L.Op).str() + inWords(L.Mutex, Names) +
                    (L.Mode == LockMode::Shared ? " for reading" : "") +
                    ::inWords(L.When).str());
  for (const ContainerEffect &C : E.Containers) {
    std::string Line = verb(C.Kind).str() + inWords(C.Object, Names);
    for (const AccessPath &L : C.Locks)
      Line += ", holding " + inWords(L, Names);
    if (C.Synchronized)
      Line += ", which is synchronised by itself";
    Lines.push_back(Line + " (" + toString(C.Why).str() + ")");
  }
  if (E.ReturnsAlias)
    Lines.push_back("returns " + inWords(*E.ReturnsAlias, Names));
  if (E.NoReturn)
    Lines.push_back("does not return");
  return Lines;
}
