//===- ClaimPattern.h - The grammar of claims, compiled ---------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The phrases of ClaimGrammar.def as programs for a small backtracking matcher
// over words. The notation is described in ClaimGrammar.def.
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_COMMENTS_CLAIMPATTERN_H
#define RACE_LIB_COMMENTS_CLAIMPATTERN_H

#include "ClaimTokens.h"
#include "race/Comments/Claim.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include <optional>
#include <vector>

namespace race::claims {

/// What a phrase asks of the words around it, besides what every phrase does.
enum PhraseFlags : unsigned {
  None = 0,
  /// "may", "can", "might" before it make it a permission: no claim.
  NotMay = 1,
  /// "ensures that", "so that" before it describe how something is achieved.
  NotEnsured = 2,
  /// A fact, not a demand: only of what the comment stands on, not of
  /// callbacks, results and the like.
  OfThis = 4,
  /// The comment stands on a lock; the words behind the phrase are guarded.
  OnLock = 8,
  /// Only in a sentence that begins with "REQUIRES" or the like.
  InRequires = 16,
  /// As OnLock, but what it guards are the declarations below the lock.
  OnLockOfBelow = OnLock | 32,
  /// The comment stands on the statement that takes the lock: what is changed
  /// under it there is guarded.
  OnTaking = 64,
};

/// A phrase of the grammar.
struct Phrase {
  Claim::KindTy Kind;
  unsigned Flags;
  unsigned Start; ///< of its program
};

/// A phrase found in a sentence.
struct Match {
  const Phrase *P = nullptr;
  unsigned Begin = 0, End = 0; ///< words [Begin, End)
  std::string Thread, Lock;
  /// The lock's name says, or words next to it say, that it is a lock.
  bool SureLock = true;
};

class Grammar {
public:
  /// The one grammar, compiled at its first use.
  static const Grammar &get();

  /// Gives the words of \p S their numbers, by which all else knows them.
  void number(Sentence &S) const;

  /// Whether \p W belongs to the word class \p Class of ClaimGrammar.def.
  bool isIn(const Word &W, llvm::StringRef Class) const;

  class Matcher;

private:
  enum OpTy : uint8_t {
    OpWord,        ///< a word of Set
    OpBreak,       ///< a break may precede the next word
    OpAnyWord,     ///< one word, also after a break
    OpStart,       ///< at the sentence's first word or after a break
    OpEnd,         ///< at the sentence's end or before a break
    OpFirst,       ///< at the sentence's first word
    OpLast,        ///< at the sentence's end
    OpNoNoun,      ///< OpEnd, or a word of class {after}
    OpLock,        ///< words that name a lock
    OpThread,      ///< words that name a thread or say "one thread"
    OpNamedThread, ///< words that name a thread
    OpOneThread,   ///< words that say "one thread"
    OpSplit,       ///< try X, then Y
    OpJump,        ///< to X
    OpMatch,
  };
  struct Op {
    OpTy Kind;
    unsigned X = 0, Y = 0;
  };
  class Compiler;

  Grammar();
  static bool has(const llvm::BitVector &Set, const Word &W) {
    return W.Id < Set.size() && Set.test(W.Id);
  }

  llvm::StringMap<unsigned> WordIds; ///< from 1 on
  llvm::StringMap<llvm::BitVector> Classes;
  std::vector<llvm::BitVector> Sets;
  std::vector<Op> Program;
  std::vector<Phrase> Phrases;
  /// For each word, the phrases that may begin with it; at 0 those that may
  /// begin with any word.
  std::vector<std::vector<unsigned>> ByFirstWord;
};

/// Finds the phrases of one sentence.
class Grammar::Matcher {
public:
  Matcher(const Grammar &G, const Sentence &S);

  /// The matches that begin at word \p At, the longest first.
  std::vector<Match> matchesAt(unsigned At);

private:
  struct Name {
    unsigned End = 0;
    std::string Text;
    bool Sure = true;
  };
  /// What was found at each word, once it was looked for.
  using Names = std::vector<std::optional<std::optional<Name>>>;

  bool match(const Phrase &P, Match &Result);
  bool run(unsigned At, unsigned Pos, bool BreakOk);
  bool is(unsigned Pos, llvm::StringRef Norm) const {
    return Pos < Words.size() && Words[Pos].Norm == Norm;
  }
  bool in(unsigned Pos, llvm::StringRef Class) const {
    return Pos < Words.size() && G.isIn(Words[Pos], Class);
  }
  bool joined(unsigned Pos) const {
    return Pos < Words.size() && !Words[Pos].Break;
  }
  std::optional<Name> lockAt(unsigned Pos) const;
  Name lockOfAt(unsigned Pos) const;
  std::optional<Name> namedThreadAt(unsigned Pos) const;
  std::optional<Name> oneThreadAt(unsigned Pos) const;
  std::optional<Name> threadHead(unsigned Pos, unsigned NameBegin) const;
  const std::optional<Name> &nameFor(OpTy Kind, unsigned Pos);

  const Grammar &G;
  const std::vector<Word> &Words;
  unsigned Begin = 0;
  Names Locks, NamedThreads, OneThreads;
  /// States at a branch that were entered: they lead nowhere, or are being
  /// tried. Without this a pattern could loop, or take exponential time.
  llvm::SmallDenseSet<uint64_t, 32> Tried;
  Match Found;
};

} // namespace race::claims

#endif // RACE_LIB_COMMENTS_CLAIMPATTERN_H
