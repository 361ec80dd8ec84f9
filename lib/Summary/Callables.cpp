//===- Callables.cpp - Where things that can be called go -----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Callables.h"
#include "Expressions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// `std::function<R(A)>` and its like in other libraries: a class template
/// whose first argument is a function type.
static bool isFunctionObject(const CXXRecordDecl *R) {
  const auto *S = dyn_cast_or_null<ClassTemplateSpecializationDecl>(R);
  if (!S || S->getTemplateArgs().size() == 0)
    return false;
  const TemplateArgument &First = S->getTemplateArgs()[0];
  return First.getKind() == TemplateArgument::Type &&
         First.getAsType()->isFunctionType();
}

static bool canHold(QualType T, unsigned Depth) {
  if (T.isNull() || Depth > 3)
    return false;
  T = T.getNonReferenceType();
  if (T->isFunctionType() || T->isFunctionPointerType() ||
      T->isMemberFunctionPointerType() || T->isBlockPointerType())
    return true;
  if (const auto *Array = dyn_cast<ArrayType>(T.getCanonicalType()))
    return canHold(Array->getElementType(), Depth);
  if (T->isPointerType())
    return canHold(T->getPointeeType(), Depth + 1);
  const RecordDecl *R = T->getAsRecordDecl();
  if (!R)
    return false;
  const auto *Class = dyn_cast<CXXRecordDecl>(R);
  if (Class && (Class->isLambda() || isFunctionObject(Class)))
    return true;
  // A container or smart pointer of such.
  if (const auto *S = dyn_cast<ClassTemplateSpecializationDecl>(R))
    for (const TemplateArgument &A : S->getTemplateArgs().asArray())
      if (A.getKind() == TemplateArgument::Type &&
          canHold(A.getAsType(), Depth + 1))
        return true;
  if (Class && Class->isInStdNamespace())
    return false;
  if (!R->isCompleteDefinition())
    return false;
  // A job or table entry: a structure that has one as a member of its own.
  for (const FieldDecl *F : R->fields()) {
    QualType FT = F->getType();
    const auto *Inner = FT->getAsCXXRecordDecl();
    if (FT->isFunctionPointerType() || (Inner && isFunctionObject(Inner)))
      return true;
  }
  return false;
}

bool race::canHoldCallable(QualType T) { return canHold(T, 0); }

static void collect(const Expr *E, CallableSources &Out, unsigned Depth) {
  if (!E || Depth > 10)
    return;
  E = unwrapped(E);
  auto More = [&](const Expr *X) { collect(X, Out, Depth + 1); };
  if (const auto *X = dyn_cast<CXXDefaultInitExpr>(E))
    return More(X->getExpr());
  if (const auto *X = dyn_cast<LambdaExpr>(E)) {
    Out.push_back(X->getCallOperator());
    return;
  }
  if (const auto *X = dyn_cast<UnaryOperator>(E))
    return More(X->getSubExpr());
  if (const auto *X = dyn_cast<ArraySubscriptExpr>(E))
    return More(X->getBase());
  if (const auto *X = dyn_cast<ConditionalOperator>(E)) {
    More(X->getTrueExpr());
    More(X->getFalseExpr());
    return;
  }
  if (const auto *X = dyn_cast<BinaryOperator>(E)) {
    // obj->*member, table + i
    if (X->isPtrMemOp())
      return More(X->getRHS());
    return X->isAdditiveOp() ? More(X->getLHS()) : void();
  }
  if (const auto *X = dyn_cast<CXXNewExpr>(E))
    return More(X->getConstructExpr());
  if (const auto *X = dyn_cast<InitListExpr>(E)) {
    for (const Expr *Init : X->inits())
      More(Init);
    return;
  }
  if (const auto *X = dyn_cast<CXXConstructExpr>(E)) {
    for (const Expr *Arg : X->arguments())
      More(Arg);
    return;
  }
  if (const auto *X = dyn_cast<CallExpr>(E)) {
    const FunctionDecl *F = X->getDirectCallee();
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(F);
    if (F && F->isInStdNamespace() && !Method) {
      // std::bind(f, ...), std::ref(f), std::move(f), std::make_pair(a, f)
      for (const Expr *Arg : X->arguments())
        More(Arg);
      return;
    }
    // queue.front(), queue.pop(), table[i], *it, it->second
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(X)) {
      if (canHoldCallable(X->getType()))
        More(Member->getImplicitObjectArgument());
    } else if (isa<CXXOperatorCallExpr>(X) && Method && X->getNumArgs() &&
               cast<CXXOperatorCallExpr>(X)->getOperator() != OO_Call) {
      More(X->getArg(0));
    }
    return;
  }
  auto AddHolder = [&](const ValueDecl *D, const Expr *Base) {
    if (const auto *F = dyn_cast<FunctionDecl>(D))
      Out.push_back(F);
    else if (canHoldCallable(D->getType()))
      Out.push_back(D);
    else if (Base)
      More(Base);
  };
  if (const auto *X = dyn_cast<MemberExpr>(E))
    return AddHolder(X->getMemberDecl(), X->getBase());
  if (const auto *X = dyn_cast<DeclRefExpr>(E)) {
    const auto *V = dyn_cast<VarDecl>(X->getDecl());
    // An iterator over what holds them stands for it.
    if (V && V->isLocalVarDecl() && !canHoldCallable(V->getType()))
      return V->getInit() ? More(V->getInit()) : void();
    AddHolder(X->getDecl(), nullptr);
  }
}

CallableSources race::callableSources(const Expr *E) {
  CallableSources Found;
  collect(E, Found, 0);
  llvm::sort(Found);
  Found.erase(std::unique(Found.begin(), Found.end()), Found.end());
  return Found;
}

static void addFields(const RecordDecl *R, CallableSources &Out,
                      unsigned Depth) {
  R = R ? R->getDefinition() : nullptr;
  if (!R || Depth > 2)
    return;
  for (const FieldDecl *F : R->fields()) {
    if (F->getType()->isFunctionPointerType())
      Out.push_back(F);
    else
      addFields(F->getType()->getAsRecordDecl(), Out, Depth + 1);
  }
}

CallableSources race::startedBy(const Expr *E) {
  if (!E)
    return {};
  // What sigaction and timer_create call is a member of what they get.
  QualType T = E->IgnoreParenImpCasts()->getType();
  CallableSources Found;
  if (T->isPointerType() && T->getPointeeType()->isRecordType())
    addFields(T->getPointeeType()->getAsRecordDecl(), Found, 0);
  return Found.empty() ? callableSources(E) : Found;
}

CallableSources race::calledThroughVariable(const CallExpr *E) {
  CallableSources Found;
  const FunctionDecl *Callee = E->getDirectCallee();
  if (!Callee) {
    Found = callableSources(E->getCallee());
  } else if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(E);
             Op && Op->getOperator() == OO_Call && Op->getNumArgs()) {
    const auto *M = dyn_cast<CXXMethodDecl>(Callee);
    if (M && (isFunctionObject(M->getParent()) || M->getParent()->isLambda()))
      Found = callableSources(Op->getArg(0));
  } else if (Callee->isInStdNamespace() && Callee->getIdentifier() &&
             (Callee->getName() == "invoke" || Callee->getName() == "apply") &&
             E->getNumArgs()) {
    Found = callableSources(E->getArg(0));
  }
  // A lambda or function that is called by its name is an ordinary call.
  llvm::erase_if(Found,
                 [](const NamedDecl *D) { return isa<FunctionDecl>(D); });
  return Found;
}

namespace {
class FlowVisitor : public RecursiveASTVisitor<FlowVisitor> {
  using Base = RecursiveASTVisitor<FlowVisitor>;

public:
  FlowVisitor(ASTContext &Ctx, EntityMapper &Entities, TUSummary &Out)
      : SM(Ctx.getSourceManager()), Entities(Entities), Out(Out) {}

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool TraverseTypeLoc(TypeLoc) { return true; }
  bool TraverseType(QualType) { return true; }

  bool TraverseDecl(Decl *D) {
    if (!D)
      return true;
    if (D->getDeclContext() && D->getDeclContext()->isFileContext() &&
        SM.isInSystemHeader(D->getLocation()))
      return true;
    if (auto *F = dyn_cast<FunctionDecl>(D); F && F->isDependentContext())
      return Base::TraverseDecl(F);
    return Base::TraverseDecl(D);
  }

  bool VisitVarDecl(VarDecl *V) {
    if (const Expr *Init = V->getInit())
      if (!Init->isValueDependent() && canHoldCallable(V->getType()))
        flow(Init, V);
    return true;
  }

  bool VisitLambdaExpr(LambdaExpr *E) {
    // [cb = std::move(cb)]
    for (unsigned I = 0; I < E->capture_size(); ++I) {
      const LambdaCapture &C = E->capture_begin()[I];
      if (!E->isInitCapture(&C))
        continue;
      if (auto *V = dyn_cast<VarDecl>(C.getCapturedVar()))
        VisitVarDecl(V);
    }
    return true;
  }

  bool VisitCXXForRangeStmt(CXXForRangeStmt *S) {
    if (VarDecl *V = S->getLoopVariable())
      if (canHoldCallable(V->getType()) && S->getRangeInit())
        flow(S->getRangeInit(), V);
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *E) {
    if (E->getOpcode() == BO_Assign)
      assign(E->getLHS(), E->getRHS());
    return true;
  }

  bool VisitCXXConstructorDecl(CXXConstructorDecl *C) {
    if (C->isDependentContext())
      return true;
    for (const CXXCtorInitializer *I : C->inits())
      if (FieldDecl *F = I->getMember())
        if (canHoldCallable(F->getType()))
          flow(I->getInit(), F);
    return true;
  }

  bool VisitFieldDecl(FieldDecl *F) {
    if (F->hasInClassInitializer() && F->getInClassInitializer() &&
        !F->getParent()->isDependentContext() && canHoldCallable(F->getType()))
      flow(F->getInClassInitializer(), F);
    return true;
  }

  bool VisitInitListExpr(InitListExpr *E) {
    if (InitListExpr *Semantic = E->getSemanticForm())
      E = Semantic;
    const RecordDecl *R = E->getType()->getAsRecordDecl();
    if (!R || R->isUnion())
      return true;
    unsigned I = 0;
    if (const auto *Class = dyn_cast<CXXRecordDecl>(R))
      I = Class->getNumBases();
    for (const FieldDecl *F : R->fields()) {
      if (F->isUnnamedBitField())
        continue;
      if (I >= E->getNumInits())
        break;
      if (canHoldCallable(F->getType()))
        flow(E->getInit(I), F);
      ++I;
    }
    return true;
  }

  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    passTo(E->getConstructor(), llvm::ArrayRef(E->getArgs(), E->getNumArgs()),
           false);
    return true;
  }

  bool VisitCallExpr(CallExpr *E) {
    const FunctionDecl *Callee = E->getDirectCallee();
    llvm::ArrayRef<const Expr *> Args(E->getArgs(), E->getNumArgs());
    for (const NamedDecl *Holder : calledThroughVariable(E)) {
      // The first operand of operator() is the object.
      auto Passed = isa<CXXOperatorCallExpr>(E) ? Args.drop_front() : Args;
      pass(Entities.entity(Holder), Passed, /*Through=*/true, false);
    }
    if (!Callee)
      return true;
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
    if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(E)) {
      if (Op->isAssignmentOp() && Args.size() == 2)
        assign(Args[0], Args[1]);
      if (Method && Method->isInstance())
        Args = Args.drop_front();
    }
    // make_unique<T>(args) constructs.
    if (const CXXConstructorDecl *C = constructedBy(E, Callee))
      return passTo(C, Args, false), true;
    // queue.push_back(f): what is kept in a container is not told apart.
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E);
        Member &&
        (SM.isInSystemHeader(Callee->getLocation()) || !Callee->hasBody())) {
      CallableSources To;
      if (canHoldCallable(Member->getImplicitObjectArgument()->getType()))
        To = callableSources(Member->getImplicitObjectArgument());
      for (const NamedDecl *D : To)
        if (!isa<FunctionDecl>(D))
          for (const Expr *Arg : Args)
            flow(Arg, D);
    }
    passTo(Callee, Args,
           Method && Method->isVirtual() && !Method->hasAttr<FinalAttr>());
    return true;
  }

private:
  /// `std::make_shared<T>(args)`: the constructor of T that it runs, as far as
  /// the number of arguments tells.
  const CXXConstructorDecl *constructedBy(const CallExpr *E,
                                          const FunctionDecl *Callee) const {
    if (!Callee->isInStdNamespace() || !Callee->getIdentifier() ||
        !Callee->getName().starts_with("make_"))
      return nullptr;
    const auto *Pointer = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
        E->getType()->getAsCXXRecordDecl());
    if (!Pointer || Pointer->getTemplateArgs().size() == 0 ||
        Pointer->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
      return nullptr;
    const CXXRecordDecl *Made =
        Pointer->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
    if (!Made || !Made->hasDefinition())
      return nullptr;
    const CXXConstructorDecl *Found = nullptr;
    for (const CXXConstructorDecl *C : Made->ctors()) {
      if (C->isCopyOrMoveConstructor() || C->isImplicit() ||
          E->getNumArgs() > C->getNumParams() ||
          E->getNumArgs() < C->getMinRequiredArguments())
        continue;
      if (Found)
        return nullptr;
      Found = C;
    }
    return Found;
  }

  void assign(const Expr *To, const Expr *From) {
    if (!canHoldCallable(To->getType()))
      return;
    for (const NamedDecl *D : callableSources(To))
      if (!isa<FunctionDecl>(D))
        flow(From, D);
  }

  void flow(const Expr *From, const NamedDecl *To) {
    for (const NamedDecl *D : callableSources(From)) {
      if (D == To)
        continue;
      Out.Flows.push_back({Entities.entity(D), Entities.entity(To)});
    }
  }

  void passTo(const FunctionDecl *Callee, llvm::ArrayRef<const Expr *> Args,
              bool Virtual) {
    if (Callee && !SM.isInSystemHeader(Callee->getLocation()))
      pass(Entities.entity(Callee), Args, /*Through=*/false, Virtual);
  }

  void pass(EntityId Callee, llvm::ArrayRef<const Expr *> Args, bool Through,
            bool Virtual) {
    for (unsigned I = 0; I < Args.size(); ++I)
      if (canHoldCallable(Args[I]->getType()))
        for (const NamedDecl *D : callableSources(Args[I]))
          Out.Arguments.push_back(
              {Callee, I, Entities.entity(D), Through, Virtual});
  }

  const SourceManager &SM;
  EntityMapper &Entities;
  TUSummary &Out;
};
} // namespace

void race::findCallableFlows(ASTContext &Ctx, EntityMapper &Entities,
                             TUSummary &Out) {
  FlowVisitor V(Ctx, Entities, Out);
  for (Decl *D : Ctx.getTraversalScope()) {
    if (auto *TU = dyn_cast<TranslationUnitDecl>(D)) {
      for (Decl *Top : TU->decls())
        V.TraverseDecl(Top);
      continue;
    }
    V.TraverseDecl(D);
  }
}
