//===- FlowTestSupport.cpp - Snippets for tests of flow -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FlowTestSupport.h"
#include "Models/ModelTestSupport.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"
#include <map>
#include <set>

using namespace clang;
using namespace race;
using namespace race::flowtest;

const char *const race::flowtest::Prelude = R"cpp(
struct Conn { int Id; struct Conn *Next; };
#ifdef __cplusplus
extern "C" {
#endif
void put(__attribute__((annotate("race::hand_back"))) struct Conn *C);
struct Conn *get(void);
void probe(void);
void check(const struct Conn *C);
int coin(void);
#ifdef __cplusplus
}
#endif
)cpp";

Snippet::Snippet(llvm::StringRef Code, llvm::StringRef Standard,
                 llvm::StringRef Yaml)
    : Known(Models::withPresets()), Unit(modeltest::parse(Code, Standard)) {
  if (!Yaml.empty()) {
    EXPECT_EQ(
        modeltest::message(Known.add(llvm::MemoryBufferRef(Yaml, "test.yaml"))),
        "");
  }
  TU = std::make_unique<TranslationUnit>(Unit->getASTContext(), Known);
}

const FunctionDecl *Snippet::function(llvm::StringRef Name) {
  for (const auto &F : TU->scan().functions())
    if (F->Decl->getNameAsString() == Name)
      return F->Decl;
  ADD_FAILURE() << "no function " << Name.str();
  return nullptr;
}

std::unique_ptr<FlowGraph> Snippet::graph(llvm::StringRef Name) {
  const FunctionDecl *F = function(Name);
  auto G = F ? FlowGraph::build(F, TU->entities()) : nullptr;
  EXPECT_TRUE(G) << Name.str();
  return G;
}

namespace {
/// Writes operations as expressions of what they were computed from.
class Printer {
public:
  Printer(const FlowGraph &G, const EntityTable &Names) : G(G), Names(Names) {
    for (int B : G.Order)
      for (const Op &O : G.Blocks[B].Ops)
        if (O.Dst >= 0)
          Defs[O.Dst].push_back(&O);
  }

  std::string run() {
    std::vector<std::string> Out;
    for (int B : G.Order) {
      for (const Op &O : G.Blocks[B].Ops)
        if (std::string Text = effect(O); !Text.empty())
          Out.push_back(Text);
      const FlowBlock &Block = G.Blocks[B];
      if (Block.Condition < 0)
        continue;
      std::string Text = Block.Cases.empty() ? "if " : "switch ";
      Text += text(Block.Condition);
      std::vector<std::string> Cases;
      for (const auto &Case : Block.Cases)
        Cases.push_back(Case ? std::to_string(*Case) : "default");
      llvm::sort(Cases);
      if (!Cases.empty())
        Text += " " + llvm::join(Cases, "/");
      Out.push_back(Text);
    }
    return llvm::join(Out, "; ");
  }

private:
  std::string effect(const Op &O) {
    switch (O.Kind) {
    case OpKind::Store:
      return "store " + text(O.A) + " = " + text(O.B);
    case OpKind::Change:
      return "change " + text(O.A);
    case OpKind::Call:
      return call(O);
    case OpKind::Destroy:
      return "destroy " + text(O.A);
    case OpKind::EndOfLife:
      return "end " + G.Locals[O.Index].Decl->getNameAsString();
    case OpKind::Return:
      return O.A < 0 ? "return" : "return " + text(O.A);
    default:
      return "";
    }
  }

  std::string text(Reg R) {
    if (R < 0)
      return "?";
    std::vector<std::string> All;
    for (const Op *O : Defs[R])
      All.push_back(value(*O));
    if (All.size() == 1)
      return All.front();
    llvm::sort(All);
    return "join(" + llvm::join(All, ", ") + ")";
  }

  std::string call(const Op &O) {
    const CallInfo &C = G.Calls[O.Index];
    std::string Text;
    if (C.Constructor)
      Text = "new ";
    else if (C.This >= 0)
      Text = text(C.This) + ".";
    Text += C.Delete   ? "delete"
            : C.Callee ? C.Callee->getNameAsString()
                       : "(" + text(C.Target) + ")";
    std::vector<std::string> Args;
    for (unsigned I = 0; I < C.Args.size(); ++I)
      Args.push_back((C.ByReference >> I & 1 ? "ref " : "") + text(C.Args[I]));
    return Text + "(" + llvm::join(Args, ", ") + ")";
  }

  std::string value(const Op &O) {
    static const char *const Signs[] = {"==", "!=", "<", ">="};
    switch (O.Kind) {
    case OpKind::Local:
      return G.Locals[O.Index].Decl->getNameAsString();
    case OpKind::Global:
      return "::" + Names.display(O.Entity).str();
    case OpKind::Capture:
      return "^" + Names.display(O.Entity).str();
    case OpKind::This:
      return "this";
    case OpKind::Const:
      return std::to_string(O.Value);
    case OpKind::Opaque:
      return O.NonNull ? "some" : "any";
    case OpKind::Function:
      return O.Callee->getNameAsString();
    case OpKind::Field:
      return text(O.A) + "." + Names.display(O.Entity).str();
    case OpKind::Deref:
      return "*" + text(O.A);
    case OpKind::Index:
      return text(O.A) + "[" + text(O.B) + "]";
    case OpKind::Load:
      return "(" + text(O.A) + ")";
    case OpKind::AddrOf:
      return "&" + text(O.A);
    case OpKind::Copy:
      return text(O.A);
    case OpKind::Derive:
      return O.B < 0 ? "of(" + text(O.A) + ")"
                     : "of(" + text(O.A) + ", " + text(O.B) + ")";
    case OpKind::Compare:
      return text(O.A) + " " + Signs[size_t(O.Cmp)] + " " + text(O.B);
    case OpKind::Not:
      return "!" + text(O.A);
    case OpKind::Call:
      return call(O);
    default:
      return "?";
    }
  }

  const FlowGraph &G;
  const EntityTable &Names;
  std::map<Reg, std::vector<const Op *>> Defs;
};

/// Does what the code under test says calls do, and notes what it is like at
/// the probes.
class Prober : public SimulationClient {
public:
  Prober(const CallEffects &Calls, const SourceManager &SM,
         std::map<unsigned, std::set<std::string>> &Lines)
      : Calls(Calls), SM(SM), Lines(Lines) {}

  static bool isProbe(const CallInfo &Call) {
    const IdentifierInfo *Id =
        Call.Callee ? Call.Callee->getIdentifier() : nullptr;
    return Id && (Id->isStr("probe") || Id->isStr("check"));
  }

  Effects effectsOf(const Op &, const CallInfo &Call) override {
    if (!isProbe(Call))
      return Calls.of(Call);
    // A probe changes nothing.
    Effects E;
    E.Known = true;
    E.Derefs = E.Changes = 0;
    E.ChangesGlobals = false;
    return E;
  }

  void onEntry(const Simulation &Sim, State &S) override {
    for (const AccessPath &P : Calls.requiredLocks(Sim.graph().Function))
      if (Loc L = Sim.inside(P))
        S.acquire(L, LockMode::Exclusive, 0, 0);
  }

  void onCall(const Simulation &Sim, const State &S, const Op &O,
              const CallInfo &Call) override {
    if (!isProbe(Call))
      return;
    Memory &M = Sim.memory();
    auto &Line = Lines[SM.getExpansionLineNumber(O.Loc)];
    if (Call.Args.empty()) {
      std::set<std::string> Held;
      for (const HeldLock &L : S.Locks)
        Held.insert(M.display(L.Mutex, Sim.graph(), Sim.names()) +
                    (L.Mode == LockMode::Shared ? "(shared)" : ""));
      Line.insert(Held.empty() ? "-" : llvm::join(Held, " "));
      return;
    }
    Sym V = Sim.argument(Call, 0);
    if (S.Gone.find(V))
      Line.insert("gone");
    else
      Line.insert(S.truth(M, V) == std::optional<bool>(false) ? "null"
                                                              : "held");
  }

private:
  const CallEffects &Calls;
  const SourceManager &SM;
  std::map<unsigned, std::set<std::string>> &Lines;
};
} // namespace

std::string Snippet::effects(llvm::StringRef Name) {
  auto G = graph(Name);
  return G ? Printer(*G, TU->names()).run() : "";
}

void race::flowtest::expectProbes(llvm::StringRef Code,
                                  llvm::StringRef Standard,
                                  llvm::StringRef Yaml) {
  std::string Full = Prelude + Code.str();
  Snippet S(Full, Standard, Yaml);
  TranslationUnit &TU = S.unit();
  std::map<unsigned, std::set<std::string>> Found;
  for (const auto &F : TU.scan().functions()) {
    auto G = FlowGraph::build(F->Decl, TU.entities());
    ASSERT_TRUE(G) << F->Decl->getNameAsString();
    Prober P(TU.effects(), TU.context().getSourceManager(), Found);
    Simulation Sim(*G, TU.names(), P);
    EXPECT_TRUE(Sim.run()) << F->Decl->getNameAsString();
  }
  llvm::SmallVector<llvm::StringRef> Lines;
  llvm::StringRef(Full).split(Lines, '\n');
  const size_t PreludeLines = llvm::StringRef(Prelude).count('\n');
  unsigned Expectations = 0;
  for (unsigned I = 0; I < Lines.size(); ++I) {
    auto [Text, Expected] = Lines[I].split("// = ");
    if (Expected.empty()) {
      EXPECT_FALSE(Found.count(I + 1))
          << "a probe that expects nothing: " << Lines[I].str();
      continue;
    }
    ++Expectations;
    auto It = Found.find(I + 1);
    EXPECT_EQ(It == Found.end() ? "unreached" : llvm::join(It->second, " | "),
              Expected.trim().str())
        << "line " << I + 1 - PreludeLines << ": " << Text.trim().str();
  }
  EXPECT_GT(Expectations, 0u);
}
