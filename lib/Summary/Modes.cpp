//===- Modes.cpp - Ways to run that exclude each other --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Modes.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <utility>

using namespace clang;
using namespace race;

namespace {
/// A flag, or bits of one, and whether it is set.
struct Mode {
  const ValueDecl *Flag = nullptr;
  int64_t Bits = 0; ///< 0 for all of it
  bool Set = true;
};
} // namespace

static std::optional<int64_t> valueOf(const Expr *E, const ASTContext &Ctx) {
  Expr::EvalResult Result;
  if (E->isValueDependent() || !E->EvaluateAsInt(Result, Ctx))
    return std::nullopt;
  return Result.Val.getInt().getExtValue();
}

/// Adds the modes in which \p Condition is \p Truth.
static void addModes(const Expr *Condition, bool Truth, const ASTContext &Ctx,
                     llvm::SmallVectorImpl<Mode> &Modes) {
  const Expr *E = Condition->IgnoreParenImpCasts();
  if (const auto *U = dyn_cast<UnaryOperator>(E);
      U && U->getOpcode() == UO_LNot)
    return addModes(U->getSubExpr(), !Truth, Ctx, Modes);
  int64_t Bits = 0;
  if (const auto *B = dyn_cast<BinaryOperator>(E)) {
    // Both are what the whole is, if that is so.
    if (B->getOpcode() == (Truth ? BO_LAnd : BO_LOr)) {
      addModes(B->getLHS(), Truth, Ctx, Modes);
      return addModes(B->getRHS(), Truth, Ctx, Modes);
    }
    if (B->isEqualityOp()) {
      bool Same = (B->getOpcode() == BO_EQ) == Truth;
      for (const auto &[Side, Other] : {std::pair(B->getLHS(), B->getRHS()),
                                        std::pair(B->getRHS(), B->getLHS())})
        if (valueOf(Other, Ctx) == std::optional<int64_t>(0))
          return addModes(Side, !Same, Ctx, Modes);
      return;
    }
    std::optional<int64_t> Mask = valueOf(B->getRHS(), Ctx);
    if (B->getOpcode() != BO_And || !Mask || !*Mask)
      return;
    Bits = *Mask;
    E = B->getLHS()->IgnoreParenImpCasts();
  }
  const ValueDecl *Flag = nullptr;
  if (const auto *M = dyn_cast<MemberExpr>(E))
    Flag = M->getMemberDecl();
  else if (const auto *R = dyn_cast<DeclRefExpr>(E))
    if (const auto *V = dyn_cast<VarDecl>(R->getDecl());
        V && V->hasGlobalStorage())
      Flag = V;
  if (Flag && Flag->getType()->isIntegralOrEnumerationType())
    Modes.push_back({Flag, Bits, Truth});
}

/// The modes in which \p Wanted, a part of \p Part, runs.
/// \returns whether it was found.
static bool findModes(const Stmt *Part, const Stmt *Wanted,
                      const ASTContext &Ctx,
                      llvm::SmallVectorImpl<Mode> &Modes) {
  if (Part == Wanted)
    return true;
  for (const Stmt *Child : Part->children()) {
    if (!Child || !findModes(Child, Wanted, Ctx, Modes))
      continue;
    if (const auto *If = dyn_cast<IfStmt>(Part);
        If && (Child == If->getThen() || Child == If->getElse()))
      addModes(If->getCond(), Child == If->getThen(), Ctx, Modes);
    return true;
  }
  return false;
}

bool race::isInThreadlessMode(const FunctionDecl *F, const Stmt *S,
                              const CodeScan &Scan) {
  llvm::SmallVector<Mode, 2> Here;
  const ASTContext &Ctx = Scan.context();
  if (!F->getBody() || !findModes(F->getBody(), S, Ctx, Here) || Here.empty())
    return false;
  for (const auto &Starter : Scan.functions())
    for (const StartSite &Start : Starter->Starts) {
      llvm::SmallVector<Mode, 2> There;
      findModes(Starter->Decl->getBody(), Start.Call, Ctx, There);
      for (const Mode &A : Here)
        if (llvm::any_of(There, [&](const Mode &B) {
              return A.Flag == B.Flag && A.Bits == B.Bits && A.Set != B.Set;
            }))
          return true;
    }
  return false;
}
