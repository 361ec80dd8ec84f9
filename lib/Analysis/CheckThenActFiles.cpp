//===- CheckThenActFiles.cpp - Files that are asked for -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

namespace {
/// Where the value of a path comes from.
struct Source {
  /// The location that it was read from; 0 if it is not that simple.
  Loc Where = 0;
  /// The value there, which may be a whole with parts.
  Sym Value = 0;
};
} // namespace

static Source sourceOf(const Memory &M, Sym Key) {
  for (unsigned Depth = 0; Key && Depth < 6; ++Depth) {
    const Memory::SymInfo &I = M.symbol(Key);
    if (I.Kind == Memory::SymKind::Initial ||
        I.Kind == Memory::SymKind::Changed || I.Kind == Memory::SymKind::Merge)
      return {I.Where, Key};
    if (I.Kind != Memory::SymKind::Derive || I.B)
      return {};
    Key = I.A;
  }
  return {};
}

/// Whether \p L is a part of the value \p Whole, wherever that is kept.
static bool isPartOf(const Memory &M, Loc L, Sym Whole) {
  const Memory::LocInfo &Root = M.info(M.rootOf(L));
  return Root.Kind == Memory::LocKind::Temp && Root.Id == Whole;
}

/// Whether the names of files \p A and \p B are the same, as one object of a
/// class for paths gives them: one comes from the object, the other from what
/// it keeps in itself.
bool CheckThenActWatcher::samePath(const Memory &M, Sym A, Sym B) {
  Source From = sourceOf(M, A), Other = sourceOf(M, B);
  if (!From.Where || !Other.Where)
    return false;
  return M.isWithin(From.Where, Other.Where) ||
         M.isWithin(Other.Where, From.Where) ||
         isPartOf(M, From.Where, Other.Value) ||
         isPartOf(M, Other.Where, From.Value);
}

/// Whether the atomic operation says by its result that somebody was first, and
/// that is taken for an error: so do the C library's functions for files, and
/// those that pass on what these say.
bool CheckThenActWatcher::fails(const Simulation &Sim, const Op &O,
                                const ContainerEffect &Act) const {
  if (Act.Of != StateKind::Files || !O.Callee || O.Kind != OpKind::Call ||
      !Sim.graph().Calls[O.Index].ResultUsed ||
      !O.Callee->getReturnType()->isIntegerType())
    return false;
  const FunctionInfo *Body = TU.scan().find(O.Callee);
  return O.Callee->isExternC() || (Body && !mentionsSecond(*Body->Decl));
}

/// Whether the function of this name makes files or folders.
static bool makesFile(StringRef Name) {
  Name.consume_front("g_");
  return Name.starts_with("create") || Name.starts_with("mk") ||
         Name.starts_with("open") || Name.starts_with("fopen") ||
         Name == "creat";
}

/// Whether \p Q was asked until the file was gone, and the act at \p O makes it
/// once: who waits for that wants to have it, and loses if another was faster.
bool CheckThenActWatcher::waitsUntilGone(const Simulation &Sim, const Op &O,
                                         const ContainerEffect &Act,
                                         const OpenQuery &Q) const {
  return Act.Of == StateKind::Files && makesFile(Act.Name) &&
         Q.Effect != OpenQuery::PlainRead && Sim.inLoop(Q.OpId) &&
         !Sim.inLoop(O.Id) && !mentions(F, {"EEXIST", "file_exists"});
}

bool CheckThenActWatcher::mentionsSecond(const FunctionDecl &Of) const {
  return mentions(&Of, {"EEXIST", "O_EXCL", "file_exists"});
}

/// Whether \p F gives a truth value, and not zero when all is well.
static bool saysYesOrNo(const FunctionDecl &F) {
  QualType T = F.getReturnType();
  const auto *Named = T->getAs<TypedefType>();
  return T->isBooleanType() ||
         (Named && Named->getDecl()->getName().contains_insensitive("bool"));
}

/// Whether, on the path to \p S, the question at \p Asked found the file: the C
/// library's functions say so by zero, those that answer yes or no by yes.
static bool wasFound(const Simulation &Sim, const State &S, const Op &Asked,
                     Sym Answer) {
  if (!Answer || !Asked.Callee)
    return false;
  bool YesOrNo = saysYesOrNo(*Asked.Callee);
  if (S.truth(Sim.memory(), Answer) == std::optional<bool>(YesOrNo))
    return true;
  State Failed = S;
  return !YesOrNo && !Failed.assumeEqual(Sim.memory(), Answer, -1, true);
}

/// Whether the act on a file is of little interest. What makes a file that was
/// not there is sure to be meant for that; what changes one that was found
/// mostly belongs to a program that has it alone.
bool CheckThenActWatcher::isApart(const Simulation &Sim, const State &S,
                                  const ContainerEffect &Act,
                                  const OpenQuery &Q) {
  return !makesFile(Act.Name) || wasFound(Sim, S, Sim.op(Q.OpId), Q.Answer);
}

/// The location in what the call \p OpId left in a variable that \p V was
/// computed from; 0 if it was not.
static Loc leftBy(const Memory &M, Sym V, unsigned OpId, unsigned Depth = 0) {
  if (!V || Depth > 6)
    return 0;
  const Memory::SymInfo &I = M.symbol(V);
  if (I.Kind == Memory::SymKind::Initial && I.Where) {
    const Memory::LocInfo &Root = M.info(M.rootOf(I.Where));
    if (Root.Kind != Memory::LocKind::Temp)
      return 0;
    const Memory::SymInfo &Whole = M.symbol(Root.Id);
    return Whole.Kind == Memory::SymKind::Changed && Whole.Id == OpId ? I.Where
                                                                      : 0;
  }
  if (I.Kind != Memory::SymKind::Derive && I.Kind != Memory::SymKind::Compare)
    return 0;
  Loc L = leftBy(M, I.A, OpId, Depth + 1);
  return L ? L : leftBy(M, I.B, OpId, Depth + 1);
}

/// Takes note that the branch on \p C asks what kind of file it is that a
/// question found, or whose it is.
void CheckThenActWatcher::noteKind(const Simulation &Sim, const State &S,
                                   Sym C) {
  const Memory &M = Sim.memory();
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect == OpenQuery::PlainRead || !Q.Key ||
        Sim.effects(Sim.op(Q.OpId)).Containers[Q.Effect].Of != StateKind::Files)
      continue;
    Loc Member = leftBy(M, C, Q.OpId);
    const auto *Asked = Member ? dyn_cast_or_null<FieldDecl>(
                                     TU.entities().decl({M.info(Member).Id}))
                               : nullptr;
    if (!Asked || !Asked->getIdentifier())
      continue;
    StringRef Name = Asked->getName();
    if (Name == "st_mode" || Name == "st_uid" || Name == "st_ino" ||
        Name == "st_nlink")
      KindTests[Q.OpId].insert(Sim.block());
  }
}

/// A file is opened by its name, of which was asked what kind of file it
/// stands for. Mostly that is asked for the user's sake, or nobody else can put
/// another file there: graded apart.
void CheckThenActWatcher::onOpened(const Simulation &Sim, const State &S,
                                   const Op &O, const ContainerEffect &Open,
                                   Sym Key) {
  StringRef Opens = Open.Name;
  Opens.consume_front("g_");
  if (!Opens.starts_with("open") && !Opens.starts_with("fopen"))
    return;
  for (const OpenQuery &Q : S.Queries) {
    auto It = KindTests.find(Q.OpId);
    if (It == KindTests.end() || !Key || !Q.Key ||
        !(Q.Key == Key || samePath(Sim.memory(), Q.Key, Key)) ||
        mentions(F, {"fstat", "O_NOFOLLOW", "O_EXCL"}))
      continue;
    bool Decides = llvm::any_of(
        It->second, [&](int Block) { return Sim.decides(Block, Sim.block()); });
    if (!Decides || !FilesSeen.insert(O.Id).second)
      continue;
    const Op &Asked = Sim.op(Q.OpId);
    Finding R = start(Sim, O, "kind of file", "file system");
    R.Files = true;
    R.Why = Evidence::Named;
    R.Message = "check-then-act on 'file system': what " + nameOfOp(Sim, O) +
                " opens need not be what " + nameOfOp(Sim, Asked) +
                " looked at by the same name";
    R.Notes.push_back({placeOf(Sim, Asked),
                       "looked at here; open it first, and ask 'fstat' "
                       "what was opened"});
    R.Interleaving = {{1, placeOf(Sim, Asked), "finds what it may open"},
                      {2, Anchor(), "puts something else in its place"},
                      {1, R.Place, "opens that"}};
    Found.push_back(std::move(R));
  }
}
