//===- RootSets.h - Sets of thread roots ------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_LIB_PROGRAM_ROOTSETS_H
#define RACE_LIB_PROGRAM_ROOTSETS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/MathExtras.h"
#include <vector>

namespace race {

/// Sets of the numbers below some bound, each kept once: most functions of a
/// program are reached by the same threads. A set is a number itself, and equal
/// sets have equal numbers.
class RootSets {
public:
  static constexpr unsigned Empty = 0;

  /// \param Bound all elements are smaller.
  explicit RootSets(unsigned Bound) : Size((Bound + 63) / 64) {
    Scratch.assign(Size, 0);
    intern();
  }

  unsigned single(unsigned Element) {
    Scratch.assign(Size, 0);
    Scratch[Element / 64] |= uint64_t(1) << (Element % 64);
    return intern();
  }
  unsigned unite(unsigned A, unsigned B) {
    if (A == B || B == Empty)
      return A;
    if (A == Empty)
      return B;
    return combine(A, B, [](uint64_t X, uint64_t Y) { return X | Y; });
  }
  unsigned intersect(unsigned A, unsigned B) {
    if (A == B)
      return A;
    if (A == Empty || B == Empty)
      return Empty;
    return combine(A, B, [](uint64_t X, uint64_t Y) { return X & Y; });
  }
  unsigned minus(unsigned A, unsigned B) {
    if (A == B)
      return Empty;
    if (A == Empty || B == Empty)
      return A;
    return combine(A, B, [](uint64_t X, uint64_t Y) { return X & ~Y; });
  }
  bool contains(unsigned Set, unsigned Element) const {
    return Sets[Set][Element / 64] >> (Element % 64) & 1;
  }
  /// Calls \p Use with the elements of \p Set, in order.
  template <class F> void forEach(unsigned Set, F &&Use) const {
    for (unsigned I = 0; I < Size; ++I)
      for (uint64_t Word = Sets[Set][I]; Word; Word &= Word - 1)
        Use(64 * I + llvm::countr_zero(Word));
  }

private:
  template <class Op> unsigned combine(unsigned A, unsigned B, Op &&Combine) {
    for (unsigned I = 0; I < Size; ++I)
      Scratch[I] = Combine(Sets[A][I], Sets[B][I]);
    return intern();
  }
  unsigned intern() {
    llvm::ArrayRef<uint64_t> Words(Scratch);
    auto It = Known.find(Words);
    if (It != Known.end())
      return It->second;
    llvm::ArrayRef<uint64_t> Kept = Words.copy(Memory);
    Known.try_emplace(Kept, Sets.size());
    Sets.push_back(Kept.data());
    return Sets.size() - 1;
  }

  unsigned Size; ///< words of a set
  llvm::SmallVector<uint64_t, 8> Scratch;
  llvm::BumpPtrAllocator Memory;
  std::vector<const uint64_t *> Sets;
  llvm::DenseMap<llvm::ArrayRef<uint64_t>, unsigned> Known;
};

} // namespace race

#endif // RACE_LIB_PROGRAM_ROOTSETS_H
