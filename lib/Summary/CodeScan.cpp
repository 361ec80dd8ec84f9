//===- CodeScan.cpp - One walk over a translation unit --------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/CodeScan.h"
#include "EffectPlaces.h"
#include "Expressions.h"
#include "LockNames.h"
#include "OwnershipScan.h"
#include "RemovalScan.h"
#include "Searches.h"
#include "StartScan.h"
#include "StatementText.h"
#include "race/Flow/FlowGraph.h"
#include "race/Summary/CallEffects.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtOpenMP.h"
#include "clang/Basic/OpenMPKinds.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace race;

namespace race {

class ScanVisitor : public RecursiveASTVisitor<ScanVisitor> {
  using Base = RecursiveASTVisitor<ScanVisitor>;

public:
  ScanVisitor(ASTContext &Ctx, const Models &M, CodeScan &Scan)
      : SM(Ctx.getSourceManager()), M(M), Scan(Scan), Starts(SM, M),
        Owners(M, Scan.Owners), Removals(Scan.Owners.Removed) {}

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return false; }
  bool shouldWalkTypesOfTypeLocs() const { return false; }
  // Types hold no code that runs.
  bool TraverseTypeLoc(TypeLoc) { return true; }
  bool TraverseType(QualType) { return true; }
  bool TraverseNestedNameSpecifierLoc(NestedNameSpecifierLoc) { return true; }

  bool TraverseDecl(Decl *D) {
    if (!D)
      return true;
    // Only what stands directly in a file or namespace can start a system
    // header's code; deeper checks would be wasted.
    if (D->getDeclContext() && D->getDeclContext()->isFileContext() &&
        SM.isInSystemHeader(D->getLocation()))
      return true;
    if (auto *F = dyn_cast<FunctionDecl>(D))
      return traverseFunction(F);
    return Base::TraverseDecl(D);
  }

  bool TraverseLambdaExpr(LambdaExpr *E) {
    for (unsigned I = 0; I < E->capture_size(); ++I)
      if (Expr *Init = E->capture_init_begin()[I])
        TraverseStmt(Init);
    for (const LambdaCapture &C : E->captures())
      if (Current && C.capturesVariable() && C.getCaptureKind() == LCK_ByRef)
        Current->LeakedLocals.insert(C.getCapturedVar());
    CXXMethodDecl *Op = E->getCallOperator();
    if (Op->isDependentContext())
      return true;
    FunctionInfo *Outer = Current;
    enter(Op);
    Current->Encloser = Outer ? Outer->Decl : nullptr;
    if (Outer)
      Outer->Runs.push_back(Op);
    unsigned Loops = LoopDepth;
    bool Under = Sometimes;
    LoopDepth = 0;
    Sometimes = false;
    TraverseStmt(E->getBody());
    LoopDepth = Loops;
    Sometimes = Under;
    setCurrent(Outer);
    return true;
  }

  bool TraverseForStmt(ForStmt *S) {
    noteSearch(searchIn(S));
    noteListSearch(listSearchIn(S));
    noteStateSearch(stateSearchIn(S, S->getBody()));
    return loop(S, [&] { return Base::TraverseForStmt(S); });
  }
  bool TraverseWhileStmt(WhileStmt *S) {
    noteStateSearch(stateSearchIn(S, S->getBody()));
    return loop(S, [&] { return Base::TraverseWhileStmt(S); });
  }
  bool TraverseDoStmt(DoStmt *S) {
    noteListSearch(hashSearchIn(S, Scan.Ctx));
    return loop(S, [&] { return Base::TraverseDoStmt(S); });
  }
  bool TraverseCXXForRangeStmt(CXXForRangeStmt *S) {
    noteSearch(searchIn(S));
    return loop(S, [&] { return Base::TraverseCXXForRangeStmt(S); });
  }

  void noteSearch(const Search &S) {
    if (S.Begin)
      Scan.SearchedBy[S.Begin] = S.Key;
  }

  void noteListSearch(const Search &S) {
    if (Current && S.Begin)
      Current->Searches.push_back({S.Begin, S.Key, S.Test});
  }

  void noteStateSearch(const StateSearch &S) {
    if (Current && S.State)
      Current->StateSearches.push_back(S);
  }

  bool TraverseIfStmt(IfStmt *S) {
    if (S->getElse())
      return Base::TraverseIfStmt(S);
    for (Stmt *Child : S->children()) {
      bool Outer = Sometimes;
      Sometimes |= Child == S->getThen();
      TraverseStmt(Child);
      Sometimes = Outer;
    }
    return true;
  }

  bool VisitStringLiteral(StringLiteral *S) {
    if (Current && S->getCharByteWidth() == 1 &&
        startsStatement(S->getString()))
      Current->Containers = Scan.HasStatements = true;
    return true;
  }

  bool VisitCallExpr(CallExpr *E) {
    if (!Current)
      return true;
    // What is called is not "taken the address of".
    if (const auto *Ref =
            dyn_cast<DeclRefExpr>(E->getCallee()->IgnoreParenImpCasts()))
      CalledNames.insert(Ref);
    const FunctionDecl *F = E->getDirectCallee();
    noteSearch(searchIn(E));
    if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(E)) {
      if (Op->getOperator() == OO_Call)
        noteIndirect(E);
      // io_ = std::thread(...)
      if (Op->isAssignmentOp() && Op->getNumArgs() == 2)
        Starts.noteName(Op->getArg(1), namedObject(Op->getArg(0)));
    } else if (!F) {
      noteIndirect(E);
    }
    if (LoopDepth > 0)
      if (const auto *M = dyn_cast_or_null<CXXMethodDecl>(F);
          M && M->isVirtual())
        Current->Looped.insert(E);
    if (F)
      visitCall(F, E);
    const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
    Current->CallsThrough |=
        !F || (Operator && SM.isInSystemHeader(F->getLocation()) &&
               Operator->getOperator() == OO_Call);
    return true;
  }

  bool VisitCompoundStmt(CompoundStmt *S) {
    if (!Current)
      return true;
    Owners.visitBlock(S);
    const Stmt *Before = nullptr;
    for (const Stmt *Child : S->body()) {
      if (const auto *Loop = dyn_cast<WhileStmt>(Child))
        noteListSearch(listSearchIn(Before, Loop));
      Before = Child;
    }
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *S) {
    if (Current)
      Owners.visitReturn(S);
    return true;
  }

  bool VisitDecl(Decl *D) {
    if (D->hasAttrs())
      for (const auto *A : D->specific_attrs<AnnotateAttr>())
        if (A->getAnnotation().starts_with("race::claim:")) {
          Scan.Annotated.push_back(D);
          break;
        }
    return true;
  }

  bool VisitVarDecl(VarDecl *V) {
    if (Current && V->isLocalVarDecl())
      noteEndOf(V->getType());
    if (Current)
      Owners.visitVariable(V);
    BindsElement |= bindsElement(V);
    if (const RecordDecl *R =
            V->getTLSKind() ? V->getType()->getAsRecordDecl() : nullptr)
      Scan.PerThread.insert(R->getCanonicalDecl());
    Starts.noteName(V->getInit(), V);
    return true;
  }

  bool TraverseConstructorInitializer(CXXCtorInitializer *I) {
    if (I->isMemberInitializer())
      Starts.noteName(I->getInit(), I->getMember());
    return Base::TraverseConstructorInitializer(I);
  }

  bool VisitUnaryOperator(UnaryOperator *E) {
    if (Current && E->isDecrementOp())
      Owners.visitDecrement(E);
    if (Current && E->getOpcode() == UO_AddrOf)
      Owners.visitAddressOf(E);
    if (Current && E->getOpcode() == UO_AddrOf)
      if (const ValueDecl *V = namedObject(E->getSubExpr()); isLocal(V))
        Current->LeakedLocals.insert(V);
    return true;
  }

  bool VisitOMPExecutableDirective(OMPExecutableDirective *D) {
    // What a region has inside is known by its place: in a template or macro
    // that is no extent.
    if (!Current || !isOpenMPParallelDirective(D->getDirectiveKind()) ||
        !D->hasAssociatedStmt() || D->getBeginLoc().isMacroID())
      return true;
    Scan.UsesThreads = true;
    auto Holds = [&](const OMPExecutableDirective *Outer) {
      return SM.isPointWithin(D->getBeginLoc(),
                              Outer->getRawStmt()->getBeginLoc(),
                              Outer->getRawStmt()->getEndLoc());
    };
    if (llvm::none_of(Current->Parallel, Holds))
      Current->Parallel.push_back(D);
    return true;
  }

  bool VisitAtomicExpr(AtomicExpr *) {
    if (Current)
      Current->Containers = Scan.UsesThreads = true;
    return true;
  }

  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    if (Current)
      visitCall(E->getConstructor(), E);
    return true;
  }

  bool VisitCXXBindTemporaryExpr(CXXBindTemporaryExpr *E) {
    if (Current)
      noteEndOf(E->getType());
    return true;
  }

  bool VisitCXXNewExpr(CXXNewExpr *) {
    if (Current)
      Current->Creates = true;
    return true;
  }

  bool VisitCXXDeleteExpr(CXXDeleteExpr *E) {
    if (!Current)
      return true;
    Current->Frees = true;
    QualType T = E->getDestroyedType();
    if (const RecordDecl *R = T.isNull() ? nullptr : T->getAsRecordDecl())
      Current->Deletes.push_back(R);
    noteDisposed(E->getArgument());
    return true;
  }

  /// What \p E points to comes to its end in the current function.
  void noteDisposed(const Expr *E) {
    QualType T = E->IgnoreParenCasts()->getType();
    if (T->isPointerType())
      if (const RecordDecl *R = T->getPointeeType()->getAsRecordDecl())
        Current->Deletes.push_back(R);
    int P = parameterIn(E, Current->Decl);
    if (P >= 0 && P < 32)
      Current->DisposesParams |= 1u << P;
    Current->DisposesThis |= P == -1;
    Owners.visitEnd(E);
  }

  /// Tables of functions: `const struct ops O = {open_it, close_it};`
  bool VisitInitListExpr(InitListExpr *E) {
    // With designators resolved and gaps filled.
    if (InitListExpr *Complete = E->getSemanticForm())
      E = Complete;
    const RecordDecl *R = E->getType()->getAsRecordDecl();
    if (!R || R->isUnion())
      return true;
    unsigned I = 0;
    for (const FieldDecl *F : R->fields()) {
      if (I >= E->getNumInits())
        break;
      const Expr *Init = E->getInit(I++);
      if (F->getType()->isFunctionPointerType() && Init)
        noteCallback(F, Init);
    }
    return true;
  }

  void noteCallback(const FieldDecl *F, const Expr *Value) {
    const FunctionDecl *Run = calledThrough(Value);
    if (Run || !(isa<ImplicitValueInitExpr>(Value) || isNull(Value)))
      Scan.KeptIn[F].push_back(Run);
  }

  /// auto &first = queue.front();
  static bool bindsElement(const VarDecl *V) {
    if (!V->getInit() || !V->getType()->isReferenceType())
      return false;
    const auto *Call =
        dyn_cast<CXXMemberCallExpr>(V->getInit()->IgnoreParenImpCasts());
    const CXXMethodDecl *M = Call ? Call->getMethodDecl() : nullptr;
    return M && M->getIdentifier() &&
           (M->getName() == "front" || M->getName() == "back" ||
            M->getName() == "top");
  }

  bool VisitDeclRefExpr(DeclRefExpr *E) {
    const auto *F = dyn_cast<FunctionDecl>(E->getDecl());
    if (Current && F && !CalledNames.contains(E) &&
        !SM.isInSystemHeader(F->getLocation()))
      Current->AddressTaken.push_back(F);
    return true;
  }

  /// The member with an arrow in e->link.next, or in e->next.
  static const MemberExpr *linkIn(const Expr *E) {
    const auto *M = dyn_cast<MemberExpr>(E->IgnoreParenImpCasts());
    while (M && !M->isArrow())
      M = dyn_cast<MemberExpr>(M->getBase()->IgnoreParenImpCasts());
    return M;
  }

  bool isNull(const Expr *E) const {
    const Expr *Plain = E->IgnoreParenImpCasts();
    if (const auto *B = dyn_cast<BinaryOperator>(Plain))
      return B->getOpcode() == BO_Assign && isNull(B->getRHS());
    return E->isNullPointerConstant(const_cast<ASTContext &>(Scan.Ctx),
                                    Expr::NPC_NeverValueDependent);
  }

  /// free_[--n]: takes from an array that is used as a stack or ring.
  bool VisitArraySubscriptExpr(ArraySubscriptExpr *E) {
    const auto *Index =
        dyn_cast<UnaryOperator>(E->getIdx()->IgnoreParenImpCasts());
    const ValueDecl *Array = namedObject(E->getBase());
    if (Current && Index && Index->isIncrementDecrementOp() && Array &&
        !isLocal(Array) && !StoredTo.contains(E))
      Current->Takes.push_back({Array, true, false});
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *E) {
    if (!Current || E->getOpcode() != BO_Assign ||
        !E->getLHS()->getType()->isPointerType())
      return true;
    if (E->getLHS()->getType()->isFunctionPointerType()) {
      const auto *M = dyn_cast<MemberExpr>(E->getLHS()->IgnoreParens());
      const auto *F = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
      if (F)
        noteCallback(F, E->getRHS());
      return true;
    }
    Owners.visitAssignment(E);
    // *last_ = p: behind the last element of a list that knows its end.
    if (const auto *End = dyn_cast<UnaryOperator>(E->getLHS()->IgnoreParens());
        End && End->getOpcode() == UO_Deref) {
      const ValueDecl *Last = namedObject(End->getSubExpr());
      int Param = parameterIn(E->getRHS(), Current->Decl);
      if (Last && !isLocal(Last) && Param != -2)
        Current->Stores.push_back({Param, Last, true, true});
      return true;
    }
    // free_[n++] = p
    if (const auto *Slot =
            dyn_cast<ArraySubscriptExpr>(E->getLHS()->IgnoreParens())) {
      StoredTo.insert(Slot);
      const ValueDecl *Array = namedObject(Slot->getBase());
      int Param = parameterIn(E->getRHS(), Current->Decl);
      if (Array && !isLocal(Array) && Param != -2)
        Current->Stores.push_back({Param, Array, true, false});
      return true;
    }
    const ValueDecl *Head = namedObject(E->getLHS());
    if (!Head || isLocal(Head))
      return true;
    // free_ = p: pushes p if p->next = free_ stands before it.
    int Param = parameterIn(E->getRHS(), Current->Decl);
    if (Param != -2) {
      if (LinkedTo.contains(Head))
        Current->Stores.push_back({Param, Head, true, true});
      // last_->next = p; last_ = p;
      if (const MemberExpr *L = linkIn(E->getLHS()))
        if (const ValueDecl *Last = namedObject(L->getBase());
            Last && !isLocal(Last))
          LinkedTo.insert(Last);
      return true;
    }
    // free_ = x->next: pops. first_ = last_ = nullptr: takes all.
    if (linkIn(E->getRHS()))
      Current->Takes.push_back({Head, true, true});
    else if (isNull(E->getRHS()))
      Current->Takes.push_back({Head, true, true, true});
    else if (isLocal(namedObject(E->getRHS())))
      Current->Fills.insert(Head);
    // p->next = free_
    if (const MemberExpr *L = linkIn(E->getLHS());
        L && parameterIn(L->getBase(), Current->Decl) != -2)
      if (const ValueDecl *From = namedObject(E->getRHS());
          From && !isLocal(From))
        LinkedTo.insert(From);
    return true;
  }

  /// Marks what was found to run once; call after the walk.
  void finish() {
    Owners.finish();
    Removals.finish();
    for (const auto &F : Scan.Functions)
      F->Once = OnceRun.contains(F->Decl->getCanonicalDecl());
  }

private:
  template <typename Fn> bool loop(const Stmt *S, Fn Body) {
    if (LoopDepth++ == 0)
      LoopBegin = S->getBeginLoc();
    bool R = Body();
    --LoopDepth;
    return R;
  }

  void setCurrent(FunctionInfo *F) {
    Current = F;
    Owners.enter(F);
  }

  void enter(FunctionDecl *F) {
    auto Info = std::make_unique<FunctionInfo>();
    Info->Decl = F;
    setCurrent(Info.get());
    Scan.ByDecl[F->getCanonicalDecl()] = Current;
    if (const FunctionDecl *P = F->getTemplateInstantiationPattern())
      Scan.ByDecl[P->getCanonicalDecl()] = Current;
    Scan.Functions.push_back(std::move(Info));
  }

  bool traverseFunction(FunctionDecl *F) {
    if (!F->doesThisDeclarationHaveABody() || F->isInvalidDecl() ||
        F->isDefaulted())
      return Base::TraverseDecl(F); // reaches template instantiations
    if (F->isDependentContext())
      return Base::TraverseDecl(F);
    if (isBroken(F))
      return true;
    // One instantiation speaks for all.
    if (const FunctionDecl *P = F->getTemplateInstantiationPattern())
      if (!Instantiated.insert(P->getCanonicalDecl()).second)
        return true;
    FunctionInfo *Outer = Current;
    unsigned Loops = LoopDepth;
    bool Under = Sometimes;
    LoopDepth = 0;
    Sometimes = false;
    LinkedTo.clear();
    BindsElement = false;
    enter(F);
    bool R = Base::TraverseDecl(F);
    LoopDepth = Loops;
    Sometimes = Under;
    setCurrent(Outer);
    return R;
  }

  /// An object of type \p T is destroyed in the current function.
  void noteEndOf(QualType T, unsigned Depth = 0) {
    const CXXRecordDecl *R = T->getAsCXXRecordDecl();
    if (!R || Depth > 3 || !R->hasDefinition() || R->hasTrivialDestructor())
      return;
    const FunctionDecl *End = runsAtEndOf(R);
    if (End && !llvm::is_contained(Current->Runs, End))
      Current->Runs.push_back(End);
    Current->Erases |= isDeletingOwner(R);
    const CXXDestructorDecl *D = R->getDestructor();
    if (R->isInStdNamespace() || (D && D->isUserProvided()))
      return;
    for (const FieldDecl *Field : R->fields())
      noteEndOf(Field->getType(), Depth + 1);
    for (const CXXBaseSpecifier &Base : R->bases())
      noteEndOf(Base.getType(), Depth + 1);
  }

  void visitCall(const FunctionDecl *F, const Expr *E) {
    if (Current->ThreadName.empty())
      Current->ThreadName = StartScan::nameGivenBy(F, E).str();
    const FunctionModel *Model = M.lookup(F);
    if (F->isInStdNamespace() && F->getIdentifier()) {
      if (F->getName().starts_with("make_"))
        noteStart(Starts.visitElement(E->getType(), E, outerLoop()));
      visitTransfer(F->getName(), E);
      Removals.visitCall(Current->Decl, F->getName(), E);
    }
    if (const auto *Method = dyn_cast<CXXMethodDecl>(F);
        Method && Method->getParent()->isInStdNamespace()) {
      if (Method->getIdentifier())
        visitContainerMethod(Method->getName(), E);
      if (const Expr *Object = objectOf(E);
          Object && Method->getIdentifier() && Method->getName() == "reserve")
        Scan.Reserved.insert(namedObject(Object));
      // An owner that takes another thing ends what it had: reset(), =.
      if (Method->getOverloadedOperator() == OO_Equal ||
          (Method->getIdentifier() && Method->getName() == "reset"))
        noteEndOf(Scan.Ctx.getRecordType(Method->getParent()));
    }
    Current->Erases |= shrunkContainer(E) || resetOwner(E);
    Current->Grows |= grownContainer(E) != nullptr;
    if (!Model) {
      if (isa<CXXConstructorDecl>(F))
        if (const TypeModel *T =
                M.lookup(cast<CXXConstructorDecl>(F)->getParent());
            T && T->Kind == TypeModel::Guard) {
          Current->Locks = Scan.UsesThreads = true;
          return;
        }
      if (!SM.isInSystemHeader(F->getLocation()))
        Current->Calls.push_back({F, E});
      bool Known = locksByDeclaration(F);
      // With a body it is one if that is made of atomics.
      Current->Locks |= Known;
      if (!F->hasBody()) {
        if (Known || soundsLikeLock(F)) {
          Current->UnknownLocks |= !Known;
          Scan.UsesThreads = true;
        }
      }
      // Wrappers that make the object they return, wherever they stand.
      if (isAllocator(F))
        Current->Creates = true;
      return;
    }
    if (const auto *Method = dyn_cast<CXXMethodDecl>(F);
        Method && !Model->ContainerOps.empty())
      if (const TypeModel *T = M.lookup(Method->getParent());
          T && T->Synchronized)
        Scan.UsesThreads = true;
    for (const HandBackModel &H : Model->HandBacks) {
      (H.Memory ? Current->Frees : Current->HandsBack) = true;
      if (H.What.Kind == Place::Argument && !H.What.Derefs && !H.Reference)
        if (const Expr *Arg = argumentOf(E, H.What.Index))
          noteDisposed(Arg);
    }
    if (!Model->Locks.empty())
      Current->Locks = Scan.UsesThreads = true;
    if (!Model->Joins.empty())
      Current->LastJoin = E;
    for (const ThreadStartModel &S : Model->Starts) {
      Scan.UsesThreads = true;
      noteStart(Starts.visit(S, E, outerLoop()));
    }
    if (Model->Once)
      for (unsigned I = 0; const Expr *Arg = argumentOf(E, I); ++I)
        if (const FunctionDecl *Run = calledThrough(Arg))
          OnceRun.insert(Run->getCanonicalDecl());
    if (!Model->ContainerOps.empty()) {
      // Other processes are on the same database.
      if (Model->ContainerOps.front().Of == StateKind::Database)
        Current->Containers = Scan.UsesThreads = true;
      for (const ContainerOpModel &C : Model->ContainerOps)
        if (C.Of == StateKind::Files) {
          bool Asks = C.Kind == ContainerOpModel::Query;
          (Asks ? Scan.AsksFiles : Scan.ChangesFiles) = Current->Files = true;
        }
      // An object's owners are elsewhere, even if this one is local.
      if (Model->ContainerOps.front().Of == StateKind::Owners) {
        Current->Containers = true;
        Current->CountsOwners |= isOwnerCount(F->getNameAsString());
      }
      visitContainerOp(F, E);
    }
    if (!SM.isInSystemHeader(F->getLocation()))
      Current->Calls.push_back({F, E});
  }

  /// All elements of a container that others see change over to a local one:
  /// done.swap(queue_), std::swap(done, queue_), done = std::move(queue_),
  /// std::exchange(queue_, {}), done.splice(done.end(), queue_).
  void visitTransfer(StringRef Name, const Expr *E) {
    const ValueDecl *From = nullptr;
    auto Shared = [&](const Expr *X) {
      const ValueDecl *D = X ? namedObject(X) : nullptr;
      const CXXRecordDecl *R =
          D ? D->getType().getNonReferenceType()->getAsCXXRecordDecl()
            : nullptr;
      return R && R->isInStdNamespace() && !isLocal(D) ? D : nullptr;
    };
    auto IsLocal = [&](const Expr *X) { return X && isLocal(namedObject(X)); };
    const Expr *Object = objectOf(E);
    if (Name == "swap") {
      const Expr *A = Object ? Object : argumentOf(E, 0);
      const Expr *B = argumentOf(E, Object ? 0 : 1);
      From = IsLocal(A) ? Shared(B) : IsLocal(B) ? Shared(A) : nullptr;
    } else if (Name == "splice" && Object) {
      From = IsLocal(Object) ? Shared(argumentOf(E, 1)) : nullptr;
    } else if (!Object && (Name == "move" || Name == "exchange")) {
      From = Shared(argumentOf(E, 0));
    }
    if (From)
      Current->Takes.push_back({From, false, false, true});
  }

  void visitContainerMethod(StringRef Name, const Expr *E) {
    visitTransfer(Name, E);
    Owners.visitContainer(Name, E);
    Removals.visitCall(Current->Decl, Name, E);
  }

  bool locksByDeclaration(const FunctionDecl *F) {
    auto [It, New] = DeclaredLocks.try_emplace(F->getCanonicalDecl(), false);
    if (New) {
      const auto *C = dyn_cast<CXXConstructorDecl>(F);
      It->second = C ? guardByDeclaration(C).has_value()
                     : soundsLikeLock(F) && lockByDeclaration(F).has_value();
    }
    return It->second;
  }

  /// Names decide nothing but silence here.
  static bool soundsLikeLock(const FunctionDecl *F) {
    const IdentifierInfo *Id = F->getIdentifier();
    if (!Id)
      return false;
    for (StringRef Word : wordsOf(Id->getName())) {
      if (Word == "mutex" || Word == "critical" || Word == "acquire" ||
          Word == "locked" || Word == "locks" || Word.starts_with("synchron"))
        return true;
      // "wrlock", but neither "block" nor "clock" nor "nolock".
      if (Word.consume_back("lock") && Word != "b" && Word != "c" &&
          !Word.ends_with("no"))
        return true;
    }
    return false;
  }

  static bool isAllocator(const FunctionDecl *F) {
    const IdentifierInfo *Id = F->getIdentifier();
    if (!Id)
      return F->getOverloadedOperator() == OO_New ||
             F->getOverloadedOperator() == OO_Array_New;
    return llvm::StringSwitch<bool>(Id->getName())
        .Cases("make_unique", "make_shared", "malloc", "calloc", "realloc",
               true)
        .Default(false);
  }

  /// Where the outermost loop begins; invalid outside of loops.
  SourceLocation outerLoop() const {
    return LoopDepth > 0 ? LoopBegin : SourceLocation();
  }

  void noteStart(std::optional<StartSite> Site) {
    if (!Site)
      return;
    Scan.UsesThreads = true;
    Site->Sometimes = Sometimes;
    Current->Starts.push_back(std::move(*Site));
  }

  void noteIndirect(const CallExpr *E) {
    Current->Indirect.push_back(E);
    if (lockThroughPointer(E))
      Current->Locks = Scan.UsesThreads = true;
    if (LoopDepth > 0)
      Current->Looped.insert(E);
  }

  /// Whether a key is a member of something, or a getter's answer.
  static bool keyIsHeld(const Expr *Key) {
    if (!Key)
      return false;
    Key = unwrapped(Key);
    // An iterator that becomes a const_iterator.
    if (const auto *X = dyn_cast<CXXConstructExpr>(Key);
        X && X->getNumArgs() >= 1)
      Key = unwrapped(X->getArg(0));
    return isa<MemberExpr, CXXMemberCallExpr>(Key);
  }

  void visitContainerOp(const FunctionDecl *F, const Expr *E) {
    const Expr *Object = objectOf(E);
    const ValueDecl *Container = Object ? namedObject(Object) : nullptr;
    const IdentifierInfo *Id = F->getIdentifier();
    if (Object && Id && Id->getName().starts_with("emplace"))
      noteStart(Starts.visitElement(Object->getType(), E, outerLoop()));
    if (Id && ((BindsElement && (Id->getName().starts_with("pop") ||
                                 Id->getName() == "clear")) ||
               (Id->getName() == "erase" && keyIsHeld(argumentOf(E, 0)))))
      Current->HandsBack = true;
    Current->Erases |=
        Id && Id->getName() == "erase" && keyIsHeld(argumentOf(E, 0));
    if (Container && isLocal(Container))
      return;
    Current->Containers = true;
    if (!Container || !Id)
      return;
    StringRef Name = Id->getName();
    bool Back = Name == "push_back" || Name == "emplace_back";
    bool Front = Name == "push_front" || Name == "emplace_front";
    bool Neutral = Name == "push" || Name == "emplace" || Name == "insert" ||
                   Name == "enqueue" || Name == "try_push";
    if ((Back || Front || Neutral) && argumentOf(E, 0)) {
      int Param = parameterIn(argumentOf(E, 0), Current->Decl);
      if (Param != -2)
        Current->Stores.push_back({Param, Container, !Front, false});
    }
    if (Name == "pop_back" || Name == "pop" || Name == "try_pop" ||
        Name == "dequeue")
      Current->Takes.push_back({Container, true, false});
    if (Name == "pop_front" || Name == "erase" || Name == "extract")
      Current->Takes.push_back({Container, false, false});
  }

  const SourceManager &SM;
  const Models &M;
  CodeScan &Scan;
  FunctionInfo *Current = nullptr;
  unsigned LoopDepth = 0;
  /// Where the outermost loop begins.
  SourceLocation LoopBegin;
  llvm::DenseSet<const FunctionDecl *> Instantiated;
  llvm::DenseSet<const DeclRefExpr *> CalledNames;
  llvm::DenseSet<const FunctionDecl *> OnceRun;
  llvm::DenseMap<const FunctionDecl *, bool> DeclaredLocks;
  llvm::DenseSet<const ValueDecl *> LinkedTo;
  llvm::DenseSet<const ArraySubscriptExpr *> StoredTo;
  /// The function has a reference to an end of a container.
  bool BindsElement = false;
  StartScan Starts;
  /// In the body of an `if` without `else`.
  bool Sometimes = false;
  OwnershipScan Owners;
  RemovalScan Removals;
};

} // namespace race

CodeScan::CodeScan(ASTContext &Ctx, const Models &M) : Ctx(Ctx) {
  ScanVisitor V(Ctx, M, *this);
  for (Decl *D : Ctx.getTraversalScope()) {
    if (auto *TU = dyn_cast<TranslationUnitDecl>(D)) {
      for (Decl *Top : TU->decls())
        V.TraverseDecl(Top);
      continue;
    }
    V.TraverseDecl(D);
  }
  V.finish();
}

const FunctionInfo *CodeScan::find(const FunctionDecl *F) const {
  if (!F)
    return nullptr;
  if (const FunctionInfo *I = ByDecl.lookup(F->getCanonicalDecl()))
    return I;
  if (const FunctionDecl *P = F->getTemplateInstantiationPattern())
    return ByDecl.lookup(P->getCanonicalDecl());
  return nullptr;
}

llvm::ArrayRef<const FunctionDecl *>
CodeScan::keptFor(const CallExpr *Call) const {
  const auto *M =
      dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParenImpCasts());
  const auto *Field = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  return Field ? keptIn(Field) : llvm::ArrayRef<const FunctionDecl *>();
}
