//===- CommentLexer.cpp - The comments of a file --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Comments/CommentFinder.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace llvm;
using namespace race;

SourceLocation Comment::locationOf(unsigned Offset) const {
  StringRef Before = StringRef(Text).take_front(Offset);
  size_t Line = Before.count('\n');
  if (Line >= LineStarts.size())
    return Range.getBegin();
  size_t LineBegin = Before.rfind('\n');
  unsigned Column =
      LineBegin == StringRef::npos ? Offset : Offset - (LineBegin + 1);
  return LineStarts[Line].getLocWithOffset(Column);
}

namespace {

/// Collects the comments of one buffer.
class CommentLexer {
public:
  CommentLexer(FileID FID, StringRef Buffer, const SourceManager &SM,
               const LangOptions &LangOpts)
      : Buffer(Buffer), FileStart(SM.getLocForStartOfFile(FID)),
        Lex(FileStart, LangOpts, Buffer.begin(), Buffer.begin(), Buffer.end()) {
    Lex.SetCommentRetentionState(true);
  }

  std::vector<Comment> run();

private:
  void directive();
  void addComment(unsigned Begin, unsigned End);
  void addLines(Comment &C, unsigned Begin, unsigned End, bool Block);
  bool continuesLast(unsigned Begin) const;
  unsigned lineBegin(unsigned Offset) const;
  unsigned column(unsigned Offset) const;
  unsigned offset(const Token &Tok) const {
    return Tok.getLocation().getRawEncoding() - FileStart.getRawEncoding();
  }

  StringRef Buffer;
  SourceLocation FileStart;
  Lexer Lex;
  Token Tok;
  bool InDirective = false;
  /// The token just read named a directive, or is to be read as such.
  bool ExpectName = false;
  bool ExpectCondition = false;
  unsigned Depth = 0;
  /// The depth of the `#if 0` that the lexer is in, or 0.
  unsigned DeadDepth = 0;
  /// Where the last token that is no comment ended, and began.
  unsigned CodeEnd = 0;
  /// Of the last comment, if it is a line comment: its begin, and the begin of
  /// its last line.
  bool LastIsLine = false;
  unsigned LastColumn = 0;
  unsigned LastEnd = 0;
  std::vector<Comment> Comments;
};

} // namespace

unsigned CommentLexer::lineBegin(unsigned Offset) const {
  size_t At = Buffer.take_front(Offset).find_last_of("\n\r");
  return At == StringRef::npos ? 0 : At + 1;
}

/// Counted as an editor shows it, with tabs of eight.
unsigned CommentLexer::column(unsigned Offset) const {
  unsigned Column = 0;
  for (char C : Buffer.slice(lineBegin(Offset), Offset))
    Column = C == '\t' ? (Column / 8 + 1) * 8 : Column + 1;
  return Column;
}

/// Keeps track of `#if 0`, one token of a directive at a time.
void CommentLexer::directive() {
  if (ExpectCondition) {
    ExpectCondition = false;
    StringRef Spelled = Buffer.substr(offset(Tok), Tok.getLength());
    if (!DeadDepth && Tok.is(tok::numeric_constant) && Spelled == "0")
      DeadDepth = Depth;
    return;
  }
  if (!ExpectName || Tok.isNot(tok::raw_identifier))
    return;
  ExpectName = false;
  StringRef Name = Tok.getRawIdentifier();
  if (Name == "if" || Name == "ifdef" || Name == "ifndef") {
    ++Depth;
    ExpectCondition = Name == "if";
  } else if (Name == "endif" || Name == "else" || Name.starts_with("elif")) {
    if (DeadDepth == Depth)
      DeadDepth = 0;
    if (Name == "endif" && Depth > 0)
      --Depth;
  }
}

/// Appends the lines of the comment token [Begin, End) to \p C, without what
/// marks them as comment.
void CommentLexer::addLines(Comment &C, unsigned Begin, unsigned End,
                            bool Block) {
  unsigned At = Begin;
  bool First = true;
  while (First || At < End) {
    size_t Break = Buffer.slice(At, End).find('\n');
    unsigned Stop = Break == StringRef::npos ? End : At + Break;
    unsigned Next = Break == StringRef::npos ? End : Stop + 1;
    StringRef Line = Buffer.slice(At, Stop);
    bool Last = Next >= End;
    // The backslash that continues a line comment.
    if (!Block && !Last)
      Line = Line.rtrim(" \t\r").rtrim('\\');
    StringRef Body = Line.ltrim(" \t");
    bool Opens = First && Body.consume_front(Block ? "/*" : "//");
    if (Block && Last && Body.consume_back("*/"))
      Body = Body.rtrim('*');
    if (Opens) {
      Body = Body.ltrim(Block ? '*' : '/');
      Body.consume_front("!");
      Body.consume_front("<");
    } else if (Block) {
      Body = Body.ltrim('*');
    } else if (Body.consume_front("//")) {
      Body = Body.ltrim('/');
    }
    Body = Body.trim(" \t\r\f\v");
    if (!C.LineStarts.empty())
      C.Text += '\n';
    C.LineStarts.push_back(
        FileStart.getLocWithOffset(Body.data() - Buffer.data()));
    C.Text += Body;
    At = Next;
    First = false;
  }
}

/// Whether the line comment at \p Begin goes on with the one before it.
bool CommentLexer::continuesLast(unsigned Begin) const {
  if (!LastIsLine || CodeEnd > LastEnd)
    return false;
  StringRef Between = Buffer.slice(LastEnd, Begin);
  return Between.count('\n') == 1 && Between.trim(" \t\r\n").empty() &&
         column(Begin) == LastColumn;
}

void CommentLexer::addComment(unsigned Begin, unsigned End) {
  if (DeadDepth)
    return;
  bool Block = Buffer.substr(Begin).starts_with("/*");
  while (!Block && End > Begin && Buffer[End - 1] == '\r')
    --End;
  if (!Block && !InDirective && continuesLast(Begin)) {
    Comment &C = Comments.back();
    addLines(C, Begin, End, Block);
    C.Range.setEnd(FileStart.getLocWithOffset(End));
    LastEnd = End;
    return;
  }
  Comment C;
  C.Range = SourceRange(FileStart.getLocWithOffset(Begin),
                        FileStart.getLocWithOffset(End));
  C.Trailing = CodeEnd > lineBegin(Begin);
  C.InDirective = InDirective;
  addLines(C, Begin, End, Block);
  Comments.push_back(std::move(C));
  LastIsLine = !Block && !InDirective;
  LastColumn = column(Begin);
  LastEnd = End;
}

std::vector<Comment> CommentLexer::run() {
  while (true) {
    Lex.LexFromRawLexer(Tok);
    if (Tok.is(tok::eof))
      return std::move(Comments);
    unsigned Begin = offset(Tok);
    unsigned End = Begin + Tok.getLength();
    // A directive ends where a line begins that no backslash continues.
    if (InDirective && Tok.isAtStartOfLine())
      InDirective = ExpectName = ExpectCondition = false;
    if (Tok.is(tok::comment)) {
      addComment(Begin, End);
      continue;
    }
    if (Tok.is(tok::hash) && Tok.isAtStartOfLine()) {
      InDirective = ExpectName = true;
    } else if (InDirective) {
      directive();
    }
    CodeEnd = End;
  }
}

std::vector<Comment> race::findComments(FileID FID, const SourceManager &SM,
                                        const LangOptions &LangOpts) {
  MemoryBufferRef Buffer = SM.getBufferOrFake(FID);
  return CommentLexer(FID, Buffer.getBuffer(), SM, LangOpts).run();
}
