//===- ClaimMatcher.cpp - Finds the phrases of the grammar ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ClaimPattern.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace race;
using namespace race::claims;

//===----------------------------------------------------------------------===//
// Names of locks
//===----------------------------------------------------------------------===//

/// The last component of an identifier expression, without "()", indices and
/// underscores at its ends: "lock" for "a->b[i].lock_".
static StringRef lastComponent(StringRef Raw) {
  Raw = Raw.split('[').first;
  while (Raw.consume_back("()"))
    ;
  size_t At = Raw.find_last_of(":.>");
  return (At == StringRef::npos ? Raw : Raw.drop_front(At + 1)).trim('_');
}

/// Whether the name of \p W says that it is a lock.
static bool isLockName(const Word &W) {
  std::string Last = lastComponent(W.Raw).lower();
  StringRef Name = Last;
  if (!W.Code && !W.Quoted) {
    // "dblock", "listmutex": no words of the language.
    static constexpr StringLiteral Others[] = {
        "unlock",     "relock",    "deadlock", "livelock",
        "interlock",  "unblock",   "subblock", "preblock",
        "superblock", "codeblock", "wedlock"};
    bool Other = is_contained(Others, Name);
    return Name == "mu" || Name == "mtx" ||
           (Name.size() > 5 && Name.ends_with("mutex")) ||
           (Name.size() > 5 && Name.ends_with("lock") && !Other);
  }
  // "mutCache", "qmCache": the kind in front of the name.
  for (StringRef Kind : {"mut", "mtx", "lck", "qm", "qrw", "cs"})
    if (W.Raw.starts_with(Kind) && W.Raw.size() > Kind.size() &&
        isUpper(W.Raw[Kind.size()]))
      return true;
  if (Name.contains("mutex") || Name.contains("mtx"))
    return true;
  for (StringRef Ending : {"_mu", "_lk", "_lck", "_sem", "_cs", "latch",
                           "locks", "rwlock", "spinlock", "lk"})
    if (Name.ends_with(Ending))
      return true;
  if (Name == "mu" || (Name.ends_with("mu") && W.Raw.contains("Mu")))
    return true;
  size_t At = Name.rfind("lock");
  if (At == StringRef::npos)
    return false;
  // "block", "clock" and "unlock" are none.
  return At == 0 || (Name[At - 1] != 'b' && Name[At - 1] != 'c' &&
                     !Name.take_front(At).ends_with("un"));
}

/// A name that may be a lock's for all we see: not a macro, not a call.
static bool mayNameLock(const Word &W) {
  if (!W.Code || W.Raw.ends_with("()") ||
      W.Raw.find_first_of("_:>.") == StringRef::npos)
    return false;
  return any_of(W.Raw, [](char C) { return isLower(C); });
}

//===----------------------------------------------------------------------===//
// Matching
//===----------------------------------------------------------------------===//

void Grammar::number(Sentence &S) const {
  for (Word &W : S.Words)
    W.Id = WordIds.lookup(W.Norm);
}

Grammar::Matcher::Matcher(const Grammar &G, const Sentence &S)
    : G(G), Words(S.Words), Locks(Words.size()), NamedThreads(Words.size()),
      OneThreads(Words.size()) {}

std::optional<Grammar::Matcher::Name>
Grammar::Matcher::lockAt(unsigned Pos) const {
  unsigned At = Pos;
  if (in(At, "lockdet"))
    ++At;
  for (unsigned Count = 0; Count < 4 && At < Words.size(); ++Count, ++At) {
    if (At > Pos && Words[At].Break)
      return std::nullopt;
    const Word &W = Words[At];
    bool LockWord = in(At, "lockword") && !W.Code;
    // "write(lock_)".
    if (in(At, "lockmode") && At + 1 < Words.size() && Words[At + 1].Break &&
        (in(At + 1, "lockword") ||
         (Words[At + 1].Code && isLockName(Words[At + 1]))))
      return Name{At + 2, Words[At + 1].Raw.str(), true};
    if (LockWord) {
      // "the db mutex", but not "lock free", "lock order".
      if (in(At + 1, "locknoun") && joined(At + 1))
        continue;
      unsigned End = At + 1;
      // "the mutex mu_", "the lock `m`".
      if (joined(End) && End < Words.size() &&
          (isLockName(Words[End]) || Words[End].Quoted) &&
          (Words[End].Code || Words[End].Quoted || isLockName(Words[End])))
        return Name{End + 1, Words[End].Raw.str(), true};
      return lockOfAt(End);
    }
    if (W.Code || W.Quoted || isLockName(W)) {
      bool Sure = isLockName(W);
      unsigned End = At + 1;
      bool Followed = joined(End) && in(End, "lockword");
      if (!Sure && !Followed && !mayNameLock(W) && !W.Quoted)
        return std::nullopt;
      std::string Text = W.Raw.str();
      // "the DBImpl lock" names the lock's owner only.
      if (!Sure && Followed && !W.Quoted && !W.Raw.contains('_'))
        Text.clear();
      // Nor does "`session`'s lock" more.
      if (W.Raw.contains('\''))
        Text.clear();
      return Name{Followed ? End + 1 : End, Text, Sure || Followed};
    }
    if (in(At, "notlockname"))
      return std::nullopt;
  }
  return std::nullopt;
}

/// Behind the word "lock": "on mu_", "of the session", "for the call".
Grammar::Matcher::Name Grammar::Matcher::lockOfAt(unsigned Pos) const {
  if (!joined(Pos) || !(is(Pos, "on") || is(Pos, "of") || is(Pos, "for")))
    return Name{Pos, "", true};
  unsigned At = Pos + 1 + in(Pos + 1, "lockdet");
  if (!joined(At))
    return Name{Pos, "", true};
  if (Words[At].Code && isLockName(Words[At]))
    return Name{At + 1, Words[At].Raw.str(), true};
  for (unsigned End : {At + 1, At + 2})
    if (joined(End) && in(End, "lockverb"))
      return Name{End, "", true};
  return Name{Pos, "", true};
}

/// The word at \p Pos says "thread", and the words from \p NameBegin on name
/// it.
std::optional<Grammar::Matcher::Name>
Grammar::Matcher::threadHead(unsigned Pos, unsigned NameBegin) const {
  const Word &W = Words[Pos];
  std::string Prefix;
  for (unsigned I = NameBegin; I < Pos; ++I)
    Prefix += (Prefix.empty() ? "" : " ") + Words[I].Norm;
  if (!W.Code && W.Norm == "thread" && !Prefix.empty()) {
    if (Prefix == "owning" || Prefix == "owner" || Prefix == "owners" ||
        Prefix == "own" || Prefix == "creator" || Prefix == "creating")
      Prefix = "owner";
    return Name{Pos + 1, Prefix};
  }
  // "IOThread", "write_thread".
  StringRef Norm = StringRef(W.Norm).rtrim('_');
  if (W.Code && Norm.consume_back("thread") && Norm.size() > 1 &&
      !W.Raw.contains('.') && !W.Raw.contains(':') &&
      (W.Raw.rtrim('_').ends_with("Thread") || Norm.ends_with("_"))) {
    std::string Text = Prefix.empty() ? "" : Prefix + " ";
    Text += Norm.trim('_');
    for (char &C : Text)
      C = C == '_' ? ' ' : C;
    unsigned End = Pos + 1;
    if (joined(End) && is(End, "thread"))
      ++End;
    return Name{End, Text};
  }
  bool Loop = W.Norm == "loop" && Pos > NameBegin && in(Pos - 1, "loopname");
  bool Self = (W.Norm == "reactor" || W.Norm == "strand" || W.Norm == "evb" ||
               W.Norm == "eventbase" || W.Norm == "eventloop");
  if (Loop || Self) {
    unsigned End = Pos + 1;
    if (joined(End) && (is(End, "thread") || is(End, "context")))
      ++End;
    else if (joined(End) && in(End, "locknoun"))
      return std::nullopt;
    return Name{End, Prefix.empty() ? W.Norm : Prefix + " " + W.Norm};
  }
  if (W.Norm == "main()" && Prefix.empty())
    return Name{Pos + 1, "main"};
  // "the flusher", "the session's worker".
  bool The = NameBegin > 0 && in(NameBegin - 1, "threaddet");
  if (The && in(Pos, "role") && Pos < NameBegin + 2 &&
      (Pos + 1 == Words.size() || !joined(Pos + 1) || in(Pos + 1, "after") ||
       in(Pos + 1, "act") || is(Pos + 1, "only") || is(Pos + 1, "alone") ||
       is(Pos + 1, "exclusively")))
    return Name{Pos + 1, Prefix.empty() ? W.Norm : Prefix + " " + W.Norm};
  return std::nullopt;
}

std::optional<Grammar::Matcher::Name>
Grammar::Matcher::namedThreadAt(unsigned Pos) const {
  unsigned At = Pos;
  if (in(At, "threaddet"))
    ++At;
  // "the thread that created it".
  if (is(At, "thread") && (is(At + 1, "that") || is(At + 1, "which")) &&
      in(At + 2, "owns"))
    return Name{At + 3, "owner"};
  unsigned NameBegin = At;
  for (; At < Words.size() && At < NameBegin + 4; ++At) {
    if (At > Pos && Words[At].Break)
      return std::nullopt;
    if (std::optional<Name> Head = threadHead(At, NameBegin)) {
      // "main thread pool", "IO thread count".
      if (joined(Head->End) && in(Head->End, "threadnoun"))
        return std::nullopt;
      // "called in IO thread context".
      if (joined(Head->End) && is(Head->End, "context"))
        ++Head->End;
      return Head;
    }
    if (in(At, "notthreadname"))
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Grammar::Matcher::Name>
Grammar::Matcher::oneThreadAt(unsigned Pos) const {
  static constexpr StringLiteral Forms[] = {"the same",
                                            "one",
                                            "a single",
                                            "one single",
                                            "only one",
                                            "exactly one",
                                            "single",
                                            "the one",
                                            "one and the same",
                                            "just one",
                                            "the same single",
                                            "same",
                                            "a dedicated single",
                                            "a single dedicated",
                                            "at most one",
                                            "one and only one"};
  std::optional<Name> Best;
  for (StringRef Form : Forms) {
    unsigned At = Pos;
    bool Same = true;
    while (Same && !Form.empty()) {
      auto [First, Behind] = Form.split(' ');
      Same = is(At, First) && (At == Pos || joined(At));
      Form = Behind;
      ++At;
    }
    if (!Same || (Best && Best->End > At))
      continue;
    // "a single flusher thread", "one cpu".
    std::string Called;
    for (unsigned End = At; joined(End) && End < At + 4; ++End) {
      if (is(End, "thread") || (End == At && in(End, "processor"))) {
        Best = Name{End + 1, Called};
        break;
      }
      if (in(End, "notthreadname"))
        break;
      Called += (Called.empty() ? "" : " ") + Words[End].Norm;
    }
  }
  // "One thread at a time" is no confinement.
  if (Best && joined(Best->End) &&
      (in(Best->End, "threadnoun") || is(Best->End, "at")))
    return std::nullopt;
  return Best;
}

const std::optional<Grammar::Matcher::Name> &
Grammar::Matcher::nameFor(OpTy Kind, unsigned Pos) {
  if (Kind == OpLock) {
    if (!Locks[Pos])
      Locks[Pos] = lockAt(Pos);
    return *Locks[Pos];
  }
  if (Kind != OpOneThread) {
    if (!NamedThreads[Pos])
      NamedThreads[Pos] = namedThreadAt(Pos);
    if (*NamedThreads[Pos] || Kind == OpNamedThread)
      return *NamedThreads[Pos];
  }
  if (!OneThreads[Pos])
    OneThreads[Pos] = oneThreadAt(Pos);
  return *OneThreads[Pos];
}

bool Grammar::Matcher::run(unsigned At, unsigned Pos, bool BreakOk) {
  const Op &O = G.Program[At];
  bool Here =
      Pos < Words.size() && (Pos == Begin || BreakOk || !Words[Pos].Break);
  switch (O.Kind) {
  case OpWord:
    return Here && has(G.Sets[O.X], Words[Pos]) && run(At + 1, Pos + 1, false);
  case OpAnyWord:
    return Pos < Words.size() && run(At + 1, Pos + 1, false);
  case OpBreak:
    return run(At + 1, Pos, true);
  case OpStart:
    return (Pos == 0 || (Pos < Words.size() && Words[Pos].Break)) &&
           run(At + 1, Pos, true);
  case OpEnd:
    return (Pos == Words.size() || Words[Pos].Break) &&
           run(At + 1, Pos, BreakOk);
  case OpFirst:
    return Pos == 0 && run(At + 1, Pos, true);
  case OpLast:
    return Pos == Words.size() && run(At + 1, Pos, BreakOk);
  case OpNoNoun:
    return (Pos == Words.size() || Words[Pos].Break || in(Pos, "after")) &&
           run(At + 1, Pos, BreakOk);
  case OpLock:
  case OpThread:
  case OpNamedThread:
  case OpOneThread: {
    if (!Here)
      return false;
    const std::optional<Name> &N = nameFor(O.Kind, Pos);
    if (!N || !run(At + 1, N->End, false))
      return false;
    (O.Kind == OpLock ? Found.Lock : Found.Thread) = N->Text;
    if (O.Kind == OpLock)
      Found.SureLock = N->Sure;
    return true;
  }
  case OpSplit:
    if (!Tried.insert((uint64_t(At) << 32) | (Pos << 1) | BreakOk).second)
      return false;
    return run(O.X, Pos, BreakOk) || run(O.Y, Pos, BreakOk);
  case OpJump:
    return run(O.X, Pos, BreakOk);
  case OpMatch:
    Found.End = Pos;
    return Pos > Begin;
  }
  return false;
}

bool Grammar::Matcher::match(const Phrase &P, Match &Result) {
  Tried.clear();
  Found = Match();
  Found.P = &P;
  Found.Begin = Begin;
  if (!run(P.Start, Begin, false))
    return false;
  Result = Found;
  return true;
}

std::vector<Match> Grammar::Matcher::matchesAt(unsigned At) {
  Begin = At;
  std::vector<Match> Result;
  auto tryAll = [&](const std::vector<unsigned> &Candidates) {
    for (unsigned Candidate : Candidates) {
      Match Found;
      if (match(G.Phrases[Candidate], Found))
        Result.push_back(std::move(Found));
    }
  };
  if (unsigned Id = Words[At].Id)
    tryAll(G.ByFirstWord[Id]);
  tryAll(G.ByFirstWord[0]);
  // Of equally long ones, the first of the grammar.
  llvm::sort(Result, [](const Match &A, const Match &B) {
    return A.End != B.End ? A.End > B.End : A.P < B.P;
  });
  return Result;
}
