//===- CheckThenActOwners.cpp - State that one thread alone changes -------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing can come between a check and an act on state that belongs to the
// thread that does both, or whose turn it is by a protocol:
//
// - what is reached through a variable that each thread has for itself;
// - what a guard remembers of its lock;
// - an end of a ring, which is compared with the other end;
// - a number that has one writer, as a store of a weak order tells: with two
//   writers it would lose what the other one counted;
// - a flag that one side sets and the other one clears when it is done.
//
//===----------------------------------------------------------------------===//

#include "CheckThenActWatcher.h"
#include "race/Support/Words.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

/// Whether something of this name keeps one value for each thread.
static bool soundsLikeThreadsOwn(StringRef Name) {
  const llvm::SmallVector<std::string, 4> Words = wordsOf(Name);
  for (size_t I = 0; I < Words.size(); ++I) {
    if (Words[I] == "tls" || Words[I] == "threadlocal" ||
        Words[I] == "getspecific")
      return true;
    if (Words[I] == "thread" && I + 1 < Words.size() &&
        (Words[I + 1] == "local" || Words[I + 1] == "specific" ||
         Words[I + 1] == "storage"))
      return true;
  }
  return false;
}

/// Whether what a call of \p F gives belongs to the thread that asks for it.
static bool soundsLikeThreadsOwn(const FunctionDecl *F) {
  if (const auto *M = dyn_cast<CXXMethodDecl>(F))
    return soundsLikeThreadsOwn(M->getParent()->getName());
  return F->getIdentifier() && soundsLikeThreadsOwn(F->getName());
}

static bool givesThreadsOwn(const Expr *E) {
  const auto *Call = dyn_cast<CallExpr>(E->IgnoreParenImpCasts());
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  return F && soundsLikeThreadsOwn(F);
}

/// Whether \p E is what the thread has for itself: read from a variable of
/// its own, put into one, or what a function gives that is called so.
static bool isThreadsOwnValue(const Expr *E) {
  E = E->IgnoreParenCasts();
  if (const auto *B = dyn_cast<BinaryOperator>(E))
    return B->getOpcode() == BO_Assign && isThreadsOwnValue(B->getLHS());
  const auto *R = dyn_cast<DeclRefExpr>(E);
  const auto *V = R ? dyn_cast<VarDecl>(R->getDecl()) : nullptr;
  if (!V)
    return givesThreadsOwn(E);
  return V->getTLSKind() ||
         (V->hasLocalStorage() && V->getInit() && V->getInit() != E &&
          isThreadsOwnValue(V->getInit()));
}

namespace {
/// Looks at what a function returns.
class OwnReturns : public RecursiveASTVisitor<OwnReturns> {
public:
  explicit OwnReturns(ASTContext &Context) : Context(Context) {}
  bool VisitReturnStmt(ReturnStmt *S) {
    const Expr *Value = S->getRetValue();
    if (Value && isThreadsOwnValue(Value))
      Own = true;
    else if (!Value || !Value->isNullPointerConstant(
                           Context, Expr::NPC_ValueDependentIsNotNull))
      Other = true;
    return !Other;
  }
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool Own = false, Other = false;

private:
  ASTContext &Context;
};
} // namespace

bool CheckThenActWatcher::isThreadsOwn(const Simulation &Sim,
                                       Loc Object) const {
  const Memory &M = Sim.memory();
  Sym Through = M.pointerTo(Object);
  if (!Through)
    return false;
  const Memory::SymInfo &I = M.symbol(Through);
  const Op *By = I.Kind == Memory::SymKind::Unknown
                     ? &Sim.op(I.Id)
                     : callThatMade(Sim, Through);
  if (!By || By->Kind != OpKind::Call || !By->Callee)
    return false;
  const FunctionInfo *Body = TU.scan().find(By->Callee);
  if (!Body)
    return soundsLikeThreadsOwn(By->Callee);
  OwnReturns Returns(TU.context());
  Returns.TraverseStmt(Body->Decl->getBody());
  return Returns.Own && !Returns.Other;
}

/// The function without arguments that gave \p V; null if none did.
static const FunctionDecl *giverOf(const Simulation &Sim, Sym V) {
  const Memory::SymInfo &I = Sim.memory().symbol(V);
  if (I.Kind != Memory::SymKind::Unknown)
    return nullptr;
  const Op &O = Sim.op(I.Id);
  return O.Kind == OpKind::Call && O.Callee && O.Callee->param_empty() &&
                 !O.Callee->isVariadic() && !isa<CXXMethodDecl>(O.Callee)
             ? O.Callee->getCanonicalDecl()
             : nullptr;
}

bool CheckThenActWatcher::isComparedWith(const Simulation &Sim,
                                         const OpenQuery &Q, Sym Set) {
  if (!Set || Sim.memory().symbol(Set).Kind == Memory::SymKind::Const)
    return false;
  // Two calls tell one thread the same: who it is.
  const FunctionDecl *By = giverOf(Sim, Set);
  return llvm::any_of(Q.ComparedWith, [&](Sym With) {
    return With == Set || (By && giverOf(Sim, With) == By);
  });
}

/// The members by which \p L is reached from the object that it is in.
static FieldPath pathTo(const Memory &M, Loc L) {
  FieldPath Path;
  for (; L; L = M.info(L).Parent) {
    const Memory::LocInfo &I = M.info(L);
    if (I.Kind == Memory::LocKind::Field || I.Kind == Memory::LocKind::Global)
      Path.insert(Path.begin(), EntityId{I.Id});
    else if (I.Kind == Memory::LocKind::Pointee)
      break;
  }
  return Path;
}

bool CheckThenActWatcher::isOwnEnd(const Simulation &Sim,
                                   const OpenQuery &Q) const {
  if (Q.Effect == OpenQuery::PlainRead || Q.Beside.empty())
    return false;
  FieldPath Mine = pathTo(Sim.memory(), Q.Object);
  return llvm::any_of(Q.Beside, [&](Loc L) {
    FieldPath Other = pathTo(Sim.memory(), L);
    return Facts.ChangedAgainst.count({Mine, Other}) &&
           Facts.ChangedAgainst.count({Other, Mine});
  });
}

/// What the operation at \p O is done to, as it was written; null if that is
/// not to be seen.
static const Expr *objectOf(const Op &O) {
  if (const auto *C = dyn_cast_or_null<CXXMemberCallExpr>(O.Node))
    return C->getImplicitObjectArgument();
  if (const auto *C = dyn_cast_or_null<CallExpr>(O.Node))
    return C->getNumArgs() ? C->getArg(0) : nullptr;
  if (const auto *B = dyn_cast_or_null<BinaryOperator>(O.Node))
    return B->getLHS();
  return nullptr;
}

bool CheckThenActWatcher::isThreadsOwn(const Op &O) const {
  const Expr *E = objectOf(O);
  for (unsigned Depth = 0; E && Depth < 8; ++Depth) {
    E = E->IgnoreParenImpCasts();
    if (givesThreadsOwn(E))
      return true;
    if (const auto *M = dyn_cast<MemberExpr>(E))
      E = M->getBase();
    else if (const auto *C = dyn_cast<CXXOperatorCallExpr>(E))
      E = C->getArg(0);
    else if (const auto *U = dyn_cast<UnaryOperator>(E))
      E = U->getSubExpr();
    else if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
      E = A->getBase();
    else if (const auto *R = dyn_cast<DeclRefExpr>(E)) {
      const auto *V = dyn_cast<VarDecl>(R->getDecl());
      if (V && V->getTLSKind())
        return true;
      E = V && V->hasLocalStorage() ? V->getInit() : nullptr;
    } else
      return false;
  }
  return false;
}

/// Whether \p L is a member of a class whose destructor releases a lock: it
/// says whether the guard holds that lock, and the guard has one owner.
bool CheckThenActWatcher::isGuardsOwn(const Simulation &Sim, Loc L) const {
  const Memory::LocInfo &I = Sim.memory().info(L);
  if (I.Kind != Memory::LocKind::Field)
    return false;
  const auto *Member = dyn_cast_or_null<FieldDecl>(TU.entities().decl({I.Id}));
  const auto *Class =
      Member ? dyn_cast<CXXRecordDecl>(Member->getParent()) : nullptr;
  const CXXDestructorDecl *End = Class ? Class->getDestructor() : nullptr;
  const Stmt *Body = End ? End->getBody() : nullptr;
  if (!Body)
    return false;
  bool Takes = false, Releases = false;
  std::vector<const Stmt *> Work{Body};
  while (!Work.empty()) {
    const Stmt *At = Work.back();
    Work.pop_back();
    const FunctionDecl *Callee = nullptr;
    if (const auto *Call = dyn_cast<CallExpr>(At))
      Callee = Call->getDirectCallee();
    else if (const auto *Made = dyn_cast<CXXConstructExpr>(At))
      Callee = Made->getConstructor();
    if (Callee)
      for (const LockEffect &E : Calls.of(Callee).Locks)
        (E.Op == LockModel::Release ? Releases : Takes) = true;
    for (const Stmt *Child : At->children())
      if (Child)
        Work.push_back(Child);
  }
  return Releases && !Takes;
}

/// What the atomic \p Object holds; null if that is not known.
static QualType heldBy(QualType T) {
  T = T.getNonReferenceType();
  if (const auto *Atomic = T->getAs<AtomicType>())
    return Atomic->getValueType();
  const auto *Of =
      dyn_cast_or_null<ClassTemplateSpecializationDecl>(T->getAsRecordDecl());
  if (Of && Of->getTemplateArgs().size() &&
      Of->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
    return Of->getTemplateArgs()[0].getAsType();
  return T;
}

bool CheckThenActWatcher::hasStates(const Simulation &Sim, Loc Object) const {
  EntityId Id{identity(Sim.memory(), Object)};
  if (!Facts.Swapped.count(Id))
    return false;
  const auto *D = dyn_cast_or_null<ValueDecl>(TU.entities().decl(Id));
  return !D || !heldBy(D->getType())->isBooleanType();
}

bool CheckThenActWatcher::hasOneWriter(const Simulation &Sim,
                                       Loc Object) const {
  EntityId Id{identity(Sim.memory(), Object)};
  if (!Facts.StoredWeakly.count(Id))
    return false;
  const auto *D = dyn_cast_or_null<ValueDecl>(TU.entities().decl(Id));
  QualType T = D ? heldBy(D->getType()) : QualType();
  return !T.isNull() && T->isIntegerType() && !T->isBooleanType();
}

bool CheckThenActWatcher::givesTurnBack(const Simulation &Sim, const State &S,
                                        const Op &O, const OpenQuery &Q) const {
  const Memory &M = Sim.memory();
  if (O.Kind != OpKind::Call || !Q.Answer ||
      S.truth(M, Q.Answer) == std::optional<bool>(false))
    return false;
  const CallInfo &Call = Sim.graph().Calls[O.Index];
  bool Clears = false;
  for (unsigned I = 0; I < Call.Args.size(); ++I) {
    Sym V = Sim.argument(Call, I);
    Clears |= V && S.truth(M, V) == std::optional<bool>(false);
  }
  if (!Clears)
    return false;
  bool Behind = false;
  for (const Op &Other : Sim.graph().Blocks[Sim.block()].Ops) {
    if (Behind && isOwnCall(Other))
      return false;
    Behind |= Other.Id == O.Id;
  }
  return true;
}

/// To be the only owner is no protection where others can become owners too:
/// they copy the pointer under a lock that is not held here.
void CheckThenActWatcher::onOwned(const Simulation &Sim, const State &S,
                                  const Op &O, Loc Object) {
  if (!Info.CountsOwners || !S.Locks.empty() || MayBeLocked || !Object)
    return;
  const Memory &M = Sim.memory();
  for (const OpenQuery &Q : S.Queries) {
    if (Q.Effect == OpenQuery::PlainRead || !Q.Under.empty() ||
        Q.Object == Object || !M.isWithin(Object, Q.Object) ||
        isFresh(Sim, Q.Object) || !decides(Sim, Q))
      continue;
    const Op &Counted = Sim.op(Q.OpId);
    const ContainerEffect &E = Sim.effects(Counted).Containers[Q.Effect];
    if (E.Of != StateKind::Owners || !isOwnerCount(E.Name) ||
        !S.factAbout(M, Q.Answer).mayBe(1))
      continue;
    auto Others = Facts.ReadUnder.find({identity(M, Q.Object)});
    if (Others == Facts.ReadUnder.end() || Others->second.empty() ||
        !Reported.insert(identity(M, Q.Object)).second)
      continue;
    std::string Name = nameOf(Sim, Q.Object);
    std::string Lock = TU.names().display(*Others->second.begin()).str();
    Finding R = start(Sim, O, "only owner", Name);
    R.Message = "check-then-act on '" + Name +
                "': another thread can copy it "
                "between '" +
                calleeName(Sim, Counted) + "' and the change of its object";
    R.Notes.push_back(
        {placeOf(Sim, Counted), "the owners are counted here, without '" +
                                    Lock + "', under which others copy it"});
    R.Interleaving = {{1, placeOf(Sim, Counted), "is the only owner"},
                      {2, Anchor(), "copies '" + Name + "'", {Lock}},
                      {1, R.Place, "changes what thread 2 looks at"}};
    Found.push_back(std::move(R));
  }
}
