//===- ClaimPattern.cpp - The grammar of claims, compiled -----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ClaimPattern.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;
using namespace race;
using namespace race::claims;

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

/// Turns one pattern after the other into a part of the program. The grammar
/// is part of the source, so a mistake in it is a bug and ends the process.
class Grammar::Compiler {
public:
  explicit Compiler(Grammar &G) : G(G) {}

  void addClass(StringRef Name, StringRef List);
  void addPhrase(Claim::KindTy Kind, unsigned Flags, StringRef Pattern);

private:
  unsigned intern(StringRef Word);
  unsigned emit(OpTy Kind, unsigned X = 0, unsigned Y = 0);
  void insertAt(unsigned At, Op O);
  void alternatives();
  void sequence();
  void atom();
  bool atEnd();
  void collectFirst(unsigned Start, BitVector &First);

  Grammar &G;
  StringRef Rest;
};

unsigned Grammar::Compiler::intern(StringRef Word) {
  return G.WordIds.try_emplace(Word, G.WordIds.size() + 1).first->second;
}

static void setBit(BitVector &Set, unsigned Id) {
  if (Id >= Set.size())
    Set.resize(Id + 1);
  Set.set(Id);
}

void Grammar::Compiler::addClass(StringRef Name, StringRef List) {
  BitVector Set;
  SmallVector<StringRef, 32> Words;
  List.split(Words, ' ', -1, /*KeepEmpty=*/false);
  for (StringRef Word : Words) {
    if (!Word.consume_front("{")) {
      setBit(Set, intern(Word));
      continue;
    }
    auto Known = G.Classes.find(Word.drop_back());
    if (Known == G.Classes.end())
      report_fatal_error("claim grammar: unknown class");
    Set |= Known->second;
  }
  G.Classes[Name] = std::move(Set);
}

unsigned Grammar::Compiler::emit(OpTy Kind, unsigned X, unsigned Y) {
  G.Program.push_back({Kind, X, Y});
  return G.Program.size() - 1;
}

/// Puts \p O before the operation at \p At and mends the targets behind it.
void Grammar::Compiler::insertAt(unsigned At, Op O) {
  for (unsigned I = At; I < G.Program.size(); ++I) {
    Op &Later = G.Program[I];
    if (Later.Kind == OpSplit || Later.Kind == OpJump) {
      Later.X += Later.X >= At;
      Later.Y += Later.Y >= At;
    }
  }
  G.Program.insert(G.Program.begin() + At, O);
}

bool Grammar::Compiler::atEnd() {
  Rest = Rest.ltrim();
  return Rest.empty() || Rest[0] == '|' || Rest[0] == ')';
}

void Grammar::Compiler::alternatives() {
  SmallVector<unsigned, 8> Jumps;
  while (true) {
    unsigned Begin = G.Program.size();
    sequence();
    if (!Rest.consume_front("|"))
      break;
    // Split(this, next) before this alternative, a jump to the end behind it.
    insertAt(Begin, {OpSplit, Begin + 1, 0});
    Jumps.push_back(emit(OpJump));
    G.Program[Begin].Y = G.Program.size();
  }
  for (unsigned Jump : Jumps)
    G.Program[Jump].X = G.Program.size();
}

void Grammar::Compiler::sequence() {
  while (!atEnd()) {
    unsigned Begin = G.Program.size();
    atom();
    if (Rest.consume_front("?")) {
      insertAt(Begin, {OpSplit, Begin + 1, 0});
      G.Program[Begin].Y = G.Program.size();
    } else if (Rest.consume_front("*")) {
      insertAt(Begin, {OpSplit, Begin + 1, 0});
      emit(OpJump, Begin);
      G.Program[Begin].Y = G.Program.size();
    }
  }
}

void Grammar::Compiler::atom() {
  if (Rest.consume_front("(")) {
    alternatives();
    if (!Rest.consume_front(")"))
      report_fatal_error("claim grammar: missing ')'");
    return;
  }
  struct Simple {
    StringLiteral Spelling;
    OpTy Kind;
  };
  static constexpr Simple Simples[] = {
      {",", OpBreak},         {"~", OpAnyWord},
      {"^^", OpFirst},        {"$$", OpLast},
      {"^", OpStart},         {"$.", OpNoNoun},
      {"$", OpEnd},           {"{lock}", OpLock},
      {"{thread}", OpThread}, {"{named}", OpNamedThread},
      {"{one}", OpOneThread},
  };
  for (const Simple &S : Simples)
    if (Rest.consume_front(S.Spelling)) {
      emit(S.Kind);
      return;
    }
  BitVector Set;
  if (Rest.consume_front("{")) {
    auto [Name, Behind] = Rest.split('}');
    auto Known = G.Classes.find(Name);
    if (Known == G.Classes.end())
      report_fatal_error("claim grammar: unknown class");
    Set = Known->second;
    Rest = Behind;
  } else {
    StringRef Word =
        Rest.take_while([](char C) { return isAlnum(C) || C == '.'; });
    if (Word.empty())
      report_fatal_error("claim grammar: stray character");
    setBit(Set, intern(Word));
    Rest = Rest.drop_front(Word.size());
  }
  G.Sets.push_back(std::move(Set));
  emit(OpWord, G.Sets.size() - 1);
}

/// The words with which the program at \p Start may begin; bit 0 if any may.
void Grammar::Compiler::collectFirst(unsigned Start, BitVector &First) {
  SmallVector<unsigned, 16> Work = {Start};
  DenseSet<unsigned> Seen;
  while (!Work.empty()) {
    unsigned At = Work.pop_back_val();
    if (!Seen.insert(At).second)
      continue;
    const Op &O = G.Program[At];
    switch (O.Kind) {
    case OpWord:
      for (unsigned Id : G.Sets[O.X].set_bits())
        setBit(First, Id);
      break;
    case OpBreak:
    case OpStart:
    case OpEnd:
    case OpFirst:
    case OpLast:
    case OpNoNoun:
      Work.push_back(At + 1);
      break;
    case OpSplit:
      Work.push_back(O.X);
      Work.push_back(O.Y);
      break;
    case OpJump:
      Work.push_back(O.X);
      break;
    case OpAnyWord:
    case OpLock:
    case OpThread:
    case OpNamedThread:
    case OpOneThread:
    case OpMatch:
      setBit(First, 0);
      break;
    }
  }
}

void Grammar::Compiler::addPhrase(Claim::KindTy Kind, unsigned Flags,
                                  StringRef Pattern) {
  unsigned Start = G.Program.size();
  Rest = Pattern;
  alternatives();
  if (!Rest.empty())
    report_fatal_error("claim grammar: text behind a pattern");
  emit(OpMatch);
  G.Phrases.push_back({Kind, Flags, Start});
  BitVector First;
  collectFirst(Start, First);
  for (unsigned Id : First.set_bits()) {
    if (G.ByFirstWord.size() <= Id)
      G.ByFirstWord.resize(Id + 1);
    G.ByFirstWord[Id].push_back(G.Phrases.size() - 1);
  }
}

Grammar::Grammar() {
  Compiler C(*this);
#define WORDS(NAME, LIST) C.addClass(#NAME, LIST);
#define PHRASE(KIND, FLAGS, PATTERN) C.addPhrase(Claim::KIND, FLAGS, PATTERN);
#include "ClaimGrammar.def"
  ByFirstWord.resize(std::max<size_t>(ByFirstWord.size(), WordIds.size() + 1));
}

const Grammar &Grammar::get() {
  static const Grammar G;
  return G;
}

bool Grammar::isIn(const Word &W, StringRef Class) const {
  auto Known = Classes.find(Class);
  return Known != Classes.end() && has(Known->second, W);
}
