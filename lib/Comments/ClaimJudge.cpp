//===- ClaimJudge.cpp - Whether words mean what they say ------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Throws out the phrases whose sentence denies, limits or only tells of what
// they say, and finds out what the others are about.
//
//===----------------------------------------------------------------------===//

#include "ClaimJudge.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace race;
using namespace race::claims;

/// Whether words [From, To) contain \p Sequence, which is blank-separated.
bool Judge::has(unsigned From, unsigned To, StringRef Sequence) const {
  SmallVector<StringRef, 4> Parts;
  Sequence.split(Parts, ' ');
  for (unsigned At = From; At + Parts.size() <= To; ++At) {
    bool Same = true;
    for (unsigned I = 0; Same && I < Parts.size(); ++I)
      Same = Words[At + I].Norm == Parts[I];
    if (Same)
      return true;
  }
  return false;
}

bool Judge::tellsOfThePast() const {
  unsigned Size = Words.size();
  for (unsigned At = 0; At < Size; ++At)
    if (in(At, "history"))
      return true;
  for (StringRef Phrase :
       {"any more", "was once", "were once", "once was", "in the past",
        "used to be", "used to have", "used to run", "used to hold",
        "used to take", "used to need", "used to require", "used to not",
        "used to do", "used to call", "no longer", "for example", "e.g"})
    if (has(0, Size, Phrase))
      return true;
  return is(0, "once") || is(0, "end");
}

/// The first word of the clause that word \p At ends.
unsigned Judge::clauseBegin(unsigned At) const {
  while (At > 0 && !Words[At].Break && !in(At - 1, "clause"))
    --At;
  return At;
}

bool Judge::isConditional(const Match &M) const {
  for (unsigned At = 0; At < M.Begin; ++At)
    if (in(At, "condition"))
      return true;
  if (has(0, Words.size(), "as long as") ||
      has(0, Words.size(), "so long as") || has(0, Words.size(), "in case"))
    return true;
  for (unsigned At = M.End; At < Words.size(); ++At) {
    // "except where noted" leaves the rule standing.
    if (in(At, "conditionfar") && !is(At + 1, "where"))
      return true;
    bool Near = true;
    for (unsigned I = M.End; I <= At; ++I)
      Near &= !Words[I].Break;
    // "held when calling" says when the claim matters, not whether it holds.
    bool Tells = (is(At, "when") || is(At, "while")) && in(At + 1, "act");
    Tells |= is(At, "while") && (M.P->Kind == Claim::NotThreadSafe ||
                                 M.P->Kind == Claim::CallerHolds);
    Tells |= is(At, "except") && is(At + 1, "where");
    if (Near && in(At, "conditionafter") && !Tells)
      return true;
  }
  return false;
}

/// "Members that do not serialize access can be set": the negation at \p At
/// belongs to the noun of which the phrase at \p Begin speaks.
bool Judge::isOfNoun(unsigned At, unsigned Begin) const {
  return At > 1 && At + 1 < Begin && in(At - 1, "doing") &&
         (is(At - 2, "that") || is(At - 2, "which")) &&
         (in(Begin, "may") || in(Begin, "must") || in(Begin, "auxiliary"));
}

bool Judge::isNegated(const Match &M) const {
  for (unsigned Count = 0, At = M.Begin; Count < 3 && At > 0; ++Count, --At) {
    if (Words[At].Break || in(At - 1, "clause"))
      return false;
    if (in(At - 1, "negation") && !isOfNoun(At - 1, M.Begin))
      return true;
    // "was single-threaded": history. Two words are enough to look at.
    if (Count < 2 && in(At - 1, "past"))
      return true;
  }
  return false;
}

bool Judge::isPermission(const Match &M) const {
  for (unsigned Count = 0, At = M.Begin; Count < 3 && At > 0; ++Count, --At) {
    if (Words[At].Break || in(At - 1, "clause") || is(At - 1, "only"))
      return false;
    if (in(At - 1, "may"))
      return true;
  }
  return false;
}

/// "The mutex ensures that only one thread ...": how it is done. But "callers
/// must ensure that ..." is a demand.
bool Judge::isEnsured(const Match &M) const {
  // "Copied, so we can read it outside of the lock."
  if (M.Begin > 1 && is(M.Begin - 2, "so") && in(M.Begin, "may"))
    return true;
  for (unsigned At = 0; At < M.Begin; ++At) {
    if (is(At, "so") && is(At + 1, "that"))
      return true;
    // A demand stands at the beginning; later it limits another demand.
    bool Demand = At > 0 && At < 6 &&
                  (in(At - 1, "must") ||
                   (At > 1 && is(At - 1, "to") && in(At - 2, "demanding")));
    if (in(At, "ensure") && !Demand)
      return true;
  }
  return false;
}

/// "Called on worker thread" names a kind of thread, "on the worker thread" is
/// taken to mean the only one.
bool Judge::namesOneOfMany(const Match &M) const {
  if (M.P->Kind != Claim::Confined || M.Thread.empty() || M.End == 0)
    return false;
  bool Definite = false;
  for (unsigned At = M.End; At > M.Begin && At + 5 > M.End; --At)
    Definite |= is(At - 1, "the") || in(At - 1, "solethreads");
  return !Definite;
}

/// "Elements, each of which is used by only one thread": not the same one.
bool Judge::speaksOfEach(const Match &M) const {
  if (M.P->Kind != Claim::Confined || !M.Thread.empty())
    return false;
  for (unsigned Count = 0, At = M.Begin; Count < 4 && At > 0; ++Count, --At)
    if (is(At - 1, "each"))
      return true;
  return false;
}

/// "Called from the main thread, and also from the IO thread when it waits".
bool Judge::namesAnother(const Match &M) const {
  if (M.P->Kind != Claim::Confined)
    return false;
  unsigned At = M.End;
  if (!is(At, "and") && !is(At, "or"))
    return false;
  ++At;
  while (is(At, "also") || is(At, "sometimes") || is(At, "maybe") ||
         is(At, "possibly"))
    ++At;
  return in(At, "prep");
}

/// "strtok is not thread-safe, so we use strtok_r".
bool Judge::explainsAvoidance(const Match &M) const {
  for (unsigned At = clauseBegin(M.Begin), End = M.Begin; At < End; ++At)
    if (is(At, "instead") || is(At, "avoid"))
      return true;
  for (unsigned At = M.Begin; At > 0; --At) {
    StringRef Norm = Words[At - 1].Norm;
    // "Since this class is not thread-safe, ..." is said of what it stands on.
    bool OfClass = M.Begin - At < 4 && has(At, M.Begin, "this class");
    if (((Norm == "because" || Norm == "since") && !OfClass) ||
        Norm == "which" || Norm == "instead" || Norm == "avoid" ||
        Norm == "although" || Norm == "though")
      return true;
    if (Norm == "as" && At > 1)
      return true;
  }
  for (unsigned At = M.End; At < Words.size(); ++At) {
    if (is(At, "instead"))
      return true;
    bool Therefore = is(At, "so") || is(At, "therefore") || is(At, "hence") ||
                     is(At, "thus");
    // "so leave it at that" avoids nothing.
    // Nor does "so that nobody else writes".
    bool Shrugs = is(At + 1, "leave") || is(At + 1, "be") ||
                  is(At + 1, "what") || (is(At, "so") && is(At + 1, "that"));
    // "not thread-safe, so callers must lock" is still a claim.
    if (Therefore && !Shrugs &&
        none_of(ArrayRef(Words).drop_front(At), [&](const Word &W) {
          return G.isIn(W, "must") || StringRef(W.Norm).starts_with("caller") ||
                 W.Norm == "only" || W.Norm == "external";
        }))
      return true;
  }
  return false;
}

/// An identifier that does not say it is a lock needs a word that does.
bool Judge::lockIsPlausible(const Match &M) const {
  bool OfLock =
      M.P->Kind == Claim::GuardedBy || M.P->Kind == Claim::CallerHolds;
  // "with the lock released", "while the lock is not held".
  if (OfLock && (in(M.End, "unheld") ||
                 (in(M.End, "auxiliary") && in(M.End + 1, "unheld"))))
    return false;
  if (M.SureLock)
    return true;
  for (unsigned At = M.Begin; At < M.End; ++At) {
    if (in(At, "guardmacro") || in(At, "requiremacro"))
      return true;
    if (M.P->Kind == Claim::GuardedBy &&
        (is(At, "protected") || is(At, "guarded") || is(At, "held")))
      return true;
    if (M.P->Kind == Claim::CallerHolds && (is(At, "held") || is(At, "locked")))
      return true;
  }
  return false;
}

static std::string subjectName(StringRef Raw) {
  while (Raw.consume_back("()"))
    ;
  return Raw.str();
}

/// Reads the words before the claim back to the beginning of their clause, and
/// says whether they speak of something that the comment can stand on.
bool Judge::findSubject(const Match &M, Claim &C) const {
  unsigned Clause = clauseBegin(M.Begin);
  bool Strict = M.P->Flags & OfThis;
  // The verb's helpers are no part of the noun.
  unsigned At = M.Begin;
  while (At > Clause && (in(At - 1, "must") || in(At - 1, "auxiliary")))
    --At;
  if (Strict && Clause > 0 && is(Clause - 1, "which"))
    return false;
  if (At == Clause) {
    // "Foo(): must be called with ...", in a list of a class's functions.
    if (Clause > 0 && Clause < 6 && Words[0].Raw.ends_with("()"))
      C.Subject = subjectName(Words[0].Raw);
    return true;
  }
  for (unsigned I = Clause; I < At; ++I)
    if ((Strict || M.P->Kind == Claim::Confined) && in(I, "other"))
      return false;
  for (unsigned I = At; I > Clause; --I) {
    const Word &W = Words[I - 1];
    if (W.Code || W.Quoted) {
      C.Subject = subjectName(W.Raw);
      return true;
    }
    if (in(I - 1, "this") ||
        (M.P->Kind == Claim::Confined && in(I - 1, "program"))) {
      // "the inet_ntoa function"
      if (I - 1 > Clause && Words[I - 2].Code)
        C.Subject = subjectName(Words[I - 2].Raw);
      return true;
    }
  }
  // "Signals are handled by the main thread": what is done with work that
  // comes in says nothing of the function or data that the comment stands on.
  if (M.P->Kind == Claim::Confined)
    for (unsigned I = M.Begin; I < M.End; ++I)
      if (is(I, "handled") || is(I, "processed"))
        return false;
  // "Iterator is not thread-safe", on a class Iterator.
  if (Strict && At - Clause == 1 && isUpper(Words[Clause].Raw[0]) &&
      !Words[Clause].Raw.ends_with("ly")) {
    C.Subject = Words[Clause].Raw.str();
    return true;
  }
  if (!Strict)
    return true;
  // "The priority queue is not thread-safe", on a class PriorityQueue.
  unsigned Noun = Clause;
  if (is(Noun, "the") || is(Noun, "each") || is(Noun, "every") ||
      is(Noun, "a") || is(Noun, "an"))
    ++Noun;
  if (Noun == Clause || Noun == At || At - Noun > 3)
    return false;
  for (unsigned I = Noun; I < At; ++I)
    C.Subject += (I == Noun ? "" : " ") + Words[I].Norm;
  return true;
}

bool Judge::speaksOfWrites(const Match &M, const Claim &C) const {
  if (C.Kind != Claim::Confined && C.Kind != Claim::GuardedBy)
    return false;
  // "Writes are protected by mu_" says it before the phrase.
  unsigned From = M.Begin;
  while (C.Kind == Claim::GuardedBy && From > 0 && !Words[From].Break)
    --From;
  bool Writes = false;
  for (unsigned At = From; At < M.End; ++At) {
    // "the write thread" names a thread, it writes nothing.
    if (is(At + 1, "thread"))
      continue;
    if (in(At, "readen") || in(At, "reads") || in(At, "called"))
      return false;
    Writes |= in(At, "writn") || in(At, "writes") || is(At, "writers") ||
              is(At, "writer") || is(At, "modifications");
  }
  return Writes;
}

/// Whether the word at \p At is only taken to be so.
bool Judge::isAssumed(unsigned At) const {
  for (unsigned Count = 0; Count < 5 && At > 0 && !Words[At].Break;
       ++Count, --At)
    if (in(At - 1, "assumed"))
      return true;
  return false;
}

/// "With the write lock held", "lock_ is held in exclusive mode".
bool Judge::asksForWriting(const Match &M) const {
  bool Writing = false;
  for (unsigned At = M.Begin; At < std::min<size_t>(M.End + 3, Words.size());
       ++At) {
    // "read or write lock", "at least read(lock_)".
    if (in(At, "forreading"))
      return false;
    Writing |= in(At, "forwriting");
  }
  return Writing;
}

/// "OK to take inner_ without holding outer_": in which order locks are taken.
bool Judge::tellsOfOrder(const Match &M) const {
  bool Takes = false, Locks = false;
  for (unsigned At = M.Begin; At < M.End && !is(At, "without"); ++At) {
    const Word &W = Words[At];
    StringRef Raw = W.Raw;
    bool Lock = in(At, "lockword") ||
                (W.Code && (Locks || Raw.contains_insensitive("lock") ||
                            Raw.contains_insensitive("mutex")));
    if (Takes && Lock)
      return true;
    Takes |= in(At, "take") || in(At, "taking");
    // These are said of locks, the others of anything.
    Locks |= is(At, "acquire") || is(At, "take") || is(At, "grab");
  }
  return false;
}

/// "No lock needed, the counter is atomic": that is thread-safe.
bool Judge::isSafeByOtherMeans(const Match &M) const {
  if (M.P->Kind != Claim::NoLockNeeded)
    return false;
  if (has(M.Begin, M.End, "without") && tellsOfOrder(M))
    return true;
  // A setting's value, as in `"no-lock" or "lock"`.
  if (Words[M.Begin].Quoted)
    return true;
  if ((M.Begin > 0 && in(M.Begin - 1, "more")) || is(M.End, "yet"))
    return true;
  for (unsigned At = 0; At < Words.size(); ++At) {
    if (is(At, "concurrently") && At < M.End)
      return true;
    if (At >= M.Begin && At < M.End)
      continue;
    // "Assumed to be read atomically" is no means.
    if (At > 0 && StringRef(Words[At].Norm).starts_with("atomic") &&
        isAssumed(At))
      continue;
    if (in(At, "means") || StringRef(Words[At].Norm).starts_with("atomic") ||
        (is(At, "thread") && is(At + 1, "safe")) ||
        (is(At, "thread") && is(At + 1, "local")) || is(At, "thread_local"))
      return true;
  }
  return false;
}

bool Judge::admits(const Match &M, Claim &C) const {
  unsigned Flags = M.P->Flags;
  // The second half of "thread-safe" begins no phrase.
  if (is(M.Begin, "safe") && M.Begin > 0 && is(M.Begin - 1, "thread"))
    return false;
  if (isConditional(M) || isNegated(M) || !lockIsPlausible(M) ||
      isSafeByOtherMeans(M) || namesAnother(M) || speaksOfEach(M))
    return false;
  if ((Flags & NotMay) && isPermission(M))
    return false;
  if ((Flags & OfThis) && namesOneOfMany(M))
    return false;
  if ((Flags & InRequires) && !in(0, "requires"))
    return false;
  if ((Flags & NotEnsured) && isEnsured(M))
    return false;
  if (M.P->Kind == Claim::NotThreadSafe &&
      (explainsAvoidance(M) ||
       (isPermission(M) && has(M.Begin, M.End, "safe"))))
    return false;

  C.Kind = M.P->Kind;
  C.Thread = M.Thread;
  C.Lock = StringRef(M.Lock).ltrim("&*").str();
  C.OnLock = (Flags & OnLock) != 0;
  C.OnTaking = (Flags & OnTaking) != 0;
  if (!C.OnLock && !C.OnTaking && !findSubject(M, C))
    return false;
  C.WritesOnly = speaksOfWrites(M, C);
  C.ForWriting = C.Kind == Claim::CallerHolds && asksForWriting(M);
  return true;
}
