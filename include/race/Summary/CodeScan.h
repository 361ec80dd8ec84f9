//===- CodeScan.h - One walk over a translation unit ------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUMMARY_CODESCAN_H
#define RACE_SUMMARY_CODESCAN_H

#include "race/Models/Models.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <memory>
#include <string>
#include <vector>

namespace clang {
class ASTContext;
class CallExpr;
class Expr;
class FieldDecl;
class FunctionDecl;
class OMPExecutableDirective;
class RecordDecl;
class ValueDecl;
} // namespace clang

namespace race {

/// A call whose callee is known, in the order of the text.
struct CallSite {
  const clang::FunctionDecl *Callee;
  const clang::Expr *Call;
};

/// A call that makes something run on another thread.
struct StartSite {
  /// What runs; null if unknown.
  const clang::FunctionDecl *Root = nullptr;
  const ThreadStartModel *Model = nullptr;
  const clang::Expr *Call = nullptr;
  bool InLoop = false;
  /// Only if a condition holds, for which there is no `else`.
  bool Sometimes = false;
  /// The argument that is, or holds, what runs; null if there is none.
  const clang::Expr *Callable = nullptr;
  /// Every start here works on the same object.
  bool SharedObject = false;
  /// What the code calls the thread; may be empty.
  std::string Name;
};

/// A function puts its parameter (or `this`, if Param is -1) into a container
/// or onto an intrusive list.
struct StoreSite {
  int Param;
  const clang::ValueDecl *Container;
  bool AtBack; ///< push_back rather than push_front
  bool Intrusive;
};

/// A function takes an element out of a container or intrusive list.
struct TakeSite {
  const clang::ValueDecl *Container;
  bool AtBack;
  bool Intrusive;
  bool All = false; ///< the whole list at once: its head is set to null
};

/// A function finds, or removes, what a table holds under one of its
/// parameters.
struct TableSite {
  const clang::FunctionDecl *By;
  const clang::Expr *Object; ///< the table, as By names it
  const clang::ValueDecl *Table;
  unsigned Param;
};

/// A function removes an object from the container that owns it: the one that
/// its parameter points to, or the one under that key.
struct RemovalSite {
  const clang::FunctionDecl *By;
  const clang::Expr *Container; ///< as By names it
  unsigned Param;
  bool ByKey;
};

/// Who owns what, as far as the text tells.
struct OwnershipFacts {
  /// Calls that are made where a count of references has come to zero, and the
  /// argument whose count it is; -1 for the object.
  llvm::DenseMap<const clang::Expr *, int> Disposals;
  /// The first member only ever leads into what the second one points to.
  std::vector<std::pair<const clang::FieldDecl *, const clang::FieldDecl *>>
      Into;
  /// Members in which objects keep the arena that they lie in.
  llvm::DenseSet<const clang::FieldDecl *> OwnArenas;
  std::vector<TableSite> Lookups, Removals;
  std::vector<RemovalSite> Removed;
};

/// A loop that looks for an element of a list by hand.
struct ListSearch {
  /// The variable or member that leads to the first element, as it is read.
  const clang::Expr *Head;
  /// The variable by which the element is known; null if that is not known.
  const clang::ValueDecl *Key;
  /// The condition that says whether it is the one.
  const clang::Expr *Test;
};

/// A loop that looks for an element in some state:
/// `for (I = 0; I < N; ++I) if (!Slots[I].Used) break;`.
struct StateSearch {
  /// The variable by which the element is known: a pointer, or its index.
  const clang::ValueDecl *Element = nullptr;
  const clang::FieldDecl *State = nullptr;
  const clang::Expr *Test = nullptr;
};

/// What a function does, as far as one look at its text tells.
struct FunctionInfo {
  const clang::FunctionDecl *Decl = nullptr;
  /// The function that a lambda stands in.
  const clang::FunctionDecl *Encloser = nullptr;
  std::vector<CallSite> Calls;
  /// What runs without being called: destructors and deleters of its objects,
  /// and the lambdas in it.
  std::vector<const clang::FunctionDecl *> Runs;
  std::vector<StartSite> Starts;
  /// OpenMP's parallel regions, the outermost ones.
  std::vector<const clang::OMPExecutableDirective *> Parallel;
  /// Calls through pointers and function objects.
  std::vector<const clang::CallExpr *> Indirect;
  /// Those of them, and of the virtual calls, that stand in a loop.
  llvm::DenseSet<const clang::CallExpr *> Looped;
  std::vector<const clang::FunctionDecl *> AddressTaken;
  /// Local variables that a lambda captures by reference, or whose address is
  /// taken: another thread may have them too.
  llvm::DenseSet<const clang::ValueDecl *> LeakedLocals;
  std::vector<StoreSite> Stores;
  std::vector<TakeSite> Takes;
  /// Lists whose head it sets to what a variable of its own holds.
  llvm::DenseSet<const clang::ValueDecl *> Fills;
  std::vector<ListSearch> Searches;
  std::vector<StateSearch> StateSearches;
  std::vector<const clang::RecordDecl *>
      Deletes; ///< classes of what it deletes, frees or hands back
  /// Where a count of references is known to be zero.
  std::vector<clang::SourceRange> AtZero;
  uint32_t DisposesParams = 0; ///< bit i: it does that to parameter i
  const clang::Expr *LastJoin = nullptr;
  /// What it calls the thread that it runs on; may be empty.
  std::string ThreadName;
  /// A lambda that std::call_once or the like runs: one thread, once.
  bool Once = false;
  bool UnknownLocks = false; ///< calls what may lock, by its name
  bool DisposesThis = false; ///< `delete this`
  bool Locks = false;        ///< takes or releases a lock
  bool HandsBack = false;    ///< calls a function whose model hands back
  bool Erases = false;       ///< removes an object by a key that it holds
  bool Frees = false;        ///< the same for plain memory, or deletes
  bool Grows = false;        ///< may move what is in a sequence
  bool Containers = false;   ///< asks or changes a container that is not local
  bool CountsOwners = false; ///< asks how many owners an object has
  bool Files = false;        ///< asks for files by name, or makes them
  bool CallsThrough = false; ///< calls a function that it was given or keeps
  bool Creates = false;      ///< makes objects (new, make_unique, malloc, …)
};

/// One walk over the code of a translation unit that is not in system headers:
/// which functions there are, what they call, and whether anything in them is
/// worth a closer look. All analyses start from it, so that the AST is walked
/// once.
class CodeScan {
public:
  CodeScan(clang::ASTContext &Ctx, const Models &M);

  /// The functions with bodies, in the order of the text. Of a template, one
  /// instantiation.
  const std::vector<std::unique_ptr<FunctionInfo>> &functions() const {
    return Functions;
  }
  const FunctionInfo *find(const clang::FunctionDecl *F) const;
  /// The declarations with an annotation of race/annotations.h that claims
  /// something.
  const std::vector<const clang::Decl *> &annotated() const {
    return Annotated;
  }
  /// Whether \p R is a class of which each thread has an object of its own, in
  /// a thread-local variable.
  bool isPerThread(const clang::Decl *R) const {
    return PerThread.contains(R->getCanonicalDecl());
  }
  /// The functions that the code stores in the function pointer \p F; null
  /// stands for one that is not known.
  llvm::ArrayRef<const clang::FunctionDecl *>
  keptIn(const clang::FieldDecl *F) const {
    auto It = KeptIn.find(F);
    if (It == KeptIn.end())
      return {};
    return It->second;
  }
  /// The functions that the code stores in the member through which \p Call
  /// calls; empty if it does not call through one.
  llvm::ArrayRef<const clang::FunctionDecl *>
  keptFor(const clang::CallExpr *Call) const;
  const OwnershipFacts &ownership() const { return Owners; }
  /// The code uses locks, threads or atomics at all.
  bool usesThreads() const { return UsesThreads; }
  /// Whether a text in the file is a statement that reads or adds to a table.
  bool hasStatements() const { return HasStatements; }
  /// Files are asked for by name, and made or changed: other processes do that
  /// too, whether or not there are threads in this one.
  bool asksAndChangesFiles() const { return AsksFiles && ChangesFiles; }
  /// The variable by which an element is looked for in the search that the call
  /// \p Begin of `begin()` begins; null if none does.
  const clang::ValueDecl *searchedBy(const clang::Expr *Begin) const {
    return SearchedBy.lookup(Begin);
  }
  /// Whether room is made beforehand for all that \p Container, which may be
  /// null, will hold, so that nothing in it moves.
  bool hasRoom(const clang::ValueDecl *Container) const {
    return Reserved.contains(Container);
  }
  const clang::ASTContext &context() const { return Ctx; }

private:
  friend class ScanVisitor;
  const clang::ASTContext &Ctx;
  std::vector<std::unique_ptr<FunctionInfo>> Functions;
  llvm::DenseMap<const clang::FunctionDecl *, FunctionInfo *> ByDecl;
  std::vector<const clang::Decl *> Annotated;
  llvm::DenseSet<const clang::Decl *> PerThread;
  llvm::DenseMap<const clang::FieldDecl *,
                 std::vector<const clang::FunctionDecl *>>
      KeptIn;
  OwnershipFacts Owners;
  llvm::DenseMap<const clang::Expr *, const clang::ValueDecl *> SearchedBy;
  llvm::DenseSet<const clang::ValueDecl *> Reserved;
  bool UsesThreads = false;
  bool HasStatements = false;
  bool AsksFiles = false, ChangesFiles = false;
};

} // namespace race

#endif // RACE_SUMMARY_CODESCAN_H
