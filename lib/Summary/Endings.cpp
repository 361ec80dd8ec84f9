//===- Endings.cpp - Functions that do not return -------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions that turn an error code into an exception seldom say that they do
// not return, and clang's CFG goes on behind them.
//
//===----------------------------------------------------------------------===//

#include "race/Summary/CallEffects.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// Whether a statement within \p S is one of \p Kinds, not counting those of
/// lambdas.
template <typename... Kinds> static bool contains(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  return isa<Kinds...>(S) || llvm::any_of(S->children(), contains<Kinds...>);
}

/// Whether \p S, which does not return or jump, never comes to its end.
bool CallEffects::ends(const Stmt *S) const {
  if (!S)
    return false;
  if (const auto *X = dyn_cast<FullExpr>(S))
    return ends(X->getSubExpr());
  if (isa<CXXThrowExpr>(S))
    return true;
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    const FunctionDecl *F = Call->getDirectCallee();
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(F);
    if (!F || (Method && Method->isVirtual()))
      return false;
    // All effects of a body would be those of all that it calls.
    const FunctionModel *Model = M.lookup(F);
    return Scan.find(F) ? F->isNoReturn() || (Model && Model->NoReturn) ||
                              alwaysThrows(F)
                        : of(F).NoReturn;
  }
  if (const auto *Block = dyn_cast<CompoundStmt>(S))
    return llvm::any_of(Block->body(),
                        [&](const Stmt *Child) { return ends(Child); });
  if (const auto *If = dyn_cast<IfStmt>(S))
    return ends(If->getThen()) && ends(If->getElse());
  if (const auto *Label = dyn_cast<SwitchCase>(S))
    return ends(Label->getSubStmt());
  if (const auto *Switch = dyn_cast<SwitchStmt>(S)) {
    const auto *Body = dyn_cast<CompoundStmt>(Switch->getBody());
    bool Default = false;
    for (const SwitchCase *C = Switch->getSwitchCaseList(); C;
         C = C->getNextSwitchCase())
      Default |= isa<DefaultStmt>(C);
    return Default && Body && !Body->body_empty() &&
           !contains<BreakStmt>(Body) && ends(Body->body_back());
  }
  return false;
}

bool CallEffects::alwaysThrows(const FunctionDecl *F) const {
  const FunctionInfo *Body =
      F->getReturnType()->isVoidType() ? Scan.find(F) : nullptr;
  if (!Body || !F->getASTContext().getLangOpts().CXXExceptions)
    return false;
  // False for as long as it is being found out.
  auto [It, New] = Throws.try_emplace(Body->Decl->getCanonicalDecl(), false);
  if (!New)
    return It->second;
  const Stmt *Code = Body->Decl->getBody();
  bool Result = ends(Code) && !contains<ReturnStmt, GotoStmt>(Code);
  return Throws[Body->Decl->getCanonicalDecl()] = Result;
}
