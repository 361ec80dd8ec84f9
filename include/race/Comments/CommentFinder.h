//===- CommentFinder.h - Comments, and what they stand on -------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_COMMENTS_COMMENTFINDER_H
#define RACE_COMMENTS_COMMENTFINDER_H

#include "race/Comments/Claim.h"
#include "clang/Basic/SourceLocation.h"
#include <string>
#include <vector>

namespace clang {
class ASTContext;
class Decl;
class FunctionDecl;
class LangOptions;
class QualType;
class SourceManager;
class Stmt;
} // namespace clang

namespace race {

/// A comment, or a run of line comments that belong together (same column, on
/// consecutive lines with nothing else), as one text.
struct Comment {
  clang::SourceRange Range;
  /// Without markers, lines joined by '\n'.
  std::string Text;
  /// For each line of Text, the location of its first character in the file.
  std::vector<clang::SourceLocation> LineStarts;
  /// Code stands before it on its first line.
  bool Trailing = false;
  /// Part of a preprocessor directive, a macro's body for one.
  bool InDirective = false;

  /// The location in the file of the character at \p Offset of Text.
  clang::SourceLocation locationOf(unsigned Offset) const;
};

/// All comments of the file \p FID, of every form, in order. Reads the buffer
/// with clang's raw lexer, so that it needs no compiler flag and also works
/// where a preamble hid the comments from the parser. Those in `#if 0` are left
/// out; which other branches were compiled is not known to this function.
std::vector<Comment> findComments(clang::FileID FID,
                                  const clang::SourceManager &SM,
                                  const clang::LangOptions &LangOpts);

/// A claim together with what it is about.
struct AttachedClaim {
  Claim C;
  /// The place of the claiming words.
  clang::SourceLocation Loc;
  /// The claiming words themselves, white space folded.
  std::string Quote;
  /// What it is about: fields, variables, functions or classes. Several for a
  /// comment above a group of fields. Empty if Scope is a statement.
  llvm::SmallVector<const clang::Decl *, 2> Subjects;
  /// For a comment inside a function body: that function, and the statement
  /// that the comment stands on (null if it is the last thing in a block).
  const clang::FunctionDecl *Function = nullptr;
  const clang::Stmt *Statement = nullptr;
  /// It is an annotation of the declaration, not a comment.
  bool Annotated = false;
};

/// The claims of the comments in the files that \p Ctx was parsed from,
/// without system headers, tied to declarations and statements. A claim that
/// cannot be tied to anything is left out.
/// \param Own phrases that claim something in this project, besides the
///        grammar's.
std::vector<AttachedClaim> findClaims(clang::ASTContext &Ctx,
                                      llvm::ArrayRef<ClaimPhrase> Own = {});

/// Whether \p T is a function, a pointer to one, or `std::function` and its
/// like: what is said of such data may be about the calls through it.
bool isFunctionLike(clang::QualType T);

} // namespace race

#endif // RACE_COMMENTS_COMMENTFINDER_H
