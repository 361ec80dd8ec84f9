//===- Lowering.cpp - From clang's CFG to a FlowGraph ---------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/Diagnostic.h"

using namespace clang;
using namespace race;

namespace {
/// Looks for what did not compile.
class BrokenCode : public RecursiveASTVisitor<BrokenCode> {
public:
  bool VisitExpr(Expr *E) {
    return note(E->containsErrors() || E->getType().isNull());
  }
  bool VisitVarDecl(VarDecl *V) {
    return note(V->isInvalidDecl() || isIncomplete(V->getType()));
  }
  static bool isIncomplete(QualType T) {
    if (T.isNull())
      return true;
    T = T.getNonReferenceType();
    while (const ArrayType *A = T->getAsArrayTypeUnsafe())
      T = A->getElementType();
    const CXXRecordDecl *R = T->getAsCXXRecordDecl();
    return R && (!R->hasDefinition() || R->isInvalidDecl());
  }
  bool Found = false;

private:
  bool note(bool Broken) {
    Found |= Broken;
    return !Found;
  }
};
} // namespace

bool race::isBroken(const FunctionDecl *F) {
  // What was read from a precompiled header may have errors of its own.
  const ASTContext &Ctx = F->getASTContext();
  if (!Ctx.getDiagnostics().hasErrorOccurred() && !Ctx.getExternalSource())
    return false;
  BrokenCode Finder;
  Finder.TraverseStmt(F->getBody());
  if (const auto *C = dyn_cast<CXXConstructorDecl>(F))
    for (const CXXCtorInitializer *I : C->inits())
      Finder.TraverseStmt(I->getInit());
  if (isa<CXXConstructorDecl, CXXDestructorDecl>(F)) {
    const CXXRecordDecl *R = cast<CXXMethodDecl>(F)->getParent();
    Finder.Found |= R->isInvalidDecl();
    for (const FieldDecl *Field : R->fields())
      Finder.Found |= Field->isInvalidDecl() ||
                      (!Field->getType()->isReferenceType() &&
                       BrokenCode::isIncomplete(Field->getType()));
    for (const CXXBaseSpecifier &Base : R->bases())
      Finder.Found |= BrokenCode::isIncomplete(Base.getType());
  }
  return Finder.Found;
}

std::unique_ptr<FlowGraph> FlowGraph::build(const FunctionDecl *F,
                                            EntityMapper &Entities,
                                            unsigned MaxBlocks) {
  const Stmt *Body = F->getBody();
  if (!Body || F->isInvalidDecl() || F->isDependentContext())
    return nullptr;
  // clang's own CFG builder trips over what broken code leaves behind.
  if (isBroken(F))
    return nullptr;

  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true;
  Options.AddTemporaryDtors = true;
  Options.AddInitializers = true;
  Options.AddLifetime = true;
  Options.AddCXXDefaultInitExprInCtors = true;
  Options.setAllAlwaysAdd();
  std::unique_ptr<CFG> Cfg =
      CFG::buildCFG(F, const_cast<Stmt *>(Body), &F->getASTContext(), Options);
  if (!Cfg || Cfg->getNumBlockIDs() > MaxBlocks)
    return nullptr;

  auto G = std::make_unique<FlowGraph>();
  G->Function = F;
  Lowering(F, *Cfg, Entities, *G).run();
  // Of setjmp() nobody draws where it comes back from, and with what.
  for (const CallInfo &Call : G->Calls)
    if (Call.Callee && Call.Callee->hasAttr<ReturnsTwiceAttr>())
      return nullptr;
  return G;
}

void Lowering::run() {
  G.Blocks.resize(Cfg.getNumBlockIDs());
  G.Entry = Cfg.getEntry().getBlockID();
  G.Exit = Cfg.getExit().getBlockID();
  for (const ParmVarDecl *P : F->parameters())
    local(P);

  std::vector<const CFGBlock *> ById(G.Blocks.size());
  for (const CFGBlock *B : Cfg) {
    ById[B->getBlockID()] = B;
    G.Blocks[B->getBlockID()].Aborts = B->hasNoReturnElement();
    // A call that does not return and a throw do not get to the function's
    // normal end, to which clang draws an edge for them.
    bool Ends = B->hasNoReturnElement();
    for (const CFGElement &E : *B)
      if (auto S = E.getAs<CFGStmt>())
        Ends |= isa<CXXThrowExpr>(S->getStmt());
    for (const CFGBlock::AdjacentBlock &S : B->succs()) {
      const CFGBlock *To = S.getReachableBlock();
      if (Ends && To == &Cfg.getExit())
        To = nullptr;
      G.Blocks[B->getBlockID()].Succs.push_back(To ? int(To->getBlockID())
                                                   : -1);
    }
  }
  findHandlers();
  orderBlocks();
  // Operands are assigned before they are used along every path, so visiting
  // in reverse postorder finds them.
  for (int B : G.Order) {
    Current = B;
    for (const CFGElement &E : *ById[B])
      lowerElement(E);
    lowerTerminator(*ById[B], G.Blocks[B]);
  }
  keepLoopsTogether();
  placeCopies();
  findLiveRegisters();
  unsigned Id = 0;
  for (FlowBlock &B : G.Blocks)
    for (Op &O : B.Ops)
      O.Id = Id++;
}

namespace {
/// Finds what may throw in a try block, and the variables that end with it.
class TryBody : public RecursiveASTVisitor<TryBody> {
public:
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool VisitCallExpr(CallExpr *E) {
    Calls.push_back(E);
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    Calls.push_back(E);
    return true;
  }
  bool VisitVarDecl(VarDecl *V) {
    if (V->hasLocalStorage())
      Locals.push_back(V);
    return true;
  }
  std::vector<const Stmt *> Calls;
  std::vector<const VarDecl *> Locals;
};
} // namespace

void Lowering::findHandlers() {
  // Inner ones last, so that they win.
  std::vector<std::pair<const CXXTryStmt *, int>> Tries;
  for (auto It = Cfg.try_blocks_begin(); It != Cfg.try_blocks_end(); ++It)
    if (const auto *T =
            dyn_cast_or_null<CXXTryStmt>((*It)->getTerminatorStmt()))
      Tries.push_back({T, (*It)->getBlockID()});
  llvm::sort(Tries, [](const auto &A, const auto &B) {
    SourceRange X = A.first->getSourceRange(), Y = B.first->getSourceRange();
    return X.getBegin() != Y.getBegin() ? X.getBegin() < Y.getBegin()
                                        : Y.getEnd() < X.getEnd();
  });
  for (const auto &[Try, Block] : Tries) {
    G.Blocks[Block].Dispatches = true;
    // An exception that nobody catches is no normal end.
    for (int &To : G.Blocks[Block].Succs)
      if (To == G.Exit)
        To = -1;
    TryBody Body;
    Body.TraverseStmt(const_cast<CompoundStmt *>(Try->getTryBlock()));
    for (const Stmt *S : Body.Calls)
      HandlerOf[S] = Block;
    for (const VarDecl *V : Body.Locals)
      G.Blocks[Block].Unwinds.push_back(local(V));
  }
  if (HandlerOf.empty())
    return;
  for (const CFGBlock *B : Cfg)
    for (const CFGElement &E : *B)
      if (auto S = E.getAs<CFGStmt>()) {
        auto It = HandlerOf.find(S->getStmt());
        auto &Handlers = G.Blocks[B->getBlockID()].Handlers;
        if (It != HandlerOf.end() && !llvm::is_contained(Handlers, It->second))
          Handlers.push_back(It->second);
      }
}

/// Whether \p B is what a constructor initializes a member with: since C++17 no
/// temporary, though clang's CFG may show its end.
bool Lowering::isMemberItself(const CXXBindTemporaryExpr *B) const {
  const auto *C = dyn_cast<CXXConstructorDecl>(F);
  return C && llvm::any_of(C->inits(), [&](const CXXCtorInitializer *I) {
           const Expr *Init = I->getInit();
           if (const auto *D = dyn_cast_or_null<CXXDefaultInitExpr>(Init))
             Init = D->getExpr();
           return Init && Init->IgnoreUnlessSpelledInSource() ==
                              B->IgnoreUnlessSpelledInSource();
         });
}

void Lowering::lowerElement(const CFGElement &E) {
  switch (E.getKind()) {
  case CFGElement::Statement:
  case CFGElement::Constructor:
  case CFGElement::CXXRecordTypedCall: {
    const Stmt *S = E.castAs<CFGStmt>().getStmt();
    if (const auto *D = dyn_cast<DeclStmt>(S))
      return lowerDecl(D);
    if (const auto *R = dyn_cast<ReturnStmt>(S))
      return lowerReturn(R);
    if (const auto *X = dyn_cast<Expr>(S))
      lower(X);
    return;
  }
  case CFGElement::Initializer:
    return lowerInitializer(E.castAs<CFGInitializer>().getInitializer());
  case CFGElement::AutomaticObjectDtor: {
    auto D = E.castAs<CFGAutomaticObjDtor>();
    return destroy(D.getVarDecl(), D.getTriggerStmt());
  }
  case CFGElement::TemporaryDtor: {
    const CXXBindTemporaryExpr *B =
        E.castAs<CFGTemporaryDtor>().getBindTemporaryExpr();
    auto It = Registers.find(B->getSubExpr());
    if (It != Registers.end() && !isMemberItself(B)) {
      callDestructor(It->second, B->getType(), B, B->getEndLoc());
      Op &D = emit(OpKind::Destroy, B);
      D.A = It->second;
      D.Value = 1; // a temporary: does not make its call's result used
    }
    return;
  }
  case CFGElement::MemberDtor: {
    const FieldDecl *Field = E.castAs<CFGMemberDtor>().getFieldDecl();
    Reg Object = deref(emitTo(OpKind::This, nullptr), nullptr);
    return destroyMember(Object, Field, nullptr, F->getBody()->getEndLoc(), 0);
  }
  case CFGElement::BaseDtor: {
    Reg Object = deref(emitTo(OpKind::This, nullptr), nullptr);
    return callDestructor(Object,
                          E.castAs<CFGBaseDtor>().getBaseSpecifier()->getType(),
                          nullptr, F->getBody()->getEndLoc());
  }
  case CFGElement::LifetimeEnds: {
    auto L = E.castAs<CFGLifetimeEnds>();
    emit(OpKind::EndOfLife, L.getTriggerStmt()).Index = local(L.getVarDecl());
    return;
  }
  default:
    return;
  }
}

void Lowering::lowerInitializer(const CXXCtorInitializer *I) {
  const Expr *Init = I->getInit();
  if (!I->isAnyMemberInitializer()) {
    lower(Init);
    return;
  }
  Reg Value = I->getAnyMember()->getType()->isReferenceType()
                  ? emitTo(OpKind::AddrOf, Init, location(Init))
                  : value(Init);
  Reg Object = deref(emitTo(OpKind::This, Init), Init);
  Reg Member = emitTo(OpKind::Field, Init, Object);
  G.Blocks[Current].Ops.back().Entity = Entities.entity(I->getAnyMember());
  Op &Store = emit(OpKind::Store, Init);
  Store.A = Member;
  Store.B = Value;
  Store.Loc = I->getSourceLocation();
}

void Lowering::lowerDecl(const DeclStmt *S) {
  for (const Decl *D : S->decls()) {
    const auto *V = dyn_cast<VarDecl>(D);
    if (!V || V->isInvalidDecl())
      continue;
    const Expr *Init = V->getInit();
    if (!Init) {
      // What an uninitialised variable holds is nobody's resource.
      continue;
    }
    Reg Value = V->getType()->isReferenceType()
                    ? emitTo(OpKind::AddrOf, Init, location(Init))
                    : value(Init);
    // A static local is initialised once, not each time control passes.
    if (V->isStaticLocal())
      continue;
    Reg Where = emitTo(OpKind::Local, S);
    G.Blocks[Current].Ops.back().Index = local(V);
    Op &Store = emit(OpKind::Store, S);
    Store.A = Where;
    Store.B = Value;
    Store.Loc = V->getLocation();
    lowerAggregate(Where, Init);
  }
}

void Lowering::lowerAggregate(Reg Where, const Expr *Init) {
  const auto *List = dyn_cast<InitListExpr>(Init->IgnoreImplicit());
  const RecordDecl *R = List ? List->getType()->getAsRecordDecl() : nullptr;
  if (!R || R->isUnion())
    return;
  if (const auto *C = dyn_cast<CXXRecordDecl>(R); C && C->getNumBases())
    return;
  unsigned I = 0;
  for (const FieldDecl *Field : R->fields()) {
    if (Field->isUnnamedBitField())
      continue;
    if (I >= List->getNumInits())
      return;
    const Expr *E = List->getInit(I++);
    Reg Value = Field->getType()->isReferenceType()
                    ? emitTo(OpKind::AddrOf, E, location(E))
                    : value(E);
    Reg Member = emitTo(OpKind::Field, E, Where);
    G.Blocks[Current].Ops.back().Entity = Entities.entity(Field);
    Op &Store = emit(OpKind::Store, E);
    Store.A = Member;
    Store.B = Value;
  }
}

void Lowering::lowerReturn(const ReturnStmt *S) {
  Reg Value = NoReg;
  if (const Expr *E = S->getRetValue()) {
    if (E->isGLValue() && F->getReturnType()->isReferenceType())
      Value = emitTo(OpKind::AddrOf, E, location(E));
    else if (!E->getType()->isVoidType())
      Value = value(E);
    else
      lower(E);
  }
  emit(OpKind::Return, S).A = Value;
}

/// The operand of && and || whose value a block ends with.
static const Expr *lastOperand(const Expr *E) {
  E = E->IgnoreParens();
  while (const auto *B = dyn_cast<BinaryOperator>(E)) {
    if (!B->isLogicalOp())
      break;
    E = B->getRHS()->IgnoreParens();
  }
  return E;
}

void Lowering::lowerTerminator(const CFGBlock &B, FlowBlock &Out) {
  const Stmt *Term = B.getTerminatorStmt();
  if (!Term || Out.Succs.size() < 2 || !B.getTerminator().isStmtBranch())
    return;

  if (const auto *Switch = dyn_cast<SwitchStmt>(Term)) {
    Out.Condition = value(Switch->getCond());
    for (const CFGBlock::AdjacentBlock &S : B.succs()) {
      const CFGBlock *Case = S.getReachableBlock();
      if (!Case)
        Case = S.getPossiblyUnreachableBlock();
      std::optional<int64_t> Value;
      const auto *Label =
          Case ? dyn_cast_or_null<CaseStmt>(Case->getLabel()) : nullptr;
      if (Label && !Label->getRHS()) {
        Expr::EvalResult R;
        if (!Label->getLHS()->isValueDependent() &&
            Label->getLHS()->EvaluateAsInt(R, Ctx))
          Value = R.Val.getInt().getExtValue();
      }
      Out.Cases.push_back(Value);
    }
    return;
  }

  const Expr *Cond = nullptr;
  if (isa<CXXForRangeStmt>(Term)) {
    Cond = cast<CXXForRangeStmt>(Term)->getCond();
  } else if (const auto *Logical = dyn_cast<BinaryOperator>(Term)) {
    // The block decides on the left operand whether the right one runs.
    if (Logical->isLogicalOp())
      Cond = lastOperand(Logical->getLHS());
  } else if (const Stmt *C = B.getTerminatorCondition()) {
    if (const auto *E = dyn_cast<Expr>(C))
      Cond = lastOperand(E);
  }
  if (Cond && Out.Succs.size() == 2)
    Out.Condition = value(Cond);
}

void Lowering::placeCopies() {
  // `?:` and friends: each arm's value goes to the common register right where
  // it is computed; whichever arm ran last has set it.
  llvm::DenseMap<Reg, SmallVector<Reg, 1>> TargetsOf;
  for (auto [To, From] : Copies)
    TargetsOf[From].push_back(To);
  if (TargetsOf.empty())
    return;
  for (FlowBlock &B : G.Blocks) {
    std::vector<Op> Ops;
    Ops.reserve(B.Ops.size());
    for (const Op &O : B.Ops) {
      Ops.push_back(O);
      if (O.Dst < 0 || O.Kind == OpKind::Copy)
        continue;
      auto Targets = TargetsOf.find(O.Dst);
      if (Targets == TargetsOf.end())
        continue;
      // The last to be noted comes first, as the innermost is noted first.
      for (Reg To : llvm::reverse(Targets->second)) {
        Op Copy = O;
        Copy.Kind = OpKind::Copy;
        Copy.A = O.Dst;
        Copy.B = NoReg;
        Copy.Dst = To;
        Ops.push_back(Copy);
      }
    }
    B.Ops = std::move(Ops);
  }
}

void Lowering::orderBlocks() {
  std::vector<char> Seen(G.Blocks.size());
  std::vector<std::pair<int, unsigned>> Stack;
  Stack.push_back({G.Entry, 0});
  Seen[G.Entry] = 1;
  while (!Stack.empty()) {
    auto &[B, Next] = Stack.back();
    const FlowBlock &FB = G.Blocks[B];
    if (Next == FB.Succs.size() + FB.Handlers.size()) {
      G.Order.push_back(B);
      Stack.pop_back();
      continue;
    }
    int S = Next < FB.Succs.size() ? FB.Succs[Next]
                                   : FB.Handlers[Next - FB.Succs.size()];
    ++Next;
    if (S >= 0 && !Seen[S]) {
      Seen[S] = 1;
      Stack.push_back({S, 0});
    }
  }
  std::reverse(G.Order.begin(), G.Order.end());
}

void Lowering::keepLoopsTogether() {
  size_t N = G.Blocks.size();
  std::vector<unsigned> Rank(N, ~0u);
  for (unsigned I = 0; I < G.Order.size(); ++I)
    Rank[G.Order[I]] = I;
  std::vector<SmallVector<int, 2>> Preds(N);
  for (int B : G.Order) {
    for (int To : G.Blocks[B].Succs)
      if (To >= 0)
        Preds[To].push_back(B);
    for (int To : G.Blocks[B].Handlers)
      Preds[To].push_back(B);
  }
  // The head of the innermost loop that each block is in: inner loops come
  // later in the order, and so overwrite what outer ones wrote.
  std::vector<int> HeadOf(N, -1);
  for (int Head : G.Order) {
    SmallVector<int, 16> Work;
    auto Enter = [&](int B) {
      if (B != Head && HeadOf[B] != Head && Rank[B] != ~0u &&
          Rank[B] > Rank[Head]) {
        HeadOf[B] = Head;
        Work.push_back(B);
      }
    };
    for (int From : Preds[Head])
      Enter(From);
    while (!Work.empty())
      for (int From : Preds[Work.pop_back_val()])
        Enter(From);
  }
  std::vector<SmallVector<int, 4>> Bodies(N);
  SmallVector<int, 64> Stack;
  for (int B : llvm::reverse(G.Order))
    HeadOf[B] < 0 ? Stack.push_back(B) : Bodies[HeadOf[B]].push_back(B);
  G.Order.clear();
  while (!Stack.empty()) {
    int B = Stack.pop_back_val();
    G.Order.push_back(B);
    Stack.append(Bodies[B].begin(), Bodies[B].end());
  }
}

void Lowering::findLiveRegisters() {
  std::vector<int> DefinedIn(G.NumRegs, -1);
  std::vector<bool> Used(G.NumRegs);
  G.LiveAcrossBlocks.assign(G.NumRegs, false);
  auto Use = [&](Reg R, size_t Block) {
    if (R < 0)
      return;
    Used[R] = true;
    if (DefinedIn[R] != int(Block))
      G.LiveAcrossBlocks[R] = true;
  };
  // A register with several definitions is one of a join: it is live across.
  for (size_t B = 0; B < G.Blocks.size(); ++B)
    for (const Op &O : G.Blocks[B].Ops)
      if (O.Dst >= 0) {
        if (DefinedIn[O.Dst] >= 0)
          G.LiveAcrossBlocks[O.Dst] = true;
        DefinedIn[O.Dst] = B;
      }
  for (size_t B = 0; B < G.Blocks.size(); ++B) {
    for (const Op &O : G.Blocks[B].Ops) {
      if (O.Kind == OpKind::Destroy && O.Value) {
        if (O.A >= 0 && DefinedIn[O.A] != int(B))
          G.LiveAcrossBlocks[O.A] = true;
        continue;
      }
      Use(O.A, B);
      Use(O.B, B);
      if (O.Kind != OpKind::Call)
        continue;
      const CallInfo &C = G.Calls[O.Index];
      if (C.Destroyed >= 0) {
        if (DefinedIn[C.Destroyed] != int(B))
          G.LiveAcrossBlocks[C.Destroyed] = true;
        continue;
      }
      Use(C.This, B);
      Use(C.Target, B);
      for (Reg R : C.Args)
        Use(R, B);
    }
    Use(G.Blocks[B].Condition, B);
  }
  for (const FlowBlock &B : G.Blocks)
    for (const Op &O : B.Ops)
      if (O.Kind == OpKind::Call)
        G.Calls[O.Index].ResultUsed = O.Dst >= 0 && Used[O.Dst];
}

unsigned Lowering::local(const VarDecl *V) {
  auto [It, New] = LocalIndex.try_emplace(V, G.Locals.size());
  if (New) {
    FlowLocal L;
    L.Decl = V;
    L.Entity = Entities.entity(V);
    L.Reference = V->getType()->isReferenceType();
    if (const auto *P = dyn_cast<ParmVarDecl>(V))
      L.Param = P->getFunctionScopeIndex();
    G.Locals.push_back(L);
  }
  return It->second;
}

Op &Lowering::emit(OpKind K, const Stmt *Node) {
  G.Blocks[Current].Ops.push_back(Op());
  Op &O = G.Blocks[Current].Ops.back();
  O.Kind = K;
  O.Node = Node;
  if (Node)
    O.Loc = Node->getBeginLoc();
  return O;
}

Reg Lowering::emitTo(OpKind K, const Stmt *Node, Reg A, Reg B) {
  Op &O = emit(K, Node);
  O.A = A;
  O.B = B;
  O.Dst = G.NumRegs++;
  return O.Dst;
}
