//===- SyntheticProgram.cpp - Summaries of a made-up program --------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SyntheticProgram.h"
#include "race/Driver/Extract.h"
#include <random>

using namespace llvm;
using namespace race;

// The shape. Numbers are those of larger C++ programs, rounded.
static constexpr unsigned PerUnit = 40;        ///< functions of a file
static constexpr unsigned PerHeader = 6;       ///< inline functions of a header
static constexpr unsigned UnitsOfModule = 25;  ///< files of a module
static constexpr unsigned FieldsOfClass = 8;   ///< the class of each file
static constexpr unsigned UnitsPerClaim = 60;  ///< one claim in so many files
static constexpr unsigned UnitsPerThread = 80; ///< one start in so many files

namespace {
/// A function by where it stands.
struct Where {
  unsigned Unit;
  unsigned Number; ///< from PerUnit on: an inline one of the module's header
};
} // namespace

class SyntheticProgram::UnitMaker {
public:
  UnitMaker(const SyntheticProgram &P, unsigned Unit)
      : Unit(Unit), Units(P.units()), Module(Unit / UnitsOfModule),
        Random(Unit + 1) {}

  TUSummary make();

  EntityTable Names;

private:
  unsigned below(unsigned N) { return Random() % N; }
  bool percent(unsigned P) { return below(100) < P; }

  static std::string classOf(unsigned Unit) {
    return "Worker" + std::to_string(Unit);
  }
  static std::string prefix(unsigned Unit) {
    return "c:@N@app@N@module" + std::to_string(Unit / UnitsOfModule) + "@S@" +
           classOf(Unit);
  }
  EntityId function(Where W);
  EntityId member(unsigned Unit, const std::string &Name) {
    return Names.intern({prefix(Unit) + "@FI@" + Name, "", Name});
  }
  Anchor place(Where W, unsigned Line) const;
  Where callee(Where From);
  AccessPath field(unsigned Unit, const std::string &Name) {
    return AccessPath::thisPointer()
        .then(PathStep::deref())
        .then(PathStep::field(member(Unit, Name)));
  }
  FunctionSummary describe(Where W);
  void addEffects(FunctionSummary &F, unsigned OfUnit);
  void addClaim(TUSummary &S);

  unsigned Unit, Units, Module;
  std::minstd_rand Random;
};

EntityId SyntheticProgram::UnitMaker::function(Where W) {
  std::string Number = std::to_string(W.Number);
  if (W.Number >= PerUnit)
    return Names.intern({"c:@N@app@N@module" +
                             std::to_string(W.Unit / UnitsOfModule) +
                             "@F@inlineHelper" + Number + "#&1$@N@app@S@Key#",
                         "", "inlineHelper" + Number});
  // Every fourth one is static.
  if (W.Number % 4 == 3)
    return Names.intern({"c:worker.cpp@F@localStep" + Number + "#*I#",
                         "src/worker" + std::to_string(W.Unit) + ".cpp",
                         "localStep" + Number});
  return Names.intern({prefix(W.Unit) + "@F@handleRequest" + Number +
                           "#&1$@N@app@S@Request#*$@N@app@S@Reply#I#",
                       "", classOf(W.Unit) + "::handleRequest" + Number});
}

Anchor SyntheticProgram::UnitMaker::place(Where W, unsigned Line) const {
  std::string Folder = "/src/module" + std::to_string(Module) + "/";
  if (W.Number >= PerUnit)
    return {Folder + "helpers.h", 20 * (W.Number - PerUnit) + Line, 5};
  return {Folder + classOf(W.Unit) + ".cpp", 20 * W.Number + Line, 5};
}

/// Most calls stay in the file, the rest go down to what other files, the
/// modules below and the base library have; a few go up, which makes cycles.
Where SyntheticProgram::UnitMaker::callee(Where From) {
  unsigned Kind = below(100);
  unsigned First = Module * UnitsOfModule;
  if (From.Number < PerUnit && Kind < 50)
    return {Unit, below(PerUnit)};
  if (Kind < 65)
    return {First, PerUnit + below(PerHeader)};
  // Not the static ones.
  unsigned Number = below(PerUnit / 4) * 4 + below(3);
  if (Kind < 85) {
    unsigned Last = std::min(Units, First + UnitsOfModule);
    return {First + below(Last - First), Number};
  }
  if (Kind < 96 && Module > 0) {
    unsigned Down = std::min(Module, 1 + below(3));
    return {(Module - Down) * UnitsOfModule + below(UnitsOfModule), Number};
  }
  return {below(std::min(Units, UnitsOfModule)), Number};
}

/// A few per cent of the functions hand something back, lock, or change a
/// container.
void SyntheticProgram::UnitMaker::addEffects(FunctionSummary &F,
                                             unsigned OfUnit) {
  F.Effect.Known = true;
  F.Effect.Changes = 1;
  F.Effect.Derefs = 3;
  if (percent(3)) {
    HandBackEffect H;
    H.What = AccessPath::param(1);
    H.Why = Evidence::Structural;
    H.Reason = "'put' stores its argument in 'free_', from which 'get' takes";
    H.Pool = "free_";
    H.Place = F.Place;
    F.Effect.HandBacks.push_back(std::move(H));
  }
  if (percent(2)) {
    LockEffect L;
    L.Mutex = field(OfUnit, "mutex_");
    F.Effect.Locks.push_back(std::move(L));
  }
  if (percent(3)) {
    ContainerEffect C;
    C.Kind = percent(50) ? ContainerOpModel::Query : ContainerOpModel::Act;
    C.Object = field(OfUnit, "map_");
    C.Key = AccessPath::param(0);
    C.Keyed = true;
    C.Name = "find";
    C.Place = F.Place;
    F.Effect.Containers.push_back(std::move(C));
  }
}

FunctionSummary SyntheticProgram::UnitMaker::describe(Where W) {
  FunctionSummary F;
  F.Function = function(W);
  F.Place = place(W, 1);
  bool Inline = W.Number >= PerUnit, Method = !Inline && W.Number % 4 != 3;
  if (Method)
    F.Class = Names.intern({prefix(W.Unit), "", classOf(W.Unit)});
  F.Exported = Inline || Method;
  F.IsMain = Unit == 0 && W.Number == 0;
  addEffects(F, W.Unit);
  bool Locked = percent(15);
  auto Locks = [&](std::vector<AccessPath> &Held) {
    if (Locked)
      Held.push_back(field(W.Unit, "mutex_"));
  };
  for (unsigned I = 0, E = Method && percent(40) ? 1 + below(4) : 0; I < E;
       ++I) {
    AccessSummary A;
    A.Where = field(W.Unit, "field" + std::to_string(below(FieldsOfClass)));
    A.Write = percent(40);
    Locks(A.Locks);
    A.Place = place(W, 2 + I);
    F.Accesses.push_back(std::move(A));
  }
  for (unsigned I = 0, E = below(11); I < E; ++I) {
    Where To = callee(W);
    CallSummary C;
    C.Callee = function(To);
    C.OnThis = To.Unit == W.Unit;
    C.Place = place(W, 6 + I);
    Locks(C.Locks);
    F.Calls.push_back(std::move(C));
  }
  if (W.Number == 1 && Unit % UnitsPerThread == 0) {
    StartSummary S;
    S.Callee = function({Unit, 4});
    S.Place = place(W, 18);
    S.SharedObject = true;
    S.Name = "worker";
    F.FirstStart = S.Place;
    F.Starts.push_back(std::move(S));
  }
  return F;
}

void SyntheticProgram::UnitMaker::addClaim(TUSummary &S) {
  ClaimSummary C;
  C.What.Kind = static_cast<Claim::KindTy>(Unit / UnitsPerClaim % 7);
  C.Quote = "guarded by mutex_";
  C.Place = {"/src/module" + std::to_string(Module) + "/" + classOf(Unit) +
                 ".h",
             12, 3};
  C.State.push_back(member(Unit, "field0"));
  C.Lock = member(Unit, "mutex_");
  S.Claims.push_back(std::move(C));
}

TUSummary SyntheticProgram::UnitMaker::make() {
  TUSummary S;
  S.MainFile = place({Unit, 0}, 1).File;
  for (unsigned I = 0; I < PerUnit; ++I)
    S.Functions.push_back(describe({Unit, I}));
  // The header is the same for all files of the module.
  Random.seed(Units + Module);
  for (unsigned I = 0; I < PerHeader; ++I)
    S.Functions.push_back(describe({Module * UnitsOfModule, PerUnit + I}));
  if (Unit % UnitsPerClaim == 0)
    addClaim(S);
  CallableFlow Flow;
  Flow.From = function({Unit, 5});
  Flow.To = member(Unit, "callback_");
  S.Flows.push_back(Flow);
  return S;
}

unsigned SyntheticProgram::units() const {
  return (Functions + PerUnit - 1) / PerUnit;
}

std::string SyntheticProgram::unit(unsigned Unit) const {
  UnitMaker Maker(*this, Unit);
  TUSummary Summary = Maker.make();
  return unitToJson(Summary, {}, Maker.Names, "/src", "");
}
