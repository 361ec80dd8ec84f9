//===- Rules.cpp - What the checks are, in words --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;
using namespace race;

static constexpr StringLiteral UseAfterReleaseFixes[] = {
    "Move the last use before the hand-back.",
    "If several paths leave the function, hand back in one place: a guard "
    "object, or a std::unique_ptr with a deleter that does. Then no path can "
    "hand back too early, or twice.",
    "If a value of the object is needed later, copy it before the hand-back.",
};

static constexpr StringLiteral CheckThenActFixes[] = {
    "Use the one operation that does both: insert-if-absent, try_emplace, "
    "get-or-create, compare_exchange. Its result says who won.",
    "If there is none, add it to the class, under the class's own lock. A lock "
    "at the caller helps only if every caller takes it.",
    "If the state lives in a database or a file system, let that decide: a "
    "unique constraint and the conflict handled, O_CREAT | O_EXCL, rename.",
};

static constexpr StringLiteral StaleCommentFixes[] = {
    "Decide what is true. If the second thread is wanted, put a lock over "
    "both, "
    "or make the value atomic, or let the owning thread publish what the other "
    "one needs.",
    "Then change the comment in the same commit, or make it an annotation that "
    "the compiler checks.",
    "If the second thread should not touch it, remove the access. The comment "
    "was right.",
};

static constexpr Rule All[] = {
    {"race-use-after-release", "Use after release",
     "An object is used after it was handed back to its pool.",
     "Once an object was handed back, it is no longer the caller's: the next "
     "borrower may have it already. Every single access may be locked, so that "
     "no race detector sees it.",
     UseAfterReleaseFixes,
     "A function that looks like a hand-back and is none: write RACE_KEEP in "
     "front of its parameter, or describe it in a .race-models.yaml."},
    {"race-check-then-act", "Check, then act",
     "A check's answer can change before it is acted upon.",
     "Between the check and the act no lock is held, so that another thread "
     "can "
     "make the answer untrue, or get the same answer and act as well. Every "
     "single access may be locked, so that no race detector sees it.",
     CheckThenActFixes,
     "A type that looks shared and is not: describe it in a "
     ".race-models.yaml."},
    {"race-stale-thread-comment", "Stale comment about threads",
     "A comment about threads or locks is not true any more.",
     "The code does what the comment rules out: a second thread, an access "
     "without the lock, a call from the wrong thread. Whoever relies on the "
     "comment writes the next bug.",
     StaleCommentFixes,
     "A function that starts no thread although a model says so: describe it "
     "in "
     "a .race-models.yaml."},
};

ArrayRef<Rule> race::rules() { return All; }

const Rule &race::ruleOf(StringRef Check) {
  static constexpr Rule Unknown = {"", "", "", "", {}, ""};
  const Rule *R = find_if(All, [&](const Rule &X) { return X.Id == Check; });
  return R == std::end(All) ? Unknown : *R;
}

std::string Rule::uri() const {
  return (Twine(RACE_HOMEPAGE "/blob/main/docs/checks/") + Id + ".md").str();
}

StringRef race::describe(Evidence E) {
  switch (E) {
  case Evidence::Named:
    return "only a name suggests it";
  case Evidence::Structural:
    return "the structure of the code shows it";
  case Evidence::Modelled:
    return "a model of the library says it";
  case Evidence::Annotated:
    return "an annotation in the source says it";
  }
  llvm_unreachable("all grades of evidence are named");
}
