//===- CommentLexerTest.cpp - Comments of every form ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Comments/CommentFinder.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

using namespace clang;
using namespace llvm;
using namespace race;

namespace {

class CommentLexerTest : public ::testing::Test {
protected:
  CommentLexerTest()
      : Files(FileSystemOptions()),
        Diags(new DiagnosticIDs, new DiagnosticOptions,
              new IgnoringDiagConsumer),
        SM(Diags, Files) {
    LangOpts.CPlusPlus = LangOpts.CPlusPlus11 = LangOpts.CPlusPlus14 =
        LangOpts.CPlusPlus17 = true;
    LangOpts.LineComment = LangOpts.RawStringLiterals = true;
  }

  const std::vector<Comment> &find(StringRef Code) {
    FID = SM.createFileID(MemoryBuffer::getMemBufferCopy(Code, "test.cpp"));
    Found = findComments(FID, SM, LangOpts);
    return Found;
  }

  std::vector<std::string> texts(StringRef Code) {
    std::vector<std::string> Texts;
    for (const Comment &C : find(Code))
      Texts.push_back(C.Text);
    return Texts;
  }

  /// "line:column" of the character at \p Offset of the text of \p C.
  std::string place(const Comment &C, unsigned Offset) {
    SourceLocation Loc = C.locationOf(Offset);
    return std::to_string(SM.getSpellingLineNumber(Loc)) + ":" +
           std::to_string(SM.getSpellingColumnNumber(Loc));
  }

  using Strings = std::vector<std::string>;

  FileManager Files;
  DiagnosticsEngine Diags;
  SourceManager SM;
  LangOptions LangOpts;
  FileID FID;
  std::vector<Comment> Found;
};

TEST_F(CommentLexerTest, Markers) {
  EXPECT_EQ(texts("// a\n\n/// b\n\n//! c\n\n///< d\n\n//!< e\n\n//\n"),
            (Strings{"a", "b", "c", "d", "e", ""}));
  EXPECT_EQ(texts("/* a */ /** b */ /*! c */ /**< d */ /**/ /***/"),
            (Strings{"a", "b", "c", "d", "", ""}));
  EXPECT_EQ(texts("//===---===//\n"), (Strings{"===---===//"}));
}

TEST_F(CommentLexerTest, BlockLines) {
  EXPECT_EQ(texts("/*\n * one\n *\n *   two *\n */"),
            (Strings{"\none\n\ntwo *\n"}));
  EXPECT_EQ(texts("/* one\n   two\n   three */"), (Strings{"one\ntwo\nthree"}));
  EXPECT_EQ(texts("/**\n * one */"), (Strings{"\none"}));
}

TEST_F(CommentLexerTest, JoinsLines) {
  EXPECT_EQ(texts("// a\n// b\n"), (Strings{"a\nb"}));
  EXPECT_EQ(texts("// a\n\n// b\n"), (Strings{"a", "b"}));
  EXPECT_EQ(texts("// a\n  // b\n"), (Strings{"a", "b"}));
  EXPECT_EQ(texts("// a\nint x;\n// b\n"), (Strings{"a", "b"}));
  EXPECT_EQ(texts("// a\n/* b */\n// c\n"), (Strings{"a", "b", "c"}));
  EXPECT_EQ(texts("/* a */\n/* b */\n"), (Strings{"a", "b"}));
}

TEST_F(CommentLexerTest, Trailing) {
  EXPECT_EQ(texts("int a; // x\n       // y\nint b; // z\n"),
            (Strings{"x\ny", "z"}));
  EXPECT_TRUE(Found[0].Trailing);
  EXPECT_TRUE(Found[1].Trailing);
  // In the same column, but code stands before the second.
  EXPECT_EQ(texts("int a; // x\nint b; // y\n"), (Strings{"x", "y"}));
  EXPECT_EQ(texts("int a; // x\n// y\n"), (Strings{"x", "y"}));
  EXPECT_TRUE(Found[0].Trailing);
  EXPECT_FALSE(Found[1].Trailing);
  find("int a; /* x */ int b;\n  /* y */ int c;\n/* z */ /* w */\n");
  ASSERT_EQ(Found.size(), 4u);
  EXPECT_TRUE(Found[0].Trailing);
  EXPECT_FALSE(Found[1].Trailing);
  EXPECT_FALSE(Found[2].Trailing);
  EXPECT_FALSE(Found[3].Trailing);
}

TEST_F(CommentLexerTest, TabsCountAsColumns) {
  EXPECT_EQ(texts("int a;\t// x\n\t// y\n"), (Strings{"x\ny"}));
  EXPECT_EQ(texts("\t// x\n        // y\n"), (Strings{"x\ny"}));
}

TEST_F(CommentLexerTest, CarriageReturns) {
  EXPECT_EQ(texts("// a\r\n// b\r\nint x; /* c\r\n * d */\r\n"),
            (Strings{"a\nb", "c\nd"}));
  EXPECT_EQ(place(Found[0], 2), "2:4");
}

TEST_F(CommentLexerTest, ContinuedLines) {
  EXPECT_EQ(texts("// a \\\n   b\nint x;\n"), (Strings{"a\nb"}));
  EXPECT_EQ(place(Found[0], 2), "2:4");
}

TEST_F(CommentLexerTest, NotInLiterals) {
  EXPECT_EQ(texts("const char *a = \"// no\"; // yes\n"), (Strings{"yes"}));
  EXPECT_EQ(texts("auto a = R\"x(\n// no\n/* no */)x\"; // yes\n"),
            (Strings{"yes"}));
  EXPECT_EQ(texts("char a = '\"'; // yes\nchar b = '\\''; /* too */\n"),
            (Strings{"yes", "too"}));
  EXPECT_EQ(texts("int a = 1'000; // yes\n"), (Strings{"yes"}));
}

TEST_F(CommentLexerTest, DeadCode) {
  EXPECT_EQ(texts("#if 0\n// no\n#if X\n// no\n#endif\n// no\n#else\n// a\n"
                  "#endif\n// b\n"),
            (Strings{"a", "b"}));
  EXPECT_EQ(texts("#ifdef X\n// a\n#else\n// b\n#endif\n"),
            (Strings{"a", "b"}));
  EXPECT_EQ(texts("#if 0\n don't \" // no\n#endif\n// a\n"), (Strings{"a"}));
  EXPECT_EQ(texts("# if 0\n// no\n#elif 1\n// a\n#endif\n"), (Strings{"a"}));
  EXPECT_EQ(texts("#if 01\n// a\n#endif\n"), (Strings{"a"}));
}

TEST_F(CommentLexerTest, Directives) {
  find("#define A 1 // x\n#define B \\\n  2 /* y */ \\\n  + 3\n// z\nint a;\n");
  ASSERT_EQ(Found.size(), 3u);
  EXPECT_TRUE(Found[0].InDirective);
  EXPECT_TRUE(Found[1].InDirective);
  EXPECT_FALSE(Found[2].InDirective);
}

TEST_F(CommentLexerTest, Places) {
  find("int a;\n  /* one\n   * two three\n   */\n");
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Text, "one\ntwo three\n");
  EXPECT_EQ(place(Found[0], 0), "2:6");
  EXPECT_EQ(place(Found[0], Found[0].Text.find("two")), "3:6");
  EXPECT_EQ(place(Found[0], Found[0].Text.find("three")), "3:10");
  EXPECT_EQ(Found[0].LineStarts.size(), 3u);
  EXPECT_EQ(SM.getSpellingLineNumber(Found[0].Range.getEnd()), 4u);
}

TEST_F(CommentLexerTest, BadInput) {
  EXPECT_EQ(texts(""), Strings{});
  EXPECT_EQ(texts("// \xFF\xFE\n").size(), 1u);
  EXPECT_EQ(texts("// end"), (Strings{"end"}));
  EXPECT_EQ(texts("#if 0\n// no"), Strings{});
  EXPECT_EQ(texts("#endif\n#else\n// a\n"), (Strings{"a"}));
  // Never closed: no comment.
  EXPECT_LE(texts("/* open").size(), 1u);
}

} // namespace
