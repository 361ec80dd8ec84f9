//===- ModelsYamlTest.cpp - The text form of models -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Models/ModelsYaml.h"
#include "ModelTestSupport.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace race;
using namespace race::modeltest;

static ModelDocument read(llvm::StringRef Yaml) {
  auto Doc = parseModels({Yaml, "m.yaml"});
  if (Doc)
    return std::move(*Doc);
  ADD_FAILURE() << llvm::toString(Doc.takeError());
  return {};
}

static std::string error(llvm::StringRef Yaml) {
  auto Doc = parseModels({Yaml, "m.yaml"});
  return Doc ? "no error" : llvm::toString(Doc.takeError());
}

static std::string only(llvm::StringRef Effects) {
  ModelDocument Doc = read("library: x\nfunctions:\n  - names: C::f\n" +
                           ("    " + Effects + "\n").str());
  return Doc.Functions.size() == 1 ? describe(&Doc.Functions[0])
                                   : std::to_string(Doc.Functions.size());
}

TEST(ModelsYaml, HandBackKeys) {
  EXPECT_EQ(only("hand-back: {what: arg0, memory: true}"),
            "hand-back arg0 memory");
  EXPECT_EQ(only("hand-back: {what: arg0, arena: true, since: arg1}"),
            "hand-back arg0 arena since arg1");
  EXPECT_EQ(only("hand-back: {what: this, if-zero: arg0}"),
            "hand-back this if-zero arg0");
  EXPECT_EQ(only("hand-back: {what: arg0, chain: next, noun: mbuf}"),
            "hand-back arg0 chain next 'mbuf'");
  EXPECT_EQ(only("acquire: {from: arg0, noun: memory}"),
            "acquire result from arg0 'memory'");
  EXPECT_EQ(only("hand-back: {what: arg0, arena: false, memory: false}"),
            "hand-back arg0");
}

TEST(ModelsYaml, EveryEffect) {
  EXPECT_EQ(only("hand-back: arg1"), "hand-back arg1");
  EXPECT_EQ(only("hand-back: {what: this, when: true, nulls: true, reference: "
                 "true, noun: network packet}"),
            "hand-back this when true nulls reference 'network packet'");
  EXPECT_EQ(only("hand-back: [arg0, {what: arg1, when: negative}]"),
            "hand-back arg0, hand-back arg1 when negative");
  EXPECT_EQ(only("hand-back: {what: arg0, when: non-negative}"),
            "hand-back arg0 when non-negative");
  EXPECT_EQ(only("acquire: result"), "acquire result");
  EXPECT_EQ(only("acquire: {noun: x}"), "acquire result 'x'");
  EXPECT_EQ(only("acquire: {what: '**arg2'}"), "acquire **arg2");
  EXPECT_EQ(only("lock: acquire"), "lock acquire this");
  EXPECT_EQ(
      only("lock: {op: acquire, mutex: args0+, mode: shared, when: false}"),
      "lock acquire args0+ shared when false");
  EXPECT_EQ(only("lock: [{op: release}, {op: wait, mutex: arg1}]"),
            "lock release this, lock wait arg1");
  EXPECT_EQ(only("lock: assert-held"), "lock assert-held this");
  EXPECT_EQ(only("container: query"), "query this");
  EXPECT_EQ(only("container: {op: act, object: arg0, key: arg1, "
                 "atomic-if-used: true}"),
            "act arg0 key arg1 atomic-if-used");
  EXPECT_EQ(only("container: {op: query, of: files, key: arg0}"),
            "query files key arg0");
  EXPECT_EQ(only("container: {op: query, of: database, statement: sql, "
                 "key: arg1, answer: '*arg3'}"),
            "query database key arg1");
  EXPECT_EQ(only("container: [read, atomic]"), "read this, atomic this");
  for (const char *Kind :
       {"thread", "task", "timer", "signal", "callback", "parallel", "loop"})
    EXPECT_EQ(
        only(std::string("start: {callable: arg0, context: arg1, kind: ") +
             Kind + ", concurrent: true}"),
        std::string(Kind) + " arg0 context arg1 concurrent");
  EXPECT_EQ(only("start: arg3"), "thread arg3");
  EXPECT_EQ(only("join: [this, arg0]"), "join this, join arg0");

  EXPECT_EQ(only("calls-arguments: true"), "calls-arguments");
  EXPECT_EQ(only("once: true"), "once");
  EXPECT_EQ(only("returns-alias: this"), "alias this");
  EXPECT_EQ(only("returns-view: arg0"), "view arg0");
  EXPECT_EQ(only("ignores-pointees: true"), "ignores-pointees");
  EXPECT_EQ(only("ignores-pointees: false"), "looks-at-all");
  EXPECT_EQ(only("noreturn: true"), "noreturn");
  EXPECT_EQ(only("noreturn: false"), "no effects");
}

TEST(ModelsYaml, TypesAndTheirMethods) {
  ModelDocument Doc = read(R"yaml(# A comment.
library: x
types:
  - names: [n::Lock, n::Other]
    kind: guard
    mode: shared
    mutex: arg1
    relockable: true
    methods:
      - names: [constructor, drop]
        lock: release
  - {names: T, kind: thread, joins-in-destructor: true, synchronized: true}
)yaml");
  EXPECT_EQ(Doc.Library, "x");
  ASSERT_EQ(Doc.Types.size(), 3u);
  EXPECT_EQ(Doc.Types[1].Name, "n::Other");
  EXPECT_EQ(Doc.Types[1].Kind, TypeModel::Guard);
  EXPECT_EQ(Doc.Types[1].Mode, LockMode::Shared);
  EXPECT_EQ(Doc.Types[1].GuardMutex.Index, 1u);
  EXPECT_TRUE(Doc.Types[1].Relockable);
  EXPECT_EQ(Doc.Types[1].Source, "m.yaml");
  EXPECT_TRUE(Doc.Types[2].JoinsInDestructor);
  EXPECT_TRUE(Doc.Types[2].Synchronized);
  std::vector<std::string> Names;
  for (const FunctionModel &F : Doc.Functions)
    Names.push_back(F.Name);
  EXPECT_EQ(Names,
            (std::vector<std::string>{"n::Lock::Lock", "n::Other::Other",
                                      "n::Lock::drop", "n::Other::drop"}));
  const std::pair<const char *, TypeModel::KindTy> Kinds[] = {
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
  for (auto [Word, Kind] : Kinds) {
    Doc =
        read("library: x\ntypes: {names: T, kind: " + std::string(Word) + "}");
    ASSERT_EQ(Doc.Types.size(), 1u);
    EXPECT_EQ(Doc.Types[0].Kind, Kind) << Word;
  }
}

TEST(ModelsYaml, AnUnquotedStarIsNoAlias) {
  EXPECT_EQ(only("hand-back: *arg0"), "hand-back *arg0");
  EXPECT_EQ(only("hand-back: {what: **arg0, nulls: true}"),
            "hand-back **arg0 nulls");
}

TEST(ModelsYaml, Parameters) {
  ModelDocument Doc = read("library: x\nfunctions:\n"
                           "  - {names: f, parameters: 2, noreturn: true}\n"
                           "  - {names: f, parameters: [any, n::T]}\n"
                           "  - {names: f, parameters: []}\n"
                           "  - {names: f}\n");
  ASSERT_EQ(Doc.Functions.size(), 4u);
  EXPECT_EQ(Doc.Functions[0].Parameters, (std::vector<std::string>{"", ""}));
  EXPECT_EQ(Doc.Functions[1].Parameters,
            (std::vector<std::string>{"", "n::T"}));
  EXPECT_EQ(Doc.Functions[2].Parameters, std::vector<std::string>());
  EXPECT_FALSE(Doc.Functions[3].Parameters.has_value());
}

// The page that describes the format is right about it.
TEST(ModelsYaml, TheDocumentationsExamples) {
  auto Page = llvm::MemoryBuffer::getFile(RACE_SOURCE_DIR "/docs/models.md");
  ASSERT_TRUE(bool(Page));
  auto Block = [&](llvm::StringRef Language, unsigned Nth) {
    llvm::StringRef Rest = (*Page)->getBuffer();
    for (unsigned I = 0; I <= Nth; ++I)
      Rest = Rest.split(("```" + Language + "\n").str()).second;
    return Rest.split("```").first.str();
  };
  std::string Example = Block("yaml", 0);
  Models Known;
  EXPECT_EQ(message(Known.add({Example, "example"})), "");
  EXPECT_EQ(error(Block("yaml", 1)), "no error");
  EXPECT_EQ(Block("yaml", 2), "");
  expectLines(Known,
              "#include <functional>\n#include <optional>\n#include <string>\n"
              "struct Conn;\n" +
                  Block("cpp", 0) +
                  R"cpp(
void f(db::Pool &P, Conn *C, Cache<int> &M, void (*E)(void *), void *D) {
  P.borrow(); // = acquire result 'connection'
  P.put(C); // = hand-back arg0 'connection'
  P.tryPut(C); // = hand-back arg0 when true 'connection'
  M.get("k"); // = query this key arg0
  M.set("k", 1); // = act this key arg0
  M.getOrCreate("k", [] { return 1; }); // = atomic this key arg0, calls-arguments
  spawn("n", E, D); // = thread arg1 context arg2
}
)cpp");
}

namespace {
struct Bad {
  const char *Yaml;
  const char *Message;
};
} // namespace

TEST(ModelsYaml, ErrorsSayWhereAndWhat) {
  const Bad All[] = {
      {"", "m.yaml:1:1: the file is empty; it needs at least the key "
           "'library'"},
      {"# nothing\n\n", "m.yaml:1:1: the file is empty; it needs at least the "
                        "key 'library'"},
      {"functions: []\n", "m.yaml:1:1: missing key 'library' in a model file"},
      {"- a\n", "m.yaml:1:1: expected the keys of a model file here"},
      {"library: x\nlibrary: y\n",
       "m.yaml:2:1: duplicate key 'library' in a model file"},
      {"library: x\nfuntions: []\n",
       "m.yaml:2:1: unknown key 'funtions' in a model file; did you mean "
       "'functions'?"},
      {"library:\n", "m.yaml:1:1: 'library' has no value"},
      {"library: [a]\n",
       "m.yaml:1:10: the value of 'library' must be a single word"},
      {"library: ''\n", "m.yaml:1:10: the value of 'library' is empty"},
      {"library: x\nfunctions:\n  - lock: acquire\n",
       "m.yaml:3:5: missing key 'names' in a function"},
      {"library: x\nfunctions:\n  - names: f\n    hand_back: arg0\n",
       "m.yaml:4:5: unknown key 'hand_back' in a function; did you mean "
       "'hand-back'?"},
      {"library: x\nfunctions:\n  - names: f\n    hand-back: arg\n",
       "m.yaml:4:16: 'hand-back' cannot be 'arg'; a place is this, result, "
       "arg0, args0+, or one of them after a '*'"},
      {"library: x\nfunctions:\n  - names: f\n    hand-back: {what: arg999}\n",
       "m.yaml:4:23: 'what' cannot be 'arg999'; a place is this, result, arg0, "
       "args0+, or one of them after a '*'"},
      {"library: x\nfunctions:\n  - names: f\n    hand-back: {when: true}\n",
       "m.yaml:4:16: missing key 'what' in 'hand-back'"},
      {"library: x\nfunctions:\n  - names: C::f\n    lock: {op: take}\n",
       "m.yaml:4:16: 'op' cannot be 'take'; it is one of acquire, release, "
       "assert-held, wait, owns, disown"},
      {"library: x\nfunctions:\n  - names: C::f\n    noreturn: yes\n",
       "m.yaml:4:15: 'noreturn' cannot be 'yes'; it is one of true, false"},
      {"library: x\nfunctions:\n  - names: f\n    lock: acquire\n",
       "m.yaml:4:11: 'f' is no method, so it has no 'this'"},
      {"library: x\nfunctions:\n  - hand-back: this\n    names: [C::f, f]\n",
       "m.yaml:3:16: 'f' is no method, so it has no 'this'"},
      {"library: x\nfunctions:\n  - names: C::f\n    container: {op: query, "
       "atomic-if-used: true}\n",
       "m.yaml:4:16: 'atomic-if-used' is for 'op: act' only"},
      {"library: x\nfunctions:\n  - names: [f, 'std::vector<int>::at']\n",
       "m.yaml:3:16: 'std::vector<int>::at' in 'names' has template arguments; "
       "leave them out"},
      {"library: x\nfunctions:\n  - names: std::::at\n",
       "m.yaml:3:12: 'std::::at' in 'names' has an empty part"},
      {"library: x\nfunctions:\n  - names: void f()\n",
       "m.yaml:3:12: 'void f()' in 'names' is no qualified name"},
      {"library: x\nfunctions:\n  - names: C::operator\n",
       "m.yaml:3:12: 'C::operator' in 'names' lacks the operator"},
      {"library: x\nfunctions:\n  - names: f\n  - names: [g, f]\n",
       "m.yaml:4:5: 'f' in 'names' is described twice"},
      {"library: x\nfunctions:\n  - names: f\n    parameters: many\n",
       "m.yaml:4:17: 'parameters' is a number or a list of type names, not "
       "'many'"},
      {"library: x\ntypes:\n  - names: T\n    kind: lock\n",
       "m.yaml:4:11: 'kind' cannot be 'lock'; it is one of mutex, guard, "
       "condition-variable, container, atomic, smart-pointer, handle, "
       "scope-guard, thread, "
       "once-flag, plain"},
      {"library: x\ntypes:\n  - names: T\n    kind: mutex\n    mode: shared\n",
       "m.yaml:5:11: 'mode' is for 'kind: guard' only"},
      {"library: x\ntypes:\n  - {names: T, joins-in-destructor: true}\n",
       "m.yaml:3:37: 'joins-in-destructor' is for 'kind: thread' only"},
      {"library: x\ntypes:\n  - methods: []\n    names: T\n",
       "m.yaml:3:14: 'methods' must come after 'names'"},
      {"library: x\ntypes:\n  - names: T\n    methods:\n      - name: f\n",
       "m.yaml:5:9: unknown key 'name' in a method; did you mean 'names'?"},
      {"library: x\n---\nlibrary: y\n",
       "m.yaml:3:1: more than one document in the file"},
      {"library: !!python/object x\n", "m.yaml:1:10: tags are not allowed"},
      {"library: x\nfunctions: [\n", nullptr},
      {"library: \"x\n", nullptr},
      {"? [a, b]\n: c\n", "m.yaml:1:3: a key of a model file must be a word"},
      {"library: *x\nfunctions: *y\n",
       "m.yaml:2:12: expected the keys of a function here"},
      {"library: caf\xe9\n", "m.yaml:1:13: not UTF-8"},
      {"library: x\n# \xc3\n", "m.yaml:2:3: not UTF-8"},
      {"\xff\xfe\x6c\x01", "m.yaml:1:1: not UTF-8"},
      {"library: a\x1b[31m\n", "m.yaml:1:11: control character in the text"},
      {"library: x\n\"\\e[31m\": y\n",
       "m.yaml:2:1: unknown key '\\1B[31m' in a model file"},
  };
  for (const Bad &B : All) {
    std::string Got = error(B.Yaml);
    if (B.Message)
      EXPECT_EQ(Got, B.Message) << B.Yaml;
    else
      EXPECT_TRUE(llvm::StringRef(Got).starts_with("m.yaml:") &&
                  llvm::StringRef(Got).contains(": not YAML: "))
          << Got;
  }
}

TEST(ModelsYaml, NothingIsPrinted) {
  ::testing::internal::CaptureStderr();
  error("library: x\nfunctions: [\n");
  error("a: b: c: [}");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(ModelsYaml, HugeAndDeepInputsEndInAnError) {
  std::string Big = "library: x\n# " + std::string(MaxModelBytes, '.');
  EXPECT_EQ(error(Big), "m.yaml:1:1: the file is larger than 4 MiB");
  for (llvm::StringRef Open : {"[", "{a: ", "- ", "? ", "'", "*", "&a "}) {
    for (const char *Before :
         {"", "library: ", "library: x\nfunctions: ",
          "library: x\nfunctions:\n  - names: f\n    parameters: "}) {
      std::string Deep = Before;
      for (unsigned I = 0; I != 100000; ++I)
        Deep += Open;
      std::string Got = error(Deep);
      // A long text of stars or quotes is a name like another.
      if (llvm::StringRef(Before) != "library: " ||
          !(Open == "'" || Open == "*"))
        EXPECT_TRUE(llvm::StringRef(Got).starts_with("m.yaml:"))
            << Open.str() << " after " << Before << ": " << Got;
    }
  }
}

// Every prefix of a good document, and the document with each byte replaced,
// ends in a document or in an error that begins with the file's name.
TEST(ModelsYaml, MutilatedInputsEndInAnError) {
  const std::string Good = R"yaml(library: x
types:
  - names: [n::Pool, "n::*"]
    kind: container
    methods:
      - names: "operator[]"
        container: {op: act, key: arg0}
functions:
  - {names: f, hand-back: {what: "*arg0", nulls: true, noun: 'a b'}}
)yaml";
  EXPECT_EQ(error(Good), "no error");
  auto Try = [](const std::string &Yaml) {
    std::string Got = error(Yaml);
    EXPECT_TRUE(Got == "no error" ||
                llvm::StringRef(Got).starts_with("m.yaml:"))
        << Got;
  };
  for (size_t I = 0; I != Good.size(); ++I) {
    Try(Good.substr(0, I));
    Try(Good.substr(I));
    for (char C : llvm::StringRef("[]{}:,-?*&!|>'\"%@`# \n\t\\\0\x80", 25)) {
      std::string Bad = Good;
      Bad[I] = C;
      Try(Bad);
      Try(Good.substr(0, I) + C + Good.substr(I));
    }
  }
}
