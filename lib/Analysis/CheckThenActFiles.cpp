//===- CheckThenActFiles.cpp - Files that are asked for -------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "clang/AST/Decl.h"

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

bool CheckThenActWatcher::mentionsSecond(const FunctionDecl &Of) const {
  return mentions(&Of, {"EEXIST", "O_EXCL", "file_exists"});
}

/// Whether the function of this name makes files or folders.
static bool makesFile(StringRef Name) {
  return Name.starts_with("create") || Name.starts_with("mk") ||
         Name.starts_with("open") || Name.starts_with("fopen") ||
         Name == "creat";
}

/// Whether, on the path to \p S, the question at \p Asked found the file: the C
/// library's functions say so by zero, those that answer yes or no by yes.
static bool wasFound(const Simulation &Sim, const State &S, const Op &Asked,
                     Sym Answer) {
  if (!Answer || !Asked.Callee)
    return false;
  bool YesOrNo = Asked.Callee->getReturnType()->isBooleanType();
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
