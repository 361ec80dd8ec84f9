//===- CallEffects.cpp - What calls of functions do -----------------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "race/Summary/CallEffects.h"
#include "AtomicEffects.h"
#include "EffectPlaces.h"
#include "LockNames.h"
#include "MemberStores.h"
#include "StatementText.h"
#include "race/Summary/PoolFinder.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

CallEffects::CallEffects(const Models &M, EntityMapper &Entities,
                         const CodeScan &Scan, const PoolNames &Names,
                         const Imports *Imported)
    : M(M), Entities(Entities), Scan(Scan), Names(Names), Imported(Imported),
      Stores(std::make_unique<MemberStores>(Scan, Entities)) {
  for (const auto &F : Scan.functions())
    if (const auto *Method = dyn_cast<CXXMethodDecl>(F->Decl))
      noteOverrides(Method, Method);
  addPools();
  for (const auto &[Field, Into] : Scan.ownership().Into)
    PointersInto[Entities.entity(Into)].push_back(Entities.entity(Field));
  for (const FieldDecl *Field : Scan.ownership().OwnArenas)
    OwnArenas.insert(Entities.entity(Field));
  addTables();
  addRemovals();
}

CallEffects::~CallEffects() = default;

std::optional<bool> CallEffects::sets(const CallInfo &Call,
                                      EntityId Member) const {
  if (!Call.Callee || Call.Virtual)
    return std::nullopt;
  const MemberStores::Members &Set = Stores->of(Call.Callee);
  return Set ? std::optional<bool>(Set->contains(Member)) : std::nullopt;
}

bool CallEffects::maySet(const CallInfo &Call, unsigned I,
                         EntityId Member) const {
  // What is given beyond the parameters that are declared, loggers get.
  if (Call.Callee && !Call.Virtual && I != Effects::ThisBit &&
      I >= Call.Callee->getNumParams() && !Scan.find(Call.Callee))
    return false;
  return sets(Call, Member).value_or(true);
}

/// What a function removes from a table by a key is what another one finds
/// there under the same key.
void CallEffects::addTables() {
  auto Param = [](const TableSite &S) {
    return S.By->getParamDecl(S.Param)
        ->getType()
        .getNonReferenceType()
        .getUnqualifiedType();
  };
  auto Key = [](const TableSite &S) { return valueOfParam(S.By, S.Param); };
  for (const TableSite &R : Scan.ownership().Removals)
    for (const TableSite &L : Scan.ownership().Lookups) {
      if (R.Table != L.Table || R.By == L.By ||
          !Scan.context().hasSameType(Param(R), Param(L)))
        continue;
      auto From = pathOf(R.Object, R.By, Entities);
      auto In = pathOf(L.Object, L.By, Entities);
      if (!From || !In || M.lookup(R.By) || M.lookup(L.By))
        continue;
      Effects Finds = of(L.By), Removes = of(R.By);
      Finds.Looks = LookupEffect{*In, Key(L)};
      Known[L.By->getCanonicalDecl()] = std::move(Finds);
      if (!Removes.HandBacks.empty())
        continue;
      HandBackEffect H;
      H.What = *From;
      H.Handle = Key(R);
      H.Why = Evidence::Structural;
      H.Reason = "'" + R.By->getNameAsString() + "' ends what '" +
                 L.By->getNameAsString() + "' finds by the same '" +
                 R.By->getParamDecl(R.Param)->getNameAsString() + "'";
      Removes.HandBacks.push_back(std::move(H));
      dropKept(R.By, Removes);
      Known[R.By->getCanonicalDecl()] = std::move(Removes);
    }
}

/// A call where the count of references to an argument is zero ends it.
void CallEffects::addDisposal(const Expr *Site, Effects &E) const {
  auto It = Scan.ownership().Disposals.find(Site);
  if (It == Scan.ownership().Disposals.end())
    return;
  AccessPath What = It->second < 0 ? AccessPath::thisPointer()
                                   : AccessPath::param(It->second);
  if (isHandedBack(E, What))
    return;
  HandBackEffect H;
  H.What = What;
  H.Why = Evidence::Structural;
  H.Reason = "nobody else holds it any more";
  H.LastReference = true;
  E.HandBacks.push_back(std::move(H));
}

Effects CallEffects::compute(const FunctionDecl *F) const {
  Effects E;
  E.NoReturn = F->isNoReturn() || alwaysThrows(F);
  if (F->getBuiltinID())
    E.ChangesGlobals = false;
  addAttributes(F, E);
  if (const FunctionModel *Model = M.lookup(F)) {
    addModel(*Model, F, E);
    addElements(F, E);
    addViews(F, E);
    addOptional(F, E);
    if (const auto *Method = dyn_cast<CXXMethodDecl>(F))
      E.Owns = E.ReturnsAlias && isDeletingOwner(Method->getParent());
    dropKept(F, E);
    return E;
  }
  if (const auto *C = dyn_cast<CXXConstructorDecl>(F)) {
    const TypeModel *T = M.lookup(C->getParent());
    if (T && T->Kind == TypeModel::Guard)
      addGuard(*T, F, E);
  }
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if ((Method && addOwner(Method, E)) || addExchange(F, E) ||
      addGuardedEnd(F, E)) {
    Derived.push_back(F->getCanonicalDecl());
    return E;
  }
  addOptional(F, E); // its destructor, which no model names
  addBody(F, E);
  addViews(F, E);
  if (!F->hasBody() && E.Locks.empty()) {
    const auto *C = dyn_cast<CXXConstructorDecl>(F);
    if (auto Lock = C ? guardByDeclaration(C) : lockByDeclaration(F)) {
      E.Locks.push_back(std::move(*Lock));
      E.ChangesGlobals = false;
      E.Known = true;
    }
  }
  if (E.Locks.empty())
    if (auto Held = assertionByDeclaration(F, M)) {
      E.Locks.push_back(std::move(*Held));
      E.Known = true;
    }
  if (E.HandBacks.empty() && !F->hasBody()) {
    std::optional<PoolPut> P = poolByDeclaration(F, Names);
    if (!P && Names.Suffice)
      P = poolByName(F, Names);
    if (P) {
      HandBackEffect H;
      H.What = resourceAt({Place::Argument, unsigned(P->Param), 0}, F);
      if (F->getReturnType()->isBooleanType())
        H.When = Outcome::True;
      if (const auto *Method = dyn_cast<CXXMethodDecl>(F))
        Pools.insert(Method->getParent()->getCanonicalDecl());
      H.Why = P->Why;
      H.Reason = P->Reason;
      E.HandBacks.push_back(H);
      dropKept(F, E);
    }
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
  // Attributes and models know better than the body in the other file.
  if (Imported && !Body && !E.anyFlowEffect() && !M.lookup(Key) &&
      !Key->getASTContext().getSourceManager().isInSystemHeader(
          Key->getLocation()))
    if (std::optional<Effects> Seen = Imported->effectsOf(
            Entities.table().name(Entities.entity(Key)), Entities.table())) {
      Seen->NoReturn |= E.NoReturn;
      // What may happen in other files, as far as anybody can tell, are ways of
      // which those know who know these files.
      llvm::erase_if(Seen->HandBacks, [](const HandBackEffect &H) {
        return H.Maybe && H.When == Outcome::Always && !H.Removed && !H.Memory;
      });
      // What removes an object from the container that owns it, means that one.
      for (HandBackEffect &H : Seen->HandBacks)
        H.Far = H.Memory && !H.HandedOver && !H.Removed;
      E = std::move(*Seen);
    }
  return Known[Key->getCanonicalDecl()] = std::move(E);
}

/// Opening a file makes it only if the call says so, and is an atomic check if
/// it must not be there yet. Otherwise it looks at what is there.
static void openFiles(const Expr *Site, Effects &E) {
  const auto *Call = dyn_cast<CallExpr>(Site);
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  if (!F || !F->getIdentifier() || E.Containers.size() != 1 ||
      E.Containers.front().Of != StateKind::Files || Call->getNumArgs() < 2)
    return;
  bool Makes = true, MustBeNew = false;
  StringRef Name = F->getName();
  Name.consume_front("g_");
  if (Name.starts_with("fopen")) {
    StringRef Mode = literalIn(Call->getArg(1));
    Makes = Mode.contains('w') || Mode.contains('a');
    MustBeNew = Mode.contains('x');
  } else if (Name.starts_with("open")) {
    // Linux's values.
    constexpr int64_t Create = 0100, Exclusive = 0200;
    Expr::EvalResult Flags;
    const Expr *Arg = Call->getArg(Name.starts_with("openat") ? 2 : 1);
    Makes = Arg->EvaluateAsInt(Flags, F->getASTContext());
    int64_t Value = Makes ? Flags.Val.getInt().getExtValue() : 0;
    Makes = Value & Create;
    MustBeNew = Value & Exclusive;
  }
  if (!Makes)
    E.Containers.front().Kind = ContainerOpModel::Read;
  else if (MustBeNew)
    E.Containers.front().Kind = ContainerOpModel::Atomic;
}

/// To begin a search is to ask the container for what is looked for.
void CallEffects::addSearch(const ValueDecl *Key, Effects &E) const {
  for (ContainerEffect &C : E.Containers)
    if (C.Kind == ContainerOpModel::Read) {
      C.Kind = ContainerOpModel::Query;
      C.Keyed = C.Searches = true;
      C.Key = AccessPath::capture(Entities.entity(Key));
      if (Key->getType()->isReferenceType())
        C.Key->Steps.push_back(PathStep::deref());
    }
}

Effects CallEffects::of(const CallInfo &Call) const {
  Effects E = ofCallee(Call);
  if (Call.Site) {
    readStatements(Call.Site, E);
    if (Scan.hasStatements() && Call.Callee)
      readOwnStatement(Call.Callee, Call.Site, E);
    openFiles(Call.Site, E);
    addDisposal(Call.Site, E);
  }
  if (const ValueDecl *Key = Scan.searchedBy(Call.Site))
    addSearch(Key, E);
  for (ContainerEffect &C : E.Containers) {
    C.ResultUsed |= Call.ResultUsed;
    // Of what a callee adds, its summary says more.
    if (C.Kind == ContainerOpModel::Act && C.Of == StateKind::Container &&
        !C.Keyed && !C.Place.isValid() && Call.Args.size() == 1 &&
        isAddition(C.Name)) {
      C.Element = AccessPath::param(0);
      if (Call.ByReference & 1)
        C.Element->Steps.push_back(PathStep::deref());
    }
    if (C.Of == StateKind::Atomic && Call.Site) {
      C.OrderGiven |= givesOrder(Call.Site, Scan.context());
      if (onlyReads(Call.Site, Scan.context()))
        C.Kind = ContainerOpModel::Query;
    }
    if (C.Kind == ContainerOpModel::Act && C.AtomicIfUsed && Call.ResultUsed)
      C.Kind = ContainerOpModel::Atomic;
  }
  return E;
}

Effects CallEffects::ofCallee(const CallInfo &Call) const {
  if (Call.Atomic)
    return atomicEffects(Call.Atomic);
  if (!Call.Callee) {
    Effects E;
    if (Call.Delete) {
      E.ChangesGlobals = false;
      E.Changes = 0;
      HandBackEffect H;
      H.What = AccessPath::param(0);
      H.Memory = true;
      E.HandBacks.push_back(std::move(H));
    }
    const auto *Written = dyn_cast_or_null<CallExpr>(Call.Site);
    if (Written)
      addKeptFunctions(Written, E);
    if (auto Lock = Written ? lockThroughPointer(Written) : std::nullopt) {
      E.Locks.push_back(std::move(*Lock));
      E.ChangesGlobals = false;
      E.Known = true;
    }
    return E;
  }
  Effects E = of(Call.Callee);
  if (Call.Virtual && !M.lookup(Call.Callee))
    addOverriders(Call.Callee, E);
  return E;
}

/// A call through a member in which functions are kept hands back what all of
/// them do. Memory is left to those who know more of it.
void CallEffects::addKeptFunctions(const CallExpr *Call, Effects &E) const {
  llvm::ArrayRef<const FunctionDecl *> Kept = Scan.keptFor(Call);
  if (Kept.empty() || llvm::is_contained(Kept, nullptr))
    return;
  for (HandBackEffect H : of(Kept.front()).HandBacks) {
    auto Does = [&](const FunctionDecl *F) {
      return llvm::any_of(of(F).HandBacks, [&](const HandBackEffect &X) {
        return X.What == H.What && X.When == H.When && X.Exactly == H.Exactly;
      });
    };
    if (!H.Memory && H.What.Root == AccessPath::Param && !H.OnlyIf &&
        llvm::all_of(Kept, Does))
      E.HandBacks.push_back(std::move(H));
  }
}

void CallEffects::noteOverrides(const CXXMethodDecl *Over,
                                const CXXMethodDecl *From) {
  for (const CXXMethodDecl *Base : From->overridden_methods()) {
    Overriders[Base->getCanonicalDecl()].push_back(Over);
    noteOverrides(Over, Base);
  }
}

llvm::ArrayRef<const FunctionDecl *>
CallEffects::overriders(const FunctionDecl *F) const {
  auto It = Overriders.find(F->getCanonicalDecl());
  if (It == Overriders.end())
    return {};
  return It->second;
}

/// What one body shows is sure of a virtual call only if every other body that
/// may run does it too. Of a function without a body the others speak alone.
void CallEffects::addOverriders(const FunctionDecl *F, Effects &E) const {
  if (Scan.find(F)) {
    E.ReturnsAlias.reset();
    E.Inside.reset();
    E.ChangesGlobals = true;
  }
  auto Handed = [&](const FunctionDecl *Over, const HandBackEffect &H) {
    return llvm::any_of(of(Over).HandBacks, [&](const HandBackEffect &X) {
      return X.What == H.What && X.When == H.When && X.Exactly == H.Exactly;
    });
  };
  llvm::ArrayRef<const FunctionDecl *> Others = overriders(F);
  if (!F->hasBody() && E.HandBacks.empty() && !Others.empty())
    E.HandBacks = of(Others.front()).HandBacks;
  llvm::erase_if(E.HandBacks, [&](const HandBackEffect &H) {
    bool FromBody =
        H.Place.isValid() || (H.Why == Evidence::Structural && F->hasBody());
    return FromBody && !llvm::all_of(Others, [&](const FunctionDecl *Over) {
             return Handed(Over, H);
           });
  });
}

const StructuralPut *CallEffects::structuralPut(const FunctionDecl *F) const {
  auto It = Puts.find(F->getCanonicalDecl());
  return It == Puts.end() ? nullptr : &It->second;
}

void CallEffects::learn(const FunctionDecl *F, Effects E) {
  // What an owner's end does depends on what its deleter was known to do.
  if (E.anyFlowEffect()) {
    for (const FunctionDecl *D : Derived)
      Known.erase(D);
    Derived.clear();
  }
  dropKept(F, E);
  // A lock that the program makes of atomics: `while (flag.test_and_set());`.
  bool Sets = false, Takes = false;
  for (const ContainerEffect &X : E.Containers) {
    Sets |= X.Of == StateKind::Atomic && X.Kind == ContainerOpModel::Act;
    Takes |= X.Of == StateKind::Atomic && X.Kind == ContainerOpModel::Atomic;
  }
  if ((Sets || Takes) && E.Locks.empty())
    if (auto Lock = lockByDeclaration(F);
        Lock && (Takes || Lock->Op == LockModel::Release)) {
      E.Containers.clear();
      E.Locks.push_back(std::move(*Lock));
    }
  Known[F->getCanonicalDecl()] = std::move(E);
}

bool CallEffects::isPool(const CXXRecordDecl *Class) const {
  return Pools.contains(Class->getCanonicalDecl());
}

bool CallEffects::anyFlowEffect(const FunctionDecl *F) const {
  const Effects &E = of(F);
  return !E.Locks.empty() || !E.Containers.empty() ||
         llvm::any_of(E.HandBacks,
                      [](const HandBackEffect &H) { return !H.Memory; });
}
