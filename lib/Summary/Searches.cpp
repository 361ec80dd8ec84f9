//===- Searches.cpp - Loops that look for an element ----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Searches.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace race;

static const Expr *strip(const Expr *E) {
  return E ? E->IgnoreImplicit()->IgnoreParenImpCasts() : nullptr;
}

/// The call of `begin()` that \p E is; null if it is none.
static const Expr *beginCall(const Expr *E) {
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(strip(E));
  const CXXMethodDecl *M = Call ? Call->getMethodDecl() : nullptr;
  if (!M || !M->getIdentifier() ||
      (M->getName() != "begin" && M->getName() != "cbegin"))
    return nullptr;
  return Call;
}

/// Whether \p S speaks of \p V.
static bool mentions(const Stmt *S, const ValueDecl *V) {
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    return Ref->getDecl() == V;
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return Child && mentions(Child, V);
  });
}

/// The first local variable or parameter that \p S speaks of.
static const ValueDecl *variableIn(const Stmt *S) {
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    if (const auto *V = dyn_cast<VarDecl>(Ref->getDecl());
        V && V->hasLocalStorage())
      return V;
  for (const Stmt *Child : S->children())
    if (Child)
      if (const ValueDecl *V = variableIn(Child))
        return V;
  return nullptr;
}

/// What \p Condition compares something of \p Element with, for equality.
static const ValueDecl *comparedWith(const Expr *Condition,
                                     const ValueDecl *Element) {
  Condition = strip(Condition);
  const Expr *A = nullptr, *B = nullptr;
  if (const auto *Op = dyn_cast<BinaryOperator>(Condition)) {
    if (Op->getOpcode() == BO_LAnd) {
      const ValueDecl *V = comparedWith(Op->getLHS(), Element);
      return V ? V : comparedWith(Op->getRHS(), Element);
    }
    // strcmp(element->name, key) == 0
    if (const auto *Call = dyn_cast<CallExpr>(strip(Op->getLHS()));
        Op->getOpcode() == BO_EQ && Call && Call->getNumArgs() >= 2) {
      const FunctionDecl *F = Call->getDirectCallee();
      if (F && F->getIdentifier() && F->getName().contains("cmp"))
        A = Call->getArg(0), B = Call->getArg(1);
    }
    if (Op->getOpcode() == BO_EQ && !A)
      A = Op->getLHS(), B = Op->getRHS();
  } else if (const auto *Not = dyn_cast<UnaryOperator>(Condition)) {
    // !strcmp(element->name, key)
    const auto *Call = dyn_cast<CallExpr>(strip(Not->getSubExpr()));
    const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
    if (Not->getOpcode() == UO_LNot && F && F->getIdentifier() &&
        Call->getNumArgs() >= 2 && F->getName().contains("cmp"))
      A = Call->getArg(0), B = Call->getArg(1);
  } else if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(Condition)) {
    if (Op->getOperator() == OO_EqualEqual && Op->getNumArgs() == 2)
      A = Op->getArg(0), B = Op->getArg(1);
  }
  if (!A)
    return nullptr;
  bool First = mentions(A, Element);
  if (First == mentions(B, Element))
    return nullptr;
  return variableIn(First ? B : A);
}

/// Whether \p S leaves the loop that it stands in.
static bool leaves(const Stmt *S) {
  if (isa<ReturnStmt, BreakStmt, GotoStmt>(S))
    return true;
  if (isa<CXXForRangeStmt, ForStmt, WhileStmt, DoStmt, SwitchStmt, LambdaExpr>(
          S))
    return false;
  return llvm::any_of(S->children(),
                      [](const Stmt *Child) { return Child && leaves(Child); });
}

/// By what the loop with this body looks for \p Element: `if (Element.Name ==
/// Key) return …`.
static Search searchFor(const Stmt *Body, const ValueDecl *Element) {
  Search S;
  if (const auto *If = dyn_cast<IfStmt>(Body)) {
    if (If->getCond() && leaves(If->getThen()))
      S.Key = comparedWith(If->getCond(), Element);
    if (S.Key)
      S.Test = If->getCond();
    return S;
  }
  if (isa<CompoundStmt>(Body))
    for (const Stmt *Child : Body->children()) {
      S = Child ? searchFor(Child, Element) : Search();
      if (S.Key)
        break;
    }
  return S;
}

static const ValueDecl *keyOf(const Stmt *Body, const ValueDecl *Element) {
  return searchFor(Body, Element).Key;
}

Search race::searchIn(const CXXForRangeStmt *Loop) {
  Search S;
  const DeclStmt *Begins = Loop->getBeginStmt();
  if (!Begins || !Begins->isSingleDecl() || !Loop->getBody())
    return S;
  const auto *Begin = dyn_cast<VarDecl>(Begins->getSingleDecl());
  const Expr *Call = Begin ? beginCall(Begin->getInit()) : nullptr;
  if (Call)
    S.Key = keyOf(Loop->getBody(), Loop->getLoopVariable());
  if (S.Key)
    S.Begin = Call;
  return S;
}

Search race::searchIn(const ForStmt *Loop) {
  Search S;
  const auto *Init = dyn_cast_or_null<DeclStmt>(Loop->getInit());
  if (!Init || !Loop->getBody())
    return S;
  for (const Decl *D : Init->decls()) {
    const auto *V = dyn_cast<VarDecl>(D);
    const Expr *Call = V ? beginCall(V->getInit()) : nullptr;
    if (!Call)
      continue;
    S.Key = keyOf(Loop->getBody(), V);
    if (S.Key)
      S.Begin = Call;
    break;
  }
  return S;
}

Search race::searchIn(const CallExpr *Call) {
  Search S;
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F || !F->getIdentifier() || !F->isInStdNamespace() ||
      Call->getNumArgs() < 3)
    return S;
  bool ByValue = F->getName() == "find" || F->getName() == "count";
  bool ByTest = llvm::StringSwitch<bool>(F->getName())
                    .Cases("find_if", "any_of", "none_of", "count_if", true)
                    .Default(false);
  const Expr *Begin = ByValue || ByTest ? beginCall(Call->getArg(0)) : nullptr;
  if (!Begin)
    return S;
  const Expr *By = strip(Call->getArg(2));
  if (ByValue) {
    S.Key = variableIn(By);
  } else if (const auto *Lambda = dyn_cast<LambdaExpr>(By)) {
    const CXXMethodDecl *Test = Lambda->getCallOperator();
    const auto *Body = dyn_cast_or_null<CompoundStmt>(Lambda->getBody());
    const auto *Return = Body && Body->size() == 1
                             ? dyn_cast<ReturnStmt>(Body->body_front())
                             : nullptr;
    if (Return && Return->getRetValue() && Test->getNumParams() == 1)
      S.Key = comparedWith(Return->getRetValue(), Test->getParamDecl(0));
  }
  if (S.Key)
    S.Begin = Begin;
  return S;
}

/// The variable or member that others see too, of which \p S reads the pointer
/// first.
static const Expr *pointerReadIn(const Stmt *S) {
  if (const auto *Read = dyn_cast<ImplicitCastExpr>(S);
      Read && Read->getCastKind() == CK_LValueToRValue &&
      Read->getType()->isPointerType()) {
    const Expr *From = Read->getSubExpr()->IgnoreParens();
    const auto *Ref = dyn_cast<DeclRefExpr>(From);
    const auto *V = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (isa<MemberExpr, ArraySubscriptExpr>(From) ||
        (V && V->hasGlobalStorage()))
      return From;
  }
  for (const Stmt *Child : S->children())
    if (Child)
      if (const Expr *From = pointerReadIn(Child))
        return From;
  return nullptr;
}

namespace {
/// `Variable = Value`, as an expression or declaration.
struct Assignment {
  const VarDecl *Variable = nullptr;
  const Expr *Value = nullptr;
};
} // namespace

static Assignment assignmentIn(const Stmt *S) {
  Assignment A;
  if (const auto *E = dyn_cast_or_null<Expr>(S))
    S = E->IgnoreParenImpCasts();
  if (const auto *D = dyn_cast_or_null<DeclStmt>(S); D && D->isSingleDecl()) {
    A.Variable = dyn_cast<VarDecl>(D->getSingleDecl());
    A.Value = A.Variable ? A.Variable->getInit() : nullptr;
  } else if (const auto *B = dyn_cast_or_null<BinaryOperator>(S)) {
    if (B->getOpcode() == BO_Comma)
      return assignmentIn(B->getLHS());
    const auto *Ref = B->getOpcode() == BO_Assign
                          ? dyn_cast<DeclRefExpr>(B->getLHS()->IgnoreParens())
                          : nullptr;
    A.Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    A.Value = B->getRHS();
  }
  if (!A.Value || !A.Variable || !A.Variable->hasLocalStorage() ||
      !A.Variable->getType()->isPointerType())
    return {};
  return A;
}

/// Whether \p S, not counting loops in it, sets \p V.
static bool sets(const Stmt *S, const VarDecl *V) {
  if (assignmentIn(S).Variable == V)
    return true;
  if (!isa<CompoundStmt>(S))
    return false;
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return Child && sets(Child, V);
  });
}

static Search listSearch(Assignment First, const Stmt *Body) {
  const Expr *Head = First.Value ? pointerReadIn(First.Value) : nullptr;
  Search S = Head ? searchFor(Body, First.Variable) : Search();
  if (S.Key)
    S.Begin = Head;
  return S;
}

Search race::listSearchIn(const ForStmt *Loop) {
  Assignment First = assignmentIn(Loop->getInit());
  if (!First.Variable || !Loop->getInc() || !Loop->getBody() ||
      !sets(Loop->getInc(), First.Variable))
    return {};
  return listSearch(First, Loop->getBody());
}

Search race::listSearchIn(const Stmt *Before, const WhileStmt *Loop) {
  Assignment First = assignmentIn(Before);
  if (!First.Variable || !mentions(Loop->getCond(), First.Variable) ||
      !sets(Loop->getBody(), First.Variable))
    return {};
  return listSearch(First, Loop->getBody());
}

/// The member of an element that \p Condition asks whether it is set, or equal
/// to a constant: `!Slots[I].Used`, `E->State == Idle`.
static StateSearch stateTested(const Expr *Condition) {
  StateSearch Found;
  Condition = strip(Condition);
  const Expr *Asked = Condition;
  if (const auto *Not = dyn_cast<UnaryOperator>(Condition)) {
    if (Not->getOpcode() != UO_LNot)
      return Found;
    Asked = strip(Not->getSubExpr());
  } else if (const auto *Op = dyn_cast<BinaryOperator>(Condition)) {
    if (Op->getOpcode() == BO_LAnd) {
      Found = stateTested(Op->getLHS());
      return Found.State ? Found : stateTested(Op->getRHS());
    }
    const auto *With = dyn_cast<DeclRefExpr>(strip(Op->getRHS()));
    if (!Op->isEqualityOp() ||
        !(isa<IntegerLiteral, CXXBoolLiteralExpr>(strip(Op->getRHS())) ||
          (With && isa<EnumConstantDecl>(With->getDecl()))))
      return Found;
    Asked = strip(Op->getLHS());
  }
  const auto *Member = dyn_cast<MemberExpr>(Asked);
  const auto *State =
      Member ? dyn_cast<FieldDecl>(Member->getMemberDecl()) : nullptr;
  if (!State || !State->getType()->isIntegralOrEnumerationType())
    return Found;
  const Expr *By = strip(Member->getBase());
  if (const auto *At = dyn_cast<ArraySubscriptExpr>(By))
    By = strip(At->getIdx());
  const auto *Ref = dyn_cast<DeclRefExpr>(By);
  const auto *V = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (V && V->hasLocalStorage() && V->getType()->isScalarType())
    Found = {V, State, Condition};
  return Found;
}

/// Whether \p S sets \p V, so that it stands for the next element.
static bool moves(const Stmt *S, const ValueDecl *V) {
  const Expr *Set = nullptr;
  if (const auto *B = dyn_cast<BinaryOperator>(S); B && B->isAssignmentOp())
    Set = B->getLHS();
  else if (const auto *U = dyn_cast<UnaryOperator>(S);
           U && U->isIncrementDecrementOp())
    Set = U->getSubExpr();
  const auto *Ref = Set ? dyn_cast<DeclRefExpr>(strip(Set)) : nullptr;
  return (Ref && Ref->getDecl() == V) ||
         llvm::any_of(S->children(), [&](const Stmt *Child) {
           return Child && moves(Child, V);
         });
}

static StateSearch stateSearchIn(const Stmt *Body) {
  if (const auto *If = dyn_cast_or_null<IfStmt>(Body))
    return If->getCond() && leaves(If->getThen()) ? stateTested(If->getCond())
                                                  : StateSearch();
  if (const auto *Block = dyn_cast_or_null<CompoundStmt>(Body))
    for (const Stmt *Child : Block->body())
      if (isa<IfStmt>(Child))
        if (StateSearch Found = stateSearchIn(Child); Found.State)
          return Found;
  return {};
}

StateSearch race::stateSearchIn(const Stmt *Loop, const Stmt *Body) {
  StateSearch Found = ::stateSearchIn(Body);
  return Found.State && moves(Loop, Found.Element) ? Found : StateSearch();
}

/// The condition on which \p S breaks out of a loop in it.
static const Expr *breaksOn(const Stmt *S) {
  if (const auto *If = dyn_cast<IfStmt>(S)) {
    const Stmt *Then = If->getThen();
    if (const auto *Block = dyn_cast<CompoundStmt>(Then);
        Block && Block->size() == 1)
      Then = Block->body_front();
    if (isa<BreakStmt>(Then))
      return If->getCond();
  }
  for (const Stmt *Child : S->children())
    if (Child)
      if (const Expr *Condition = breaksOn(Child))
        return Condition;
  return nullptr;
}

Search race::hashSearchIn(const DoStmt *S, const ASTContext &Ctx) {
  Search Found;
  if (!S->getBeginLoc().isMacroID() ||
      Lexer::getImmediateMacroName(S->getBeginLoc(), Ctx.getSourceManager(),
                                   Ctx.getLangOpts()) != "HASH_FIND")
    return Found;
  Found.Begin = pointerReadIn(S->getBody());
  Found.Test = breaksOn(S->getBody());
  if (!Found.Test)
    Found.Begin = nullptr;
  return Found;
}
