//===- OwnershipScan.cpp - Counts, tables, arenas -------------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OwnershipScan.h"
#include "Expressions.h"
#include "race/Summary/PoolFinder.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// Whether \p A and \p B name the same thing by the same path.
static bool samePath(const Expr *A, const Expr *B) {
  A = unwrapped(A);
  B = unwrapped(B);
  if (isa<CXXThisExpr>(A) && isa<CXXThisExpr>(B))
    return true;
  if (const auto *X = dyn_cast<DeclRefExpr>(A))
    if (const auto *Y = dyn_cast<DeclRefExpr>(B))
      return X->getDecl() == Y->getDecl();
  if (const auto *X = dyn_cast<MemberExpr>(A))
    if (const auto *Y = dyn_cast<MemberExpr>(B))
      return X->getMemberDecl() == Y->getMemberDecl() &&
             samePath(X->getBase(), Y->getBase());
  if (const auto *X = dyn_cast<UnaryOperator>(A))
    if (const auto *Y = dyn_cast<UnaryOperator>(B))
      return X->getOpcode() == Y->getOpcode() &&
             samePath(X->getSubExpr(), Y->getSubExpr());
  return false;
}

/// The object that the counter at \p E counts the references of: in
/// `x->head.refs` or `&x->refs` it is x.
static const Expr *countedObject(const Expr *E) {
  E = unwrapped(E);
  if (const auto *U = dyn_cast<UnaryOperator>(E);
      U && U->getOpcode() == UO_AddrOf)
    E = unwrapped(U->getSubExpr());
  const auto *M = dyn_cast<MemberExpr>(E);
  if (!M)
    return nullptr;
  while (!M->isArrow()) {
    const Expr *Base = unwrapped(M->getBase());
    const auto *Outer = dyn_cast<MemberExpr>(Base);
    if (!Outer)
      return isa<DeclRefExpr>(Base) ? Base : nullptr;
    M = Outer;
  }
  const Expr *Base = unwrapped(M->getBase());
  return isa<DeclRefExpr, CXXThisExpr, MemberExpr>(Base) ? Base : nullptr;
}

static StringRef nameOf(const FunctionDecl *F) {
  return F && F->getIdentifier() ? F->getName() : StringRef();
}

/// The counter that \p E counts down, if it does.
/// \param Old set if the value of \p E is that before.
const Expr *OwnershipScan::decremented(const Expr *E, bool &Old) const {
  E = unwrapped(E);
  Old = false;
  if (const auto *U = dyn_cast<UnaryOperator>(E)) {
    Old = U->getOpcode() == UO_PostDec;
    return U->isDecrementOp() ? U->getSubExpr() : nullptr;
  }
  if (const auto *B = dyn_cast<BinaryOperator>(E))
    return B->getOpcode() == BO_SubAssign ? B->getLHS() : nullptr;
  if (const auto *A = dyn_cast<AtomicExpr>(E)) {
    switch (A->getOp()) {
    case AtomicExpr::AO__atomic_sub_fetch:
    case AtomicExpr::AO__scoped_atomic_sub_fetch:
      return A->getPtr();
    case AtomicExpr::AO__c11_atomic_fetch_sub:
    case AtomicExpr::AO__atomic_fetch_sub:
      Old = true;
      return A->getPtr();
    default:
      return nullptr;
    }
  }
  if (const auto *M = dyn_cast<MemberExpr>(E))
    return CountedIn == Current && CountedDown.contains(M->getMemberDecl())
               ? E
               : nullptr;
  if (const auto *O = dyn_cast<CXXOperatorCallExpr>(E)) {
    Old = O->getNumArgs() == 2;
    return O->getOperator() == OO_MinusMinus ? O->getArg(0) : nullptr;
  }
  const auto *C = dyn_cast<CallExpr>(E);
  StringRef Name = C ? nameOf(C->getDirectCallee()) : StringRef();
  if (const auto *M = dyn_cast_or_null<CXXMemberCallExpr>(C)) {
    Old = Name == "fetch_sub";
    return Old ? M->getImplicitObjectArgument() : nullptr;
  }
  if (!C || C->getNumArgs() == 0)
    return nullptr;
  Old = hasWord(Name, {"fetch"}) && !Name.ends_with("fetch");
  // __sync_sub_and_fetch, atomic_dec_return, InterlockedDecrement
  return hasWord(Name, {"sub", "dec", "decrement"}) &&
                 (hasWord(Name, {"fetch", "return", "interlocked"}))
             ? C->getArg(0)
             : nullptr;
}

OwnershipScan::ZeroTest OwnershipScan::zeroTest(const Expr *C,
                                                unsigned Depth) const {
  if (!C || Depth > 4)
    return {};
  C = unwrapped(C);
  bool Old = false;
  if (const auto *U = dyn_cast<UnaryOperator>(C);
      U && U->getOpcode() == UO_LNot) {
    if (const Expr *Counter = decremented(U->getSubExpr(), Old))
      return {Old ? nullptr : countedObject(Counter), true};
    ZeroTest T = zeroTest(U->getSubExpr(), Depth + 1);
    T.Zero = !T.Zero;
    return T;
  }
  if (const auto *B = dyn_cast<BinaryOperator>(C)) {
    if (B->getOpcode() == BO_LAnd) {
      ZeroTest L = zeroTest(B->getLHS(), Depth + 1);
      return L.Object && L.Zero ? L : zeroTest(B->getRHS(), Depth + 1);
    }
    const Expr *Counter =
        B->isComparisonOp() ? decremented(B->getLHS(), Old) : nullptr;
    const auto *Limit = dyn_cast<IntegerLiteral>(unwrapped(B->getRHS()));
    if (!Counter || !Limit)
      return {};
    uint64_t Last = Old ? 1 : 0, V = Limit->getValue().getLimitedValue();
    switch (B->getOpcode()) {
    case BO_EQ:
    case BO_LE:
      return {V == Last ? countedObject(Counter) : nullptr, true};
    case BO_LT:
      return {V == Last + 1 ? countedObject(Counter) : nullptr, true};
    case BO_NE:
    case BO_GT:
      return {V == Last ? countedObject(Counter) : nullptr, false};
    case BO_GE:
      return {V == Last + 1 ? countedObject(Counter) : nullptr, false};
    default:
      return {};
    }
  }
  const auto *Call = dyn_cast<CallExpr>(C);
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  if (!F || isa<CXXOperatorCallExpr>(Call))
    return {};
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  // A function that counts down and tells whether nothing is left.
  const FunctionDecl *Body = nullptr;
  if (F->hasBody(Body)) {
    const auto *Block = dyn_cast_or_null<CompoundStmt>(Body->getBody());
    const auto *R = Block && !Block->body_empty()
                        ? dyn_cast<ReturnStmt>(Block->body_back())
                        : nullptr;
    ZeroTest T = R ? zeroTest(R->getRetValue(), Depth + 1) : ZeroTest();
    if (!T.Object)
      return {};
    if (isa<CXXThisExpr>(T.Object))
      return {Member ? Member->getImplicitObjectArgument() : nullptr, T.Zero};
    int P = parameterIn(T.Object, Body);
    return {P >= 0 && unsigned(P) < Call->getNumArgs() ? Call->getArg(P)
                                                       : nullptr,
            T.Zero};
  }
  // refcount_dec_and_test(&x->refs), x->Unref() that says whether it was last.
  StringRef Name = nameOf(F);
  bool Tests = hasWord(Name, {"test", "zero"}) &&
               hasWord(Name, {"dec", "sub", "decrement"});
  if (!Tests && (!F->getReturnType()->isBooleanType() ||
                 !hasWord(Name, {"unref", "decref", "unreference"})))
    return {};
  const Expr *Of = Member               ? Member->getImplicitObjectArgument()
                   : Call->getNumArgs() ? Call->getArg(0)
                                        : nullptr;
  if (!Of)
    return {};
  const Expr *Object = Tests ? countedObject(Of) : nullptr;
  return {Object ? Object : unwrapped(Of), true};
}

bool OwnershipScan::isDisposal(const FunctionDecl *F) const {
  StringRef Name = nameOf(F);
  return PoolNames().isRelease(Name) ||
         hasWord(Name, {"dispose", "destroy", "delete", "finalize", "reap",
                        "retire", "dtor", "kfree"});
}

/// \p S runs where the count of \p Object is zero: nobody else has it.
void OwnershipScan::visitZero(const Stmt *S, const Expr *Object) {
  Current->AtZero.push_back(S->getSourceRange());
  auto Visit = [&](const Stmt *Part) {
    const auto *E = dyn_cast<Expr>(Part);
    const auto *Call = dyn_cast_or_null<CallExpr>(E ? unwrapped(E) : nullptr);
    if (!Call || isa<CXXOperatorCallExpr>(Call) ||
        !isDisposal(Call->getDirectCallee()))
      return;
    int At = -2;
    if (const auto *M = dyn_cast<CXXMemberCallExpr>(Call))
      if (samePath(M->getImplicitObjectArgument(), Object))
        At = -1;
    for (unsigned I = 0; I < Call->getNumArgs() && At == -2; ++I)
      if (samePath(Call->getArg(I), Object))
        At = I;
    if (At == -2)
      return;
    Out.Disposals[Call] = At;
    Current->HandsBack = true;
  };
  const auto *Block = dyn_cast<CompoundStmt>(S);
  if (!Block)
    return Visit(S);
  for (const Stmt *Part : Block->body())
    Visit(Part);
}

void OwnershipScan::visitBlock(const CompoundStmt *S) {
  for (auto It = S->body_begin(), End = S->body_end(); It != End; ++It) {
    const auto *If = dyn_cast<IfStmt>(*It);
    ZeroTest T = If ? zeroTest(If->getCond()) : ZeroTest();
    if (!T.Object)
      continue;
    if (T.Zero) {
      visitZero(If->getThen(), T.Object);
      continue;
    }
    if (If->getElse()) {
      visitZero(If->getElse(), T.Object);
      continue;
    }
    // `if (--x->refs > 0) return;`: what follows is the other way.
    const Stmt *Then = If->getThen();
    if (const auto *B = dyn_cast<CompoundStmt>(Then))
      Then = B->body_empty() ? nullptr : B->body_back();
    if (isa_and_nonnull<ReturnStmt>(Then))
      for (auto Rest = std::next(It); Rest != End; ++Rest)
        visitZero(*Rest, T.Object);
  }
}

void OwnershipScan::visitDecrement(const UnaryOperator *E) {
  const auto *M = dyn_cast<MemberExpr>(E->getSubExpr()->IgnoreParens());
  if (!M)
    return;
  if (CountedIn != Current)
    CountedDown.clear();
  CountedIn = Current;
  CountedDown.insert(M->getMemberDecl());
}

static const FieldDecl *pointerMember(const Expr *E) {
  const auto *M = dyn_cast<MemberExpr>(unwrapped(E));
  const auto *F = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  return F && F->getType()->isPointerType() ? F : nullptr;
}

void OwnershipScan::visitAddressOf(const UnaryOperator *E) {
  if (const FieldDecl *F = pointerMember(E->getSubExpr()))
    Pointers[F].Others = true;
}

const Expr *OwnershipScan::arenaOf(const Expr *Made) const {
  const auto *Call = Made ? dyn_cast<CallExpr>(unwrapped(Made)) : nullptr;
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  const FunctionModel *Model = F ? M.lookup(F) : nullptr;
  if (Model)
    for (const AcquireModel &A : Model->Acquires)
      if (A.From && A.From->Kind == Place::Argument &&
          A.From->Index < Call->getNumArgs())
        return Call->getArg(A.From->Index);
  return nullptr;
}

void OwnershipScan::visitVariable(const VarDecl *V) {
  if (const Expr *Arena = arenaOf(V->getInit()))
    Arenas[V] = Arena;
}

void OwnershipScan::visitAssignment(const BinaryOperator *E) {
  const Expr *Value = unwrapped(E->getRHS());
  if (const auto *R = dyn_cast<DeclRefExpr>(unwrapped(E->getLHS()))) {
    if (const Expr *Arena = arenaOf(Value))
      Arenas[R->getDecl()] = Arena;
    return;
  }
  const auto *To = dyn_cast<MemberExpr>(unwrapped(E->getLHS()));
  const FieldDecl *Field = To ? pointerMember(To) : nullptr;
  if (!Field)
    return;
  if (const auto *R = dyn_cast<DeclRefExpr>(unwrapped(To->getBase()));
      R && To->isArrow())
    if (const Expr *Arena = Arenas.lookup(R->getDecl());
        Arena && samePath(Arena, Value))
      Out.OwnArenas.insert(Field);
  // c->next = c->begin; c->next = c->begin + n; c->next = c->begin = buffer;
  if (const auto *B = dyn_cast<BinaryOperator>(Value)) {
    if (B->getOpcode() == BO_Assign || B->isAdditiveOp())
      Value = unwrapped(B->getLHS());
  }
  Sources &S = Pointers[Field];
  if (const auto *From = dyn_cast<MemberExpr>(Value)) {
    const auto *Other = dyn_cast<FieldDecl>(From->getMemberDecl());
    if (Other && samePath(From->getBase(), To->getBase())) {
      if (Other != Field && !llvm::is_contained(S.From, Other))
        S.From.push_back(Other);
      return;
    }
  }
  const ASTContext &Ctx = Field->getASTContext();
  S.Others |= !E->getRHS()->isNullPointerConstant(
      const_cast<ASTContext &>(Ctx), Expr::NPC_NeverValueDependent);
}

/// The parameter that \p E is computed from and nothing else that changes; -1
/// if there is none.
int OwnershipScan::keyIn(const Expr *E, unsigned Depth) const {
  E = unwrapped(E);
  if (Depth > 6)
    return -1;
  if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *P = dyn_cast<ParmVarDecl>(R->getDecl()))
      return P->getDeclContext() == Current->Decl
                 ? int(P->getFunctionScopeIndex())
                 : -1;
    const auto *V = dyn_cast<VarDecl>(R->getDecl());
    return V && V->isLocalVarDecl() && V->getInit()
               ? keyIn(V->getInit(), Depth + 1)
               : -1;
  }
  if (const auto *B = dyn_cast<BinaryOperator>(E)) {
    if (B->isAssignmentOp())
      return -1;
    int L = keyIn(B->getLHS(), Depth + 1), R = keyIn(B->getRHS(), Depth + 1);
    return L < 0 ? R : R < 0 || R == L ? L : -1;
  }
  return -1;
}

static const CXXRecordDecl *stdContainer(const Expr *Object) {
  QualType T = Object->getType().getNonReferenceType();
  const CXXRecordDecl *R = T->getAsCXXRecordDecl();
  return R && R->isInStdNamespace() ? R : nullptr;
}

/// The element of a table that \p E is, or an iterator to it.
std::optional<TableSite> OwnershipScan::element(const Expr *E,
                                                unsigned Depth) const {
  if (!E || Depth > 6)
    return std::nullopt;
  E = unwrapped(E);
  auto Of = [&](const Expr *Table,
                const Expr *Key) -> std::optional<TableSite> {
    const ValueDecl *D = namedObject(Table);
    int P = keyIn(Key);
    if (!D || isLocal(D) || isa<ParmVarDecl>(D) || P < 0)
      return std::nullopt;
    return TableSite{Current->Decl, unwrapped(Table), D, unsigned(P)};
  };
  if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
    return Of(A->getBase(), A->getIdx());
  if (const auto *M = dyn_cast<MemberExpr>(E))
    return M->getMemberDecl()->getDeclName().isIdentifier() &&
                   M->getMemberDecl()->getName() == "second"
               ? element(M->getBase(), Depth + 1)
               : std::nullopt;
  if (const auto *U = dyn_cast<UnaryOperator>(E))
    return U->getOpcode() == UO_Deref || U->getOpcode() == UO_AddrOf
               ? element(U->getSubExpr(), Depth + 1)
               : std::nullopt;
  if (const auto *C = dyn_cast<ConditionalOperator>(E)) {
    auto T = element(C->getTrueExpr(), Depth + 1);
    return T ? T : element(C->getFalseExpr(), Depth + 1);
  }
  if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
    const auto *V = dyn_cast<VarDecl>(R->getDecl());
    return V && V->isLocalVarDecl() ? element(V->getInit(), Depth + 1)
                                    : std::nullopt;
  }
  if (const auto *O = dyn_cast<CXXOperatorCallExpr>(E)) {
    if (O->getOperator() == OO_Subscript && O->getNumArgs() == 2)
      return stdContainer(O->getArg(0)) ? Of(O->getArg(0), O->getArg(1))
                                        : std::nullopt;
    if ((O->getOperator() == OO_Arrow || O->getOperator() == OO_Star) &&
        O->getNumArgs() == 1)
      return element(O->getArg(0), Depth + 1);
    return std::nullopt;
  }
  if (const auto *C = dyn_cast<CXXMemberCallExpr>(E)) {
    StringRef Name = nameOf(C->getMethodDecl());
    if ((Name == "find" || Name == "at") && C->getNumArgs() == 1 &&
        stdContainer(C->getImplicitObjectArgument()))
      return Of(C->getImplicitObjectArgument(), C->getArg(0));
    if (Name == "get" && C->getNumArgs() == 0)
      return element(C->getImplicitObjectArgument(), Depth + 1);
  }
  return std::nullopt;
}

void OwnershipScan::visitReturn(const ReturnStmt *S) {
  if (S->getRetValue() && Current->Decl->getReturnType()->isPointerType())
    if (auto T = element(S->getRetValue(), 0))
      Out.Lookups.push_back(*T);
}

void OwnershipScan::visitEnd(const Expr *E) {
  if (auto T = element(E, 0))
    Out.Removals.push_back(*T);
}

/// Whether the elements of \p R are objects, or own them.
static bool ownsElements(const CXXRecordDecl *R) {
  const auto *S = dyn_cast<ClassTemplateSpecializationDecl>(R);
  if (!S || S->getTemplateArgs().size() < 2 ||
      S->getTemplateArgs()[1].getKind() != TemplateArgument::Type)
    return false;
  const CXXRecordDecl *Mapped =
      S->getTemplateArgs()[1].getAsType()->getAsCXXRecordDecl();
  if (!Mapped)
    return false;
  StringRef Name = Mapped->getIdentifier() ? Mapped->getName() : "";
  return !Mapped->isInStdNamespace() || Name == "unique_ptr";
}

void OwnershipScan::visitContainer(StringRef Method, const Expr *Call) {
  const auto *C = dyn_cast<CXXMemberCallExpr>(Call);
  if (!C || Method != "erase" || C->getNumArgs() != 1)
    return;
  const Expr *Object = C->getImplicitObjectArgument();
  const CXXRecordDecl *R = stdContainer(Object);
  if (!R || !ownsElements(R))
    return;
  if (auto T = element(C->getArg(0), 0)) {
    if (T->Table == namedObject(Object))
      Out.Removals.push_back(*T);
    return;
  }
  const ValueDecl *D = namedObject(Object);
  int P = keyIn(C->getArg(0));
  if (D && !isLocal(D) && !isa<ParmVarDecl>(D) && P >= 0)
    Out.Removals.push_back({Current->Decl, unwrapped(Object), D, unsigned(P)});
}

void OwnershipScan::finish() {
  for (const auto &[Field, S] : Pointers)
    if (!S.Others && S.From.size() == 1)
      Out.Into.push_back({Field, S.From.front()});
}
