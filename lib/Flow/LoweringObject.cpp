//===- LoweringObject.cpp - The life of objects ---------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"
#include "clang/AST/ASTContext.h"

using namespace clang;
using namespace race;

bool race::copiesShare(const CXXRecordDecl *R) {
  for (const CXXConstructorDecl *C : R->ctors())
    if (C->isCopyConstructor() && C->isUserProvided() && !C->isDeleted())
      return true;
  return false;
}

bool race::isStd(const CXXRecordDecl *R, StringRef Name) {
  return R->isInStdNamespace() && R->getIdentifier() && R->getName() == Name;
}

/// Whether the end of an \p R, a class of the library, is that of what it
/// holds.
static bool isOwner(const CXXRecordDecl *R) {
  return isStd(R, "unique_ptr") || isStd(R, "optional");
}

void Lowering::destroy(const VarDecl *V, const Stmt *Trigger) {
  if (V->getType()->isReferenceType())
    return;
  Reg Where = emitTo(OpKind::Local, Trigger);
  G.Blocks[Current].Ops.back().Index = local(V);
  SourceLocation Loc = Trigger ? Trigger->getEndLoc() : SourceLocation();
  callDestructor(Where, V->getType(), Trigger, Loc);
  Op &D = emit(OpKind::Destroy, Trigger);
  D.A = Where;
  if (Trigger)
    D.Loc = Loc;
}

void Lowering::callDestructor(Reg Where, QualType T, const Stmt *Node,
                              SourceLocation Loc, unsigned Depth) {
  const CXXRecordDecl *R = T->getAsCXXRecordDecl();
  R = R ? R->getDefinition() : nullptr;
  if (!R || Depth > 3 || R->hasTrivialDestructor() || R->isLambda())
    return;
  // Asking further may read the whole class from a precompiled header.
  if (R->isInStdNamespace() && !isOwner(R))
    return;
  const CXXDestructorDecl *D = R->getDestructor();
  if (D && (isOwner(R) || (D->isUserProvided() && !copiesShare(R)))) {
    CallInfo Call;
    Call.Callee = D;
    Call.This = Call.Destroyed = Where;
    G.Calls.push_back(std::move(Call));
    Op &O = emit(OpKind::Call, Node);
    O.Index = G.Calls.size() - 1;
    O.Callee = D;
    if (Loc.isValid())
      O.Loc = Loc;
    return;
  }
  // The body that clang would write: members first, last one first.
  if ((D && D->isUserProvided()) || R->isUnion())
    return;
  llvm::SmallVector<const FieldDecl *, 8> Fields(R->fields());
  for (const FieldDecl *Field : llvm::reverse(Fields))
    destroyMember(Where, Field, Node, Loc, Depth + 1);
  for (const CXXBaseSpecifier &Base : R->bases())
    callDestructor(Where, Base.getType(), Node, Loc, Depth + 1);
}

void Lowering::destroyMember(Reg Object, const FieldDecl *Field,
                             const Stmt *Node, SourceLocation Loc,
                             unsigned Depth) {
  const CXXRecordDecl *R = Field->getType()->getAsCXXRecordDecl();
  if (!R || !R->hasDefinition() || R->hasTrivialDestructor())
    return;
  Reg Member = emitTo(OpKind::Field, Node, Object);
  G.Blocks[Current].Ops.back().Entity = Entities.entity(Field);
  callDestructor(Member, Field->getType(), Node, Loc, Depth);
}

void Lowering::noteMove(const Expr *From, Reg Where) {
  const CXXRecordDecl *R = From->getType()->getAsCXXRecordDecl();
  if (Where < 0 || !From->isXValue() || !R || !R->hasDefinition() ||
      R->hasTrivialDestructor())
    return;
  emit(OpKind::Move, From).A = Where;
}
