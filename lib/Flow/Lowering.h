//===- Lowering.h - From clang's CFG to a FlowGraph -------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_FLOW_LOWERING_H
#define RACE_LIB_FLOW_LOWERING_H

#include "race/Flow/EntityMapper.h"
#include "race/Flow/FlowGraph.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <optional>
#include <utility>
#include <vector>

namespace race {

/// Builds one FlowGraph from a CFG. An lvalue's register holds a location, a
/// prvalue's register a value.
class Lowering {
public:
  Lowering(const clang::FunctionDecl *F, const clang::CFG &Cfg,
           EntityMapper &Entities, FlowGraph &G)
      : F(F), Cfg(Cfg), Entities(Entities), G(G), Ctx(F->getASTContext()) {}

  void run();

private:
  // Lowering.cpp: blocks, declarations, destructors.
  void lowerElement(const clang::CFGElement &E);
  void lowerInitializer(const clang::CXXCtorInitializer *I);
  void lowerDecl(const clang::DeclStmt *S);
  void lowerAggregate(Reg Where, const clang::Expr *Init);
  void lowerReturn(const clang::ReturnStmt *S);
  void findHandlers();
  void lowerTerminator(const clang::CFGBlock &B, FlowBlock &Out);
  void placeCopies();
  void findLiveRegisters();
  void orderBlocks();
  /// Moves the blocks of each loop to right behind its head, so that a loop can
  /// come to rest before what follows it is looked at: a weak topological order
  /// (Bourdoncle, "Efficient chaotic iteration strategies with widenings",
  /// FMPA 1993), found from natural loops.
  void keepLoopsTogether();

  // LoweringObject.cpp: the ends of objects.
  void destroy(const clang::VarDecl *V, const clang::Stmt *Trigger);
  /// Calls the destructor of the \p T at \p Where, or those of its members, as
  /// far as one might do something.
  void callDestructor(Reg Where, clang::QualType T, const clang::Stmt *Node,
                      clang::SourceLocation Loc, unsigned Depth = 0);
  void destroyMember(Reg Object, const clang::FieldDecl *Field,
                     const clang::Stmt *Node, clang::SourceLocation Loc,
                     unsigned Depth);
  bool isMemberItself(const clang::CXXBindTemporaryExpr *B) const;
  void noteMove(const clang::Expr *From, Reg Where);

  // LoweringExpr.cpp: expressions.
  Reg lower(const clang::Expr *E);
  Reg lowerUncached(const clang::Expr *E);
  Reg lowerCast(const clang::CastExpr *E);
  Reg lowerUnary(const clang::UnaryOperator *E);
  Reg lowerBinary(const clang::BinaryOperator *E);
  Reg lowerMember(const clang::MemberExpr *E);
  Reg lowerDeclRef(const clang::DeclRefExpr *E);
  Reg lowerJoin(const clang::Expr *E, const clang::Expr *First,
                const clang::Expr *Second);
  Reg variable(const clang::ValueDecl *D, const clang::Stmt *Node);

  // LoweringCall.cpp: calls.
  Reg lowerCall(const clang::CallExpr *E);
  Reg lowerAtomic(const clang::AtomicExpr *E);
  Reg lowerConstruct(const clang::CXXConstructExpr *E);
  void passArgument(CallInfo &Call, const clang::Expr *Arg,
                    clang::QualType ParamType, bool Variadic);
  Reg finishCall(CallInfo Call, const clang::Expr *E);

  /// A register with a value, loading from E's location if E is an lvalue.
  Reg value(const clang::Expr *E);
  /// A register with a location; a value is put into a temporary.
  Reg location(const clang::Expr *E);
  Reg deref(Reg Value, const clang::Stmt *Node);
  Reg constant(int64_t V, const clang::Stmt *Node);
  Reg opaque(const clang::Stmt *Node, bool NonNull = false);

  Op &emit(OpKind K, const clang::Stmt *Node);
  Reg emitTo(OpKind K, const clang::Stmt *Node, Reg A = NoReg, Reg B = NoReg);
  unsigned local(const clang::VarDecl *V);

  const clang::FunctionDecl *F;
  const clang::CFG &Cfg;
  EntityMapper &Entities;
  FlowGraph &G;
  const clang::ASTContext &Ctx;
  int Current = 0;
  llvm::DenseMap<const clang::Expr *, Reg> Registers;
  llvm::DenseMap<const clang::VarDecl *, unsigned> LocalIndex;
  /// Calls in try blocks, and the blocks that exceptions lead to.
  llvm::DenseMap<const clang::Stmt *, int> HandlerOf;
  /// Made at the first call that matters.
  std::optional<llvm::DenseSet<const clang::Stmt *>> ElementChanges;
  /// (to, from): copy `from` to `to` where `from` is assigned.
  std::vector<std::pair<Reg, Reg>> Copies;
};

} // namespace race

#endif // RACE_LIB_FLOW_LOWERING_H
