//===- ClaimTokens.h - Comment text as sentences of words -------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_COMMENTS_CLAIMTOKENS_H
#define RACE_LIB_COMMENTS_CLAIMTOKENS_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace race::claims {

/// One word of a comment. Hyphened and run-together words are taken apart
/// ("thread-safe", "threadsafe": two words), contractions are expanded
/// ("isn't": "is", "not"), so that the grammar knows one spelling of each.
struct Word {
  /// The normalised spelling: lower case, for code the identifier as a whole.
  std::string Norm;
  /// As the comment spells it, without quotes around it.
  llvm::StringRef Raw;
  /// Where Raw stands in the comment's text.
  unsigned Offset = 0;
  /// A comma, colon, dash or parenthesis stands between this and the word
  /// before it.
  bool Break = false;
  /// Quoted or back-quoted.
  bool Quoted = false;
  /// Spelled as code is: has '_', '::', "->", "()", an inner capital, a digit.
  bool Code = false;
  /// The grammar's number of Norm; see Grammar::number. 0 if it has none.
  unsigned Id = 0;
};

struct Sentence {
  std::vector<Word> Words;
  bool Question = false;
  /// Stands after a TODO or FIXME, up to the next blank line.
  bool ToDo = false;
  /// Belongs to `@param`, `\returns` and the like: speaks of something other
  /// than what the comment stands on.
  bool OfParameter = false;
};

/// Takes the text of a comment apart. A sentence ends at a full stop, a
/// semicolon, a blank line, a list item, a documentation command, a label such
/// as `REQUIRES:`, and where a line begins like a new sentence.
/// The result refers to \p Text.
std::vector<Sentence> splitSentences(llvm::StringRef Text);

} // namespace race::claims

#endif // RACE_LIB_COMMENTS_CLAIMTOKENS_H
