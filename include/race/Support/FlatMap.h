//===- FlatMap.h - A small sorted map ---------------------------*- C++ -*-===//
//
// Part of race-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef RACE_SUPPORT_FLATMAP_H
#define RACE_SUPPORT_FLATMAP_H

#include <algorithm>
#include <utility>
#include <vector>

namespace race {

/// A map in a sorted vector: cheap to copy and compare, which is what the
/// states of a data-flow analysis need; linear to insert into.
template <typename K, typename V> class FlatMap {
public:
  using value_type = std::pair<K, V>;
  using iterator = typename std::vector<value_type>::iterator;
  using const_iterator = typename std::vector<value_type>::const_iterator;

  iterator begin() { return Items.begin(); }
  iterator end() { return Items.end(); }
  const_iterator begin() const { return Items.begin(); }
  const_iterator end() const { return Items.end(); }
  size_t size() const { return Items.size(); }
  bool empty() const { return Items.empty(); }

  const V *find(const K &Key) const {
    auto It = lower(Key);
    return It != Items.end() && It->first == Key ? &It->second : nullptr;
  }
  V *find(const K &Key) {
    return const_cast<V *>(std::as_const(*this).find(Key));
  }
  V &operator[](const K &Key) {
    auto It = Items.begin() + (lower(Key) - Items.cbegin());
    if (It == Items.end() || It->first != Key)
      It = Items.insert(It, {Key, V()});
    return It->second;
  }
  bool erase(const K &Key) {
    auto It = lower(Key);
    if (It == Items.end() || It->first != Key)
      return false;
    Items.erase(It);
    return true;
  }
  /// Adds \p Key, which is greater than all keys that are here.
  void append(const K &Key, V Value) {
    Items.emplace_back(Key, std::move(Value));
  }
  template <typename Pred> void eraseIf(Pred P) {
    Items.erase(std::remove_if(Items.begin(), Items.end(), P), Items.end());
  }
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
  bool operator==(const FlatMap &O) const { return Items == O.Items; }
  bool operator!=(const FlatMap &O) const { return Items != O.Items; }
  bool operator<(const FlatMap &O) const { return Items < O.Items; }

private:
  const_iterator lower(const K &Key) const {
    return std::lower_bound(
        Items.begin(), Items.end(), Key,
        [](const value_type &A, const K &B) { return A.first < B; });
  }
  std::vector<value_type> Items;
};

} // namespace race

#endif // RACE_SUPPORT_FLATMAP_H
