//===- ConfigEdit.cpp - Small additions to YAML files ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConfigEdit.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "clang-tidy/GlobList.h"
#include "race/Support/Failure.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include <optional>
#include <vector>

using namespace llvm;
using namespace race;

namespace {

/// A node of a document, and which bytes of it the file has.
struct YamlValue {
  enum KindTy { Nothing, Word, Block, Map, List, Other } Kind = Nothing;
  /// Offsets. Of a mapping or a list, those that the parser gives are not
  /// exact, so nothing is put there without a look at the text.
  size_t Begin = 0, End = 0;
  std::string Text; ///< of a Word or Block
  /// Of a mapping, its keys, each with one child; of a list, its elements.
  std::vector<YamlValue> Children;

  const YamlValue *get(StringRef Key) const {
    if (Kind == Map)
      for (const YamlValue &C : Children)
        if (C.Text == Key && !C.Children.empty())
          return &C.Children.front();
    return nullptr;
  }
};

/// One YAML document, read whole.
class YamlFile {
public:
  static Expected<YamlFile> read(MemoryBufferRef File);

  YamlValue Root;

private:
  YamlValue value(yaml::Node &N, unsigned Depth);
  size_t offset(SMLoc Loc) const {
    return Loc.isValid() ? Loc.getPointer() - Begin : 0;
  }
  const char *Begin = nullptr;
};

} // namespace

/// Keeps the first message of a parser as "file:line:column: text".
static void keepFirst(const SMDiagnostic &D, std::string &First,
                      StringRef Prefix) {
  if (!First.empty() || D.getKind() != SourceMgr::DK_Error)
    return;
  raw_string_ostream OS(First);
  OS << D.getFilename() << ':' << std::max(D.getLineNo(), 1) << ':'
     << D.getColumnNo() + 1 << ": " << Prefix;
  // What it quotes comes from a file that nobody may have looked at.
  printEscapedString(D.getMessage().take_front(200), OS);
}

static void keepSyntaxError(const SMDiagnostic &D, void *First) {
  keepFirst(D, *static_cast<std::string *>(First), "not YAML: ");
}

YamlValue YamlFile::value(yaml::Node &N, unsigned Depth) {
  YamlValue V;
  V.Begin = offset(N.getSourceRange().Start);
  V.End = offset(N.getSourceRange().End);
  SmallString<128> Storage;
  if (Depth > 32 || !N.getRawTag().empty()) {
    N.skip();
    V.Kind = YamlValue::Other;
  } else if (auto *S = dyn_cast<yaml::ScalarNode>(&N)) {
    V.Kind = YamlValue::Word;
    V.Text = S->getValue(Storage).str();
    V.Begin = S->getRawValue().data() - Begin;
    V.End = V.Begin + S->getRawValue().size();
  } else if (auto *B = dyn_cast<yaml::BlockScalarNode>(&N)) {
    V.Kind = YamlValue::Block;
    V.Text = B->getValue().str();
  } else if (auto *M = dyn_cast<yaml::MappingNode>(&N)) {
    V.Kind = YamlValue::Map;
    for (yaml::KeyValueNode &Entry : *M) {
      YamlValue Key;
      if (yaml::Node *K = Entry.getKey())
        Key = value(*K, Depth + 1);
      if (yaml::Node *Value = Entry.getValue())
        Key.Children = {value(*Value, Depth + 1)};
      V.Children.push_back(std::move(Key));
    }
  } else if (auto *L = dyn_cast<yaml::SequenceNode>(&N)) {
    V.Kind = YamlValue::List;
    for (yaml::Node &Element : *L)
      V.Children.push_back(value(Element, Depth + 1));
  } else if (!isa<yaml::NullNode>(&N)) {
    V.Kind = YamlValue::Other;
  }
  return V;
}

Expected<YamlFile> YamlFile::read(MemoryBufferRef File) {
  std::string Problem;
  SourceMgr SM;
  SM.setDiagHandler(keepSyntaxError, &Problem);
  // The scanner wants an end that is marked.
  std::unique_ptr<MemoryBuffer> Copy = MemoryBuffer::getMemBufferCopy(
      File.getBuffer(), File.getBufferIdentifier());
  YamlFile Y;
  Y.Begin = Copy->getBufferStart();
  yaml::Stream Stream(Copy->getMemBufferRef(), SM, /*ShowColors=*/false);
  yaml::document_iterator Doc = Stream.begin();
  if (Problem.empty() && Doc != Stream.end()) {
    if (yaml::Node *Root = Doc->getRoot(); Root && Problem.empty())
      Y.Root = Y.value(*Root, 0);
    if (Problem.empty() && ++Doc != Stream.end() && Problem.empty())
      return failure(File.getBufferIdentifier() +
                     ":1:1: more than one document in the file");
  }
  if (!Problem.empty())
    return failure(Problem);
  if (Stream.failed())
    return failure(File.getBufferIdentifier() + ":1:1: not YAML");
  return Y;
}

static StringRef lineEnd(StringRef Text) {
  return Text.contains("\r\n") ? "\r\n" : "\n";
}

static std::string inserted(StringRef Text, size_t At, StringRef More) {
  return (Text.take_front(At) + More + Text.drop_front(At)).str();
}

/// \p Text, ended by a line end.
static std::string wholeLines(StringRef Text) {
  bool Ended = Text.empty() || Text.ends_with("\n");
  return Ended ? Text.str() : (Text + lineEnd(Text)).str();
}

static StringRef lineAt(StringRef Text, size_t At) {
  size_t Begin = Text.take_front(At).rfind('\n') + 1;
  return Text.slice(Begin, Text.find('\n', At));
}

static StringRef indentOf(StringRef Line) {
  return Line.take_while([](char C) { return C == ' '; });
}

/// The end of the last line at or behind \p At that belongs to a block list
/// whose dashes stand \p Indent deep. Comments and empty lines behind it do
/// not.
static size_t endOfBlock(StringRef Text, size_t At, size_t Indent) {
  size_t End = std::min(Text.find('\n', At), Text.size());
  while (End < Text.size()) {
    size_t Begin = End + 1;
    size_t Next = std::min(Text.find('\n', Begin), Text.size());
    for (;;) {
      StringRef Line = Text.slice(Begin, Next);
      StringRef Content = Line.trim();
      if (!Content.empty() && !Content.starts_with("#")) {
        size_t Deep = indentOf(Line).size();
        bool Inside =
            Deep > Indent || (Deep == Indent && Content.starts_with("-"));
        if (!Inside || Content == "---" || Content == "...")
          return End;
        break;
      }
      if (Next >= Text.size())
        return End;
      Begin = Next + 1;
      Next = std::min(Text.find('\n', Begin), Text.size());
    }
    End = Next;
  }
  return End;
}

/// \p Text with the lines \p Lines put behind the line that ends at \p End.
static std::string linesAfter(StringRef Text, size_t End, StringRef Lines) {
  if (End >= Text.size())
    return wholeLines(Text) + wholeLines(Lines);
  return inserted(Text, End + 1, wholeLines(Lines));
}

//===----------------------------------------------------------------------===//
// .clang-tidy
//===----------------------------------------------------------------------===//

static std::optional<clang::tidy::ClangTidyOptions>
tidyOptions(MemoryBufferRef File, std::string &Problem) {
  ErrorOr<clang::tidy::ClangTidyOptions> O =
      clang::tidy::parseConfigurationWithDiags(
          File, [&](const SMDiagnostic &D) { keepFirst(D, Problem, ""); });
  if (!O)
    return std::nullopt;
  return std::move(*O);
}

/// Whether \p Globs need nothing more.
static bool speaksOfRace(StringRef Globs) {
  if (Globs.contains("race-"))
    return true;
  // `*` is enough, but `concurrency-*` is not.
  return clang::tidy::GlobList(Globs).contains("race-of-any-name");
}

/// The text of \p Checks, the value of the key in \p Text, with race-* in it;
/// empty if it has a form that is left alone.
static std::string withChecks(StringRef Text, const YamlValue &Checks,
                              size_t KeyEnd) {
  StringRef NewLine = lineEnd(Text);
  if (Checks.Kind == YamlValue::Word) {
    char Quote = Text[Checks.Begin];
    bool Quoted = Quote == '\'' || Quote == '"';
    StringRef Comma = StringRef(Checks.Text).trim().ends_with(",") ||
                              StringRef(Checks.Text).trim().empty()
                          ? ""
                          : ",";
    return inserted(Text, Checks.End - Quoted, (Comma + "race-*").str());
  }
  if (Checks.Kind == YamlValue::Block) {
    // Behind the last line that says something, as deep as that.
    size_t Last = Text.take_front(Checks.End).find_last_not_of(" \t\r\n");
    if (Last == StringRef::npos || Last < KeyEnd)
      return "";
    StringRef Line = lineAt(Text, Last);
    StringRef Comma = Text[Last] == ',' ? "" : ",";
    return inserted(Text, Last + 1,
                    (Comma + NewLine + indentOf(Line) + "race-*").str());
  }
  if (Checks.Kind == YamlValue::List && !Checks.Children.empty()) {
    const YamlValue &Last = Checks.Children.back();
    StringRef Line = lineAt(Text, Last.Begin);
    if (Text.drop_front(KeyEnd).ltrim(": \t\r\n").starts_with("["))
      return inserted(Text, Last.End, ", 'race-*'");
    if (Line.ltrim().starts_with("-"))
      return linesAfter(Text, Text.find('\n', Last.End),
                        (indentOf(Line) + "- 'race-*'" + NewLine).str());
  }
  return "";
}

Expected<std::string> race::addRaceChecks(MemoryBufferRef File) {
  StringRef Text = File.getBuffer(), Name = File.getBufferIdentifier();
  Expected<YamlFile> Y = YamlFile::read(File);
  if (!Y)
    return Y.takeError();
  std::string Problem;
  std::unique_ptr<MemoryBuffer> Copy =
      MemoryBuffer::getMemBufferCopy(Text, Name);
  std::optional<clang::tidy::ClangTidyOptions> Old =
      tidyOptions(*Copy, Problem);
  bool Empty = Y->Root.Kind == YamlValue::Nothing;
  if (!Old && !Empty)
    return failure(Problem.empty() ? (Name + ":1:1: not a .clang-tidy").str()
                                   : Problem);
  if (Old && Old->Checks && speaksOfRace(*Old->Checks))
    return Text.str();

  std::string New, Line = ("Checks: 'race-*'" + lineEnd(Text)).str();
  auto Key = find_if(Y->Root.Children,
                     [](const YamlValue &C) { return C.Text == "Checks"; });
  if (Empty || Key == Y->Root.Children.end())
    // At its top: what ends a file may be a list that goes on.
    New = Text.starts_with("---") ? linesAfter(Text, Text.find('\n'), Line)
                                  : Line + Text.str();
  else if (!Key->Children.empty())
    New = withChecks(Text, Key->Children.front(), Key->End);

  // Only if it is now what it was, and race-*.
  std::unique_ptr<MemoryBuffer> Again =
      MemoryBuffer::getMemBufferCopy(New, Name);
  std::optional<clang::tidy::ClangTidyOptions> Now =
      tidyOptions(*Again, Problem);
  if (Now && Now->Checks) {
    auto Globs = [](StringRef Text) {
      SmallVector<StringRef, 32> Parts;
      SplitString(Text, Parts, ", \t\r\n");
      return std::vector<std::string>(Parts.begin(), Parts.end());
    };
    std::vector<std::string> Wanted =
        Globs(Old && Old->Checks ? *Old->Checks : "");
    Wanted.push_back("race-*");
    bool Right = Globs(*Now->Checks) == Wanted;
    Now->Checks = Old ? Old->Checks : std::nullopt;
    if (Right && (!Old || clang::tidy::configurationAsText(*Now) ==
                              clang::tidy::configurationAsText(*Old)))
      return New;
  }
  return failure(Name + ": add race-* to its Checks by hand; it is written in "
                        "a way that is not understood");
}

//===----------------------------------------------------------------------===//
// .pre-commit-config.yaml
//===----------------------------------------------------------------------===//

static std::string hookLines(const HookSource &Hook, StringRef Indent,
                             StringRef NewLine) {
  std::string Text;
  for (const std::string &Line :
       {"- repo: " + Hook.Url, "  rev: " + Hook.Revision,
        std::string("  hooks:"), std::string("    - id: race-tidy")})
    Text += (Indent + Line + NewLine).str();
  return Text;
}

std::string race::preCommitConfig(const HookSource &Hook) {
  return "repos:\n" + hookLines(Hook, "  ", "\n");
}

static bool hasOurs(const YamlValue &Repos) {
  for (const YamlValue &Repo : Repos.Children)
    if (const YamlValue *Hooks = Repo.get("hooks"))
      for (const YamlValue &H : Hooks->Children)
        if (const YamlValue *Id = H.get("id"))
          if (Id->Text == "race-tidy" || Id->Text == "race-tidy-diff")
            return true;
  return false;
}

Expected<std::string> race::addHook(MemoryBufferRef File,
                                    const HookSource &Hook) {
  StringRef Text = File.getBuffer(), Name = File.getBufferIdentifier();
  Expected<YamlFile> Y = YamlFile::read(File);
  if (!Y)
    return Y.takeError();
  if (Y->Root.Kind == YamlValue::Nothing)
    return wholeLines(Text) + preCommitConfig(Hook);
  if (Y->Root.Kind != YamlValue::Map)
    return failure(Name + ":1:1: not a .pre-commit-config.yaml: no mapping "
                          "with the key 'repos'");
  StringRef NewLine = lineEnd(Text);
  std::string New;
  size_t Before = 0;
  auto Key = find_if(Y->Root.Children,
                     [](const YamlValue &C) { return C.Text == "repos"; });
  if (Key == Y->Root.Children.end()) {
    New = (wholeLines(Text) + "repos:" + NewLine).str() +
          hookLines(Hook, "  ", NewLine);
  } else if (!Key->Children.empty()) {
    const YamlValue &Repos = Key->Children.front();
    if (hasOurs(Repos))
      return Text.str();
    Before = Repos.Children.size();
    StringRef Value = Text.drop_front(Key->End).ltrim(": \t");
    if (Repos.Kind == YamlValue::Nothing) {
      New = linesAfter(Text, Text.find('\n', Key->End),
                       hookLines(Hook, "  ", NewLine));
    } else if (Repos.Kind == YamlValue::List && Before == 0 &&
               Value.starts_with("[")) {
      size_t Open = Value.data() - Text.data(), Close = Text.find(']', Open);
      std::string Lines =
          NewLine.str() +
          StringRef(hookLines(Hook, "  ", NewLine)).rtrim().str();
      New = (Text.take_front(Open).rtrim(" \t") + Lines +
             Text.drop_front(Close + 1))
                .str();
    } else if (Repos.Kind == YamlValue::List && Before) {
      const YamlValue &Last = Repos.Children.back();
      StringRef Line = lineAt(Text, Last.Begin);
      if (Line.ltrim(' ').starts_with("-"))
        New = linesAfter(Text,
                         endOfBlock(Text, Last.Begin, indentOf(Line).size()),
                         hookLines(Hook, indentOf(Line), NewLine));
    }
  }
  Expected<YamlFile> Again = YamlFile::read(MemoryBufferRef(New, Name));
  if (Again) {
    const YamlValue *Repos = Again->Root.get("repos");
    if (Repos && Repos->Children.size() == Before + 1 && hasOurs(*Repos) &&
        Again->Root.Children.size() ==
            Y->Root.Children.size() + (Key == Y->Root.Children.end()))
      return New;
  } else {
    consumeError(Again.takeError());
  }
  return failure(Name + ": add the hook by hand; its list of repos is written "
                        "in a way that is not understood");
}
