//===- NameTable.h - Finds the pattern that a declaration fits --*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models are listed under the last part of their name. Most declarations have
// a last part that no model has, and that is found out by one hash lookup; for
// the others the enclosing declarations are compared part by part, without
// writing the qualified name down.
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_MODELS_NAMETABLE_H
#define RACE_LIB_MODELS_NAMETABLE_H

#include "race/Models/Model.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <deque>

namespace clang {
class DeclContext;
class NamedDecl;
} // namespace clang

namespace race {

/// A qualified name in parts, each perhaps with '*'.
class NamePattern {
public:
  /// \p Name must be valid and outlive the pattern.
  explicit NamePattern(llvm::StringRef Name);

  /// What is wrong with \p Name ("has an empty part"); empty if nothing is.
  static llvm::StringRef whyInvalid(llvm::StringRef Name);

  /// The name of the method \p Method of the class \p Type; "constructor" and
  /// "destructor" stand for the names that they have.
  static std::string member(llvm::StringRef Type, llvm::StringRef Method);

  llvm::StringRef last() const { return Parts.back(); }
  bool lastIsGlob() const { return isGlob(Parts.back()); }

  /// Whether the last part fits \p Name and the parts before it fit the
  /// namespaces and classes around \p D, inline and unnamed ones left out.
  bool matches(llvm::StringRef Name, const clang::NamedDecl *D) const;

  /// Characters that are not '*': of two patterns that match, the one with
  /// more of them says more.
  unsigned weight() const { return Weight; }

private:
  static bool isGlob(llvm::StringRef Part);
  static bool partMatches(llvm::StringRef Pattern, llvm::StringRef Text);

  llvm::SmallVector<llvm::StringRef, 4> Parts;
  unsigned Weight = 0;
};

/// The last part of the name of \p D as models write it, in \p Storage if it
/// stands nowhere; empty if there is no such name. All conversion functions
/// are "operator " and their type.
llvm::StringRef lastPart(const clang::NamedDecl *D,
                         llvm::SmallVectorImpl<char> &Storage);

/// The named declaration whose name is the part before that of \p D, which
/// stands in \p Context; moves \p Context outwards. Null at the top.
const clang::NamedDecl *enclosingPart(const clang::DeclContext *&Context);

/// Models by name; ModelT is FunctionModel or TypeModel.
template <typename ModelT> class NameTable {
public:
  /// Adds \p Model, which wins over all that was added before \p Document.
  void add(ModelT Model, unsigned Document) {
    // A deque, so that what patterns point into stays where it is.
    Models.push_back(std::move(Model));
    Entries.push_back(
        {NamePattern(Models.back().Name), &Models.back(), Document});
    const Entry *E = &Entries.back();
    if (E->Pattern.lastIsGlob())
      Globs.push_back(E);
    else
      ByLast[E->Pattern.last()].push_back(E);
  }

  /// The best model for \p D, whose last part is \p Last; \p Fits may reject.
  const ModelT *find(llvm::StringRef Last, const clang::NamedDecl *D,
                     llvm::function_ref<bool(const ModelT &)> Fits) const {
    const Entry *Best = nullptr;
    auto Try = [&](const Entry *E) {
      if ((!Best || Best->order() < E->order()) &&
          E->Pattern.matches(Last, D) && Fits(*E->Model))
        Best = E;
    };
    auto Found = ByLast.find(Last);
    if (Found != ByLast.end())
      for (const Entry *E : Found->second)
        Try(E);
    for (const Entry *E : Globs)
      Try(E);
    return Best ? Best->Model : nullptr;
  }

  /// Whether a model could have the last part \p Last.
  bool mayHave(llvm::StringRef Last) const {
    if (ByLast.contains(Last))
      return true;
    for (const Entry *E : Globs)
      if (E->Pattern.matches(Last, nullptr))
        return true;
    return false;
  }

private:
  struct Entry {
    NamePattern Pattern;
    const ModelT *Model;
    unsigned Document;

    std::tuple<unsigned, unsigned, bool> order() const {
      return {Document, Pattern.weight(), isSpecific(*Model)};
    }
  };
  static bool isSpecific(const FunctionModel &F) { return !!F.Parameters; }
  static bool isSpecific(const TypeModel &) { return false; }

  std::deque<ModelT> Models;
  std::deque<Entry> Entries;
  llvm::StringMap<llvm::SmallVector<const Entry *, 2>> ByLast;
  std::vector<const Entry *> Globs;
};

} // namespace race

#endif // RACE_LIB_MODELS_NAMETABLE_H
