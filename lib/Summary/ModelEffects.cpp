//===- ModelEffects.cpp - What the model of a function says ---------------===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EffectPlaces.h"
#include "Expressions.h"
#include "StatementText.h"
#include "race/Summary/CallEffects.h"
#include "race/Support/Words.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace race;

AccessPath CallEffects::world(StringRef Name) const {
  return AccessPath::global(
      Entities.table().intern({("race:" + Name).str(), "", Name.str()}));
}

/// The variable into which a statement's answer goes by the argument \p Arg,
/// which is a call that a model says reads the database into what it is given:
/// `into(N)`. Null if it is none.
static const ValueDecl *answeredInto(const Expr *Arg, const Models &M) {
  const auto *Call = Arg ? dyn_cast<CallExpr>(unwrapped(Arg)) : nullptr;
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  const FunctionModel *Model = F && Call->getNumArgs() ? M.lookup(F) : nullptr;
  bool Reads =
      Model && llvm::any_of(Model->ContainerOps, [](const auto &C) {
        return C.Kind == ContainerOpModel::Read && C.Of == StateKind::Database;
      });
  return Reads ? namedObject(Call->getArg(0)) : nullptr;
}

/// Says what the statement does that the call \p Site is given.
void CallEffects::readStatements(const Expr *Site, Effects &E) const {
  auto Described = [](const ContainerEffect &C) {
    return C.Statement != StatementLanguage::None;
  };
  if (llvm::none_of(E.Containers, Described))
    return;
  llvm::SmallVector<ContainerEffect, 1> Read;
  for (ContainerEffect C : E.Containers) {
    std::optional<Statement> S;
    const Expr *Text = C.Key ? argumentOf(Site, C.Key->Index) : nullptr;
    // The end of an expression that begins with the statement.
    bool Continues = C.Key && C.Key->Root == AccessPath::This;
    if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(Site); Op && Continues)
      Text = Op->getArg(0);
    if (Described(C) && Text)
      S = readStatement(literalIn(Text), C.Statement);
    if (!S)
      continue;
    if (Continues) {
      const ValueDecl *Into = answeredInto(argumentOf(Site, 0), M);
      if (!Into || S->Kind != Statement::Asks || S->Table.empty())
        continue;
      C.Answer = AccessPath::capture(Entities.entity(Into));
    }
    if (S->Kind == Statement::Begins || S->Kind == Statement::Ends) {
      LockEffect L;
      L.Op = S->Kind == Statement::Begins ? LockModel::Acquire
                                          : LockModel::Release;
      L.Mutex = world("transaction");
      E.Locks.push_back(L);
      continue;
    }
    C.Kind = S->Kind == Statement::Asks   ? ContainerOpModel::Query
             : S->Kind == Statement::Adds ? ContainerOpModel::Act
                                          : ContainerOpModel::Atomic;
    C.Name = S->Verb;
    // Where the text does not name the key, it is what the text is given.
    C.Keyed = S->Table.empty();
    if (C.Keyed)
      ++C.Key->Index;
    else
      C.Key.reset();
    if (!S->Table.empty())
      C.Object = world(S->Table);
    C.Statement = StatementLanguage::None;
    Read.push_back(std::move(C));
  }
  E.Containers = std::move(Read);
}

/// The program's own function \p F is given a statement as text: it has the
/// database run it, whatever is in between.
void CallEffects::readOwnStatement(const FunctionDecl *F, const Expr *Site,
                                   Effects &E) const {
  if (!F->getIdentifier() || F->getBuiltinID() || M.lookup(F) ||
      soundsLikeReport(F->getName()) ||
      F->getASTContext().getSourceManager().isInSystemHeader(F->getLocation()))
    return;
  for (unsigned I = 0; const Expr *Arg = argumentOf(Site, I); ++I) {
    if (!Arg->getType()->isAnyPointerType() && !Arg->getType()->isRecordType())
      continue;
    StringRef Text = literalIn(Arg);
    std::optional<Statement> S;
    if (startsStatement(Text))
      S = readStatement(Text, StatementLanguage::Sql);
    if (!S || S->Table.empty() ||
        (S->Kind != Statement::Asks && S->Kind != Statement::Adds))
      continue;
    ContainerEffect C;
    C.Kind = S->Kind == Statement::Asks ? ContainerOpModel::Query
                                        : ContainerOpModel::Act;
    C.Of = StateKind::Database;
    C.Object = world(S->Table);
    C.Name = S->Verb;
    C.Synchronized = true;
    C.Why = Evidence::Structural;
    E.Containers.push_back(std::move(C));
    return;
  }
}

/// Whether the class of \p Method is made of a template that is given the type
/// of a mutex: what else would it be for but to lock by itself.
static bool isGivenMutex(const CXXMethodDecl &Method, const Models &M) {
  const auto *Of =
      dyn_cast<ClassTemplateSpecializationDecl>(Method.getParent());
  return Of && llvm::any_of(Of->getTemplateArgs().asArray(),
                            [&](const TemplateArgument &A) {
                              const TypeModel *T =
                                  A.getKind() == TemplateArgument::Type
                                      ? M.lookup(A.getAsType())
                                      : nullptr;
                              return T && T->Kind == TypeModel::Mutex;
                            });
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
    B.Memory = H.Memory;
    B.Arena = H.Arena;
    B.Chain = H.Chain;
    if (H.Since)
      B.Since = valueAt(*H.Since, F);
    if (H.IfZero)
      B.OnlyIf = PathCondition{valueAt(*H.IfZero, F), false};
    B.Why = Evidence::Modelled;
    if (!H.Memory) // what `free` does needs no proof
      B.Reason =
          "the model of '" + Model.Name + "' (" + Model.Source + ") says so";
    // What the source says goes first.
    if (!isHandedBack(E, B.What))
      E.HandBacks.push_back(std::move(B));
  }
  for (const AcquireModel &A : Model.Acquires) {
    E.Acquires.push_back(resourceAt(A.What, F));
    if (A.From && A.What.Kind == Place::Result)
      E.From = resourceAt(*A.From, F);
  }
  for (const LockModel &L : Model.Locks) {
    LockEffect X;
    X.Op = L.Op;
    X.Mutex = objectAt(L.Mutex, F);
    X.Mode = L.Mode;
    X.When = L.When;
    // An attribute may say the same: the lock is taken once.
    if (llvm::any_of(E.Locks, [&](const LockEffect &Said) {
          return Said.Op == X.Op && Said.Mutex == X.Mutex;
        }))
      continue;
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
    X.Index = C.Index;
    X.Synchronized = Type && (Type->Synchronized || isGivenMutex(*Method, M));
    X.Of = C.Of;
    if (Type && Type->Kind == TypeModel::Atomic)
      X.Of = StateKind::Atomic;
    X.Synchronized |= X.Of == StateKind::Atomic;
    if (C.Answer.Kind != Place::Result)
      X.Answer = valueAt(C.Answer, F);
    X.Name = F->getNameAsString();
    // Files and databases are one thing that all share, whatever names them.
    X.Statement = C.Statement;
    if (X.Of == StateKind::Files || X.Of == StateKind::Database) {
      X.Object = world(X.Of == StateKind::Files ? "file system" : "database");
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
  if (Model.ReturnsView)
    E.Views.push_back(resourceAt(*Model.ReturnsView, F));
  if (Model.IgnoresPointees)
    E.Derefs = *Model.IgnoresPointees ? 0 : ~0u;
  E.LooksAtAll = Model.IgnoresPointees == std::optional<bool>(false);
  for (unsigned I = 0; Model.CallsArguments && I < F->getNumParams(); ++I) {
    InvokeEffect Run;
    Run.Target = AccessPath::param(I);
    if (F->getParamDecl(I)->getType()->isReferenceType())
      Run.Target = Run.Target.then(PathStep::deref());
    Run.Sure = true;
    Run.Repeats = !Model.Once;
    E.Invokes.push_back(std::move(Run));
  }
}

void CallEffects::addGuard(const TypeModel &Type, const FunctionDecl *F,
                           Effects &E) const {
  E.Known = true;
  E.ChangesGlobals = false;
  bool Defer = false, Try = false;
  for (const ParmVarDecl *P : F->parameters()) {
    const CXXRecordDecl *R =
        P->getType().getNonReferenceType()->getAsCXXRecordDecl();
    if (!R || !R->getIdentifier())
      continue;
    StringRef Name = R->getName();
    Defer |= Name == "defer_lock_t";
    Try |= Name == "try_to_lock_t";
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
    } else if (Try) {
      L.Op = LockModel::Release;
      L.When = Outcome::False;
      L.OwnedByResult = false;
      E.Locks.push_back(L);
    }
    if (!All)
      break;
  }
}
