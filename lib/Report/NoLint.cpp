//===- NoLint.cpp - Suppressions in the source ----------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Report/NoLint.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/MemoryBuffer.h"
#include <optional>

using namespace llvm;
using namespace race;

struct SourceLines::Text {
  std::unique_ptr<MemoryBuffer> Buffer;
  SmallVector<StringRef, 0> Lines;
};

SourceLines::SourceLines() = default;
SourceLines::~SourceLines() = default;

SourceLines::Text &SourceLines::text(StringRef File) {
  std::unique_ptr<Text> &T = Texts[File];
  if (T)
    return *T;
  T = std::make_unique<Text>();
  if (auto Buffer = MemoryBuffer::getFile(File, /*IsText=*/true)) {
    T->Buffer = std::move(*Buffer);
    T->Buffer->getBuffer().split(T->Lines, '\n');
  }
  return *T;
}

StringRef SourceLines::line(StringRef File, unsigned Number) {
  Text &T = text(File);
  if (Number == 0 || Number > T.Lines.size())
    return "";
  return T.Lines[Number - 1].rtrim('\r');
}

unsigned SourceLines::count(StringRef File) { return text(File).Lines.size(); }

bool race::matchesGlobs(StringRef Globs, StringRef Name) {
  SmallVector<StringRef, 4> List;
  Globs.split(List, ',', -1, /*KeepEmpty=*/false);
  return any_of(List, [&](StringRef Glob) {
    Expected<GlobPattern> P = GlobPattern::create(Glob.trim());
    if (P)
      return P->match(Name);
    consumeError(P.takeError());
    return false;
  });
}

namespace {
enum class Directive { Line, NextLine, Begin, End };
} // namespace

/// Calls \p Found with each directive of \p Line that speaks of \p Check.
static void forEachDirective(StringRef Line, StringRef Check,
                             function_ref<void(Directive)> Found) {
  constexpr StringLiteral Word = "NOLINT";
  for (size_t At = Line.find(Word); At != StringRef::npos;
       At = Line.find(Word, At + 1)) {
    StringRef Rest = Line.substr(At + Word.size());
    Directive Kind = Rest.consume_front("NEXTLINE") ? Directive::NextLine
                     : Rest.consume_front("BEGIN")  ? Directive::Begin
                     : Rest.consume_front("END")    ? Directive::End
                                                    : Directive::Line;
    if (!Rest.empty() && (isAlnum(Rest.front()) || Rest.front() == '_'))
      continue;
    if (!Rest.consume_front("(")) {
      Found(Kind);
      continue;
    }
    size_t Close = Rest.find(')');
    if (Close != StringRef::npos && matchesGlobs(Rest.take_front(Close), Check))
      Found(Kind);
  }
}

bool race::isSuppressed(const Finding &F, SourceLines &Sources) {
  const Anchor &P = F.Place;
  bool Silent = false;
  forEachDirective(Sources.line(P.File, P.Line), F.Check,
                   [&](Directive D) { Silent |= D == Directive::Line; });
  if (P.Line > 1)
    forEachDirective(Sources.line(P.File, P.Line - 1), F.Check,
                     [&](Directive D) { Silent |= D == Directive::NextLine; });
  if (Silent)
    return true;
  // A block that was opened, and not closed, before the place.
  int Open = 0;
  for (unsigned L = 1; L < P.Line && L <= Sources.count(P.File); ++L)
    forEachDirective(Sources.line(P.File, L), F.Check, [&](Directive D) {
      Open += D == Directive::Begin ? 1 : D == Directive::End && Open ? -1 : 0;
    });
  return Open > 0;
}
