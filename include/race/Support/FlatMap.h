//===- FlatMap.h - A small sorted map ---------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_FLATMAP_H
#define RACE_SUPPORT_FLATMAP_H

#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include <algorithm>
#include <utility>
#include <vector>

namespace race {

/// A map in a sorted vector, which copies share until one of them is changed:
/// cheap to copy, to join and to compare, which is what the states of a
/// data-flow analysis need; linear to insert into. Not for several threads.
template <typename K, typename V> class FlatMap {
public:
  using value_type = std::pair<K, V>;
  using const_iterator = typename std::vector<value_type>::const_iterator;

  const_iterator begin() const { return items().begin(); }
  const_iterator end() const { return items().end(); }
  size_t size() const { return items().size(); }
  bool empty() const { return items().empty(); }

  const V *find(const K &Key) const {
    auto It = lower(Key);
    return It != end() && It->first == Key ? &It->second : nullptr;
  }
  V &operator[](const K &Key) {
    auto &Own = edit();
    auto It = Own.begin() + (lower(Key) - begin());
    if (It == Own.end() || It->first != Key)
      It = Own.insert(It, {Key, V()});
    return It->second;
  }
  bool erase(const K &Key) {
    auto It = lower(Key);
    if (It == end() || It->first != Key)
      return false;
    auto At = It - begin();
    auto &Own = edit();
    Own.erase(Own.begin() + At);
    return true;
  }
  /// Adds \p Key, which is greater than all keys that are here.
  void append(const K &Key, V Value) {
    edit().emplace_back(Key, std::move(Value));
  }
  template <typename Pred> void eraseIf(Pred P) {
    // Most often there is nothing to erase, and nothing to copy for it.
    auto First = std::find_if(begin(), end(), P);
    if (First == end())
      return;
    auto At = First - begin();
    auto &Own = edit();
    Own.erase(std::remove_if(Own.begin() + At, Own.end(), P), Own.end());
  }
  /// Calls \p F for the key and a copy of the value of each entry; what \p F
  /// makes of the copy is the value from then on.
  template <typename Fn> void transform(Fn F) {
    for (size_t I = 0, E = size(); I != E; ++I) {
      V Value = items()[I].second;
      F(items()[I].first, Value);
      if (!(Value == items()[I].second))
        edit()[I].second = std::move(Value);
    }
  }
  /// Whether this and \p O are copies of which neither has been changed.
  bool shares(const FlatMap &O) const { return Shared == O.Shared; }
  /// Calls \p F, in the order of keys, for each key that is in \p A or \p B
  /// with the two values; null for what is not there.
  template <typename Fn>
  static void zip(const FlatMap &A, const FlatMap &B, Fn F) {
    auto I = A.begin(), J = B.begin();
    while (I != A.end() || J != B.end()) {
      bool InA = J == B.end() || (I != A.end() && !(J->first < I->first));
      bool InB = I == A.end() || (J != B.end() && !(I->first < J->first));
      F(InA ? I->first : J->first, InA ? &I->second : nullptr,
        InB ? &J->second : nullptr);
      I += InA;
      J += InB;
    }
  }
  bool operator==(const FlatMap &O) const {
    return shares(O) || items() == O.items();
  }
  bool operator!=(const FlatMap &O) const { return !(*this == O); }
  bool operator<(const FlatMap &O) const { return items() < O.items(); }

private:
  struct Storage : llvm::RefCountedBase<Storage> {
    std::vector<value_type> Items;
  };

  const std::vector<value_type> &items() const {
    static const std::vector<value_type> None;
    return Shared ? Shared->Items : None;
  }
  /// The entries, for this map alone.
  std::vector<value_type> &edit() {
    if (!Shared)
      Shared = new Storage;
    else if (Shared->UseCount() != 1)
      Shared = new Storage(*Shared);
    return Shared->Items;
  }
  const_iterator lower(const K &Key) const {
    return std::lower_bound(
        begin(), end(), Key,
        [](const value_type &A, const K &B) { return A.first < B; });
  }
  llvm::IntrusiveRefCntPtr<Storage> Shared;
};

} // namespace race

#endif // RACE_SUPPORT_FLATMAP_H
