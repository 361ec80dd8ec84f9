//===- ElementEffects.cpp - Elements that a container owns ----------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EffectPlaces.h"
#include "Expressions.h"
#include "race/Flow/FlowGraph.h"
#include "race/Summary/CallEffects.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringSwitch.h"

using namespace clang;
using namespace race;

namespace {
enum class End { None, First, Last, All };
} // namespace

/// The element that a method of the standard sequences hands out.
static End handedOut(StringRef Name) {
  return llvm::StringSwitch<End>(Name)
      .Cases("front", "top", End::First)
      .Case("back", End::Last)
      .Default(End::None);
}

/// The element that one of them removes.
static End removed(StringRef Name) {
  return llvm::StringSwitch<End>(Name)
      .Cases("pop", "pop_front", End::First)
      .Case("pop_back", End::Last)
      .Case("clear", End::All)
      .Default(End::None);
}

EntityId CallEffects::elementSlot(bool First) const {
  EntityTable &Names = Entities.table();
  return First ? Names.intern({"race@first", "", "the first element"})
               : Names.intern({"race@last", "", "the last element"});
}

bool CallEffects::throughElement(const AccessPath &P) const {
  return llvm::any_of(P.Steps, [&](const PathStep &S) {
    return S.Kind == PathStep::Field &&
           (S.Entity == elementSlot(true) || S.Entity == elementSlot(false));
  });
}

/// Whether \p M, a method of the library, erases where an iterator stands.
static bool erasesAtIterator(const CXXMethodDecl *M) {
  if (!M->getIdentifier() || M->getName() != "erase" || M->getNumParams() != 1)
    return false;
  const CXXRecordDecl *R =
      M->getParamDecl(0)->getType().getNonReferenceType()->getAsCXXRecordDecl();
  return R && isIterator(R);
}

/// What the method \p M of a sequence does to elements that it does not speak
/// of.
static ElementChange changeOfElements(const CXXMethodDecl *M) {
  StringRef Kind =
      M->getParent()->getIdentifier() ? M->getParent()->getName() : StringRef();
  const bool Vector = Kind == "vector";
  if (!M->getIdentifier() || (!Vector && Kind != "deque"))
    return ElementChange::None;
  StringRef Name = M->getName();
  if (Name == "erase")
    return ElementChange::Shifted;
  if (!llvm::StringSwitch<bool>(Name)
           .Cases("push_back", "emplace_back", "insert", "emplace", true)
           .Cases("push_front", "emplace_front", "resize", true)
           .Default(false))
    return ElementChange::None;
  return Vector ? ElementChange::Moved : ElementChange::Shifted;
}

/// Adds to \p E that an element is removed: what \p What holds.
static HandBackEffect &removal(Effects &E, AccessPath What) {
  HandBackEffect &H = E.HandBacks.emplace_back();
  H.What = std::move(What);
  H.Memory = H.Removed = true;
  return H;
}

static bool isTable(const CXXRecordDecl *R) {
  return llvm::StringSwitch<bool>(R->getName())
      .Cases("map", "multimap", "set", "multiset", "unordered_map",
             "unordered_multimap", "unordered_set", "unordered_multiset", true)
      .Default(false);
}

/// The elements of tables and arrays are known by their keys and positions: two
/// searches for one key lead to one element, until it is erased.
void CallEffects::addKeyedElements(const CXXMethodDecl *F, Effects &E) const {
  const CXXRecordDecl *R = F->getParent();
  if (!R->getIdentifier() || F->getNumParams() != 1)
    return;
  const bool Table = isTable(R);
  if (!Table && !llvm::StringSwitch<bool>(R->getName())
                     .Cases("vector", "deque", "array", true)
                     .Default(false))
    return;
  const AccessPath Container =
      AccessPath::thisPointer().then(PathStep::deref());
  const AccessPath Key = valueOfParam(F, 0);
  const IdentifierInfo *Id = F->getIdentifier();
  if (F->getOverloadedOperator() == OO_Subscript || (Id && Id->isStr("at")) ||
      (Table && Id && Id->isStr("find"))) {
    E.Finds = LookupEffect{Container, Key};
    // An element that is put there changes no other one.
    E.Changes &= ~(1u << Effects::ThisBit);
    return;
  }
  if (!Table || !Id || !Id->isStr("erase") || erasesAtIterator(F))
    return;
  removal(E, Container).Handle = Key;
}

/// front() and back() are given a place in the container that holds where the
/// element is; pop_front() and pop_back() hand back what that leads to.
void CallEffects::addElements(const FunctionDecl *F, Effects &E) const {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (!Method || !Method->isInstance() ||
      !Method->getParent()->isInStdNamespace())
    return;
  addKeyedElements(Method, E);
  if (!Method->getIdentifier())
    return;
  const AccessPath Container =
      AccessPath::thisPointer().then(PathStep::deref());
  if (ElementChange Change = changeOfElements(Method);
      Change != ElementChange::None)
    removal(E, Container).Elements = Change;
  if (erasesAtIterator(Method))
    removal(E, valueOfParam(Method, 0));
  if (Method->getNumParams())
    return;
  auto At = [&](bool First) {
    return Container.then(PathStep::field(elementSlot(First)));
  };
  StringRef Name = Method->getName();
  if (End Of = handedOut(Name); Of != End::None) {
    E.ReturnsAlias = At(Of == End::First);
    E.ReturnsContent = true;
    E.Changes = 0;
    return;
  }
  End Of = removed(Name);
  for (bool First : {true, false}) {
    if (Of == End::None || (Of == End::First && !First) ||
        (Of == End::Last && First))
      continue;
    removal(E, At(First));
  }
  if (Of == End::All)
    removal(E, Container).Elements = ElementChange::All;
}

/// The object that \p Key is a field of, or a getter's answer; null if it is
/// held by a smart pointer, which keeps it.
static const Expr *holderOf(const Expr *Key) {
  Key = unwrapped(Key);
  // An iterator that becomes a const_iterator.
  if (const auto *X = dyn_cast<CXXConstructExpr>(Key);
      X && X->getNumArgs() >= 1)
    Key = unwrapped(X->getArg(0));
  const Expr *Base = nullptr;
  if (const auto *M = dyn_cast<MemberExpr>(Key))
    Base = isa<FieldDecl>(M->getMemberDecl()) ? M->getBase() : nullptr;
  if (const auto *M = dyn_cast<CXXMemberCallExpr>(Key))
    Base = M->getNumArgs() ? nullptr : M->getImplicitObjectArgument();
  if (!Base)
    return nullptr;
  Base = Base->IgnoreParenImpCasts();
  return isa<CXXThisExpr, DeclRefExpr>(Base) ? Base : nullptr;
}

const Expr *race::erasedHolder(const Expr *E) {
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(E);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  if (!Method || !Method->getIdentifier() || Method->getName() != "erase" ||
      Call->getNumArgs() != 1 || !Method->getParent()->isInStdNamespace())
    return nullptr;
  const Expr *Holder = holderOf(Call->getArg(0));
  if (!Holder)
    return nullptr;
  QualType T = Holder->getType();
  if (T->isPointerType())
    T = T->getPointeeType();
  const RecordDecl *R = T->getAsRecordDecl();
  return R && ownsObjects(Call->getImplicitObjectArgument()->getType(), R)
             ? Holder
             : nullptr;
}

static const CXXMethodDecl *libraryMethod(const Expr *E) {
  const auto *Call = dyn_cast_or_null<CallExpr>(E);
  const auto *Method =
      Call ? dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee()) : nullptr;
  return Method && Method->getParent()->isInStdNamespace() ? Method : nullptr;
}

const Expr *race::erasedIterator(const Expr *E) {
  const CXXMethodDecl *Method = libraryMethod(E);
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(E);
  if (!Method || !Call || !erasesAtIterator(Method))
    return nullptr;
  const Expr *At = unwrapped(Call->getArg(0));
  while (const auto *C = dyn_cast<CXXConstructExpr>(At)) {
    if (C->getNumArgs() == 0)
      return nullptr;
    At = unwrapped(C->getArg(0));
  }
  return isa<DeclRefExpr, MemberExpr>(At) ? At : nullptr;
}

const Expr *race::shrunkContainer(const Expr *E) {
  const CXXMethodDecl *Method = libraryMethod(E);
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(E);
  if (!Method || !Call || !Method->getIdentifier() ||
      (Method->getName() != "erase" && removed(Method->getName()) == End::None))
    return nullptr;
  return Call->getImplicitObjectArgument();
}

const Expr *race::grownContainer(const Expr *E) {
  const CXXMethodDecl *Method = libraryMethod(E);
  const auto *Call = dyn_cast_or_null<CXXMemberCallExpr>(E);
  if (!Method || !Call || changeOfElements(Method) == ElementChange::None)
    return nullptr;
  return Call->getImplicitObjectArgument();
}

const Expr *race::resetOwner(const Expr *E) {
  const CXXMethodDecl *Method = libraryMethod(E);
  if (!Method || !isDeletingOwner(Method->getParent()))
    return nullptr;
  if (const auto *O = dyn_cast<CXXOperatorCallExpr>(E))
    return Method->getOverloadedOperator() == OO_Equal ? O->getArg(0) : nullptr;
  const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
  return Call && Method->getIdentifier() && Method->getName() == "reset"
             ? Call->getImplicitObjectArgument()
             : nullptr;
}

/// The site of the removal from the container that owns the object which holds
/// the key that \p Call gives; null if it is none.
const RemovalSite *CallEffects::removalOfHolder(const Expr *Call) const {
  const auto *C = dyn_cast_or_null<CallExpr>(Call);
  const FunctionDecl *F = C ? C->getDirectCallee() : nullptr;
  const FunctionInfo *Body = F ? Scan.find(F) : nullptr;
  if (!Body || isa<CXXOperatorCallExpr>(C))
    return nullptr;
  for (const RemovalSite &S : Scan.ownership().Removed) {
    if (!S.ByKey || S.By != Body->Decl || S.Param >= C->getNumArgs())
      continue;
    const Expr *Holder = holderOf(C->getArg(S.Param));
    if (!Holder || M.lookup(F))
      continue;
    QualType T = Holder->getType();
    if (T->isPointerType())
      T = T->getPointeeType();
    const RecordDecl *R = T->getAsRecordDecl();
    if (R && ownsObjects(S.Container->getType(), R))
      return &S;
  }
  return nullptr;
}

void CallEffects::addErased(const Op &O, Effects &E) const {
  const auto *Call = dyn_cast_or_null<CallExpr>(O.Node);
  // Where there is room enough, nothing moves.
  if (const Expr *Grown = grownContainer(Call);
      Grown && Scan.hasRoom(namedObject(Grown)))
    llvm::erase_if(E.HandBacks, [](const HandBackEffect &H) {
      return H.Elements == ElementChange::Moved;
    });
  const RemovalSite *Within = removalOfHolder(Call);
  if (!Within && !erasedHolder(Call))
    return;
  const FunctionDecl *F = Call->getDirectCallee();
  unsigned Key = Within ? Within->Param : 0;
  HandBackEffect H;
  H.What = AccessPath::param(Key);
  if (F->getParamDecl(Key)->getType()->isReferenceType())
    H.What = H.What.then(PathStep::deref());
  H.Removed = H.HolderOfKey = true;
  H.Memory = !Within;
  H.Why = Evidence::Structural;
  if (Within)
    H.Reason = reasonOf(*Within);
  E.HandBacks.push_back(std::move(H));
}

std::string CallEffects::reasonOf(const RemovalSite &S) {
  return "'" + S.By->getNameAsString() + "' erases it from '" +
         namedObject(S.Container)->getNameAsString() + "', which owns it";
}

/// What takes a pointer to an element and erases that ends it.
void CallEffects::addRemovals() {
  for (const RemovalSite &S : Scan.ownership().Removed) {
    if (S.ByKey || M.lookup(S.By))
      continue;
    Effects E = of(S.By);
    HandBackEffect H;
    H.What = AccessPath::param(S.Param);
    if (isHandedBack(E, H.What))
      continue;
    H.Removed = true;
    H.Why = Evidence::Structural;
    H.Reason = reasonOf(S);
    E.HandBacks.push_back(std::move(H));
    dropKept(S.By, E);
    Known[S.By->getCanonicalDecl()] = std::move(E);
  }
}
