//===- FreedMemory.cpp - Where freed memory is worth a look ---------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FreedMemory.h"
#include "race/Flow/Effect.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "llvm/ADT/EquivalenceClasses.h"

using namespace clang;
using namespace race;

namespace race {

/// Reads one function in the order of the text: what is freed, and what is
/// mentioned behind it. Variables and fields that are assigned to each other
/// count as one.
class FreeingVisitor : public RecursiveASTVisitor<FreeingVisitor> {
  using Base = RecursiveASTVisitor<FreeingVisitor>;

public:
  FreeingVisitor(const FreedMemory &Known, const FunctionDecl *F)
      : Known(Known), F(F) {}

  bool TraverseTypeLoc(TypeLoc) { return true; }
  bool TraverseLambdaExpr(LambdaExpr *E) {
    // A function of its own; what it captures is mentioned here.
    for (const LambdaCapture &C : E->captures())
      if (C.capturesVariable())
        mention(C.getCapturedVar());
    return true;
  }
  bool TraverseForStmt(ForStmt *S) {
    return loop([&] { return Base::TraverseForStmt(S); });
  }
  bool TraverseWhileStmt(WhileStmt *S) {
    return loop([&] { return Base::TraverseWhileStmt(S); });
  }
  bool TraverseDoStmt(DoStmt *S) {
    return loop([&] { return Base::TraverseDoStmt(S); });
  }
  bool TraverseCXXForRangeStmt(CXXForRangeStmt *S) {
    return loop([&] {
      if (!Base::TraverseCXXForRangeStmt(S))
        return false;
      // Each turn goes on from where the last one stood.
      const auto *Begin =
          S->getBeginStmt()
              ? dyn_cast<VarDecl>(S->getBeginStmt()->getSingleDecl())
              : nullptr;
      if (const ValueDecl *Range = named(S->getRangeInit()); Begin && Range) {
        Same.unionSets(Begin, Range);
        mention(Begin);
      }
      return true;
    });
  }
  bool TraverseCompoundStmt(CompoundStmt *S) {
    size_t First = Freed.size();
    if (!Base::TraverseCompoundStmt(S))
      return false;
    // What the block's own variables own ends with it.
    for (const Stmt *Child : S->body())
      if (const auto *D = dyn_cast<DeclStmt>(Child))
        for (const Decl *Declared : D->decls())
          if (const auto *V = dyn_cast<VarDecl>(Declared);
              V && endsWhatItOwns(V))
            Freed.push_back({V, false, ++Position, ~0u, EntityId(),
                             /*Renewed=*/true, /*ByScope=*/true});
    // Nothing behind a block that returns follows on what happened in it.
    if (!S->body_empty() && isa<ReturnStmt>(S->body_back()))
      for (size_t I = First; I < Freed.size(); ++I)
        Freed[I].Until = std::min(Freed[I].Until, Position);
    return true;
  }
  bool TraverseBinaryOperator(BinaryOperator *E) {
    if (E->getOpcode() != BO_Assign)
      return Base::TraverseBinaryOperator(E);
    if (!TraverseStmt(E->getRHS()))
      return false;
    if (const ValueDecl *To = named(E->getLHS())) {
      copied(To, E->getRHS());
      // Assigned anew; only its base is looked at.
      const auto *M = dyn_cast<MemberExpr>(E->getLHS()->IgnoreParenImpCasts());
      return !M || TraverseStmt(M->getBase());
    }
    return TraverseStmt(E->getLHS());
  }
  bool VisitVarDecl(VarDecl *V) {
    if (V->getInit())
      copied(V, V->getInit());
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *S) {
    const Expr *E = S->getRetValue();
    QualType T = F->getReturnType();
    if (!E || !(T->isPointerType() || T->isReferenceType()))
      return true;
    bool Into = false;
    const Expr *From = baseOf(E, /*Members=*/true, Into);
    const auto *V = dyn_cast_or_null<VarDecl>(named(From));
    ReturnsOwned |=
        Into && (isTemporaryOwner(From) || (V && endsWhatItOwns(V)));
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    return mention(dyn_cast<VarDecl>(E->getDecl()));
  }
  bool VisitMemberExpr(MemberExpr *E) {
    return mention(dyn_cast<FieldDecl>(E->getMemberDecl()));
  }
  bool VisitCXXThisExpr(CXXThisExpr *) { return mention(nullptr, true); }

  bool TraverseCallExpr(CallExpr *E) {
    return call(E, [&] { return Base::TraverseCallExpr(E); });
  }
  bool TraverseCXXMemberCallExpr(CXXMemberCallExpr *E) {
    return call(E, [&] { return Base::TraverseCXXMemberCallExpr(E); });
  }
  bool TraverseCXXOperatorCallExpr(CXXOperatorCallExpr *E) {
    return call(E, [&] { return Base::TraverseCXXOperatorCallExpr(E); });
  }
  bool TraverseCXXDeleteExpr(CXXDeleteExpr *E) {
    bool R = Base::TraverseCXXDeleteExpr(E);
    free(E->getArgument());
    return R;
  }

  /// What callers may find freed: parameters as they are, and members.
  FreedMemory::Freed given() {
    FreedMemory::Freed Given;
    for (const Free &X : Freed) {
      if (X.This)
        Given.Params |= 1u << Effects::ThisBit;
      for (unsigned I = 0; I < F->getNumParams() && I < 31; ++I)
        if (X.What && Same.isEquivalent(X.What, F->getParamDecl(I)))
          Given.Params |= 1u << I;
      EntityId Member = X.Member;
      if (isSharedName(X.What))
        Member = Known.Entities.entity(X.What);
      if (Member.isValid())
        Given.add(Member, X.Renewed);
    }
    return Given;
  }

  bool anyUsedLater() {
    findMembers();
    for (const Free &X : Freed)
      for (const Mention &M : Mentions) {
        if (M.This != X.This || M.Member != X.Member ||
            (X.What && !(M.What && Same.isEquivalent(X.What, M.What))) ||
            (M.What && !X.What) || (X.Renewed && M.What == X.What))
          continue;
        if (M.At > X.At && M.At <= X.Until)
          return true;
        for (auto [Begin, End] : Loops)
          if (X.At > Begin && X.At <= End && M.At > Begin && M.At <= End &&
              X.Until > End && !X.ByScope)
            return true;
      }
    return ReturnsOwned;
  }

private:
  /// Whether other functions, too, know what \p D leads to by this name.
  static bool isSharedName(const ValueDecl *D) {
    const auto *V = dyn_cast_or_null<VarDecl>(D);
    return isa_and_nonnull<FieldDecl>(D) || (V && V->hasGlobalStorage());
  }

  /// Whether the end of the variable \p V is that of what it owns.
  static bool endsWhatItOwns(const VarDecl *V) {
    const CXXRecordDecl *R = V->getType()->getAsCXXRecordDecl();
    return R && V->hasLocalStorage() && isDeletingOwner(R);
  }

  struct Free {
    const ValueDecl *What;
    bool This;
    unsigned At;
    unsigned Until = ~0u;
    EntityId Member; ///< instead of What: freed by what is called
    /// What leads to something else from then on: others may still lead there.
    bool Renewed = false;
    /// With the block in which it is declared: no turn of a loop sees
    /// another's.
    bool ByScope = false;
  };
  struct Mention {
    const ValueDecl *What;
    bool This;
    unsigned At;
    EntityId Member; ///< instead of What: used by what is called
  };

  /// Puts declarations for the members that callees free and use, where the
  /// function mentions them itself.
  void findMembers() {
    llvm::DenseMap<EntityId, const ValueDecl *> Named;
    bool Any =
        llvm::any_of(Freed, [](const Free &X) { return X.Member.isValid(); }) ||
        (!Freed.empty() && llvm::any_of(Mentions, [](const Mention &M) {
          return M.Member.isValid();
        }));
    if (!Any)
      return;
    auto Note = [&](const ValueDecl *D) {
      if (isSharedName(D))
        Named.try_emplace(Known.Entities.entity(D), D);
    };
    for (const Free &X : Freed)
      Note(X.What);
    for (const Mention &M : Mentions)
      Note(M.What);
    auto Find = [&](auto &X) {
      if (const ValueDecl *D = Named.lookup(X.Member)) {
        X.What = D;
        X.Member = EntityId();
        Same.insert(D);
      }
    };
    llvm::for_each(Freed, Find);
    llvm::for_each(Mentions, Find);
  }

  template <typename Fn> bool loop(Fn Body) {
    unsigned Begin = Position;
    bool R = Body();
    Loops.push_back({Begin, Position});
    return R;
  }

  template <typename Fn> bool call(CallExpr *E, Fn Rest) {
    if (!Rest())
      return false;
    if (const Expr *Erased = erasedHolder(E))
      free(Erased);
    if (const Expr *Erased = erasedIterator(E))
      free(Erased);
    for (const Expr *Owner :
         {resetOwner(E), shrunkContainer(E), grownContainer(E)})
      if (Owner && named(Owner))
        Freed.push_back({named(Owner), false, ++Position, ~0u, EntityId(),
                         /*Renewed=*/true});
    const FunctionDecl *Callee = E->getDirectCallee();
    if (!Callee)
      return true;
    for (const FollowEffect &X : Known.Calls.of(Callee).Follows)
      Mentions.push_back({nullptr, false, ++Position, X.Pointer.lastEntity()});
    FreedMemory::Freed By = Known.freedBy(Callee);
    for (unsigned I = 0; I < E->getNumArgs() && I < 31; ++I)
      if (By.Params >> I & 1)
        free(E->getArg(I));
    if (const auto *M = dyn_cast<CXXMemberCallExpr>(E);
        M && (By.Params >> Effects::ThisBit & 1))
      free(M->getImplicitObjectArgument());
    for (const FreedMemory::Freed::Member &X : By.Members) {
      Freed.push_back({nullptr, false, ++Position, ~0u, X.Field, X.Renewed});
      Mentions.push_back({nullptr, false, Position, X.Field});
    }
    if (!By.any())
      return true;
    // The callee may look at another argument that leads there, too.
    for (unsigned I = 0; I < E->getNumArgs() && I < 31; ++I) {
      const Expr *Arg = E->getArg(I);
      bool Into = false;
      const ValueDecl *Base = named(baseOf(Arg, /*Members=*/true, Into));
      if (Base && !(By.Params >> I & 1) &&
          (Arg->isGLValue() || Arg->getType()->isPointerType()))
        mention(Base);
    }
    return true;
  }

  void free(const Expr *E) {
    bool This = isa<CXXThisExpr>(E->IgnoreParenCasts());
    const ValueDecl *What = named(E);
    if (This || What)
      Freed.push_back({What, This, ++Position, ~0u, EntityId(), false});
  }

  bool mention(const ValueDecl *D, bool This = false) {
    if (D || This)
      Mentions.push_back({D, This, ++Position, EntityId()});
    if (D)
      Same.insert(D);
    return true;
  }

  /// The variable or field that \p E names, through casts and smart pointers'
  /// arrows.
  static const ValueDecl *named(const Expr *E) {
    E = E->IgnoreParenCasts();
    if (const auto *M = dyn_cast<MemberExpr>(E))
      return dyn_cast<FieldDecl>(M->getMemberDecl());
    if (const auto *R = dyn_cast<DeclRefExpr>(E))
      return dyn_cast<VarDecl>(R->getDecl());
    if (const auto *U = dyn_cast<UnaryOperator>(E))
      return named(U->getSubExpr());
    if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
      return named(A->getBase());
    if (const auto *B = dyn_cast<BinaryOperator>(E); B && B->isAdditiveOp())
      return named(B->getLHS()->getType()->isPointerType() ? B->getLHS()
                                                           : B->getRHS());
    return nullptr;
  }

  /// \p To may be the same object from here on as what \p From names, or may
  /// lead into it.
  void copied(const ValueDecl *To, const Expr *From) {
    if (To->getType()->isFloatingType())
      return;
    From = From->IgnoreParenCasts();
    if (const auto *C = dyn_cast<ConditionalOperator>(From)) {
      copied(To, C->getTrueExpr());
      copied(To, C->getFalseExpr());
      return;
    }
    if (const auto *X = dyn_cast<FullExpr>(From))
      return copied(To, X->getSubExpr());
    elementOf(To, From);
    bool Into = false;
    if ((To->getType()->isPointerType() || To->getType()->isReferenceType()) &&
        isTemporaryOwner(baseOf(From, /*Members=*/true, Into)) && Into)
      Freed.push_back({To, false, ++Position, ~0u, EntityId()});
    if (const auto *C = dyn_cast<CXXMemberCallExpr>(From))
      From = C->getImplicitObjectArgument();
    else if (const auto *C = dyn_cast<CallExpr>(From);
             C && C->getNumArgs() &&
             (To->getType()->isPointerType() ||
              To->getType()->isReferenceType()))
      From = C->getArg(0); // a search in it
    if (const ValueDecl *D = named(From); D && D != To)
      Same.unionSets(To, D);
    // A reference to a member goes with the object.
    const auto *Address = dyn_cast<UnaryOperator>(From);
    const Expr *Part = Address ? Address->getSubExpr() : From;
    if (!To->getType()->isReferenceType() &&
        !(Address && Address->getOpcode() == UO_AddrOf))
      return;
    while (const auto *M = dyn_cast<MemberExpr>(Part->IgnoreParenCasts())) {
      Part = M->getBase()->IgnoreParenCasts();
      if (const auto *Arrow = dyn_cast<CXXOperatorCallExpr>(Part))
        Part = Arrow->getArg(0);
      if (const ValueDecl *D = named(Part); D && D != To)
        Same.unionSets(To, D);
    }
  }

  /// What \p E was reached from: `it` for `it->second.get()`.
  /// \param Members through members of variables, too.
  /// \param[out] Into whether it leads further than to that.
  static const Expr *baseOf(const Expr *E, bool Members, bool &Into) {
    for (const Expr *Base = E; Base;) {
      E = Base->IgnoreParenCasts();
      Base = nullptr;
      if (const auto *X = dyn_cast<FullExpr>(E)) {
        Base = X->getSubExpr();
        continue;
      }
      if (const auto *X = dyn_cast<MaterializeTemporaryExpr>(E)) {
        Base = X->getSubExpr();
        continue;
      }
      if (const auto *U = dyn_cast<UnaryOperator>(E))
        Base = U->getSubExpr();
      else if (const auto *O = dyn_cast<CXXOperatorCallExpr>(E))
        Base = O->getArg(0);
      else if (const auto *C = dyn_cast<CXXMemberCallExpr>(E))
        Base = C->getImplicitObjectArgument();
      else if (const auto *M = dyn_cast<MemberExpr>(E);
               M &&
               (Members || isa<CallExpr>(M->getBase()->IgnoreParenCasts())))
        Base = M->getBase();
      Into |= Base != nullptr;
    }
    return E;
  }

  /// Whether \p E makes an owner that is gone at the end of the statement.
  static bool isTemporaryOwner(const Expr *E) {
    const auto *B = dyn_cast<CXXBindTemporaryExpr>(E);
    const CXXRecordDecl *R = B ? B->getType()->getAsCXXRecordDecl() : nullptr;
    return R && isDeletingOwner(R);
  }

  /// What an element of a container owns goes with it: `it->second.get()`.
  void elementOf(const ValueDecl *To, const Expr *From) {
    bool Into = false;
    From = baseOf(From, /*Members=*/false, Into);
    if (const ValueDecl *D = named(From); D && D != To)
      Same.unionSets(To, D);
  }

  const FreedMemory &Known;
  const FunctionDecl *F;
  unsigned Position = 0;
  bool ReturnsOwned = false;
  llvm::EquivalenceClasses<const ValueDecl *> Same;
  std::vector<Free> Freed;
  std::vector<Mention> Mentions;
  std::vector<std::pair<unsigned, unsigned>> Loops;
};

} // namespace race

void FreedMemory::Freed::add(EntityId Field, bool Renewed) {
  for (Member &X : Members)
    if (X.Field == Field) {
      X.Renewed &= Renewed;
      return;
    }
  Members.push_back({Field, Renewed});
}

FreedMemory::FreedMemory(const Models &M, const CodeScan &Scan,
                         const CallEffects &Calls, EntityMapper &Entities,
                         llvm::ArrayRef<const FunctionInfo *> BottomUp,
                         bool ForProgram)
    : M(M), Scan(Scan), Calls(Calls), Entities(Entities) {
  for (const FunctionInfo *F : BottomUp) {
    bool Any = F->Frees || F->Erases || F->Grows;
    for (const CallSite &C : F->Calls)
      Any = Any || freedBy(C.Callee).any();
    if (!Any)
      continue;
    FreeingVisitor V(*this, F->Decl);
    V.TraverseStmt(F->Decl->getBody());
    Freed Given = V.given();
    // What a destructor frees nobody can use behind it.
    bool Elsewhere = ForProgram && Given.any() &&
                     F->Decl->isExternallyVisible() &&
                     !isa<CXXDestructorDecl>(F->Decl);
    if (Given.any())
      Frees[F->Decl->getCanonicalDecl()] = std::move(Given);
    if (Elsewhere || V.anyUsedLater())
      demand(*F);
  }
}

FreedMemory::Freed FreedMemory::freedBy(const FunctionDecl *F) const {
  Freed By;
  if (const FunctionModel *Model = M.lookup(F)) {
    for (const HandBackModel &H : Model->HandBacks)
      if (H.Memory && H.What.Kind == Place::Argument && H.What.Index < 31)
        By.Params |= 1u << H.What.Index;
    return By;
  }
  auto Add = [&](const Freed &X) {
    By.Params |= X.Params;
    for (const Freed::Member &Member : X.Members)
      By.add(Member.Field, Member.Renewed);
  };
  if (const FunctionInfo *Body = Scan.find(F)) {
    Add(Frees.lookup(Body->Decl->getCanonicalDecl()));
  } else if (Calls.hasImports()) {
    // In another file.
    for (const HandBackEffect &H : Calls.of(F).HandBacks) {
      if (!H.Memory)
        continue;
      bool Itself = H.What.Steps.empty();
      if (H.What.Root == AccessPath::This && Itself)
        By.Params |= 1u << Effects::ThisBit;
      else if (H.What.Root == AccessPath::Param && Itself && H.What.Index < 31)
        By.Params |= 1u << H.What.Index;
      else if (EntityId Member = H.What.lastEntity(); Member.isValid())
        By.add(Member, H.Elements != ElementChange::None);
    }
  }
  for (const FunctionDecl *Over : Calls.overriders(F))
    Add(Frees.lookup(Over->getCanonicalDecl()));
  return By;
}

void FreedMemory::demand(const FunctionInfo &F) {
  if (!Concerned.insert(F.Decl).second)
    return;
  for (const CallSite &C : F.Calls) {
    if (!freedBy(C.Callee).any())
      continue;
    if (const FunctionInfo *Callee = Scan.find(C.Callee))
      demand(*Callee);
    for (const FunctionDecl *Over : Calls.overriders(C.Callee))
      demand(*Scan.find(Over));
  }
}
