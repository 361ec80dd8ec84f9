//===- Claim.cpp - What a comment says about threads and locks ------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the phrases of the grammar in the sentences of a comment.
//
//===----------------------------------------------------------------------===//

#include "race/Comments/Claim.h"
#include "ClaimJudge.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <algorithm>
#include <optional>

using namespace llvm;
using namespace race;
using namespace race::claims;

//===----------------------------------------------------------------------===//
// parseClaims
//===----------------------------------------------------------------------===//

static bool isReason(const Claim &C) {
  return (C.Kind == Claim::Confined && !C.WritesOnly) ||
         C.Kind == Claim::BeforeThreads || C.Kind == Claim::ImmutableAfterInit;
}

/// "Single-threaded, so no lock is needed" is one claim, not two: what needs no
/// lock for a reason that is itself a claim only adds words to it. So does
/// "single-threaded" to "only the loop touches this".
static void joinReasons(StringRef Text, SmallVectorImpl<Claim> &Claims) {
  constexpr unsigned Near = 80;
  for (size_t I = 0; I + 1 < Claims.size();) {
    Claim &A = Claims[I], &B = Claims[I + 1];
    unsigned AEnd = A.Offset + A.Length;
    bool Repeats = A.Kind == Claim::Confined && B.Kind == Claim::Confined &&
                   !A.Thread.empty() && B.Thread.empty() &&
                   A.WritesOnly == B.WritesOnly;
    if (Repeats && B.Offset < AEnd + Near &&
        !Text.slice(AEnd, B.Offset).contains("\n\n")) {
      B.Thread = A.Thread;
      Claims.erase(Claims.begin() + I);
      continue;
    }
    bool Join =
        (A.Kind == Claim::NoLockNeeded) != (B.Kind == Claim::NoLockNeeded) &&
        (isReason(A) || isReason(B)) && B.Offset < AEnd + Near &&
        !Text.slice(AEnd, B.Offset).contains("\n\n");
    if (!Join) {
      ++I;
      continue;
    }
    unsigned Offset = A.Offset;
    unsigned Length = B.Offset + B.Length - Offset;
    Claim Reason = isReason(A) ? A : B;
    // Words of two sentences would read badly in a message.
    if (!Text.slice(AEnd, B.Offset).contains(". ")) {
      Reason.Offset = Offset;
      Reason.Length = Length;
    }
    Claims[I] = std::move(Reason);
    Claims.erase(Claims.begin() + I + 1);
  }
}

static bool saysTheSame(const Claim &A, const Claim &B) {
  return A.Kind == B.Kind && A.Thread == B.Thread && A.Lock == B.Lock &&
         A.Subject == B.Subject;
}

/// For "protects head_, tail_ and size_": the next name behind the claim, from
/// word \p At on, which is moved behind it; empty if the list is over.
static StringRef nextGuarded(const Grammar &G, const Sentence &S,
                             unsigned &At) {
  for (; At < S.Words.size(); ++At) {
    const Word &W = S.Words[At];
    if (W.Code || W.Quoted)
      return S.Words[At++].Raw;
    // A plain word that ends the list is a name, too: "protects queue".
    bool Ends = At + 1 == S.Words.size() || S.Words[At + 1].Break ||
                S.Words[At + 1].Norm == "and";
    bool Filler = G.isIn(W, "det") || G.isIn(W, "access") || W.Norm == "to" ||
                  W.Norm == "and" || W.Norm == "both" || W.Norm == "of";
    if (Filler)
      continue;
    if (!Ends || G.isIn(W, "unnamed"))
      return StringRef();
    return S.Words[At++].Raw;
  }
  return StringRef();
}

static void parseSentence(const Grammar &G, StringRef Text, const Sentence &S,
                          SmallVectorImpl<Claim> &Claims) {
  Judge J(G, S);
  if (J.tellsOfThePast())
    return;
  Grammar::Matcher Phrases(G, S);
  for (unsigned At = 0; At < S.Words.size();) {
    unsigned Next = At + 1;
    for (const Match &M : Phrases.matchesAt(At)) {
      Claim C;
      bool Admitted = J.admits(M, C);
      if (Admitted) {
        const Word &Last = S.Words[M.End - 1];
        C.Offset = S.Words[M.Begin].Offset;
        C.Length = Last.Offset + Last.Raw.size() - C.Offset;
        // A quote that was opened among the words is closed behind them.
        if (Last.Quoted && Last.Offset > C.Offset &&
            Text.substr(C.Offset + C.Length)
                .starts_with(Text.substr(Last.Offset - 1, 1)))
          ++C.Length;
        Next = M.End;
        auto add = [&](Claim New) {
          if (none_of(Claims,
                      [&](const Claim &Old) { return saysTheSame(Old, New); }))
            Claims.push_back(std::move(New));
        };
        if (!C.OnLock || (M.P->Flags & OnLockOfBelow) == OnLockOfBelow) {
          add(std::move(C));
          break;
        }
        for (StringRef Name; !(Name = nextGuarded(G, S, Next)).empty();) {
          if (Name.ends_with("()"))
            continue;
          C.Subject = Name.str();
          add(C);
        }
        break;
      }
    }
    At = Next;
  }
}

//===----------------------------------------------------------------------===//
// The project's own phrases
//===----------------------------------------------------------------------===//

std::optional<Claim::KindTy> race::claimKind(StringRef Name) {
  return StringSwitch<std::optional<Claim::KindTy>>(Name)
      .Case("confined", Claim::Confined)
      .Case("no-lock", Claim::NoLockNeeded)
      .Case("guarded", Claim::GuardedBy)
      .Case("caller-holds", Claim::CallerHolds)
      .Case("before-threads", Claim::BeforeThreads)
      .Case("immutable", Claim::ImmutableAfterInit)
      .Case("not-thread-safe", Claim::NotThreadSafe)
      .Default(std::nullopt);
}

Expected<std::vector<ClaimPhrase>> race::parsePhrases(StringRef Text) {
  std::vector<ClaimPhrase> Result;
  SmallVector<StringRef, 4> Parts;
  Text.split(Parts, ';', -1, /*KeepEmpty=*/false);
  for (StringRef Part : Parts) {
    if (Part.trim().empty())
      continue;
    auto [Head, Words] = Part.split(':');
    auto [Kind, Name] = Head.trim().split('(');
    std::optional<Claim::KindTy> K = claimKind(Kind.trim());
    bool Closed = Name.consume_back(")") || Name.empty();
    if (!K || !Closed || Words.trim().empty())
      return createStringError(inconvertibleErrorCode(),
                               "cannot read the phrase '" + Part.trim() +
                                   "': expected 'kind: words' or "
                                   "'kind(name): words'");
    ClaimPhrase P;
    P.Kind = *K;
    P.Name = Name.trim().str();
    P.Words = Words.trim().lower();
    Result.push_back(std::move(P));
  }
  return Result;
}

/// \p Text in lower case, with blanks for line breaks; offsets stay.
static std::string folded(StringRef Text) {
  std::string Result = Text.lower();
  std::replace(Result.begin(), Result.end(), '\n', ' ');
  return Result;
}

static void findOwnPhrases(StringRef Text, ArrayRef<ClaimPhrase> Own,
                           SmallVectorImpl<Claim> &Claims) {
  if (Own.empty())
    return;
  std::string Words = folded(Text);
  for (const ClaimPhrase &P : Own) {
    size_t At = Words.find(P.Words);
    if (At == std::string::npos)
      continue;
    Claim C;
    C.Kind = P.Kind;
    bool OfLock = P.Kind == Claim::GuardedBy || P.Kind == Claim::CallerHolds;
    (OfLock ? C.Lock : C.Thread) = OfLock ? P.Name : StringRef(P.Name).lower();
    C.Offset = At;
    C.Length = P.Words.size();
    Claims.push_back(std::move(C));
  }
}

SmallVector<Claim, 1> race::parseClaims(StringRef Text,
                                        ArrayRef<ClaimPhrase> Own) {
  SmallVector<Claim, 1> Claims;
  findOwnPhrases(Text, Own, Claims);
  if (!mayMakeClaim(Text))
    return Claims;
  const Grammar &G = Grammar::get();
  for (Sentence &S : splitSentences(Text)) {
    if (S.Question || S.ToDo || S.OfParameter)
      continue;
    G.number(S);
    const Word &Last = S.Words.back();
    if (mayMakeClaim(
            Text.slice(S.Words.front().Offset, Last.Offset + Last.Raw.size())))
      parseSentence(G, Text, S, Claims);
  }
  joinReasons(Text, Claims);
  return Claims;
}

//===----------------------------------------------------------------------===//
// mayMakeClaim
//===----------------------------------------------------------------------===//

namespace {
/// What a claim has at least one of. Weak stems are common in other comments
/// and count only together with a word that limits.
struct Stem {
  StringLiteral Text;
  bool Weak;
};
} // namespace

static constexpr Stem Stems[] = {
    {"thread", false},
    {"lock", false},
    {"mutex", false},
    {"mtx", false},
    {"mu_", false},
    {"held", false},
    {"holds", false},
    {"synchron", false},
    {"concurren", false},
    {"simultaneous", false},
    {"in parallel", false},
    {"guard", false},
    {"protect", false},
    {"immutable", false},
    {"nobody else", false},
    {"no one else", false},
    {"noone else", false},
    {"one else", false},
    {"atomic", false},
    {"reactor", false},
    {"strand", false},
    {"evb", false},
    {"eventbase", false},
    {"stale read", false},
    {"in flight", false},
    {"readers", false},
    {"consumers", false},
    {"afterwards", false},
    {"thereafter", false},
    {"before monitoring", false},
    {"before polling", false},
    {"before workers", false},
    {"before the workers", false},
    {"before background", false},
    {"once when", false},
    {"once at", false},
    {"event loop", false},
    {"main loop", false},
    {"io loop", false},
    {"poll loop", false},
    {"main()", false},
    {"mt-safe", false},
    {"mt safe", false},
    {" phase", true},
    {"after", true},
    {"once", true},
    {"start", true},
    {"init", true},
    {"setup", true},
    {"boot", true},
    {"constr", true},
    {"config", true},
    {"shutdown", true},
    {"teardown", true},
    {"destruct", true},
    {"creation", true},
    {"ctor", true},
    {"not shared", false},
    {"not yet shared", false},
    {"not yet published", false},
    {"eventloop", false},
    {"since", true},
    {"nothing else", false},
    {"one writer", false},
    {"single writer", false},
    {"single producer", false},
    {"exclusive access", false},
    {"serialized", false},
    {"loop", true},
    {"worker", true},
    {"running", true},
    {"scheduler", true},
    {"poller", true},
    {"flusher", true},
    {"reaper", true},
    {"producer", true},
    {"consumer", true},
    {"dispatcher", true},
    {"collector", true},
    {"reconciler", true},
    {"executor", true},
};
static constexpr StringLiteral Limits[] = {
    "once",      "only",     "never",  "not ",    "n't",
    "const",     "read",     "fixed",  "meant",   "nothing",
    "exclusive", "intended", "frozen", "unmodif", "unchanged"};

bool race::mayMakeClaim(StringRef Text) {
  std::string Lower = Text.lower();
  StringRef Folded = Lower;
  std::optional<bool> Limited;
  auto isLimited = [&] {
    if (!Limited)
      Limited = any_of(Limits, [&](StringRef L) { return Folded.contains(L); });
    return *Limited;
  };
  // Line breaks inside a phrase of two words count as blanks.
  std::replace(Lower.begin(), Lower.end(), '\n', ' ');
  return any_of(Stems, [&](const Stem &S) {
    return Folded.contains(S.Text) && (!S.Weak || isLimited());
  });
}

bool race::mayMakeClaim(StringRef Text, ArrayRef<ClaimPhrase> Own) {
  if (mayMakeClaim(Text))
    return true;
  if (Own.empty())
    return false;
  std::string Words = folded(Text);
  return any_of(Own, [&](const ClaimPhrase &P) {
    // Over several lines, other characters stand between the words.
    return StringRef(Words).contains(StringRef(P.Words).split(' ').first);
  });
}
