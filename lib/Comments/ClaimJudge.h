//===- ClaimJudge.h - Whether words mean what they say ----------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_COMMENTS_CLAIMJUDGE_H
#define RACE_LIB_COMMENTS_CLAIMJUDGE_H

#include "ClaimPattern.h"

namespace race::claims {

/// Judges the matches in one sentence.
class Judge {
public:
  Judge(const Grammar &G, const Sentence &S) : G(G), Words(S.Words) {}

  /// The sentence tells of the past or of an example: no claim in it counts.
  bool tellsOfThePast() const;

  /// Whether the match stands as a claim; fills in what the words before it
  /// say about its subject.
  bool admits(const Match &M, Claim &C) const;

private:
  bool in(unsigned At, llvm::StringRef Class) const {
    return At < Words.size() && G.isIn(Words[At], Class);
  }
  bool is(unsigned At, llvm::StringRef Norm) const {
    return At < Words.size() && Words[At].Norm == Norm;
  }
  bool has(unsigned From, unsigned To, llvm::StringRef Sequence) const;
  bool isConditional(const Match &M) const;
  bool isNegated(const Match &M) const;
  bool isOfNoun(unsigned At, unsigned Begin) const;
  bool isAssumed(unsigned At) const;
  bool isPermission(const Match &M) const;
  bool isEnsured(const Match &M) const;
  bool namesOneOfMany(const Match &M) const;
  bool speaksOfEach(const Match &M) const;
  bool namesAnother(const Match &M) const;
  bool asksForWriting(const Match &M) const;
  bool tellsOfOrder(const Match &M) const;
  bool isSafeByOtherMeans(const Match &M) const;
  bool explainsAvoidance(const Match &M) const;
  bool lockIsPlausible(const Match &M) const;
  bool findSubject(const Match &M, Claim &C) const;
  bool speaksOfWrites(const Match &M, const Claim &C) const;
  unsigned clauseBegin(unsigned At) const;

  const Grammar &G;
  const std::vector<Word> &Words;
};

} // namespace race::claims

#endif // RACE_LIB_COMMENTS_CLAIMJUDGE_H
