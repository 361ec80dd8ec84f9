//===- ClaimTokens.cpp - Comment text as sentences of words ---------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ClaimTokens.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace race::claims;

namespace {

bool isWordChar(char C) { return isAlnum(C) || C == '_'; }

/// The typographic apostrophe, U+2019, in UTF-8.
constexpr StringLiteral CurlyApostrophe = "\xE2\x80\x99";

class Splitter {
public:
  explicit Splitter(StringRef Text) : Text(Text) {}
  std::vector<Sentence> run();

private:
  void endSentence(bool Question = false);
  void startLine();
  void lexWord();
  void addWord(StringRef Norm, unsigned Begin, unsigned End, bool Code);
  void addPlain(unsigned Begin, unsigned End);
  bool endsSentenceAt(unsigned At) const;
  bool marksName() const;
  bool skipsMarkup();
  unsigned codeEnd(unsigned Begin, bool &Joined) const;

  StringRef Text;
  unsigned Pos = 0;
  bool Break = false;
  bool Quoted = false;
  bool ToDo = false;
  bool OfParameter = false;
  /// The next word is a command of the documentation, as in "\note".
  bool Command = false;
  Sentence Current;
  std::vector<Sentence> Sentences;
};

} // namespace

/// Words with which a sentence begins that says how its subject is to be used.
/// A line that starts with one of them, capitalised, starts a sentence even if
/// the line before lacks its full stop.
static bool startsSentence(StringRef Word) {
  return StringSwitch<bool>(Word)
      .Cases("This", "It", "The", "These", "Not", "Must", "Only", "Called",
             true)
      .Cases("Caller", "Callers", "Requires", "Protected", "Guarded", true)
      .Cases("Note", "No", "Used", "Accessed", "All", "We", "If", "When", true)
      .Cases("Call", "Should", "Access", "Thread", "NOT", "NOTE", "MUST", true)
      .Cases("Returns", "Return", "Assumes", "Does", "For", "THIS", true)
      .Default(false);
}

static bool isParameterCommand(StringRef Command) {
  return StringSwitch<bool>(Command)
      .Cases("param", "tparam", "return", "returns", "result", true)
      .Cases("throw", "throws", "exception", "retval", "see", "sa", true)
      .Cases("code", "verbatim", "todo", "bug", "test", "deprecated", true)
      .Default(false);
}

void Splitter::endSentence(bool Question) {
  if (!Current.Words.empty()) {
    Current.Question = Question;
    Current.ToDo |= ToDo;
    Current.OfParameter = OfParameter;
    Sentences.push_back(std::move(Current));
  }
  Current = Sentence();
  Break = false;
}

/// Looks at the beginning of a line, which may end the sentence before it.
void Splitter::startLine() {
  StringRef Line = Text.substr(Pos).split('\n').first.trim(" \t\r");
  if (Line.empty()) {
    endSentence();
    ToDo = OfParameter = false;
    return;
  }
  // List items, and rulers of '-' or '='.
  if ((Line.size() > 1 && StringRef("-*+").contains(Line[0]) &&
       (Line[1] == ' ' || Line[1] == '\t')) ||
      Line.starts_with("--") || Line.starts_with("==")) {
    endSentence();
    return;
  }
  size_t Digits = Line.find_first_not_of("0123456789");
  if (Digits != 0 && Digits != StringRef::npos &&
      (Line[Digits] == '.' || Line[Digits] == ')')) {
    endSentence();
    return;
  }
  if (Line.size() > 1 && (Line[0] == '@' || Line[0] == '\\') &&
      isAlpha(Line[1])) {
    endSentence();
    ToDo = false;
    Command = true;
    OfParameter = isParameterCommand(
        Line.drop_front().take_while([](char C) { return isAlpha(C); }));
    return;
  }
  StringRef First = Line.take_while(isWordChar);
  StringRef Rest = Line.drop_front(First.size());
  // Labels: "REQUIRES:", "Note:".
  bool Label = First.size() > 1 && isUpper(First[0]) && Rest.starts_with(":") &&
               !Rest.starts_with("::");
  if (Label || startsSentence(First))
    endSentence();
}

/// Whether the full stop or the like at \p At ends a sentence.
bool Splitter::endsSentenceAt(unsigned At) const {
  if (At + 1 < Text.size() && !isSpace(Text[At + 1]) &&
      !StringRef("\"'`)*").contains(Text[At + 1]))
    return false;
  StringRef Before = Text.take_front(At).rtrim();
  for (StringRef Abbreviation : {"e.g", "i.e", "etc", "vs", "cf", "eg", "ie"})
    if (Before.ends_with_insensitive(Abbreviation) &&
        (Before.size() == Abbreviation.size() ||
         !isWordChar(Before[Before.size() - Abbreviation.size() - 1])))
      return Before.ends_with_insensitive("etc") && At + 2 < Text.size() &&
             isUpper(Text[At + 2]);
  return true;
}

/// Whether the character at Pos marks the next word as a name: "|mutex|",
/// "@mutex" other than at the beginning of a line.
bool Splitter::marksName() const {
  StringRef Rest = Text.substr(Pos + 1);
  StringRef Name = Rest.take_while(isWordChar);
  if (Name.empty() || isDigit(Name[0]))
    return false;
  if (Text[Pos] == '|')
    return Rest.drop_front(Name.size()).starts_with("|");
  return Text[Pos] == '@' && Pos > 0 && Text[Pos - 1] == ' ' && !Command;
}

/// Moves Pos, which is at a '\' or '@', behind a command that says how the next
/// word is to look: "\c mutex_".
bool Splitter::skipsMarkup() {
  StringRef Name =
      Text.substr(Pos + 1).take_while([](char C) { return isAlpha(C); });
  bool Markup = StringSwitch<bool>(Name)
                    .Cases("a", "b", "c", "e", "em", "p", "ref", true)
                    .Default(false);
  unsigned End = Pos + 1 + Name.size();
  if (!Markup || End + 1 >= Text.size() || Text[End] != ' ' ||
      !isWordChar(Text[End + 1]))
    return false;
  Pos = End + 1;
  return true;
}

/// The end of the identifier expression that begins at \p Begin: `a::b`,
/// `a->b`, `a.b`, `f()`, `a[i]`. \p Joined: it is more than one identifier.
unsigned Splitter::codeEnd(unsigned Begin, bool &Joined) const {
  unsigned End = Begin;
  while (true) {
    while (End < Text.size() && isWordChar(Text[End]))
      ++End;
    StringRef Rest = Text.substr(End);
    unsigned Skip = 0;
    if (Rest.starts_with("::") || Rest.starts_with("->"))
      Skip = 2;
    else if (Rest.starts_with("()."))
      Skip = 3;
    else if (Rest.starts_with("()->"))
      Skip = 4;
    else if (Rest.starts_with("."))
      Skip = 1;
    // After a dot only lower case follows: "mutex_.Held" is a missing space.
    bool Next = Skip && Skip < Rest.size() &&
                (isAlpha(Rest[Skip]) || Rest[Skip] == '_') &&
                (Skip != 1 || !isUpper(Rest[Skip]));
    if (Next) {
      Joined = true;
      End += Skip;
      continue;
    }
    if (Rest.starts_with("()")) {
      Joined = true;
      End += 2;
    } else if (Rest.starts_with("[") && End > Begin) {
      size_t Close = Rest.find(']');
      if (Close != StringRef::npos && Close < 24 &&
          !Rest.take_front(Close).contains(' ')) {
        Joined = true;
        End += Close + 1;
        continue;
      }
    }
    return End;
  }
}

void Splitter::addWord(StringRef Norm, unsigned Begin, unsigned End,
                       bool Code) {
  Word W;
  W.Norm = Norm.lower();
  W.Raw = Text.slice(Begin, End);
  W.Offset = Begin;
  W.Break = Break;
  W.Quoted = Quoted;
  W.Code = Code;
  Current.Words.push_back(std::move(W));
  Break = false;
}

/// Adds a word of letters, taken apart where it is a run-together spelling.
void Splitter::addPlain(unsigned Begin, unsigned End) {
  std::string Lower = Text.slice(Begin, End).lower();
  StringRef Spelled =
      StringSwitch<StringRef>(Lower)
          .Cases("threadsafe", "mtsafe", "thread safe")
          .Case("threadsafety", "thread safety")
          .Cases("unthreadsafe", "nonthreadsafe", "non thread safe")
          .Cases("singlethreaded", "unthreaded", "single threaded")
          .Case("singlethread", "single thread")
          .Case("multithreaded", "multi threaded")
          .Cases("readonly", "rdonly", "read only")
          .Case("cannot", "can not")
          .Case("dont", "do not")
          .Case("doesnt", "does not")
          .Case("isnt", "is not")
          .Case("arent", "are not")
          .Case("cant", "can not")
          .Case("wont", "will not")
          .Case("w/o", "without")
          .Case("writen", "written")
          .Case("acessed", "accessed")
          .Default(Lower);
  while (!Spelled.empty()) {
    auto [First, Rest] = Spelled.split(' ');
    addWord(First, Begin, End, false);
    Spelled = Rest;
  }
}

void Splitter::lexWord() {
  unsigned Begin = Pos;
  bool Joined = false;
  unsigned End = codeEnd(Begin, Joined);
  Pos = End;
  StringRef Raw = Text.slice(Begin, End);
  StringRef Rest = Text.substr(End);

  // "I/O", "w/o", "r/o": letters with a slash between are one word.
  if (Raw.size() == 1 && Rest.size() > 1 && Rest[0] == '/' &&
      isAlpha(Rest[1]) && (Rest.size() == 2 || !isWordChar(Rest[2]))) {
    Pos = End + 2;
    std::string Letters = Text.slice(Begin, Pos).lower();
    if (Letters == "w/o")
      return addPlain(Begin, Pos);
    Letters.erase(1, 1);
    return addWord(Letters, Begin, Pos, false);
  }

  // "_only_": emphasis.
  if (Raw.size() > 2 && Raw.front() == '_' && Raw.back() == '_' &&
      !Raw.drop_front().drop_back().contains('_'))
    return addPlain(Begin + 1, End - 1);
  // Numbers are words.
  if (Raw.find_first_not_of("0123456789") == StringRef::npos)
    return addWord(Raw, Begin, End, false);

  bool Inner = false;
  for (size_t I = 1; I < Raw.size(); ++I)
    Inner |=
        isUpper(Raw[I]) &&
        (isLower(Raw[I - 1]) || // "ioThread", "IOThread", but not "IOs"
         (I + 2 < Raw.size() && isLower(Raw[I + 1]) && isLower(Raw[I + 2])));
  bool Code = Joined || Inner || Raw.contains('_') ||
              Raw.find_first_of("0123456789") != StringRef::npos;
  if (Code)
    return addWord(Raw, Begin, End,
                   !Raw.equals_insensitive("e.g") &&
                       !Raw.equals_insensitive("i.e"));

  // Apostrophes.
  unsigned Mark = Rest.starts_with("'")               ? 1
                  : Rest.starts_with(CurlyApostrophe) ? CurlyApostrophe.size()
                                                      : 0;
  if (Mark && Rest.size() > Mark && isAlpha(Rest[Mark])) {
    StringRef Tail =
        Rest.substr(Mark).take_while([](char C) { return isAlpha(C); });
    Pos = End + Mark + Tail.size();
    if (Tail.equals_insensitive("t") && Raw.ends_with_insensitive("n")) {
      StringRef Verb = Raw.equals_insensitive("can")   ? Raw
                       : Raw.equals_insensitive("won") ? StringRef("will")
                                                       : Raw.drop_back();
      addWord(Verb, Begin, Pos, false);
      return addWord("not", Begin, Pos, false);
    }
    StringRef Second = StringSwitch<StringRef>(Tail.lower())
                           .Case("re", "are")
                           .Case("ve", "have")
                           .Case("ll", "will")
                           .Case("d", "would")
                           .Default("");
    if (Tail.equals_insensitive("s") &&
        StringSwitch<bool>(Raw.lower())
            .Cases("it", "that", "there", "nobody", "he", "what", true)
            .Default(false))
      Second = "is";
    addWord(Raw, Begin, Pos, false);
    if (!Second.empty())
      addWord(Second, Begin, Pos, false);
    return;
  }
  addPlain(Begin, End);
}

std::vector<Sentence> Splitter::run() {
  bool LineStart = true;
  while (Pos < Text.size()) {
    if (LineStart) {
      startLine();
      LineStart = false;
    }
    char C = Text[Pos];
    if (C == '\n') {
      LineStart = true;
      ++Pos;
      continue;
    }
    if (isAlpha(C) || C == '_' || isDigit(C)) {
      lexWord();
      Quoted = false;
      Break |= Command;
      Command = false;
      const std::string &Last = Current.Words.back().Norm;
      if (Last == "todo" || Last == "fixme" || Last == "xxx" || Last == "hack")
        ToDo = Current.ToDo = true;
      continue;
    }
    if ((C == '\\' || C == '@') && skipsMarkup()) {
      Quoted = true;
      continue;
    }
    Quoted = C == '`' || C == '\'' || C == '"' || marksName();
    if (C == '.' || C == '!' || C == '?') {
      if (endsSentenceAt(Pos))
        endSentence(C == '?');
    } else if (C == ';') {
      endSentence();
    } else if (C == '-') {
      // A hyphen joins, a dash parts.
      bool Hyphen = Pos > 0 && isWordChar(Text[Pos - 1]) &&
                    Pos + 1 < Text.size() &&
                    (isWordChar(Text[Pos + 1]) || Text[Pos + 1] == '\n');
      Break |= !Hyphen;
    } else if (StringRef(",:()[]{}<>").contains(C)) {
      Break = true;
    } else if (C == '=') {
      // "0 = single-threaded": a legend, whose parts are no sentences.
      addWord("=", Pos, Pos + 1, false);
    } else if (Text.substr(Pos).starts_with("\xE2\x80\x94") ||
               Text.substr(Pos).starts_with("\xE2\x80\x93")) {
      Break = true; // The long dashes of typographers.
    }
    ++Pos;
  }
  endSentence();
  return std::move(Sentences);
}

std::vector<Sentence> race::claims::splitSentences(StringRef Text) {
  return Splitter(Text).run();
}
