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
#include "race/Support/Failure.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include <algorithm>
#include <array>
#include <mutex>
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

/// "Read access in the update thread does not need protection": what the
/// sentences before say is about writes.
static bool sparesReads(const Grammar &G, const Sentence &S) {
  auto Has = [&](StringRef Class) {
    return any_of(S.Words, [&](const Word &W) { return G.isIn(W, Class); });
  };
  return G.isIn(S.Words.front(), "reader") && Has("spared") &&
         Has("sparedfrom");
}

/// Among plans, "this works since everything is single-threaded": what is so
/// until the plans come true.
static bool tellsWhyItWorks(const Grammar &G, const Sentence &S) {
  bool Works = false;
  for (const Word &W : S.Words) {
    if (W.Norm == "todo" || W.Norm == "fixme")
      return false;
    if (Works && (W.Norm == "because" || W.Norm == "since" || W.Norm == "as"))
      return true;
    Works |= G.isIn(W, "fine");
  }
  return false;
}

/// "FIXME: this is not thread-safe": a fault that is known, no plan.
static bool admitsAFault(const Sentence &S) {
  static constexpr StringLiteral Words[] = {"fixme", "this",   "is",
                                            "not",   "thread", "safe"};
  return S.Words.size() == std::size(Words) &&
         std::equal(std::begin(Words), std::end(Words), S.Words.begin(),
                    [](StringRef A, const Word &B) { return A == B.Norm; });
}

static bool speaksOfThreads(const Sentence &S) {
  return any_of(S.Words, [](const Word &W) {
    StringRef Norm = W.Norm;
    return Norm.starts_with("thread") || Norm.starts_with("synchron") ||
           Norm.starts_with("lock") || Norm.starts_with("race");
  });
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
        // So is a parenthesis: GUARDED_BY(mu_).
        StringRef Quote = Text.substr(C.Offset, C.Length);
        if (Quote.count('(') > Quote.count(')') &&
            Text.substr(C.Offset + C.Length).starts_with(")"))
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
      return failure("cannot read the phrase '" + Part.trim() +
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

static SmallVector<Claim, 1> parseByGrammar(StringRef Text) {
  SmallVector<Claim, 1> Claims;
  const Grammar &G = Grammar::get();
  for (Sentence &S : splitSentences(Text)) {
    if (S.Question || S.OfParameter)
      continue;
    G.number(S);
    // "Not thread-safe. TODO: make it so": what is admitted is no promise.
    if (S.ToDo && speaksOfThreads(S))
      erase_if(Claims,
               [](const Claim &C) { return C.Kind == Claim::NotThreadSafe; });
    if (S.ToDo && !tellsWhyItWorks(G, S) && !admitsAFault(S))
      continue;
    if (!Claims.empty() && sparesReads(G, S)) {
      for (Claim &C : Claims)
        C.WritesOnly |= C.Kind == Claim::GuardedBy || C.Kind == Claim::Confined;
      continue;
    }
    const Word &Last = S.Words.back();
    if (mayMakeClaim(
            Text.slice(S.Words.front().Offset, Last.Offset + Last.Raw.size())))
      parseSentence(G, Text, S, Claims);
  }
  return Claims;
}

namespace {
/// What comments were found to claim. The headers of a program are read with
/// each of its files, and an editor reads the same file over and over.
class KnownComments {
public:
  SmallVector<Claim, 1> claimsOf(StringRef Text) {
    {
      std::lock_guard<std::mutex> Guard(Lock);
      auto It = Known.find(Text);
      if (It != Known.end())
        return It->second;
    }
    SmallVector<Claim, 1> Claims = parseByGrammar(Text);
    std::lock_guard<std::mutex> Guard(Lock);
    // A few megabytes. Whoever has more of them begins anew.
    if (Known.size() == MaxSize)
      Known.clear();
    Known.try_emplace(Text, Claims);
    return Claims;
  }

private:
  static constexpr size_t MaxSize = 8192;
  std::mutex Lock;
  StringMap<SmallVector<Claim, 1>> Known;
};
} // namespace

SmallVector<Claim, 1> race::parseClaims(StringRef Text,
                                        ArrayRef<ClaimPhrase> Own) {
  static KnownComments Known;
  SmallVector<Claim, 1> Claims;
  findOwnPhrases(Text, Own, Claims);
  if (mayMakeClaim(Text))
    append_range(Claims, Known.claimsOf(Text));
  joinReasons(Text, Claims);
  // "It is always the same thread that sets it, so no lock is needed": which
  // one may differ from object to object.
  if (StringRef(folded(Text)).contains("the same thread that"))
    for (Claim &C : Claims)
      C.SameThread = C.Kind == Claim::NoLockNeeded;
  return Claims;
}

//===----------------------------------------------------------------------===//
// mayMakeClaim
//===----------------------------------------------------------------------===//

namespace {
/// What a claim has at least one of. Weak stems are common in other comments
/// and count only together with a word that limits.
enum class StemKind : uint8_t { Strong, Weak, Limit };
struct Stem {
  StringLiteral Text;
  StemKind Kind;
};
} // namespace

static constexpr Stem Stems[] = {
    {"thread", StemKind::Strong},
    {"lock", StemKind::Strong},
    {"mutex", StemKind::Strong},
    {"mtx", StemKind::Strong},
    {"mu_", StemKind::Strong},
    {"held", StemKind::Strong},
    {"holds", StemKind::Strong},
    {"must hold", StemKind::Strong},
    {"should hold", StemKind::Strong},
    {"hold mu", StemKind::Strong},
    {"synchron", StemKind::Strong},
    {"concurren", StemKind::Strong},
    {"simultaneous", StemKind::Strong},
    {"in parallel", StemKind::Strong},
    {"guard", StemKind::Strong},
    {"protect", StemKind::Strong},
    {"immutable", StemKind::Strong},
    {"nobody else", StemKind::Strong},
    {"no one else", StemKind::Strong},
    {"noone else", StemKind::Strong},
    {"one else", StemKind::Strong},
    {"atomic", StemKind::Strong},
    {"reactor", StemKind::Strong},
    {"strand", StemKind::Strong},
    {"evb", StemKind::Strong},
    {"eventbase", StemKind::Strong},
    {"stale read", StemKind::Strong},
    {"in flight", StemKind::Strong},
    {"readers", StemKind::Strong},
    {"consumers", StemKind::Strong},
    {"afterwards", StemKind::Strong},
    {"thereafter", StemKind::Strong},
    {"before monitoring", StemKind::Strong},
    {"before polling", StemKind::Strong},
    {"before workers", StemKind::Strong},
    {"before the workers", StemKind::Strong},
    {"before background", StemKind::Strong},
    {"once when", StemKind::Strong},
    {"once at", StemKind::Strong},
    {"event loop", StemKind::Strong},
    {"main loop", StemKind::Strong},
    {"io loop", StemKind::Strong},
    {"poll loop", StemKind::Strong},
    {"main()", StemKind::Strong},
    {"mt-safe", StemKind::Strong},
    {"mt safe", StemKind::Strong},
    {" phase", StemKind::Weak},
    {"after", StemKind::Weak},
    {"once", StemKind::Weak},
    {"start", StemKind::Weak},
    {"init", StemKind::Weak},
    {"setup", StemKind::Weak},
    {"boot", StemKind::Weak},
    {"constr", StemKind::Weak},
    {"config", StemKind::Weak},
    {"shutdown", StemKind::Weak},
    {"teardown", StemKind::Weak},
    {"destruct", StemKind::Weak},
    {"creation", StemKind::Weak},
    {"ctor", StemKind::Weak},
    {"not shared", StemKind::Strong},
    {"not yet shared", StemKind::Strong},
    {"not yet published", StemKind::Strong},
    {"eventloop", StemKind::Strong},
    {"since", StemKind::Weak},
    {"nothing else", StemKind::Strong},
    {"one cpu", StemKind::Strong},
    {"one core", StemKind::Strong},
    {"one shard", StemKind::Strong},
    {"single cpu", StemKind::Strong},
    {"single core", StemKind::Strong},
    {"single shard", StemKind::Strong},
    {"one writer", StemKind::Strong},
    {"single writer", StemKind::Strong},
    {"single producer", StemKind::Strong},
    {"exclusive access", StemKind::Strong},
    {"serialized", StemKind::Strong},
    {"loop", StemKind::Weak},
    {"worker", StemKind::Weak},
    {"running", StemKind::Weak},
    {"scheduler", StemKind::Weak},
    {"poller", StemKind::Weak},
    {"flusher", StemKind::Weak},
    {"reaper", StemKind::Weak},
    {"producer", StemKind::Weak},
    {"consumer", StemKind::Weak},
    {"dispatcher", StemKind::Weak},
    {"collector", StemKind::Weak},
    {"reconciler", StemKind::Weak},
    {"executor", StemKind::Weak},
    {"once", StemKind::Limit},
    {"only", StemKind::Limit},
    {"alone", StemKind::Limit},
    {"never", StemKind::Limit},
    {"not ", StemKind::Limit},
    {"n't", StemKind::Limit},
    {"const", StemKind::Limit},
    {"read", StemKind::Limit},
    {"fixed", StemKind::Limit},
    {"meant", StemKind::Limit},
    {"nothing", StemKind::Limit},
    {"exclusive", StemKind::Limit},
    {"intended", StemKind::Limit},
    {"frozen", StemKind::Limit},
    {"unmodif", StemKind::Limit},
    {"unchanged", StemKind::Limit},
};

namespace {
/// The stems by their first two letters, so that one look at each letter of a
/// text finds all that is in it.
class StemTable {
public:
  StemTable() {
    for (const Stem &S : Stems)
      ByStart[start(S.Text[0], S.Text[1])].push_back(&S);
  }
  ArrayRef<const Stem *> startingWith(char A, char B) const {
    return ByStart[start(A, B)];
  }

private:
  static size_t start(char A, char B) { return (A & 31) << 5 | (B & 31); }
  std::array<SmallVector<const Stem *, 1>, 1024> ByStart;
};
} // namespace

bool race::mayMakeClaim(StringRef Text) {
  static const StemTable Table;
  std::string Lower = Text.lower();
  // Line breaks inside a phrase of two words count as blanks.
  std::replace(Lower.begin(), Lower.end(), '\n', ' ');
  StringRef Rest = Lower;
  bool Weak = false, Limited = false;
  for (; Rest.size() > 1; Rest = Rest.drop_front())
    for (const Stem *S : Table.startingWith(Rest[0], Rest[1])) {
      if (!Rest.starts_with(S->Text))
        continue;
      Weak |= S->Kind == StemKind::Weak;
      Limited |= S->Kind == StemKind::Limit;
      if (S->Kind == StemKind::Strong || (Weak && Limited))
        return true;
    }
  return false;
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
