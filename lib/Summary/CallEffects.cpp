//===- CallEffects.cpp - What calls of functions do -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/CallEffects.h"
#include "race/Summary/PoolFinder.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;
using namespace race;

CallEffects::CallEffects(const Models &M, EntityMapper &Entities,
                         const CodeScan &Scan)
    : M(M), Entities(Entities), Scan(Scan) {
  for (PoolPut &P : findPools(Scan)) {
    Effects E = compute(P.Put);
    HandBackEffect H;
    H.What =
        P.Param < 0 ? AccessPath::thisPointer() : AccessPath::param(P.Param);
    if (P.Param >= 0) {
      QualType T = P.Put->getParamDecl(P.Param)->getType();
      if (T->isReferenceType() &&
          !T->getPointeeType().getUnqualifiedType()->isRecordType())
        H.What = H.What.then(PathStep::deref());
    }
    H.Why = P.Why;
    H.Reason = P.Reason;
    // Where nothing locks, the function that put it back may well go on with
    // it before anybody takes it.
    bool Sounds = P.Put->getIdentifier() && isReleaseLike(P.Put->getName());
    if (!P.Locked || (!P.Certain && !Sounds))
      H.OnlyFrom = Entities.entity(P.Get);
    E.HandBacks.push_back(H);
    E.Known = true;
    Known[P.Put->getCanonicalDecl()] = E;
    Puts[P.Put->getCanonicalDecl()] = {H, Entities.entity(P.Container)};
  }
}

/// Whether a value of type \p T is itself the resource (a pointer, a smart
/// pointer, a handle number) rather than an object that is the resource.
static bool isPointerLike(QualType T) {
  if (T->isPointerType() || T->isIntegralOrEnumerationType())
    return true;
  const CXXRecordDecl *R = T->getAsCXXRecordDecl();
  return R && R->isInStdNamespace() && R->getIdentifier() &&
         R->getName().ends_with("_ptr");
}

static QualType paramType(const FunctionDecl *F, unsigned I) {
  if (I < F->getNumParams())
    return F->getParamDecl(I)->getType();
  return QualType();
}

/// The location that holds the resource's pointer, for a hand-back.
static AccessPath resourceAt(const Place &P, const FunctionDecl *F) {
  AccessPath Path = AccessPath::thisPointer();
  if (P.Kind == Place::Result)
    Path = AccessPath::result();
  if (P.Kind == Place::Argument || P.Kind == Place::RestOfArguments) {
    Path = AccessPath::param(P.Index);
    QualType T = paramType(F, P.Index);
    if (!T.isNull() && T->isReferenceType() &&
        isPointerLike(T->getPointeeType()))
      Path = Path.then(PathStep::deref());
  }
  for (unsigned I = 0; I < P.Derefs; ++I)
    Path = Path.then(PathStep::deref());
  return Path;
}

/// The location of the object itself, for locks and containers.
static AccessPath objectAt(const Place &P, const FunctionDecl *F) {
  AccessPath Path = AccessPath::thisPointer().then(PathStep::deref());
  if (P.Kind == Place::Result)
    Path = AccessPath::result();
  if (P.Kind == Place::Argument || P.Kind == Place::RestOfArguments) {
    Path = AccessPath::param(P.Index);
    QualType T = paramType(F, P.Index);
    if (T.isNull() || T->isReferenceType() || T->isPointerType())
      Path = Path.then(PathStep::deref());
    // A reference to a pointer to the object.
    if (!T.isNull() && T->isReferenceType() &&
        T->getPointeeType()->isPointerType())
      Path = Path.then(PathStep::deref());
  }
  for (unsigned I = 0; I < P.Derefs; ++I)
    Path = Path.then(PathStep::deref());
  return Path;
}

static AccessPath valueAt(const Place &P, const FunctionDecl *F) {
  if (P.Kind != Place::Argument)
    return objectAt(P, F);
  AccessPath Path = AccessPath::param(P.Index);
  QualType T = paramType(F, P.Index);
  if (!T.isNull() && T->isReferenceType())
    Path = Path.then(PathStep::deref());
  for (unsigned I = 0; I < P.Derefs; ++I)
    Path = Path.then(PathStep::deref());
  return Path;
}

void CallEffects::addModel(const FunctionModel &Model, const FunctionDecl *F,
                           Effects &E) const {
  E.Known = true;
  E.NoReturn |= Model.NoReturn;
  // What hands back may well clear the program's own pointers to it.
  E.ChangesGlobals =
      !Model.HandBacks.empty() &&
      !F->getASTContext().getSourceManager().isInSystemHeader(F->getLocation());
  E.Starts = !Model.Starts.empty();
  for (const HandBackModel &H : Model.HandBacks) {
    HandBackEffect B;
    B.What = resourceAt(H.What, F);
    B.When = H.When;
    B.Nulls = H.Nulls;
    B.Reference = H.Reference;
    B.Why = Evidence::Modelled;
    B.Reason =
        "the model of '" + Model.Name + "' (" + Model.Source + ") says so";
    E.HandBacks.push_back(std::move(B));
  }
  E.Acquires.append(Model.Acquires.begin(), Model.Acquires.end());
  for (const LockModel &L : Model.Locks) {
    LockEffect X;
    X.Op = L.Op;
    X.Mutex = objectAt(L.Mutex, F);
    X.Mode = L.Mode;
    X.When = L.When;
    if (L.Mutex.Kind != Place::RestOfArguments) {
      E.Locks.push_back(X);
      continue;
    }
    for (unsigned I = L.Mutex.Index; I < F->getNumParams(); ++I) {
      X.Mutex = objectAt({Place::Argument, I, L.Mutex.Derefs}, F);
      E.Locks.push_back(X);
    }
  }
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  const TypeModel *Type = Method ? M.lookup(Method->getParent()) : nullptr;
  for (const ContainerOpModel &C : Model.ContainerOps) {
    ContainerEffect X;
    X.Kind = C.Kind;
    X.AtomicIfUsed = C.AtomicIfUsed;
    X.Object = objectAt(C.Object, F);
    X.Keyed = C.Key.has_value();
    if (C.Key)
      X.Key = valueAt(*C.Key, F);
    X.Synchronized = Type && Type->Synchronized;
    X.Atomic = Type && Type->Kind == TypeModel::Atomic;
    X.Name = F->getNameAsString();
    // The file system is one thing that all share, whatever holds the path.
    const auto *In = dyn_cast<NamespaceDecl>(
        F->getDeclContext()->getEnclosingNamespaceContext());
    if (In && In->isInlineNamespace())
      In = dyn_cast<NamespaceDecl>(In->getParent());
    if (In && In->getIdentifier() && In->getName() == "filesystem" && C.Key) {
      X.Object = AccessPath::global(Entities.entity(In));
      X.Synchronized = true;
    }
    E.Containers.push_back(std::move(X));
  }
  if (Model.ReturnsAlias) {
    const Place &P = *Model.ReturnsAlias;
    AccessPath Path = objectAt(P, F);
    bool Smart = Type && Type->Kind == TypeModel::SmartPointer;
    // *p of a smart pointer is what the pointer that it holds leads to.
    if (Smart && F->getReturnType()->isReferenceType())
      Path = Path.then(PathStep::deref());
    E.ReturnsAlias = Path;
    // A view or cast of its argument, which stays what it was.
    E.Changes = 0;
  }
  if (Model.IgnoresPointees)
    E.Derefs = 0;
}

void CallEffects::addGuard(const TypeModel &Type, const FunctionDecl *F,
                           Effects &E) const {
  E.Known = true;
  E.ChangesGlobals = false;
  bool Defer = false;
  for (const ParmVarDecl *P : F->parameters()) {
    const CXXRecordDecl *R =
        P->getType().getNonReferenceType()->getAsCXXRecordDecl();
    if (!R || !R->getIdentifier())
      continue;
    StringRef Name = R->getName();
    Defer |= Name == "defer_lock_t";
    // A try that failed holds nothing; most code asks owns_lock() at once.
    Defer |= Name == "try_to_lock_t";
  }
  bool All = Type.GuardMutex.Kind == Place::RestOfArguments;
  for (unsigned I = Type.GuardMutex.Index; I < F->getNumParams(); ++I) {
    const TypeModel *Mutex =
        M.lookup(F->getParamDecl(I)->getType().getNonReferenceType());
    bool Named = Mutex && Mutex->Kind == TypeModel::Mutex;
    QualType T = F->getParamDecl(I)->getType().getNonReferenceType();
    if (T->isPointerType()) {
      Mutex = M.lookup(T->getPointeeType());
      Named = Mutex && Mutex->Kind == TypeModel::Mutex;
    }
    if (!Named && (All || I != Type.GuardMutex.Index))
      continue;
    LockEffect L;
    L.Op = LockModel::Acquire;
    L.Mutex = objectAt({Place::Argument, I, 0}, F);
    L.Mode = Type.Mode;
    L.OwnedByResult = true;
    E.Locks.push_back(L);
    if (Defer) {
      // Known to the guard, not held yet.
      L.Op = LockModel::Release;
      E.Locks.push_back(L);
    }
    if (!All)
      break;
  }
}

std::optional<AccessPath> CallEffects::pathOf(const Expr *E,
                                              const FunctionDecl *F) const {
  E = E->IgnoreParenImpCasts();
  if (const auto *U = dyn_cast<UnaryOperator>(E)) {
    auto P = pathOf(U->getSubExpr(), F);
    if (P && U->getOpcode() == UO_Deref)
      return P->then(PathStep::deref());
    return P;
  }
  if (isa<CXXThisExpr>(E))
    return AccessPath::thisPointer();
  if (const auto *X = dyn_cast<MemberExpr>(E)) {
    const auto *Field = dyn_cast<FieldDecl>(X->getMemberDecl());
    auto P = Field ? pathOf(X->getBase(), F) : std::nullopt;
    if (!P)
      return std::nullopt;
    if (X->isArrow())
      P = P->then(PathStep::deref());
    return P->then(PathStep::field(Entities.entity(Field)));
  }
  if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *P = dyn_cast<ParmVarDecl>(R->getDecl())) {
      AccessPath Path = AccessPath::param(P->getFunctionScopeIndex());
      if (P->getType()->isReferenceType())
        Path = Path.then(PathStep::deref());
      return Path;
    }
    if (const auto *V = dyn_cast<VarDecl>(R->getDecl());
        V && V->hasGlobalStorage())
      return AccessPath::global(Entities.entity(V));
  }
  return std::nullopt;
}

/// The mutex that a thread-safety attribute's argument names: pointers are
/// looked through.
static AccessPath mutexOf(AccessPath P, const Expr *E) {
  if (E->IgnoreParenImpCasts()->getType()->isPointerType())
    return P.then(PathStep::deref());
  return P;
}

void CallEffects::addAttributes(const FunctionDecl *F, Effects &E) const {
  auto Add = [&](auto Args, LockModel::OpTy Op, LockMode Mode, Outcome When) {
    bool Any = false;
    for (const Expr *Arg : Args) {
      Any = true;
      if (auto P = pathOf(Arg, F)) {
        LockEffect L;
        L.Op = Op;
        L.Mutex = mutexOf(*P, Arg);
        L.Mode = Mode;
        L.When = When;
        E.Locks.push_back(L);
      }
    }
    // Without arguments the object itself is the capability.
    if (!Any && isa<CXXMethodDecl>(F)) {
      LockEffect L;
      L.Op = Op;
      L.Mutex = AccessPath::thisPointer().then(PathStep::deref());
      L.Mode = Mode;
      L.When = When;
      E.Locks.push_back(L);
    }
  };
  for (const auto *A : F->specific_attrs<AcquireCapabilityAttr>())
    Add(A->args(), LockModel::Acquire,
        A->isShared() ? LockMode::Shared : LockMode::Exclusive,
        Outcome::Always);
  for (const auto *A : F->specific_attrs<ReleaseCapabilityAttr>())
    Add(A->args(), LockModel::Release, LockMode::Exclusive, Outcome::Always);
  for (const auto *A : F->specific_attrs<OwnershipAttr>())
    if (A->getOwnKind() == OwnershipAttr::Takes ||
        A->getOwnKind() == OwnershipAttr::Holds) {
      for (const ParamIdx &I : A->args()) {
        HandBackEffect H;
        H.What = AccessPath::param(I.getASTIndex());
        H.Why = Evidence::Annotated;
        H.Reason =
            "'" + F->getNameAsString() + "' is declared with 'ownership_" +
            (A->getOwnKind() == OwnershipAttr::Takes ? "takes" : "holds") + "'";
        // malloc's family is other tools' work.
        if (A->getModule() && A->getModule()->getName() != "malloc")
          E.HandBacks.push_back(H);
      }
      E.Known = true;
    }
  for (unsigned I = 0; I < F->getNumParams(); ++I) {
    const ParmVarDecl *P = F->getParamDecl(I);
    bool Released = P->hasAttr<ReleaseHandleAttr>();
    for (const auto *A : P->specific_attrs<AnnotateAttr>())
      Released |= A->getAnnotation() == "race::hand_back";
    if (!Released)
      continue;
    HandBackEffect H;
    H.What = resourceAt({Place::Argument, I, 0}, F);
    H.Why = Evidence::Annotated;
    H.Reason = "'" + F->getNameAsString() + "' is annotated";
    E.HandBacks.push_back(H);
    E.Known = true;
  }
  for (const auto *A : F->specific_attrs<AnnotateAttr>())
    if (A->getAnnotation() == "race::hand_back" && isa<CXXMethodDecl>(F)) {
      HandBackEffect H;
      H.What = AccessPath::thisPointer();
      H.Why = Evidence::Annotated;
      H.Reason = "'" + F->getNameAsString() + "' is annotated";
      E.HandBacks.push_back(H);
    }
}

/// The expression that \p F returns if that is nearly all it does: a getter,
/// or an accessor of a function-local static.
static const Expr *returnedByGetter(const FunctionDecl *F) {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(F->getBody());
  if (!Body || Body->size() == 0 || Body->size() > 2)
    return nullptr;
  const auto *Return = dyn_cast<ReturnStmt>(Body->body_back());
  if (Body->size() == 2 && !isa<DeclStmt>(Body->body_front()))
    return nullptr;
  return Return ? Return->getRetValue() : nullptr;
}

void CallEffects::addGetter(const FunctionDecl *F, Effects &E) const {
  if (E.ReturnsAlias)
    return;
  const Expr *Value = returnedByGetter(F);
  if (!Value || F->isDependentContext())
    return;
  // Copies of objects are values of their own.
  if (!F->getReturnType()->isReferenceType() &&
      !F->getReturnType()->isScalarType())
    return;
  const auto *Address = dyn_cast<UnaryOperator>(Value->IgnoreParenImpCasts());
  E.ReturnsAddress = Address && Address->getOpcode() == UO_AddrOf;
  E.ReturnsAlias = pathOf(Value, F);
}

namespace {
/// Finds the pointer parameters of a function at whose pointees it looks.
/// Comparing, testing and returning a pointer is no look; anything else is.
class PointeeUse : public RecursiveASTVisitor<PointeeUse> {
  using Base = RecursiveASTVisitor<PointeeUse>;

public:
  explicit PointeeUse(const FunctionDecl *F) : F(F) {}

  bool TraverseBinaryOperator(BinaryOperator *E) {
    if (!E->isComparisonOp())
      return Base::TraverseBinaryOperator(E);
    return valueOnly(E->getLHS()) && valueOnly(E->getRHS());
  }
  bool TraverseUnaryOperator(UnaryOperator *E) {
    if (E->getOpcode() != UO_LNot)
      return Base::TraverseUnaryOperator(E);
    return valueOnly(E->getSubExpr());
  }
  bool TraverseImplicitCastExpr(ImplicitCastExpr *E) {
    if (E->getCastKind() != CK_PointerToBoolean)
      return Base::TraverseImplicitCastExpr(E);
    return valueOnly(E->getSubExpr());
  }
  bool TraverseReturnStmt(ReturnStmt *S) {
    return !S->getRetValue() || valueOnly(S->getRetValue());
  }
  bool TraverseIfStmt(IfStmt *S) {
    return TraverseStmt(S->getInit()) &&
           TraverseDecl(S->getConditionVariable()) && valueOnly(S->getCond()) &&
           TraverseStmt(S->getThen()) && TraverseStmt(S->getElse());
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    const auto *P = dyn_cast<ParmVarDecl>(E->getDecl());
    if (P && P->getDeclContext() == F && P->getFunctionScopeIndex() < 31)
      Looked |= 1u << P->getFunctionScopeIndex();
    return true;
  }
  bool VisitCXXThisExpr(CXXThisExpr *) {
    Looked |= 1u << Effects::ThisBit;
    return true;
  }
  uint32_t Looked = 0;

private:
  bool valueOnly(Expr *E) {
    return isa<DeclRefExpr>(E->IgnoreParenImpCasts()) || TraverseStmt(E);
  }
  const FunctionDecl *F;
};
} // namespace

Effects CallEffects::compute(const FunctionDecl *F) const {
  Effects E;
  E.NoReturn = F->isNoReturn();
  if (F->getBuiltinID())
    E.ChangesGlobals = false;
  addAttributes(F, E);
  if (const FunctionModel *Model = M.lookup(F)) {
    addModel(*Model, F, E);
    return E;
  }
  if (const auto *C = dyn_cast<CXXConstructorDecl>(F)) {
    const TypeModel *T = M.lookup(C->getParent());
    if (T && T->Kind == TypeModel::Guard)
      addGuard(*T, F, E);
  }
  const FunctionDecl *Definition = nullptr;
  if (F->hasBody(Definition)) {
    addGetter(Definition, E);
    // Not of virtual functions: another body may run.
    const auto *Method = dyn_cast<CXXMethodDecl>(F);
    if (Scan.find(F) && !(Method && Method->isVirtual())) {
      PointeeUse Use(Definition);
      Use.TraverseStmt(Definition->getBody());
      E.Derefs = Use.Looked;
    }
  }
  if (E.HandBacks.empty() && !F->hasBody())
    if (std::optional<PoolPut> P = poolByDeclaration(F)) {
      HandBackEffect H;
      H.What = resourceAt({Place::Argument, 0, 0}, F);
      if (F->getReturnType()->isBooleanType())
        H.When = Outcome::True;
      H.Why = P->Why;
      H.Reason = P->Reason;
      E.HandBacks.push_back(H);
    }
  // Library code does not change the program's variables behind its back.
  if (F->getASTContext().getSourceManager().isInSystemHeader(F->getLocation()))
    E.ChangesGlobals = false;
  return E;
}

const Effects &CallEffects::of(const FunctionDecl *F) const {
  const FunctionInfo *Body = Scan.find(F);
  const FunctionDecl *Key = Body ? Body->Decl : F;
  auto It = Known.find(Key->getCanonicalDecl());
  if (It != Known.end())
    return It->second;
  Effects E = compute(Key);
  return Known[Key->getCanonicalDecl()] = std::move(E);
}

Effects CallEffects::of(const CallInfo &Call) const {
  if (!Call.Callee) {
    Effects E;
    if (Call.Delete) {
      E.ChangesGlobals = false;
      E.Changes = 0;
    }
    return E;
  }
  Effects E = of(Call.Callee);
  if (Call.Virtual) {
    // Another override may run: what only this body shows is not sure.
    const FunctionInfo *Body = Scan.find(Call.Callee);
    if (Body && !M.lookup(Call.Callee)) {
      E.ReturnsAlias.reset();
      E.ChangesGlobals = true;
    }
  }
  for (ContainerEffect &C : E.Containers)
    if (C.Kind == ContainerOpModel::Act && C.AtomicIfUsed && Call.ResultUsed)
      C.Kind = ContainerOpModel::Atomic;
  return E;
}

const StructuralPut *CallEffects::structuralPut(const FunctionDecl *F) const {
  auto It = Puts.find(F->getCanonicalDecl());
  return It == Puts.end() ? nullptr : &It->second;
}

void CallEffects::learn(const FunctionDecl *F, Effects E) {
  Known[F->getCanonicalDecl()] = std::move(E);
}

bool CallEffects::anyFlowEffect(const FunctionDecl *F) const {
  return of(F).anyFlowEffect();
}

llvm::SmallVector<AccessPath, 1>
CallEffects::requiredLocks(const FunctionDecl *F) const {
  llvm::SmallVector<AccessPath, 1> Locks;
  for (const FunctionDecl *D : F->redecls())
    for (const auto *A : D->specific_attrs<RequiresCapabilityAttr>())
      for (const Expr *Arg : A->args())
        if (auto P = pathOf(Arg, D))
          Locks.push_back(mutexOf(*P, Arg));
  return Locks;
}
