//===- Layout.cpp - Words, lines and edits for readers --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include <algorithm>

using namespace llvm;
using namespace race;

unsigned race::characters(StringRef Text) {
  return count_if(Text, [](unsigned char C) { return (C & 0xC0) != 0x80; });
}

/// The first \p N characters of \p Text.
static StringRef head(StringRef Text, unsigned N) {
  size_t End = 0;
  for (; End < Text.size(); ++End)
    if ((static_cast<unsigned char>(Text[End]) & 0xC0) != 0x80 && N-- == 0)
      break;
  return Text.take_front(End);
}

std::vector<std::string> race::wrap(StringRef Text, unsigned Width) {
  std::vector<std::string> Lines(1);
  SmallVector<StringRef, 16> Words;
  Text.split(Words, ' ', -1, /*KeepEmpty=*/false);
  for (StringRef Word : Words) {
    while (!Word.empty()) {
      std::string &Line = Lines.back();
      unsigned Used = Line.empty() ? 0 : characters(Line) + 1;
      if (Used + characters(Word) <= Width) {
        Line += (Line.empty() ? "" : " ") + Word.str();
        break;
      }
      if (Used) {
        Lines.emplace_back();
        continue;
      }
      // A word that is longer than a line, broken behind a mark if it has one.
      StringRef Part = head(Word, Width);
      size_t Mark = Part.find_last_of(":/_,.>-");
      if (Mark != StringRef::npos && Mark > Part.size() / 3)
        Part = Part.take_front(Mark + 1);
      Line = Part.str();
      Word = Word.drop_front(Part.size());
      if (!Word.empty())
        Lines.emplace_back();
    }
  }
  return Lines;
}

std::string race::printable(StringRef Text) {
  std::string Result;
  std::string Fixed = json::isUTF8(Text) ? Text.str() : json::fixUTF8(Text);
  for (char C : Fixed)
    if ((static_cast<unsigned char>(C) < ' ' && C != '\t') || C == 0x7f)
      Result += "\xEF\xBF\xBD";
    else
      Result += C;
  return Result;
}

void race::forEachPart(StringRef Message,
                       function_ref<void(StringRef, bool)> Part) {
  size_t Done = 0;
  for (size_t I = 0; I < Message.size(); ++I) {
    // "thread 2's" begins no quotation.
    if (Message[I] != '\'' || (I && isAlnum(Message[I - 1])))
      continue;
    size_t End = Message.find('\'', I + 1);
    while (End != StringRef::npos && End + 1 < Message.size() &&
           isAlnum(Message[End + 1]))
      End = Message.find('\'', End + 1);
    if (End == StringRef::npos)
      break;
    if (I > Done)
      Part(Message.slice(Done, I), false);
    Part(Message.slice(I + 1, End), true);
    Done = End + 1;
    I = End;
  }
  if (Done < Message.size())
    Part(Message.substr(Done), false);
}

std::string race::holding(const InterleavingStep &S) {
  std::string Text;
  for (const std::string &L : S.Locks)
    Text += (Text.empty() ? "holding '" : ", '") + L + "'";
  return Text;
}

bool race::isOverlap(const Finding &F) {
  size_t N = F.Interleaving.size();
  return N >= 2 && !F.Interleaving[N - 2].Before &&
         !F.Interleaving[N - 1].Before &&
         F.Interleaving[N - 2].Thread != F.Interleaving[N - 1].Thread &&
         (N == 2 || F.Interleaving[N - 3].Before);
}

std::vector<FixHunk> race::fixHunks(const Finding &F, SourceLines &Sources) {
  std::vector<const SourceEdit *> Edits;
  for (const SourceEdit &E : F.Fix) {
    if (!E.Begin.isValid() || !E.End.isValid() || E.End < E.Begin ||
        E.End.Line > Sources.count(E.Begin.File))
      return {};
    Edits.push_back(&E);
  }
  llvm::sort(Edits, [](const SourceEdit *A, const SourceEdit *B) {
    return A->Begin < B->Begin;
  });
  std::vector<FixHunk> Hunks;
  for (size_t I = 0; I < Edits.size();) {
    FixHunk H;
    H.File = Edits[I]->Begin.File;
    H.FirstLine = Edits[I]->Begin.Line;
    unsigned LastLine = Edits[I]->End.Line;
    size_t Next = I + 1;
    for (; Next < Edits.size() && Edits[Next]->Begin.File == H.File &&
           Edits[Next]->Begin.Line <= LastLine + 1;
         ++Next)
      LastLine = std::max(LastLine, Edits[Next]->End.Line);
    // The lines as one text, and where each of them begins in it.
    std::string Text;
    std::vector<size_t> Begins;
    for (unsigned L = H.FirstLine; L <= LastLine; ++L) {
      H.Old.push_back(Sources.line(H.File, L).str());
      Begins.push_back(Text.size());
      Text += H.Old.back() + "\n";
    }
    for (size_t E = Next; E-- > I;) {
      auto Offset = [&](const Anchor &A) {
        return Begins[A.Line - H.FirstLine] + A.Column - 1;
      };
      size_t From = Offset(Edits[E]->Begin), To = Offset(Edits[E]->End);
      if (To > Text.size() || From > To)
        return {};
      Text.replace(From, To - From, Edits[E]->Text);
    }
    SmallVector<StringRef, 8> Lines;
    StringRef(Text).drop_back().split(Lines, '\n');
    for (StringRef L : Lines)
      H.New.push_back(L.str());
    Hunks.push_back(std::move(H));
    I = Next;
  }
  return Hunks;
}
