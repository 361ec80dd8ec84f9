//===- ModelsYaml.cpp - The text form of models ---------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Models/ModelsYaml.h"
#include "ModelReader.h"
#include "NameTable.h"

using namespace llvm;
using namespace race;
using Node = yaml::Node;

static constexpr YamlReader::Word<TypeModel::KindTy> TypeKinds[] = {
    {"mutex", TypeModel::Mutex},
    {"guard", TypeModel::Guard},
    {"condition-variable", TypeModel::ConditionVariable},
    {"container", TypeModel::Container},
    {"atomic", TypeModel::Atomic},
    {"smart-pointer", TypeModel::SmartPointer},
    {"handle", TypeModel::Handle},
    {"scope-guard", TypeModel::ScopeGuard},
    {"thread", TypeModel::Thread},
    {"once-flag", TypeModel::OnceFlag},
    {"plain", TypeModel::Plain}};

bool ModelReader::readRoot(Node &N) {
  return R.mapping(
      N, "a model file",
      {{"library", true,
        [&](Node &V) { return readText(V, "library", Doc.Library); }},
       {"functions", false,
        [&](Node &V) {
          return R.oneOrList(V, [&](Node &F) { return readFunction(F, {}); });
        }},
       {"types", false, [&](Node &V) {
          return R.oneOrList(V, [&](Node &T) { return readType(T); });
        }}});
}

bool ModelReader::readText(Node &N, StringRef Key, std::string &Out) {
  SmallString<64> Text;
  if (!R.text(N, Key, Text))
    return false;
  Out = Text.str().str();
  return true;
}

bool ModelReader::readNames(Node &N, SmallVectorImpl<std::string> &Names) {
  return R.oneOrList(N, [&](Node &E) {
    std::string Name;
    if (!readText(E, "names", Name))
      return false;
    StringRef Why = NamePattern::whyInvalid(Name);
    if (!Why.empty())
      return R.fail(E, YamlReader::quoted(Name) + " in 'names' " + Why);
    Names.push_back(std::move(Name));
    return true;
  });
}

bool ModelReader::readType(Node &N) {
  TypeModel T;
  T.Source = Source;
  SmallVector<std::string, 8> Names;
  std::optional<std::pair<SMLoc, StringRef>> GuardKey, ThreadKey;
  SMLoc Start = R.start(N);
  auto ForGuards = [&](Node &V, StringRef Key) {
    GuardKey = {R.start(V), Key};
  };
  if (!R.mapping(
          N, "a type",
          {{"names", true, [&](Node &V) { return readNames(V, Names); }},
           {"kind", false,
            [&](Node &V) {
              return R.word<TypeModel::KindTy>(V, "kind", T.Kind, TypeKinds);
            }},
           {"handler-context", false,
            [&](Node &V) {
              return R.boolean(V, "handler-context", T.HandlerContext);
            }},
           {"synchronized", false,
            [&](Node &V) {
              return R.boolean(V, "synchronized", T.Synchronized);
            }},
           {"mode", false,
            [&](Node &V) {
              ForGuards(V, "mode");
              return R.word<LockMode>(V, "mode", T.Mode, LockModeWords);
            }},
           {"mutex", false,
            [&](Node &V) {
              ForGuards(V, "mutex");
              return readPlace(V, "mutex", T.GuardMutex);
            }},
           {"relockable", false,
            [&](Node &V) {
              ForGuards(V, "relockable");
              return R.boolean(V, "relockable", T.Relockable);
            }},
           {"joins-in-destructor", false,
            [&](Node &V) {
              ThreadKey = {R.start(V), "joins-in-destructor"};
              return R.boolean(V, "joins-in-destructor", T.JoinsInDestructor);
            }},
           {"methods", false, [&](Node &V) {
              // A node of the stream is read when it is its turn or never.
              if (Names.empty())
                return R.fail(V, "'methods' must come after 'names'");
              return R.oneOrList(
                  V, [&](Node &E) { return readFunction(E, Names); });
            }}}))
    return false;
  if (GuardKey && T.Kind != TypeModel::Guard)
    return R.fail(GuardKey->first,
                  "'" + GuardKey->second + "' is for 'kind: guard' only");
  if (ThreadKey && T.Kind != TypeModel::Thread)
    return R.fail(ThreadKey->first,
                  "'" + ThreadKey->second + "' is for 'kind: thread' only");
  for (std::string &Name : Names) {
    if (!Described.try_emplace("t " + Name, 0).second)
      return R.fail(Start, YamlReader::quoted(Name) +
                               " in 'names' is described twice");
    T.Name = std::move(Name);
    Doc.Types.push_back(T);
  }
  return true;
}

Expected<ModelDocument> race::parseModels(MemoryBufferRef Yaml) {
  return ModelReader(Yaml).run();
}
