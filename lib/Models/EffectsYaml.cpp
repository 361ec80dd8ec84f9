//===- EffectsYaml.cpp - The text form of functions and their effects -----===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelReader.h"
#include "NameTable.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace race;
using Node = yaml::Node;

static constexpr YamlReader::Word<Outcome> Outcomes[] = {
    {"always", Outcome::Always},
    {"true", Outcome::True},
    {"false", Outcome::False},
    {"negative", Outcome::Negative},
    {"non-negative", Outcome::NonNegative}};
static constexpr YamlReader::Word<LockModel::OpTy> LockOps[] = {
    {"acquire", LockModel::Acquire},
    {"release", LockModel::Release},
    {"assert-held", LockModel::AssertHeld},
    {"wait", LockModel::Wait},
    {"owns", LockModel::Owns},
    {"disown", LockModel::Disown}};
static constexpr YamlReader::Word<ContainerOpModel::KindTy> ContainerOps[] = {
    {"query", ContainerOpModel::Query},
    {"act", ContainerOpModel::Act},
    {"atomic", ContainerOpModel::Atomic},
    {"read", ContainerOpModel::Read}};
static constexpr YamlReader::Word<StateKind> Objects[] = {
    {"container", StateKind::Container},
    {"atomic", StateKind::Atomic},
    {"owners", StateKind::Owners},
    {"files", StateKind::Files},
    {"database", StateKind::Database}};
static constexpr YamlReader::Word<StatementLanguage> Languages[] = {
    {"sql", StatementLanguage::Sql},
    {"serial-sql", StatementLanguage::SerialSql},
    {"redis", StatementLanguage::Redis}};
static constexpr YamlReader::Word<ThreadStartModel::KindTy> StartKinds[] = {
    {"thread", ThreadStartModel::Thread},
    {"task", ThreadStartModel::Task},
    {"timer", ThreadStartModel::Timer},
    {"signal", ThreadStartModel::Signal},
    {"callback", ThreadStartModel::Callback},
    {"parallel", ThreadStartModel::Parallel},
    {"loop", ThreadStartModel::Loop}};
bool ModelReader::readPlace(Node &N, StringRef Key, Place &P) {
  SmallString<16> Storage;
  if (!R.text(N, Key, Storage))
    return false;
  StringRef Text = Storage;
  size_t Derefs = Text.size() - Text.ltrim('*').size();
  Text = Text.drop_front(Derefs);
  P = Place();
  P.Derefs = Derefs;
  bool Ok = Derefs <= 3;
  if (Text == "this") {
    noteThis(R.start(N));
  } else if (Text == "result") {
    P.Kind = Place::Result;
  } else if (Text.consume_front("args") && Text.consume_back("+")) {
    P.Kind = Place::RestOfArguments;
    Ok &= !Text.getAsInteger(10, P.Index) && P.Index < 256;
  } else if (Text.consume_front("arg")) {
    P.Kind = Place::Argument;
    Ok &= !Text.getAsInteger(10, P.Index) && P.Index < 256;
  } else {
    Ok = false;
  }
  return Ok ||
         R.fail(N, "'" + Key + "' cannot be " + YamlReader::quoted(Storage) +
                       "; a place is this, result, arg0, args0+, or one "
                       "of them after a '*'");
}

bool ModelReader::readParameters(Node &N, FunctionModel &F) {
  std::vector<std::string> Types;
  if (YamlReader::isScalar(N)) {
    SmallString<8> Text;
    unsigned Count = 0;
    if (!R.text(N, "parameters", Text))
      return false;
    if (Text.str().getAsInteger(10, Count) || Count > 255)
      return R.fail(N,
                    "'parameters' is a number or a list of type names, not " +
                        YamlReader::quoted(Text));
    Types.resize(Count);
  } else if (!R.oneOrList(N, [&](Node &E) {
               std::string Type;
               if (!readText(E, "parameters", Type))
                 return false;
               Types.push_back(Type == "any" ? std::string() : Type);
               // "...": any number more.
               return true;
             })) {
    return false;
  }
  F.Parameters = std::move(Types);
  return true;
}

bool ModelReader::readHandBack(Node &N, FunctionModel &F) {
  HandBackModel M;
  bool Ok =
      YamlReader::isScalar(N)
          ? readPlace(N, "hand-back", M.What)
          : R.mapping(
                N, "'hand-back'",
                {{"what", true,
                  [&](Node &V) { return readPlace(V, "what", M.What); }},
                 {"when", false,
                  [&](Node &V) {
                    return R.word<Outcome>(V, "when", M.When, Outcomes);
                  }},
                 {"nulls", false,
                  [&](Node &V) { return R.boolean(V, "nulls", M.Nulls); }},
                 {"reference", false,
                  [&](Node &V) {
                    return R.boolean(V, "reference", M.Reference);
                  }},
                 {"memory", false,
                  [&](Node &V) { return R.boolean(V, "memory", M.Memory); }},
                 {"arena", false,
                  [&](Node &V) { return R.boolean(V, "arena", M.Arena); }},
                 {"since", false,
                  [&](Node &V) {
                    return readPlace(V, "since", M.Since.emplace());
                  }},
                 {"chain", false,
                  [&](Node &V) { return readText(V, "chain", M.Chain); }},
                 {"if-zero", false,
                  [&](Node &V) {
                    return readPlace(V, "if-zero", M.IfZero.emplace());
                  }},
                 {"noun", false,
                  [&](Node &V) { return readText(V, "noun", M.Noun); }}});
  if (Ok)
    F.HandBacks.push_back(std::move(M));
  return Ok;
}

bool ModelReader::readAcquire(Node &N, FunctionModel &F) {
  AcquireModel M;
  bool Ok =
      YamlReader::isScalar(N)
          ? readPlace(N, "acquire", M.What)
          : R.mapping(N, "'acquire'",
                      {{"what", false,
                        [&](Node &V) { return readPlace(V, "what", M.What); }},
                       {"from", false,
                        [&](Node &V) {
                          return readPlace(V, "from", M.From.emplace());
                        }},
                       {"noun", false,
                        [&](Node &V) { return readText(V, "noun", M.Noun); }}});
  if (Ok)
    F.Acquires.push_back(std::move(M));
  return Ok;
}

bool ModelReader::readLock(Node &N, FunctionModel &F) {
  LockModel M;
  bool HasMutex = false;
  auto ReadOp = [&](Node &V) {
    return R.word<LockModel::OpTy>(V, "op", M.Op, LockOps);
  };
  bool Ok =
      YamlReader::isScalar(N)
          ? ReadOp(N)
          : R.mapping(N, "'lock'",
                      {{"op", true, ReadOp},
                       {"mutex", false,
                        [&](Node &V) {
                          HasMutex = true;
                          return readPlace(V, "mutex", M.Mutex);
                        }},
                       {"mode", false,
                        [&](Node &V) {
                          return R.word<LockMode>(V, "mode", M.Mode,
                                                  LockModeWords);
                        }},
                       {"when", false, [&](Node &V) {
                          return R.word<Outcome>(V, "when", M.When, Outcomes);
                        }}});
  if (!HasMutex)
    noteThis(R.start(N));
  if (Ok)
    F.Locks.push_back(std::move(M));
  return Ok;
}

bool ModelReader::readContainer(Node &N, FunctionModel &F) {
  ContainerOpModel M;
  bool HasObject = false;
  auto ReadOp = [&](Node &V) {
    return R.word<ContainerOpModel::KindTy>(V, "op", M.Kind, ContainerOps);
  };
  bool Ok =
      YamlReader::isScalar(N)
          ? ReadOp(N)
          : R.mapping(
                N, "'container'",
                {{"op", true, ReadOp},
                 {"of", false,
                  [&](Node &V) {
                    return R.word<StateKind>(V, "of", M.Of, Objects);
                  }},
                 {"object", false,
                  [&](Node &V) {
                    HasObject = true;
                    return readPlace(V, "object", M.Object);
                  }},
                 {"key", false,
                  [&](Node &V) {
                    M.Key.emplace();
                    return readPlace(V, "key", *M.Key);
                  }},
                 {"index", false,
                  [&](Node &V) {
                    M.Index = true;
                    M.Key.emplace();
                    return readPlace(V, "index", *M.Key);
                  }},
                 {"statement", false,
                  [&](Node &V) {
                    return R.word<StatementLanguage>(V, "statement",
                                                     M.Statement, Languages);
                  }},
                 {"answer", false,
                  [&](Node &V) { return readPlace(V, "answer", M.Answer); }},
                 {"atomic-if-used", false, [&](Node &V) {
                    return R.boolean(V, "atomic-if-used", M.AtomicIfUsed);
                  }}});
  // Files and databases are one thing that all share.
  bool One = M.Of == StateKind::Files || M.Of == StateKind::Database;
  if (!HasObject && !One)
    noteThis(R.start(N));
  if (Ok && M.AtomicIfUsed && M.Kind != ContainerOpModel::Act)
    return R.fail(N, "'atomic-if-used' is for 'op: act' only");
  if (Ok)
    F.ContainerOps.push_back(std::move(M));
  return Ok;
}

bool ModelReader::readStart(Node &N, FunctionModel &F) {
  ThreadStartModel M;
  bool Ok = YamlReader::isScalar(N)
                ? readPlace(N, "start", M.Callable)
                : R.mapping(N, "'start'",
                            {{"callable", true,
                              [&](Node &V) {
                                return readPlace(V, "callable", M.Callable);
                              }},
                             {"context", false,
                              [&](Node &V) {
                                M.Context.emplace();
                                return readPlace(V, "context", *M.Context);
                              }},
                             {"kind", false,
                              [&](Node &V) {
                                return R.word<ThreadStartModel::KindTy>(
                                    V, "kind", M.Kind, StartKinds);
                              }},
                             {"concurrent", false, [&](Node &V) {
                                return R.boolean(V, "concurrent", M.Concurrent);
                              }}});
  if (Ok)
    F.Starts.push_back(std::move(M));
  return Ok;
}

bool ModelReader::readFunction(Node &N, ArrayRef<std::string> Types) {
  SMLoc Start = R.start(N);
  FunctionModel F;
  F.Source = Source;
  FirstThis = SMLoc();
  SmallVector<std::string, 8> Names;
  auto Each = [&](bool (ModelReader::*Read)(Node &, FunctionModel &)) {
    return [this, &F, Read](Node &V) {
      return R.oneOrList(V, [&](Node &E) { return (this->*Read)(E, F); });
    };
  };
  if (!R.mapping(
          N, Types.empty() ? "a function" : "a method",
          {{"names", true, [&](Node &V) { return readNames(V, Names); }},
           {"parameters", false, [&](Node &V) { return readParameters(V, F); }},
           {"hand-back", false, Each(&ModelReader::readHandBack)},
           {"acquire", false, Each(&ModelReader::readAcquire)},
           {"lock", false, Each(&ModelReader::readLock)},
           {"container", false, Each(&ModelReader::readContainer)},
           {"start", false, Each(&ModelReader::readStart)},
           {"join", false,
            [&](Node &V) {
              return R.oneOrList(V, [&](Node &E) {
                return readPlace(E, "join", F.Joins.emplace_back().Thread);
              });
            }},
           {"calls-arguments", false,
            [&](Node &V) {
              return R.boolean(V, "calls-arguments", F.CallsArguments);
            }},
           {"once", false,
            [&](Node &V) { return R.boolean(V, "once", F.Once); }},
           {"returns-alias", false,
            [&](Node &V) {
              return readPlace(V, "returns-alias", F.ReturnsAlias.emplace());
            }},
           {"returns-view", false,
            [&](Node &V) {
              return readPlace(V, "returns-view", F.ReturnsView.emplace());
            }},
           {"ignores-pointees", false,
            [&](Node &V) {
              return R.boolean(V, "ignores-pointees",
                               F.IgnoresPointees.emplace());
            }},
           {"noreturn", false,
            [&](Node &V) { return R.boolean(V, "noreturn", F.NoReturn); }}}))
    return false;

  std::string Signature;
  if (F.Parameters)
    Signature = "(" + join(*F.Parameters, ",") + ")";
  auto Add = [&](std::string Name) {
    if (FirstThis.isValid() && !StringRef(Name).contains("::"))
      return R.fail(FirstThis, YamlReader::quoted(Name) +
                                   " is no method, so it has no 'this'");
    if (!Described.try_emplace("f " + Name + Signature, 0).second)
      return R.fail(Start, YamlReader::quoted(Name) +
                               " in 'names' is described twice");
    F.Name = std::move(Name);
    Doc.Functions.push_back(F);
    return true;
  };
  for (const std::string &Name : Names) {
    if (Types.empty() && !Add(Name))
      return false;
    for (const std::string &Type : Types)
      if (!Add(NamePattern::member(Type, Name)))
        return false;
  }
  return true;
}
