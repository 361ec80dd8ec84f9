//===- ImportFinder.cpp - What units know of each other -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Program/ImportFinder.h"
#include "race/Summary/SummaryJson.h"
#include "race/Support/Failure.h"
#include "race/Support/Paths.h"
#include "race/Support/SCC.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SHA1.h"
#include <map>

using namespace llvm;
using namespace race;

static std::string keyOf(const EntityName &N) {
  return N.Namespace + '\n' + N.USR;
}

std::optional<Effects> ImportTable::effectsOf(const EntityName &F,
                                              EntityTable &Names) const {
  auto It = ByName.find(keyOf(F));
  if (It == ByName.end())
    return std::nullopt;
  return expectedToOptional(effectsFromJson(It->second, Names, Root));
}

bool ImportTable::isClaimed(const EntityName &Subject) const {
  return Claimed.contains(keyOf(Subject));
}

void ImportTable::addEffect(const EntityName &F, std::string Json) {
  ByName[keyOf(F)] = std::move(Json);
}

void ImportTable::addClaimed(const EntityName &Subject) {
  Claimed.insert(keyOf(Subject));
}

std::string ImportTable::hash() const {
  if (empty())
    return "";
  std::vector<std::string> Lines;
  for (const auto &E : ByName)
    Lines.push_back(E.first().str() + '\n' + E.second);
  for (const auto &E : Claimed)
    Lines.push_back("claimed " + E.first().str());
  llvm::sort(Lines);
  SHA1 Hash;
  for (const std::string &L : Lines) {
    Hash.update(L);
    Hash.update(StringRef("\0", 1));
  }
  return toHex(Hash.final(), /*LowerCase=*/true);
}

std::string ImportTable::toJson() const {
  std::map<StringRef, StringRef> Effects;
  for (const auto &E : ByName)
    Effects[E.first()] = E.second;
  std::vector<StringRef> Sorted(Claimed.keys().begin(), Claimed.keys().end());
  llvm::sort(Sorted);
  std::string Text;
  raw_string_ostream OS(Text);
  json::OStream J(OS);
  J.object([&] {
    J.attribute("version", SummaryVersion);
    J.attributeObject("effects", [&] {
      for (auto [Name, Json] : Effects)
        J.attribute(Name, Json);
    });
    J.attributeArray("claimed", [&] {
      for (StringRef Name : Sorted)
        J.value(Name);
    });
  });
  return Text;
}

Expected<ImportTable> ImportTable::fromJson(StringRef Json, StringRef Root) {
  Expected<json::Value> V = json::parse(Json);
  if (!V)
    return failure("not a whole list of imports: " + toString(V.takeError()));
  const json::Object *O = V->getAsObject();
  const json::Object *Effects = O ? O->getObject("effects") : nullptr;
  const json::Array *Claimed = O ? O->getArray("claimed") : nullptr;
  if (!Effects || !Claimed)
    return failure("not a list of imports");
  if (O->getInteger("version") != SummaryVersion)
    return failure("a list of imports of another version");
  ImportTable Table(Root);
  for (const auto &[Name, Effect] : *Effects)
    if (std::optional<StringRef> Text = Effect.getAsString())
      Table.ByName[StringRef(Name)] = Text->str();
    else
      return failure("unexpected value of \"effects\"");
  for (const json::Value &Name : *Claimed)
    if (std::optional<StringRef> Text = Name.getAsString())
      Table.Claimed.insert(*Text);
    else
      return failure("unexpected value of \"claimed\"");
  return Table;
}

ImportFinder::ImportFinder(const EntityTable &Names,
                           std::vector<const TUSummary *> TheUnits,
                           StringRef Root)
    : Names(Names), Units(std::move(TheUnits)), Root(Root) {
  for (unsigned I = 0; I < Units.size(); ++I) {
    const TUSummary *U = Units[I];
    for (const FunctionSummary &F : U->Functions) {
      auto [It, New] = Definitions.try_emplace(F.Function);
      Definition &D = It->second;
      if (New) {
        D.F = &F;
        D.In = I;
      } else if (!(D.F->Place == F.Place)) {
        // An inline function or a file that is compiled twice has one place.
        D.Ambiguous = true;
      }
    }
    for (const ClaimSummary &C : U->Claims)
      for (const auto *List : {&C.State, &C.Functions})
        Claimed.insert(List->begin(), List->end());
  }
  findClaimedBelow();
}

/// As far as a unit follows the calls of its own functions.
void ImportFinder::findClaimedBelow() {
  constexpr unsigned MaxDepth = 2, MaxFunctions = 12;
  auto Defined = [&](EntityId F) -> const FunctionSummary * {
    auto It = Definitions.find(F);
    return It == Definitions.end() || It->second.Ambiguous ? nullptr
                                                           : It->second.F;
  };
  DenseMap<EntityId, SmallVector<const FunctionSummary *, 1>> Overriders;
  for (const TUSummary *U : Units)
    for (const FunctionSummary &F : U->Functions)
      if (!F.Overrides.empty() && Defined(F.Function) == &F)
        for (EntityId Over : F.Overrides)
          Overriders[Over].push_back(&F);
  struct Step {
    const FunctionSummary *F;
    unsigned Depth;
  };
  DenseSet<EntityId> Begun;
  for (const TUSummary *U : Units)
    for (const ClaimSummary &C : U->Claims) {
      if (C.What.Kind == Claim::CallerHolds)
        continue;
      SmallVector<Step, 8> Work;
      for (EntityId F : C.Functions)
        if (const FunctionSummary *S = Defined(F); S && Begun.insert(F).second)
          Work.push_back({S, 0});
      for (size_t I = 0; I < Work.size(); ++I) {
        const Step At = Work[I];
        if (At.Depth)
          ClaimedBelow.insert(At.F->Function);
        if (At.Depth == MaxDepth)
          continue;
        auto Add = [&](const FunctionSummary *To, bool OnThis) {
          // A method's state is that of its object.
          bool Same = !At.F->Class.isValid() || !To->Class.isValid() || OnThis;
          if (Same && Work.size() < MaxFunctions &&
              none_of(Work, [&](const Step &S) { return S.F == To; }))
            Work.push_back({To, At.Depth + 1});
        };
        for (const CallSummary &Call : At.F->Calls) {
          if (Call.Through)
            continue;
          if (const FunctionSummary *To = Defined(Call.Callee))
            Add(To, Call.OnThis);
          if (Call.Virtual)
            for (const FunctionSummary *To : Overriders.lookup(Call.Callee))
              Add(To, Call.OnThis);
        }
      }
    }
}

const std::string &ImportFinder::json(const FunctionSummary &F) const {
  std::string &Text = Json[&F];
  if (Text.empty())
    Text = effectsToJson(F.Effect, Names, Root);
  return Text;
}

ImportTable ImportFinder::importsOf(unsigned I) const {
  ImportTable Table(Root);
  DenseSet<EntityId> Own, Seen, OwnClaims;
  for (const ClaimSummary &C : Units[I]->Claims)
    OwnClaims.insert(C.Functions.begin(), C.Functions.end());
  for (const FunctionSummary &F : Units[I]->Functions) {
    Own.insert(F.Function);
    if (ClaimedBelow.contains(F.Function))
      Table.addClaimed(Names.name(F.Function));
  }
  for (const FunctionSummary &F : Units[I]->Functions)
    for (const CallSummary &C : F.Calls) {
      if (Own.contains(C.Callee) || !Seen.insert(C.Callee).second)
        continue;
      if (Claimed.contains(C.Callee) && !OwnClaims.contains(C.Callee))
        Table.addClaimed(Names.name(C.Callee));
      auto It = Definitions.find(C.Callee);
      if (It == Definitions.end() || It->second.Ambiguous ||
          !It->second.F->Effect.anyFlowEffect())
        continue;
      Table.addEffect(Names.name(C.Callee), json(*It->second.F));
    }
  for (EntityId S : Units[I]->Touched)
    if (Claimed.contains(S))
      Table.addClaimed(Names.name(S));
  return Table;
}

std::vector<unsigned> ImportFinder::lowest(ArrayRef<unsigned> Changed) const {
  std::vector<std::vector<unsigned>> Below(Units.size());
  for (unsigned I = 0; I < Units.size(); ++I) {
    DenseSet<EntityId> Own;
    for (const FunctionSummary &F : Units[I]->Functions)
      Own.insert(F.Function);
    DenseSet<unsigned> Seen;
    for (const FunctionSummary &F : Units[I]->Functions)
      for (const CallSummary &C : F.Calls) {
        auto It = Definitions.find(C.Callee);
        if (It != Definitions.end() && !It->second.Ambiguous &&
            !Own.contains(C.Callee) && Seen.insert(It->second.In).second)
          Below[I].push_back(It->second.In);
      }
  }
  const DenseSet<unsigned> IsChanged(Changed.begin(), Changed.end());
  std::vector<unsigned> First;
  // Units that are changed, or have some below them.
  std::vector<bool> Waits(Units.size());
  for (const auto &Component : componentsBottomUp(Below)) {
    bool Later = any_of(Component, [&](unsigned I) {
      return any_of(Below[I], [&](unsigned To) { return Waits[To]; });
    });
    bool Any = Later;
    for (unsigned I : Component)
      if (IsChanged.contains(I)) {
        Any = true;
        if (!Later)
          First.push_back(I);
      }
    for (unsigned I : Component)
      Waits[I] = Any;
  }
  llvm::sort(First);
  return First;
}

std::vector<Index::LinkedEffect> ImportFinder::effects() const {
  std::vector<Index::LinkedEffect> All;
  for (const auto &[E, D] : Definitions)
    if (!D.Ambiguous && D.F->Exported && D.F->Effect.anyFlowEffect())
      All.push_back({Names.name(E).USR, Names.name(E).Namespace,
                     relativeTo(Root, D.F->Place.File), json(*D.F)});
  llvm::sort(All, [](const auto &A, const auto &B) {
    return std::tie(A.USR, A.Namespace) < std::tie(B.USR, B.Namespace);
  });
  return All;
}
