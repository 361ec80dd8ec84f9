//===- CallEffects.h - What calls of functions do ---------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_CALLEFFECTS_H
#define RACE_SUMMARY_CALLEFFECTS_H

#include "race/Flow/Effect.h"
#include "race/Flow/EntityMapper.h"
#include "race/Flow/FlowGraph.h"
#include "race/Models/Models.h"
#include "race/Summary/CodeScan.h"
#include "race/Summary/Imports.h"
#include "race/Summary/PoolNames.h"
#include "llvm/ADT/DenseMap.h"
#include <map>
#include <memory>
#include <set>

namespace clang {
class CXXMethodDecl;
class CXXRecordDecl;
} // namespace clang

namespace race {

class MemberStores;

/// A function that was found to be the put of a pool.
struct StructuralPut {
  HandBackEffect Effect;
  /// Where it keeps what it took back.
  EntityId Container;
  /// Another function stores it there: this one's body does not show it.
  bool Unseen = false;
  /// It takes a lock to do so.
  bool Locks = false;
};

/// The function that runs when an \p R is destroyed: its destructor, or the
/// deleter of a unique_ptr. Null if it is not known.
const clang::FunctionDecl *runsAtEndOf(const clang::CXXRecordDecl *R);

/// The object that the call \p E, which may be null, erases from its container
/// by a key or iterator that the object itself holds; null if it does not.
const clang::Expr *erasedHolder(const clang::Expr *E);

/// Whether \p R is a unique_ptr that deletes what it owns.
bool isDeletingOwner(const clang::CXXRecordDecl *R);

/// The iterator whose element the call \p E, which may be null, erases from its
/// container; null if it does not, or if no variable holds the iterator.
const clang::Expr *erasedIterator(const clang::Expr *E);

/// The container from which the call \p E, which may be null, removes elements
/// as the standard library's do; null if it does not.
const clang::Expr *shrunkContainer(const clang::Expr *E);

/// The container whose elements the call \p E, which may be null, may move to
/// other places; null if it does not.
const clang::Expr *grownContainer(const clang::Expr *E);

/// The smart pointer whose object the call \p E deletes, to own another one or
/// none; null if it does not.
const clang::Expr *resetOwner(const clang::Expr *E);

/// Answers what a call does, from the best evidence there is: attributes of
/// the callee, its model, the summary of its body, the structure of its class.
class CallEffects {
public:
  /// \param Imported what is known of functions of other files, or null.
  CallEffects(const Models &M, EntityMapper &Entities, const CodeScan &Scan,
              const PoolNames &Names, const Imports *Imported = nullptr);
  ~CallEffects();

  /// What \p Call does. A call through a pointer has unknown effects.
  Effects of(const CallInfo &Call) const;
  /// As above, for what is known of \p F wherever it is called.
  const Effects &of(const clang::FunctionDecl *F) const;
  /// Whether anything is known of functions of other files.
  bool hasImports() const { return Imported != nullptr; }

  /// Whether \p Call may set the member \p Member of what it is given as
  /// argument \p I, or as its object if that is Effects::ThisBit.
  bool maySet(const CallInfo &Call, unsigned I, EntityId Member) const;
  /// Whether \p Call sets \p Member in some object, if that is known.
  std::optional<bool> sets(const CallInfo &Call, EntityId Member) const;

  const Models &models() const { return M; }

  /// Adds to the effects of the call \p O what its text shows: that an element
  /// is removed by a key which it holds itself.
  void addErased(const Op &O, Effects &E) const;

  /// The same: that something is put where a pool keeps what is not in use.
  void addStocked(const Op &O, Effects &E) const;

  /// Whether \p Call removes the object that holds one of its arguments.
  bool removesHolder(const clang::Expr *Call) const {
    return removalOfHolder(Call) != nullptr;
  }

  /// Whether \p P leads through the place where a container keeps its first or
  /// last element. Another element may stand there the next time.
  bool throughElement(const AccessPath &P) const;

  /// Members that only ever lead into what the member \p Field points to.
  llvm::ArrayRef<EntityId> pointersInto(EntityId Field) const {
    auto It = PointersInto.find(Field);
    if (It == PointersInto.end())
      return {};
    return It->second;
  }
  /// Whether objects keep the arena that they lie in in the member \p Field.
  bool keepsOwnArena(EntityId Field) const {
    return OwnArenas.count(Field) != 0;
  }

  /// From now on \p F has the effects \p E, found from its body.
  void learn(const clang::FunctionDecl *F, Effects E);

  /// Set for functions that are puts of pools by the structure of the code.
  const StructuralPut *structuralPut(const clang::FunctionDecl *F) const;

  /// Whether a method of \p Class is such a put.
  bool isPool(const clang::CXXRecordDecl *Class) const;

  /// Whether a call of \p F can matter to a flow analysis, apart from the
  /// memory that it frees (see FreedMemory).
  bool anyFlowEffect(const clang::FunctionDecl *F) const;

  /// The locks that callers of \p F hold, as its attributes say; as paths from
  /// inside of \p F.
  llvm::SmallVector<AccessPath, 1>
  requiredLocks(const clang::FunctionDecl *F) const;

  /// The functions of the translation unit that override \p F, directly or not.
  llvm::ArrayRef<const clang::FunctionDecl *>
  overriders(const clang::FunctionDecl *F) const;

private:
  void noteOverrides(const clang::CXXMethodDecl *Over,
                     const clang::CXXMethodDecl *From);
  void addSearch(const clang::ValueDecl *Key, Effects &E) const;
  void addOverriders(const clang::FunctionDecl *F, Effects &E) const;
  void addKeptFunctions(const clang::CallExpr *Call, Effects &E) const;
  AccessPath world(llvm::StringRef Name) const;
  void readStatements(const clang::Expr *Site, Effects &E) const;
  void readOwnStatement(const clang::FunctionDecl *F, const clang::Expr *Site,
                        Effects &E) const;
  Effects ofCallee(const CallInfo &Call) const;
  Effects compute(const clang::FunctionDecl *F) const;
  void addModel(const FunctionModel &Model, const clang::FunctionDecl *F,
                Effects &E) const;
  void addGuard(const TypeModel &Type, const clang::FunctionDecl *F,
                Effects &E) const;
  void addAttributes(const clang::FunctionDecl *F, Effects &E) const;
  /// Removes the hand-backs of what the source says is kept by the caller.
  void dropKept(const clang::FunctionDecl *F, Effects &E) const;
  EntityId elementSlot(bool First) const;
  void addElements(const clang::FunctionDecl *F, Effects &E) const;
  void addKeyedElements(const clang::CXXMethodDecl *F, Effects &E) const;
  void addBody(const clang::FunctionDecl *F, Effects &E) const;
  // Endings.cpp
  bool alwaysThrows(const clang::FunctionDecl *F) const;
  bool ends(const clang::Stmt *S) const;
  // FollowedPointers.cpp
  void addFollows(const clang::FunctionDecl *Definition, Effects &E) const;
  // ViewEffects.cpp
  void addViews(const clang::FunctionDecl *F, Effects &E) const;
  void addInnerView(const clang::Expr *Value, const clang::FunctionDecl *F,
                    Effects &E) const;
  // SetterEffects.cpp
  void addSetter(const clang::FunctionDecl *F, Effects &E) const;
  // OwnerEffects.cpp
  bool addOwner(const clang::CXXMethodDecl *F, Effects &E) const;
  void addOptional(const clang::FunctionDecl *F, Effects &E) const;
  void addEndOfHeld(const clang::CXXRecordDecl *R, Effects &E) const;
  void addDeleter(const clang::CXXRecordDecl *R, Effects &E) const;
  bool addExchange(const clang::FunctionDecl *F, Effects &E) const;
  bool addGuardedEnd(const clang::FunctionDecl *F, Effects &E) const;
  void addLambda(const clang::CXXMethodDecl *F, Effects &E) const;

  const Models &M;
  EntityMapper &Entities;
  const CodeScan &Scan;
  const PoolNames &Names;
  const Imports *Imported;
  std::unique_ptr<MemberStores> Stores;
  // Filled on demand.
  mutable llvm::DenseMap<const clang::FunctionDecl *, bool> Throws;
  mutable llvm::DenseMap<const clang::FunctionDecl *, Effects> Known;
  /// Those of Known that were found from what other functions do.
  mutable std::vector<const clang::FunctionDecl *> Derived;
  void addPools();
  void addTables();
  void addRemovals();
  const RemovalSite *removalOfHolder(const clang::Expr *Call) const;
  static std::string reasonOf(const RemovalSite &S);
  void addDisposal(const clang::Expr *Site, Effects &E) const;
  std::map<EntityId, std::vector<EntityId>> PointersInto;
  std::set<EntityId> OwnArenas;
  llvm::DenseMap<const clang::FunctionDecl *, StructuralPut> Puts;
  /// Where pools keep what is not in use, and why that is believed.
  llvm::DenseMap<const clang::ValueDecl *, std::string> Stocks;
  mutable llvm::DenseSet<const clang::CXXRecordDecl *> Pools;
  llvm::DenseMap<const clang::FunctionDecl *,
                 std::vector<const clang::FunctionDecl *>>
      Overriders;
};

} // namespace race

#endif // RACE_SUMMARY_CALLEFFECTS_H
