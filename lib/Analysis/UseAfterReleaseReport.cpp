//===- UseAfterReleaseReport.cpp - What the user reads --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UseAfterReleaseReport.h"
#include "UseAfterReleaseFixes.h"
#include "race/Analysis/SourceText.h"
#include "race/Flow/Effect.h"
#include "race/Flow/FlowGraph.h"
#include "race/Flow/Memory.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <utility>

using namespace clang;
using namespace race;

static bool isLocal(const Simulation &Sim, Loc L, bool Implicit) {
  const Memory::LocInfo &I = Sim.memory().info(L);
  return I.Kind == Memory::LocKind::Local &&
         Sim.graph().Locals[I.Id].Decl->isImplicit() == Implicit;
}

/// The local variable that holds \p V, by its name; empty if there is none.
static std::string heldBy(const Simulation &Sim, const State &S, Sym V) {
  for (const auto &[L, X] : S.Env)
    if (X == V && isLocal(Sim, L, /*Implicit=*/false))
      return Sim.memory().display(L, Sim.graph(), Sim.names());
  return "";
}

/// As above, or else the place that \p V was read from.
static std::string holderOf(const Simulation &Sim, const State &S, Sym V) {
  if (std::string Held = heldBy(Sim, S, V); !Held.empty())
    return Held;
  const Memory &M = Sim.memory();
  Loc From = M.symbol(V).Where;
  return From ? M.display(From, Sim.graph(), Sim.names()) : "";
}

/// Whether \p V is where a range-based loop stands.
static bool isLoops(const Simulation &Sim, const State &S, Sym V) {
  return llvm::any_of(S.Env, [&](const auto &Held) {
    return Held.second == V && isLocal(Sim, Held.first, /*Implicit=*/true);
  });
}

const Op *race::originOf(const Simulation &Sim, Sym V) {
  const Memory &M = Sim.memory();
  if (M.symbol(V).Kind == Memory::SymKind::Older)
    V = M.symbol(V).A;
  const Memory::SymInfo *I = &M.symbol(M.madeAs(V));
  if (I->Kind != Memory::SymKind::Unknown)
    return nullptr;
  const Op &O = Sim.op(I->Id);
  return O.Kind == OpKind::Call ? &O : nullptr;
}

/// How the function that is called gets to what is gone by itself; null if it
/// does not.
static const FollowEffect *followed(const BadUse &U) {
  if (U.O.Kind != OpKind::Call)
    return nullptr;
  for (const FollowEffect &F : U.Sim.effects(U.O).Follows) {
    Sym Content = 0;
    U.Sim.resolve(U.S, U.O, F.Pointer, &Content);
    if (Content == U.Gone)
      return &F;
  }
  return nullptr;
}

/// What the call that hands back looks at behind that; null if nothing.
static const LateUseEffect *lookedAtLater(const BadUse &U) {
  if (&U.O != &U.By || U.O.Kind != OpKind::Call || U.Verb.empty())
    return nullptr;
  const Effects &All = U.Sim.effects(U.O);
  auto It = llvm::find_if(All.LateUses, [&](const LateUseEffect &Late) {
    return Late.After == U.E.What;
  });
  return It == All.LateUses.end() ? nullptr : &*It;
}

/// What `conn->id` and `conn.id()` were read from.
static std::string holderIn(StringRef Key) {
  size_t Arrow = Key.rfind("->"), Dot = Key.rfind('.');
  size_t End =
      Dot == StringRef::npos || (Arrow != StringRef::npos && Arrow > Dot)
          ? Arrow
          : Dot;
  return End == StringRef::npos ? "*this" : Key.substr(0, End).str();
}

static std::string quoted(const std::string &Name) { return "'" + Name + "'"; }

namespace {

/// Finds the words for one use.
class Description {
public:
  explicit Description(const BadUse &U)
      : U(U), Sim(U.Sim), E(U.E), Late(lookedAtLater(U)),
        Callee(quoted(calleeName(U.Sim, U.By))),
        Moved(U.E.Elements == ElementChange::Moved ||
              U.E.Elements == ElementChange::Shifted) {
    findPool();
    findName();
    findDone();
  }

  Finding finding() const {
    Finding R;
    R.Check = "race-use-after-release";
    R.Place = placeOf(Sim, U.O);
    R.Why = E.Why;
    R.Message = message();
    R.Kind = U.Verb.empty() ? "twice" : "used";
    R.Subject = Name == "the element" ? Pool : Name;
    setScope(R, U.F);
    addNotes(R);
    addInterleaving(R);
    if (U.Verb == "used")
      R.Fix =
          fixUseAfterRelease(U.By, U.O, Sim.graph().Function->getASTContext());
    return R;
  }

private:
  void findPool() {
    Pool = writtenObject(Sim, U.By);
    if (E.What.Root == AccessPath::This && !E.Removed && !E.Handle)
      Pool.clear();
  }

  /// What is gone, in the user's own names, and what it lies in.
  void findName() {
    Name = writtenName(Sim, U.By, E.What);
    // Where what is named leads to something else by now, a variable may tell.
    Sym Now = 0;
    if (E.What.Root == AccessPath::This && !E.What.Steps.empty() && !E.Removed)
      Sim.resolve(U.S, U.By, E.What, &Now);
    if (Now && Now != U.Gone)
      if (std::string Held = heldBy(Sim, U.S, U.Gone); !Held.empty())
        Name = Held;
    if (Name.empty())
      Name = holderOf(Sim, U.S, U.Gone);
    if (Name.empty())
      Name = ownerAtItsEnd();
    if (Name.empty())
      Name = "resource";
    if (E.Removed && !E.HolderOfKey && !E.What.Steps.empty())
      Name = "the element";
    if (E.HolderOfKey)
      Name = holderIn(Name);
    // What was found in a table, or lay in what was handed back.
    if (E.Arena && Name != holderOf(Sim, U.S, U.Gone))
      Within = Name;
    if (E.Handle || !Within.empty())
      if (std::string Held = holderOf(Sim, U.S, U.Gone); !Held.empty())
        Name = Held;
    // An iterator or view of it.
    llvm::SmallVector<Sym, 4> Ways{U.Used};
    Sim.memory().ownersOf(U.Used, Ways);
    for (Sym Way : Ways) {
      if (Way == U.Gone || E.Removed)
        break;
      std::string Held = holderOf(Sim, U.S, Way);
      if (Held.empty() || Held == Name)
        continue;
      Within = Name;
      Name = Held;
      break;
    }
    if (Name != "the element")
      Name = quoted(Name);
  }

  /// The variable whose end was that of what it owned.
  std::string ownerAtItsEnd() const {
    const FlowGraph &G = Sim.graph();
    Reg Ended =
        U.By.Kind == OpKind::Call ? G.Calls[U.By.Index].Destroyed : NoReg;
    for (const FlowBlock &B : G.Blocks)
      for (const Op &O : B.Ops)
        if (Ended >= 0 && O.Dst == Ended && O.Kind == OpKind::Local)
          return G.Locals[O.Index].Decl->getNameAsString();
    return "";
  }

  void findDone() {
    Done = Moved                                 ? "moved"
           : E.Reference                         ? "dropped"
           : E.Removed                           ? "removed"
           : !E.Memory                           ? "handed back"
           : !U.By.Callee                        ? "deleted"
           : StringRef(Callee).contains("close") ? "closed"
                                                 : "freed";
    if (E.Reference)
      How = " by " + Callee;
    else if (E.Removed && !Pool.empty() && !E.Place.isValid())
      How = " from '" + Pool + "'";
    else if (E.Memory && !E.Place.isValid())
      How = ""; // by free itself, or by delete
    else if (Pool.empty() || E.Memory)
      How = " by " + Callee;
    else
      How = " to '" + Pool + "'";
  }

  /// What has moved the elements: "'push_back' on 'conns'".
  std::string mover() const {
    return Pool.empty() || E.Place.isValid() ? Callee
                                             : Callee + " on '" + Pool + "'";
  }

  std::string message() const {
    const std::string Verb = U.Verb.str();
    if (Verb.empty())
      return Name + " is " + Done + " twice";
    if (Late) {
      const bool Element = isLoops(Sim, U.S, U.Gone);
      return quoted(writtenName(Sim, U.O, Late->Pointer)) + " is used by " +
             Callee + " after it was " + Done + " with " +
             (Element ? "the element" : Name);
    }
    if (isLoops(Sim, U.S, U.Used))
      return "the loop goes on after " +
             (Moved ? mover() + " has moved the elements"
                    : "its element was removed" + How);
    if (Moved)
      return Name + " is " + Verb + " after " + mover() + " may have moved it";
    return Name + " is " + Verb + " after " +
           (E.Reference ? "its reference" : "it") + " was " + Done + How;
  }

  void addNotes(Finding &R) const {
    const Anchor By = placeOf(Sim, U.By);
    R.Notes.push_back({By, (U.Verb.empty() ? "first " : "") + Done + " here" +
                               (E.Reason.empty() ? "" : ": " + E.Reason)});
    if (!Within.empty())
      R.Notes.push_back(
          {By, Name + " lies in '" + Within + "' and goes with it"});
    if (E.Place.isValid())
      R.Notes.push_back(
          {E.Place, Callee + (Moved       ? " moves them here"
                              : E.Removed ? " removes it here"
                              : E.Memory  ? " frees it here"
                                          : " hands it back here")});
    if (const Op *From = originOf(Sim, U.Gone))
      R.Notes.push_back({placeOf(Sim, *From), "borrowed here"});
    const FollowEffect *Looks = Late ? nullptr : followed(U);
    if (Late || Looks)
      R.Notes.push_back({Late ? Late->Place : Looks->Place,
                         quoted(calleeName(Sim, U.O)) + " uses it here"});
    if (U.Verb == "used")
      R.Notes.push_back({By, "copy before it what is needed later, or let it "
                             "come after the last use"});
  }

  /// The turns that two threads take, for those who draw them.
  void addInterleaving(Finding &R) const {
    R.NotesTellAll = true;
    if (const Op *From = originOf(Sim, U.Gone))
      R.Interleaving.push_back({1,
                                placeOf(Sim, *From),
                                "borrows " + Name,
                                {},
                                /*Before=*/true});
    std::string First, Other, Last;
    if (E.HandedOver) {
      First = "hands " + Name + " over to another thread";
      Other = "takes it, and frees it when it is done";
    } else if (E.Memory || E.Removed) {
      First = (E.Removed ? "removes " : "frees ") + Name;
      Other = "gets the same memory for something else";
    } else {
      First = "hands " + Name + " back";
      Other = "borrows the same object";
    }
    if (U.Verb.empty())
      Last = "does so again: a third one gets what thread 2 has";
    else if (U.Verb == "returned")
      Last = "returns it to a caller that will use it";
    else if (U.Verb == "stored" || U.Verb == "kept for later")
      Last = "stores it for a later use";
    else
      Last = (U.Verb == "used" ? "uses " : "frees ") + Name +
             ", which is thread 2's now";
    R.Interleaving.push_back({1, placeOf(Sim, U.By), First});
    R.Interleaving.push_back({2, Anchor(), Other});
    R.Interleaving.push_back({1, R.Place, Last});
  }

  const BadUse &U;
  const Simulation &Sim;
  const HandBackEffect &E;
  const LateUseEffect *Late;
  const std::string Callee;
  const bool Moved;
  std::string Pool, Name, Within, Done, How;
};

} // namespace

Finding race::describe(const BadUse &U) { return Description(U).finding(); }
