//===- SummaryTestSupport.cpp - Effects in words --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SummaryTestSupport.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace race;

std::string race::summarytest::describe(const AccessPath &P,
                                        const EntityTable &Names) {
  std::string Text;
  switch (P.Root) {
  case AccessPath::Param:
    Text = "arg" + std::to_string(P.Index);
    break;
  case AccessPath::This:
    Text = "this";
    break;
  case AccessPath::Global:
    Text = "::" + Names.display(P.Entity).str();
    break;
  case AccessPath::Capture:
    Text = "^" + Names.display(P.Entity).str();
    break;
  case AccessPath::Result:
    Text = "result";
    break;
  case AccessPath::Elsewhere:
    Text = "elsewhere";
    break;
  }
  bool Arrow = false;
  for (const PathStep &S : P.Steps) {
    switch (S.Kind) {
    case PathStep::Deref:
      if (Arrow)
        Text = "(*" + Text + ")";
      Arrow = true;
      break;
    case PathStep::Index:
      Text = (Arrow ? "(*" + Text + ")" : Text) + "[]";
      Arrow = false;
      break;
    case PathStep::Field:
      Text += (Arrow ? "->" : ".") + Names.display(S.Entity).str();
      Arrow = false;
      break;
    }
  }
  return Arrow ? "*" + Text : Text;
}

static std::string describe(Outcome O) {
  static const char *const Words[] = {"", " when true", " when false",
                                      " when negative", " when non-negative"};
  return Words[size_t(O)];
}

std::string race::summarytest::describe(const Effects &E,
                                        const EntityTable &Names) {
  static const char *const LockOps[] = {"acquire", "release", "assert-held",
                                        "wait"};
  static const char *const ContainerOps[] = {"query", "act", "atomic", "read"};
  std::vector<std::string> Out;
  for (const HandBackEffect &H : E.HandBacks)
    Out.push_back("hand-back " + describe(H.What, Names) + ::describe(H.When) +
                  (H.Exactly ? " exactly " + std::to_string(*H.Exactly) : "") +
                  (H.Maybe ? " maybe" : "") +
                  (H.Reference ? " reference" : ""));
  for (const LockEffect &L : E.Locks)
    Out.push_back(std::string(LockOps[L.Op]) + " " + describe(L.Mutex, Names) +
                  (L.Mode == LockMode::Shared ? " shared" : "") +
                  ::describe(L.When) + (L.OwnedByResult ? " owned" : ""));
  for (const ContainerEffect &C : E.Containers) {
    std::string Text =
        std::string(ContainerOps[C.Kind]) + " " + describe(C.Object, Names);
    if (C.Key)
      Text += " key " + describe(*C.Key, Names);
    for (const AccessPath &L : C.Locks)
      Text += " under " + describe(L, Names);
    if (C.Rechecks)
      Text += " rechecks";
    Out.push_back(Text);
  }
  for (const AssignEffect &A : E.Assigns)
    Out.push_back(
        describe(A.To, Names) + " = " +
        (A.Value ? std::to_string(*A.Value) : describe(A.From, Names)));
  if (E.ReturnsAlias)
    Out.push_back(std::string("returns ") + (E.ReturnsAddress ? "&" : "") +
                  describe(*E.ReturnsAlias, Names));
  return Out.empty() ? "nothing" : llvm::join(Out, "; ");
}
