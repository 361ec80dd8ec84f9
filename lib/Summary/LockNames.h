//===- LockNames.h - Locks known by their declarations -------- -*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_SUMMARY_LOCKNAMES_H
#define RACE_LIB_SUMMARY_LOCKNAMES_H

#include "race/Flow/Effect.h"
#include "race/Models/Models.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace race {

/// Whether a type of that name is a lock.
bool soundsLikeLockType(llvm::StringRef Name);

/// Whether \p T is a type around a mutex: a class with methods to lock it, or a
/// structure that has nothing else or is called a lock.
bool wrapsLock(clang::QualType T, const Models &M);

/// What \p F does with a lock, whose body nobody sees: a function, or a member
/// or variable that is a pointer to one. Three things must agree: the name says
/// that it takes or releases ("SDL_LockMutex", "spin_lock"), a parameter points
/// to what is called a lock, and for one that takes there is another beside it
/// that releases the same type. Of a method without parameters the class is
/// what is called a lock. std::nullopt if one of them is missing.
std::optional<LockEffect> lockByDeclaration(const clang::ValueDecl *F);

/// That \p F says by its name that a lock is held, and would end the program
/// otherwise: "AssertHeld" of a class that is a lock, "assert_locked(&lock)".
/// std::nullopt for others.
std::optional<LockEffect> assertionByDeclaration(const clang::FunctionDecl *F,
                                                 const Models &M);

/// As above, for the constructor of a guard: all that it takes is what is
/// called a lock, its class is called a lock or guard, and there is a
/// destructor that nobody sees either.
std::optional<LockEffect>
guardByDeclaration(const clang::CXXConstructorDecl *C);

/// What the pointer to a function that \p Call goes through does with a lock.
std::optional<LockEffect> lockThroughPointer(const clang::CallExpr *Call);

} // namespace race

#endif // RACE_LIB_SUMMARY_LOCKNAMES_H
