//===- Archive.h - Plain data as JSON, and back -----------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_ARCHIVE_H
#define RACE_SUPPORT_ARCHIVE_H

#include "race/Support/Anchor.h"
#include "race/Support/Entity.h"
#include "race/Support/Evidence.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <optional>
#include <type_traits>

namespace race {

// A struct takes part by one function that names its members for both
// directions, with the default that is left out when written:
//
//   template <class A> void describe(A &Ar, Point &P) {
//     auto &[X, Y] = P; // fails to compile when a member is added
//     Ar("x", X);
//     Ar("y", Y, /*Default=*/1);
//   }
//
// Numbers, enumerations, strings, options, sequences and pairs of such are
// known. Entities and file names are written once, in the tables "names" and
// "files" of the document, and referred to by number.

/// Specialised by types that are written as one array of integers:
///   static void encode(ArchiveWriter &, const T &, SmallVectorImpl<int64_t> &)
///   static bool decode(ArchiveReader &, ArrayRef<int64_t>, T &)
template <class T> struct AsIntegers {};

namespace detail {
template <class T, class = void> struct HasIntegers : std::false_type {};
template <class T>
struct HasIntegers<T, std::void_t<decltype(&AsIntegers<T>::encode)>>
    : std::true_type {};

template <class T, class = void> struct IsSequence : std::false_type {};
template <class T>
struct IsSequence<T, std::void_t<typename T::value_type,
                                 decltype(std::declval<T &>().push_back(
                                     std::declval<typename T::value_type>()))>>
    : std::negation<std::is_same<T, std::string>> {};

template <class T> struct IsOptional : std::false_type {};
template <class T> struct IsOptional<std::optional<T>> : std::true_type {};
} // namespace detail

/// Puts \p N into the number or enumeration \p Value; false if it does not fit.
template <class T> bool narrow(int64_t N, T &Value) {
  Value = static_cast<T>(N);
  return static_cast<int64_t>(Value) == N;
}

/// Writes one JSON document. Equal data gives equal bytes.
class ArchiveWriter {
public:
  /// \param Root the project's folder; file names are written relative to it.
  ArchiveWriter(llvm::raw_ostream &OS, const EntityTable &Names,
                llvm::StringRef Root);

  /// Writes the tables that numbers refer to, and ends the document.
  void finish();

  template <class T>
  void operator()(llvm::StringRef Key, const T &Value, const T &Default = T()) {
    if (isDefault(Value, Default))
      return;
    J.attributeBegin(Key);
    write(Value);
    J.attributeEnd();
  }

  int64_t number(EntityId Id);
  int64_t number(llvm::StringRef File);

private:
  template <class T> static bool isDefault(const T &Value, const T &Default) {
    if constexpr (detail::IsSequence<T>::value)
      return Value.empty();
    else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> ||
                       std::is_same_v<T, std::string> ||
                       std::is_same_v<T, EntityId> || std::is_same_v<T, Anchor>)
      return Value == Default;
    else if constexpr (detail::IsOptional<T>::value)
      return !Value.has_value();
    else
      return false;
  }

  template <class T> void write(const T &Value) {
    if constexpr (detail::HasIntegers<T>::value) {
      llvm::SmallVector<int64_t, 16> Numbers;
      AsIntegers<T>::encode(*this, Value, Numbers);
      J.arrayBegin();
      for (int64_t N : Numbers)
        J.value(N);
      J.arrayEnd();
    } else if constexpr (std::is_same_v<T, EntityId>) {
      J.value(number(Value));
    } else if constexpr (std::is_same_v<T, bool>) {
      J.value(Value);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      J.value(static_cast<int64_t>(Value));
    } else if constexpr (std::is_same_v<T, std::string>) {
      J.value(llvm::json::isUTF8(Value) ? Value : llvm::json::fixUTF8(Value));
    } else if constexpr (detail::IsOptional<T>::value) {
      write(*Value);
    } else if constexpr (detail::IsSequence<T>::value) {
      J.arrayBegin();
      for (const auto &Element : Value)
        write(Element);
      J.arrayEnd();
    } else {
      J.objectBegin();
      // One function describes both directions.
      describe(*this, const_cast<T &>(Value));
      J.objectEnd();
    }
  }

  llvm::json::OStream J;
  const EntityTable &Names;
  std::string Root;
  llvm::DenseMap<EntityId, int64_t> Numbers;
  std::vector<EntityId> Ids;
  llvm::StringMap<int64_t> FileNumbers;
  std::vector<std::string> Files;
};

/// Reads one JSON document that ArchiveWriter wrote, or that claims to be one:
/// wrong types and numbers out of range are errors, never crashes.
class ArchiveReader {
public:
  /// \param Root what relative file names are relative to here.
  ArchiveReader(EntityTable &Names, llvm::StringRef Root)
      : Names(Names), Root(Root) {}

  /// Begins to read \p Document, which must outlive the reading.
  llvm::Error begin(const llvm::json::Value &Document);

  /// The first thing that was wrong, if anything was; call after the reading.
  llvm::Error finish();

  template <class T>
  void operator()(llvm::StringRef Key, T &Value, const T &Default = T()) {
    const llvm::json::Value *V = Current ? Current->get(Key) : nullptr;
    if (!V) {
      Value = Default;
      return;
    }
    if (!read(*V, Value) && Problem.empty())
      Problem = ("unexpected value of \"" + Key + "\"").str();
  }

  bool entity(int64_t Number, EntityId &Id) const;
  bool file(int64_t Number, std::string &Path) const;

private:
  template <class T> bool read(const llvm::json::Value &V, T &Value) {
    if constexpr (detail::HasIntegers<T>::value) {
      const llvm::json::Array *A = V.getAsArray();
      if (!A)
        return false;
      llvm::SmallVector<int64_t, 16> Numbers;
      for (const llvm::json::Value &E : *A) {
        std::optional<int64_t> N = E.getAsInteger();
        if (!N)
          return false;
        Numbers.push_back(*N);
      }
      return AsIntegers<T>::decode(*this, Numbers, Value);
    } else if constexpr (std::is_same_v<T, EntityId>) {
      std::optional<int64_t> N = V.getAsInteger();
      return N && entity(*N, Value);
    } else if constexpr (std::is_same_v<T, bool>) {
      std::optional<bool> B = V.getAsBoolean();
      Value = B.value_or(false);
      return B.has_value();
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      std::optional<int64_t> N = V.getAsInteger();
      return N && narrow(*N, Value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      std::optional<llvm::StringRef> S = V.getAsString();
      Value = S.value_or("").str();
      return S.has_value();
    } else if constexpr (detail::IsOptional<T>::value) {
      Value.emplace();
      return read(V, *Value);
    } else if constexpr (detail::IsSequence<T>::value) {
      const llvm::json::Array *A = V.getAsArray();
      if (!A)
        return false;
      Value.clear();
      Value.reserve(A->size());
      for (const llvm::json::Value &E : *A)
        if (!read(E, Value.emplace_back()))
          return false;
      return true;
    } else {
      const llvm::json::Object *O = V.getAsObject();
      if (!O)
        return false;
      const llvm::json::Object *Outer = Current;
      Current = O;
      describe(*this, Value);
      Current = Outer;
      return true;
    }
  }

  EntityTable &Names;
  std::string Root;
  const llvm::json::Object *Current = nullptr;
  std::vector<EntityId> Ids;
  std::vector<std::string> Files;
  std::string Problem;
};

/// Goes through the entities of a struct that is described for archives, and
/// gives some of them another number.
class EntityRenamer {
public:
  explicit EntityRenamer(const llvm::DenseMap<EntityId, EntityId> &NewIds)
      : NewIds(NewIds) {}

  template <class T>
  void operator()(llvm::StringRef, T &Value, const T & = T()) {
    if constexpr (std::is_same_v<T, EntityId>) {
      auto It = NewIds.find(Value);
      if (It != NewIds.end())
        Value = It->second;
    } else if constexpr (detail::IsOptional<T>::value) {
      if (Value)
        (*this)("", *Value);
    } else if constexpr (detail::IsSequence<T>::value) {
      for (auto &Element : Value)
        (*this)("", Element);
    } else if constexpr (!detail::HasIntegers<T>::value &&
                         !std::is_arithmetic_v<T> && !std::is_enum_v<T> &&
                         !std::is_same_v<T, std::string>) {
      describe(*this, Value);
    }
  }

private:
  const llvm::DenseMap<EntityId, EntityId> &NewIds;
};

/// A place is [file, line, column]; nowhere is [].
template <> struct AsIntegers<Anchor> {
  static void encode(ArchiveWriter &Ar, const Anchor &A,
                     llvm::SmallVectorImpl<int64_t> &Out);
  static bool decode(ArchiveReader &Ar, llvm::ArrayRef<int64_t> In, Anchor &A);
};

} // namespace race

#endif // RACE_SUPPORT_ARCHIVE_H
