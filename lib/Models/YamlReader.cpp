//===- YamlReader.cpp - Walks YAML and says what is wrong -----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "YamlReader.h"
#include "race/Models/ModelsYaml.h"
#include "race/Support/Failure.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace race;

YamlReader::YamlReader(MemoryBufferRef Ref)
    : Buffer(MemoryBuffer::getMemBufferCopy(Ref.getBuffer(),
                                            Ref.getBufferIdentifier())) {
  SM.setDiagHandler(onDiagnostic, this);
}

std::string YamlReader::quoted(StringRef Text) {
  constexpr size_t Longest = 60;
  std::string Out = "'";
  raw_string_ostream OS(Out);
  // The text may come from a checkout that nobody has looked at yet, and the
  // message goes to a terminal.
  printEscapedString(Text.take_front(Longest), OS);
  OS << (Text.size() > Longest ? "...'" : "'");
  return Out;
}

void YamlReader::failAt(unsigned Line, unsigned Column, const Twine &Message) {
  if (FirstError)
    return;
  FirstError = (Buffer->getBufferIdentifier() + ":" + Twine(Line) + ":" +
                Twine(Column) + ": " + Message)
                   .str();
}

bool YamlReader::fail(SMLoc Loc, const Twine &Message) {
  auto [Line, Column] = Loc.isValid() && SM.FindBufferContainingLoc(Loc)
                            ? SM.getLineAndColumn(Loc)
                            : std::pair<unsigned, unsigned>(1, 1);
  failAt(Line, Column, Message);
  return false;
}

SMLoc YamlReader::start(const Node &N) const {
  const char *Start = N.getSourceRange().Start.getPointer();
  if (auto *Alias = dyn_cast<yaml::AliasNode>(&N))
    return SMLoc::getFromPointer(Alias->getName().data() - 1);
  if (!N.getRawTag().empty())
    return SMLoc::getFromPointer(N.getRawTag().data());
  if (!isa<yaml::MappingNode, yaml::SequenceNode>(N))
    return N.getSourceRange().Start;
  const char *At = Start;
  char Bracket = isa<yaml::MappingNode>(N) ? '{' : '[';
  const char *Begin = Buffer->getBufferStart();
  while (At != Begin && isSpace(At[-1]))
    --At;
  if (At != Begin && At[-1] == Bracket)
    return SMLoc::getFromPointer(At - 1);
  return N.getSourceRange().Start;
}

void YamlReader::onDiagnostic(const SMDiagnostic &D, void *Reader) {
  std::string Message = D.getMessage().str();
  if (!Message.empty())
    Message[0] = toLower(Message[0]);
  static_cast<YamlReader *>(Reader)->failAt(
      D.getLineNo() > 0 ? D.getLineNo() : 1, D.getColumnNo() + 1,
      "not YAML: " + Message);
}

bool YamlReader::checkEncoding() {
  StringRef Text = Buffer->getBuffer();
  if (Text.size() > MaxModelBytes) {
    failAt(1, 1,
           "the file is larger than " + Twine(MaxModelBytes >> 20) + " MiB");
    return false;
  }
  unsigned Line = 1, Column = 1;
  auto *At = reinterpret_cast<const UTF8 *>(Text.begin());
  auto *End = reinterpret_cast<const UTF8 *>(Text.end());
  while (At != End) {
    unsigned Length = getNumBytesForUTF8(*At);
    if (Length > size_t(End - At) || !isLegalUTF8Sequence(At, At + Length)) {
      failAt(Line, Column, "not UTF-8");
      return false;
    }
    if (*At < 0x20 && *At != '\n' && *At != '\r' && *At != '\t') {
      failAt(Line, Column, "control character in the text");
      return false;
    }
    Column = *At == '\n' ? 1 : Column + Length;
    Line += *At == '\n';
    At += Length;
  }
  return true;
}

Error YamlReader::run(function_ref<bool(Node &)> ReadRoot) {
  auto Walk = [&] {
    if (!checkEncoding())
      return;
    yaml::Stream Stream(Buffer->getMemBufferRef(), SM, /*ShowColors=*/false);
    yaml::document_iterator Doc = Stream.begin();
    if (FirstError)
      return;
    Node *Root = Doc == Stream.end() ? nullptr : Doc->getRoot();
    if (FirstError)
      return;
    if (!Root || isa<yaml::NullNode>(Root)) {
      failAt(1, 1, "the file is empty; it needs at least the key 'library'");
      return;
    }
    if (!ReadRoot(*Root) || FirstError)
      return;
    ++Doc;
    if (Doc != Stream.end())
      if (Node *Second = Doc->getRoot(); Second && !FirstError)
        fail(*Second, "more than one document in the file");
    if (Stream.failed())
      failAt(1, 1, "not YAML");
  };
  Walk();
  if (!FirstError)
    return Error::success();
  return failure(*FirstError);
}

bool YamlReader::mapping(Node &N, const Twine &What,
                         std::initializer_list<Field> Fields) {
  SMLoc Start = start(N);
  auto *Map = dyn_cast<yaml::MappingNode>(&N);
  if (!Map)
    return fail(N, "expected the keys of " + What + " here");
  if (!N.getRawTag().empty())
    return fail(N, "tags are not allowed");
  SmallVector<bool, 16> Seen(Fields.size());
  for (yaml::KeyValueNode &Entry : *Map) {
    Node *Key = Entry.getKey();
    if (!Key || FirstError)
      return fail(Start, "not YAML");
    auto *Name = dyn_cast<yaml::ScalarNode>(Key);
    if (!Name)
      return fail(*Key, "a key of " + What + " must be a word");
    SmallString<32> Storage;
    StringRef Text = Name->getValue(Storage);
    auto *F = find_if(Fields, [&](const Field &F) { return F.Key == Text; });
    if (F == Fields.end()) {
      auto *Near = std::min_element(
          Fields.begin(), Fields.end(), [&](const Field &A, const Field &B) {
            return Text.edit_distance_insensitive(A.Key, true, 4) <
                   Text.edit_distance_insensitive(B.Key, true, 4);
          });
      bool Hint = Text.size() < 40 &&
                  Text.edit_distance_insensitive(Near->Key, true, 4) < 3;
      return fail(*Key, "unknown key " + quoted(Text) + " in " + What +
                            (Hint ? "; did you mean " + quoted(Near->Key) + "?"
                                  : std::string()));
    }
    if (Seen[F - Fields.begin()])
      return fail(*Key, "duplicate key " + quoted(Text) + " in " + What);
    Seen[F - Fields.begin()] = true;
    SMLoc KeyLoc = start(*Key);
    Node *Value = Entry.getValue();
    if (!Value || FirstError)
      return fail(KeyLoc, "not YAML");
    if (isa<yaml::NullNode>(Value))
      return fail(KeyLoc, "'" + F->Key + "' has no value");
    if (!F->Read(*Value) || FirstError)
      return false;
  }
  if (FirstError)
    return false;
  for (auto [F, WasSeen] : zip(Fields, Seen))
    if (F.Required && !WasSeen)
      return fail(Start, "missing key '" + F.Key + "' in " + What);
  return true;
}

bool YamlReader::oneOrList(Node &N, function_ref<bool(Node &)> Read) {
  auto *List = dyn_cast<yaml::SequenceNode>(&N);
  if (!List)
    return Read(N);
  for (Node &Element : *List)
    if (FirstError || !Read(Element))
      return false;
  return !FirstError;
}

bool YamlReader::isScalar(const Node &N) {
  return isa<yaml::ScalarNode, yaml::AliasNode>(N);
}

bool YamlReader::text(Node &N, StringRef Key, SmallVectorImpl<char> &Out) {
  Out.clear();
  if (auto *Alias = dyn_cast<yaml::AliasNode>(&N)) {
    Out.push_back('*');
    Out.append(Alias->getName().begin(), Alias->getName().end());
    return true;
  }
  auto *Scalar = dyn_cast<yaml::ScalarNode>(&N);
  if (!Scalar)
    return fail(N, "the value of '" + Key + "' must be a single word");
  if (!N.getRawTag().empty())
    return fail(N, "tags are not allowed");
  SmallString<64> Storage;
  StringRef Text = Scalar->getValue(Storage);
  if (Text.empty())
    return fail(N, "the value of '" + Key + "' is empty");
  Out.append(Text.begin(), Text.end());
  return true;
}

bool YamlReader::boolean(Node &N, StringRef Key, bool &Out) {
  return word<bool>(N, Key, Out, {{"true", true}, {"false", false}});
}

bool YamlReader::badWord(Node &N, StringRef Key, StringRef Text,
                         ArrayRef<StringRef> Known) {
  return fail(N, "'" + Key + "' cannot be " + quoted(Text) + "; it is one of " +
                     join(Known, ", "));
}
