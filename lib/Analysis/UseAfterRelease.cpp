//===- UseAfterRelease.cpp - Hand-back, then use --------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Analysis/UseAfterRelease.h"
#include "UseAfterReleaseReport.h"
#include "race/Summary/EffectsClient.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

using namespace clang;
using namespace race;

namespace {

/// Watches one function.
class Watcher : public EffectsClient {
public:
  Watcher(TranslationUnit &TU, const FlowFunction &Fn)
      : EffectsClient(TU.effects(), Fn.Info->Decl), TU(TU) {}

  void onUse(const Simulation &Sim, const State &S, const Op &O, Sym V,
             UseKind K) override {
    Sym Gone = Sim.goneBehind(S, V);
    const HandedBack &Where = *S.Gone.find(Gone);
    const HandBackEffect *E = believed(Sim, S, Where, Gone);
    if (!E || ((E->HandedOver || E->Reference || E->Stocked) &&
               isLockedSince(Sim, S, Where, *E)))
      return;
    // As a sign that there was one.
    if (E->Far && K == UseKind::Returned)
      return;
    // What another object was given is kept alive by that one, as whoever keeps
    // a pointer to it after dropping his own reference knows.
    if (E->Reference && K == UseKind::Stored &&
        (GivenAway.count(V) || E->Why < Evidence::Modelled))
      return;
    report(Sim, S, O, Gone, V, Where, *E,
           K == UseKind::Returned ? "returned"
           : K == UseKind::Stored ? "stored"
           : K == UseKind::Kept   ? "kept for later"
                                  : "used");
  }

  void onHandBack(const Simulation &Sim, const State &S, const Op &O, Sym V,
                  const HandBackEffect &Second) override {
    const HandedBack *Where = S.Gone.find(V);
    // To empty a container twice does no harm.
    if (!Where || Second.Reference || Second.Elements != ElementChange::None)
      return;
    const HandBackEffect *E = believed(Sim, S, *Where, V);
    if (!E)
      return;
    if ((E->Reference || E->Stocked) && isLockedSince(Sim, S, *Where, *E))
      return;
    // That neither happens without the other's not having happened, those know
    // who know the other file.
    auto Vague = [](const HandBackEffect &H) {
      return H.Far && (H.Maybe || H.OnlyIf || !H.What.Steps.empty());
    };
    if (Vague(*E) || Vague(Second))
      return;
    if (Second.Memory && !E->Memory)
      report(Sim, S, O, V, V, *Where, *E, O.Callee ? "freed" : "deleted");
    else
      report(Sim, S, O, V, V, *Where, *E, "");
  }

  void onCall(const Simulation &Sim, const State &S, const Op &O,
              const CallInfo &Call) override {
    holdOnParts(Sim, S, Call);
    if (Call.Args.size() + (Call.This >= 0) > 1)
      for (unsigned I = 0; I < Call.Args.size(); ++I)
        GivenAway.insert(Sim.argument(Call, I));
    auto Drops = [](const HandBackEffect &H) { return H.Reference; };
    if (!Call.Callee || !takesReference(Call) ||
        llvm::any_of(Sim.effects(O).HandBacks, Drops))
      return;
    for (unsigned I = 0; I < Call.Args.size(); ++I)
      holdOn(Sim, Sim.argument(Call, I));
    if (Call.This >= 0 && !Call.Constructor)
      if (Loc L = Sim.reg(Call.This).L)
        holdOn(Sim, Sim.memory().address(L));
  }

  void onAccess(const Simulation &Sim, const State &, const Op &O, Loc L,
                bool Write) override {
    // Counted by hand.
    const Memory &M = Sim.memory();
    if (Write && O.Kind != OpKind::Call &&
        M.info(L).Kind == Memory::LocKind::Field &&
        isCount(Sim.names().display({M.info(L).Id})))
      HeldOn.insert(M.pointerTo(L));
  }

  void onBranch(const Simulation &Sim, const State &, Sym Condition) override {
    bool Truth = true;
    Tested[Sim.memory().testedBy(Condition, Truth)].insert(Sim.block());
  }

  /// The blocks that end with a branch on what another one branches on, too,
  /// those of one value together.
  std::vector<std::set<int>> correlated() const {
    std::vector<std::set<int>> Result;
    for (const auto &[Value, Blocks] : Tested)
      if (Blocks.size() > 1)
        Result.push_back(Blocks);
    return Result;
  }

  /// The findings, the first one for each hand-back.
  std::map<std::pair<unsigned, unsigned>, Finding> Found;

private:
  /// The effect that handed \p V back, if it is one to believe of \p V.
  const HandBackEffect *believed(const Simulation &Sim, const State &S,
                                 const HandedBack &Where, Sym V) {
    const Op &By = Sim.op(Where.OpId);
    const HandBackEffect &E = Sim.effects(By).HandBacks[Where.Effect];
    // Another reference is held: one that was taken here, or the caller's.
    if (E.Reference && (HeldOn.count(V) ||
                        (E.Why != Evidence::Modelled &&
                         E.Why != Evidence::Annotated && !originOf(Sim, V))))
      return nullptr;
    if (E.OnlyFrom.isValid()) {
      const Op *From = originOf(Sim, V);
      if (!From || !From->Callee ||
          TU.entities().entity(From->Callee) != E.OnlyFrom)
        return nullptr;
    }
    if ((E.Far || E.Maybe) && !isCertain(Sim, Where, E))
      return nullptr;
    if (Sim.inLoop(Where.OpId) && isOfThisTurn(By, E))
      return nullptr;
    if (E.Why == Evidence::Structural && !E.HandedOver && !E.LastReference &&
        !E.Removed && E.What.Root != AccessPath::This && isInsidePool(S, By, E))
      return nullptr;
    return &E;
  }

  /// Whether what is handed back in a loop is most often that turn's only: a
  /// descriptor, which is closed until that succeeds.
  static bool isOfThisTurn(const Op &By, const HandBackEffect &E) {
    if (!E.Memory || !By.Callee || E.What.Root != AccessPath::Param ||
        E.HolderOfKey)
      return false;
    return E.What.Steps.empty() && E.What.Index < By.Callee->getNumParams() &&
           By.Callee->getParamDecl(E.What.Index)
               ->getType()
               ->isIntegralOrEnumerationType();
  }

  /// Whether a lock is held under which nobody who took over what was handed
  /// back at \p Where can have got to it. Who counts by himself may look under
  /// a lock that he takes later whether it is still there.
  static bool isLockedSince(const Simulation &Sim, const State &S,
                            const HandedBack &Where, const HandBackEffect &E) {
    bool Counted = E.Reference && E.Why < Evidence::Modelled;
    const SourceManager &SM =
        Sim.graph().Function->getASTContext().getSourceManager();
    return llvm::any_of(S.Locks, [&](const HeldLock &L) {
      return Counted || E.HandedOver ||
             !SM.isBeforeInTranslationUnit(Sim.op(Where.OpId).Loc,
                                           Sim.op(L.OpId).Loc);
    });
  }

  /// Whether this is a method of the pool to which \p By hands something back.
  /// It may look at that if it holds the pool's lock, or if there is none.
  bool isInsidePool(const State &S, const Op &By,
                    const HandBackEffect &E) const {
    const auto *M = dyn_cast_or_null<CXXMethodDecl>(By.Callee);
    const auto *Here = dyn_cast<CXXMethodDecl>(F);
    if (!M || !Here ||
        (M->getParent()->getCanonicalDecl() !=
             Here->getParent()->getCanonicalDecl() &&
         !Here->getParent()->isDerivedFrom(M->getParent())))
      return false;
    const StructuralPut *Put = TU.effects().structuralPut(By.Callee);
    if (Put && Put->Locks)
      return !S.Locks.empty();
    // A helper of a class that only has a pool is not inside of it.
    for (const CXXRecordDecl *R : {M->getParent(), Here->getParent()})
      if (TU.effects().isPool(R))
        return true;
    return !E.Place.isValid();
  }

  /// Whether what \p E, of which not all is known, hands back is for sure
  /// what the caller has. In a loop it is most often a list's, whose next
  /// element only those know who know the list; what a member led to may be
  /// another object by then, or none; and a pointer that comes back in place of
  /// the one that was given is that of `realloc`.
  static bool isCertain(const Simulation &Sim, const HandedBack &Where,
                        const HandBackEffect &E) {
    const CallInfo &Call = Sim.graph().Calls[Sim.op(Where.OpId).Index];
    bool Replaced = E.When != Outcome::False && Call.Callee &&
                    Call.Callee->getReturnType()->isPointerType();
    if (Replaced || Sim.inLoop(Where.OpId))
      return false;
    if (!E.Far)
      return true;
    // Whoever does not listen knows what would be said.
    bool Told = E.When == Outcome::Always ? !E.Maybe : Call.ResultUsed;
    bool Member = !E.What.Steps.empty() || E.What.Root == AccessPath::This;
    bool Always = E.When == Outcome::Always && !E.OnlyIf && !E.Maybe;
    return Told && (!Member || Always);
  }

  /// Whether \p Call may take a reference of what it is given: by its name, or
  /// as a guard that keeps it. Names decide nothing but silence here.
  static bool takesReference(const CallInfo &Call) {
    if (const auto *C = dyn_cast<CXXConstructorDecl>(Call.Callee))
      return C->getParent()->hasDefinition() &&
             !C->getParent()->hasTrivialDestructor();
    const IdentifierInfo *Id = Call.Callee->getIdentifier();
    if (!Id)
      return false;
    if (hasWord(Id->getName(),
                {"ref", "addref", "retain", "hold", "incref", "refinc", "inc",
                 "grab", "pin", "keep", "dup", "acquire", "reference", "shared",
                 "protect", "guard"}))
      return !hasWord(Id->getName(),
                      {"un", "dec", "decr", "drop", "put", "release", "sub"});
    // obj_get(x), but not the getter x_get_name(x).
    auto Words = wordsOf(Id->getName());
    return !Words.empty() && Words.back() == "get";
  }

  /// Whether a member of this name counts references.
  static bool isCount(StringRef Name) {
    return hasWord(Name, {"ref", "refs", "references", "pins"}) ||
           llvm::any_of(wordsOf(Name), [](StringRef Word) {
             return Word.ends_with("refcnt") || Word.ends_with("refcount");
           });
  }

  /// What lies in a local structure that is passed on may be kept from then on,
  /// with a reference of its own.
  void holdOnParts(const Simulation &Sim, const State &S,
                   const CallInfo &Call) {
    const Memory &M = Sim.memory();
    for (unsigned I = 0; I < Call.Args.size(); ++I) {
      const Memory::SymInfo &Passed = M.symbol(Sim.argument(Call, I));
      if (Passed.Kind != Memory::SymKind::Address ||
          M.info(Passed.Where).Kind != Memory::LocKind::Local)
        continue;
      for (const auto &[L, V] : S.Env)
        if (M.info(L).Kind == Memory::LocKind::Field &&
            M.rootOf(L) == Passed.Where)
          HeldOn.insert(V);
    }
  }

  void holdOn(const Simulation &Sim, Sym V) {
    const Memory &M = Sim.memory();
    if (!V)
      return;
    HeldOn.insert(V);
    if (M.symbol(V).Kind == Memory::SymKind::Address)
      HeldOn.insert(M.pointerTo(M.symbol(V).Where));
  }

  /// Keeps the finding for a use of \p V.
  /// \param Used what leads to \p V, which was handed back, or is it.
  void report(const Simulation &Sim, const State &S, const Op &O, Sym V,
              Sym Used, const HandedBack &Where, const HandBackEffect &E,
              StringRef Verb) {
    Finding Result =
        describe({Sim, S, O, Sim.op(Where.OpId), E, V, Used, Verb, F});
    if (!Result.Place.isValid())
      return;
    // Blocks come in the order of control flow, so the first one reported is
    // the first one reached; a use says more than a second hand-back.
    auto [It, New] = Found.try_emplace({Where.OpId, Where.Effect}, Result);
    if (!New && !Verb.empty() && Twice.erase({Where.OpId, Where.Effect}))
      It->second = std::move(Result);
    else if (New && Verb.empty())
      Twice.insert({Where.OpId, Where.Effect});
  }

  /// Which blocks branch on a value.
  std::map<Sym, std::set<int>> Tested;
  /// Values of which a reference was taken here.
  std::set<Sym> HeldOn;
  /// Values that were passed on together with something that may keep them.
  std::set<Sym> GivenAway;
  std::set<std::pair<unsigned, unsigned>> Twice;
  TranslationUnit &TU;
};

} // namespace

/// Looks at \p F, in which \p W found something, once more: whether it is found
/// where the same question, asked in the blocks \p Apart, has the same answer.
/// \returns false if that takes too long.
static bool lookAgain(TranslationUnit &TU, const FlowFunction &F,
                      const std::set<int> &Apart, Watcher &W) {
  Simulation::Limits More;
  More.StatesPerBlock = 64;
  More.StepsPerBlock = 512;
  Watcher Second(TU, F);
  Simulation Sim(*F.Graph, TU.names(), Second, More);
  Sim.tellApart(Apart);
  if (!Sim.run() || Sim.joinedByForce())
    return false;
  for (auto It = W.Found.begin(); It != W.Found.end();)
    It = Second.Found.count(It->first) ? std::next(It) : W.Found.erase(It);
  return true;
}

/// As above, for all questions that \p F asks more than once: together, or else
/// each by itself.
static void lookAgain(TranslationUnit &TU, const FlowFunction &F, Watcher &W) {
  const std::vector<std::set<int>> Questions = W.correlated();
  std::set<int> All;
  for (const std::set<int> &Blocks : Questions)
    All.insert(Blocks.begin(), Blocks.end());
  if (All.empty() || lookAgain(TU, F, All, W))
    return;
  constexpr size_t MaxQuestions = 16;
  if (Questions.size() > 1 && Questions.size() <= MaxQuestions)
    for (const std::set<int> &Blocks : Questions)
      if (!W.Found.empty())
        lookAgain(TU, F, Blocks, W);
}

std::vector<Finding> race::findUseAfterRelease(TranslationUnit &TU) {
  std::vector<Finding> All;
  for (const FlowFunction &F : TU.flowFunctions()) {
    if (!F.Hints.UsesAfterHandBack)
      continue;
    Watcher W(TU, F);
    Simulation Sim(*F.Graph, TU.names(), W);
    if (!Sim.run())
      continue;
    if (!W.Found.empty())
      lookAgain(TU, F, W);
    for (auto &[Where, Result] : W.Found)
      All.push_back(std::move(Result));
  }
  return All;
}
