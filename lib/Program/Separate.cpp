//===- Separate.cpp - Several programs in one database --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compilation database does not say what is linked with what. The summaries
// do nearly as well: a program is a main and what it mentions, through as many
// units as it takes.
//
//===----------------------------------------------------------------------===//

#include "race/Program/Separate.h"
#include "race/Summary/SummaryJson.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <iterator>

using namespace llvm;
using namespace race;

void race::uniteParts(std::vector<unsigned> &Programs,
                      const std::vector<unsigned> &More, bool First) {
  if (First) {
    Programs = More;
  } else if (Programs.empty() || More.empty()) {
    // All is more than some.
    Programs.clear();
  } else {
    std::vector<unsigned> Both;
    std::set_union(Programs.begin(), Programs.end(), More.begin(), More.end(),
                   std::back_inserter(Both));
    Programs = std::move(Both);
  }
}

namespace {

class Separation {
public:
  Separation(ArrayRef<TUSummary *> Units, EntityTable &Names)
      : Units(Units), Names(Names), ProgramsOf(Units.size()) {}

  void run();

private:
  /// Where a function is defined, and the units that have this definition.
  struct Definition {
    const Anchor *Place;
    SmallVector<unsigned, 1> In;
  };

  bool needed();
  void findDefinitions();
  void connect();
  void follow();
  void renameAmbiguous();
  void write();
  const Definition *onlyIn(function_ref<bool(unsigned)> Fits, EntityId F) const;
  const Definition *inFolderOf(unsigned Unit, EntityId F) const;
  const Definition *inProgramsOf(unsigned Unit, EntityId F) const;
  EntityId privateTo(EntityId F, const Anchor &Place);
  void forEachMention(const TUSummary &U, function_ref<void(EntityId)> Use);

  ArrayRef<TUSummary *> Units;
  EntityTable &Names;
  /// The units with a main, one of each place.
  SmallVector<unsigned, 2> Mains;
  DenseSet<unsigned> HasMain;
  /// Functions of several definitions.
  DenseSet<EntityId> Ambiguous;
  DenseMap<EntityId, SmallVector<Definition, 1>> Definitions;
  std::vector<std::vector<unsigned>> Mentions; ///< units that a unit needs
  std::vector<std::vector<unsigned>> ProgramsOf;
};

} // namespace

bool Separation::needed() {
  DenseMap<EntityId, const Anchor *> Place;
  std::vector<const Anchor *> Known;
  for (unsigned I = 0; I < Units.size(); ++I)
    for (const FunctionSummary &F : Units[I]->Functions) {
      auto [It, New] = Place.try_emplace(F.Function, &F.Place);
      if (!New && !(*It->second == F.Place))
        Ambiguous.insert(F.Function);
      if (!F.IsMain)
        continue;
      HasMain.insert(I);
      // One file that is compiled twice is one program.
      if (any_of(Known, [&](const Anchor *A) { return *A == F.Place; }))
        continue;
      Known.push_back(&F.Place);
      Mains.push_back(I);
    }
  return Mains.size() > 1 || !Ambiguous.empty();
}

void Separation::findDefinitions() {
  for (unsigned I = 0; I < Units.size(); ++I)
    for (const FunctionSummary &F : Units[I]->Functions) {
      auto &All = Definitions[F.Function];
      auto *Same = find_if(
          All, [&](const Definition &D) { return *D.Place == F.Place; });
      if (Same == All.end()) {
        All.push_back({&F.Place, {I}});
        continue;
      }
      // Twice in one unit is the same.
      if (Same->In.back() != I)
        Same->In.push_back(I);
    }
}

/// Calls \p Use with the functions that \p U mentions.
void Separation::forEachMention(const TUSummary &U,
                                function_ref<void(EntityId)> Use) {
  for (const FunctionSummary &F : U.Functions) {
    for (const CallSummary &C : F.Calls)
      if (!C.Through)
        Use(C.Callee);
    for (const StartSummary &S : F.Starts)
      if (!S.Through)
        Use(S.Callee);
    for (EntityId E : F.Escapes)
      Use(E);
  }
  for (const CallableFlow &F : U.Flows)
    Use(F.From);
  for (const CallableArgument &A : U.Arguments)
    Use(A.Value);
}

/// Of several definitions of \p F the only one that is in a unit that \p Fits.
const Separation::Definition *
Separation::onlyIn(function_ref<bool(unsigned)> Fits, EntityId F) const {
  const Definition *Found = nullptr;
  for (const Definition &D : Definitions.find(F)->second)
    if (any_of(D.In, Fits)) {
      if (Found)
        return nullptr;
      Found = &D;
    }
  return Found;
}

const Separation::Definition *Separation::inFolderOf(unsigned Unit,
                                                     EntityId F) const {
  auto Folder = [&](unsigned U) {
    return sys::path::parent_path(Units[U]->MainFile);
  };
  return onlyIn([&](unsigned U) { return Folder(U) == Folder(Unit); }, F);
}

const Separation::Definition *Separation::inProgramsOf(unsigned Unit,
                                                       EntityId F) const {
  const std::vector<unsigned> &B = ProgramsOf[Unit];
  auto Together = [&](unsigned U) {
    const std::vector<unsigned> &A = ProgramsOf[U];
    return A.empty() || B.empty() ||
           any_of(A, [&](unsigned P) { return is_contained(B, P); });
  };
  return onlyIn(Together, F);
}

/// Which units need which others.
void Separation::connect() {
  Mentions.resize(Units.size());
  for (unsigned I = 0; I < Units.size(); ++I) {
    DenseSet<EntityId> Seen;
    DenseSet<unsigned> Needs;
    auto Need = [&](const Definition &D) {
      // Who sees only a declaration of what a header defines has it from
      // anywhere.
      if (D.In.size() > 1 &&
          !StringRef(D.Place->File).ends_with(Units[D.In.front()]->MainFile))
        return;
      for (unsigned U : D.In)
        // A program has one main.
        if (!HasMain.contains(U) && Needs.insert(U).second)
          Mentions[I].push_back(U);
    };
    forEachMention(*Units[I], [&](EntityId F) {
      auto It = Seen.insert(F).second ? Definitions.find(F) : Definitions.end();
      if (It == Definitions.end() || any_of(It->second, [&](const auto &D) {
            return is_contained(D.In, I);
          }))
        return;
      if (It->second.size() == 1)
        Need(It->second.front());
      else if (const Definition *D = inFolderOf(I, F))
        Need(*D);
    });
  }
}

void Separation::follow() {
  for (unsigned P = 0; P < Mains.size(); ++P) {
    std::vector<unsigned> Work{Mains[P]};
    // The file of a main may be compiled more than once.
    auto IsMain = [](const FunctionSummary &F) { return F.IsMain; };
    const Anchor &Place = find_if(Units[Mains[P]]->Functions, IsMain)->Place;
    for (unsigned I : HasMain)
      if (I != Mains[P] && any_of(Units[I]->Functions, [&](const auto &F) {
            return F.IsMain && F.Place == Place;
          }))
        Work.push_back(I);
    DenseSet<unsigned> Seen(Work.begin(), Work.end());
    while (!Work.empty()) {
      unsigned I = Work.back();
      Work.pop_back();
      ProgramsOf[I].push_back(P);
      for (unsigned Next : Mentions[I])
        if (Seen.insert(Next).second)
          Work.push_back(Next);
    }
  }
}

EntityId Separation::privateTo(EntityId F, const Anchor &Place) {
  EntityName N = Names.name(F);
  N.Namespace = Place.File;
  return Names.intern(std::move(N));
}

void Separation::renameAmbiguous() {
  if (Ambiguous.empty())
    return;
  std::vector<DenseMap<EntityId, EntityId>> NewIds(Units.size());
  for (unsigned I = 0; I < Units.size(); ++I) {
    for (const FunctionSummary &F : Units[I]->Functions)
      // Units that include one definition share it.
      if (Ambiguous.contains(F.Function))
        NewIds[I][F.Function] = privateTo(F.Function, F.Place);
    forEachMention(*Units[I], [&](EntityId F) {
      if (!Ambiguous.contains(F) || NewIds[I].count(F))
        return;
      const Definition *D = inFolderOf(I, F);
      if (!D)
        D = inProgramsOf(I, F);
      if (D)
        NewIds[I][F] = privateTo(F, *D->Place);
    });
  }
  for (unsigned I = 0; I < Units.size(); ++I)
    if (!NewIds[I].empty())
      rename(*Units[I], NewIds[I]);
}

void Separation::write() {
  // An inline function is part of all programs that include it.
  DenseMap<EntityId, std::vector<unsigned>> Of;
  for (unsigned I = 0; I < Units.size(); ++I)
    for (const FunctionSummary &F : Units[I]->Functions) {
      auto [It, New] = Of.try_emplace(F.Function);
      uniteParts(It->second, ProgramsOf[I], New);
    }
  for (unsigned I = 0; I < Units.size(); ++I) {
    for (FunctionSummary &F : Units[I]->Functions) {
      F.Programs = Of[F.Function];
      if (F.Programs.size() == Mains.size())
        F.Programs.clear();
    }
    // Those of one comment meet when they are linked.
    for (ClaimSummary &C : Units[I]->Claims)
      C.Programs = ProgramsOf[I];
  }
}

void Separation::run() {
  if (!needed())
    return;
  findDefinitions();
  if (Mains.size() > 1) {
    connect();
    follow();
  }
  renameAmbiguous();
  if (Mains.size() > 1)
    write();
}

void race::separatePrograms(ArrayRef<TUSummary *> Units, EntityTable &Names) {
  Separation(Units, Names).run();
}
