// RUN: %check_race %s race-check-then-act
//
// Tables that lock by themselves because they are given a mutex, and those of
// libcuckoo.

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace phmap {
struct NullMutex {
  void lock();
  void unlock();
};
template <class K, class V, class Hash = std::hash<K>,
          class Eq = std::equal_to<K>,
          class Alloc = std::allocator<std::pair<const K, V>>, size_t N = 4,
          class Mutex = NullMutex>
class parallel_flat_hash_map {
public:
  using value_type = std::pair<const K, V>;
  bool contains(const K &key) const;
  size_t count(const K &key) const;
  std::pair<value_type *, bool> insert(value_type &&v);
  template <class... Args>
  std::pair<value_type *, bool> try_emplace(const K &k, Args &&...args);
  V &operator[](const K &key);
  size_t erase(const K &key);
  template <class F> bool if_contains(const K &key, F &&f) const;
  template <class F> bool modify_if(const K &key, F &&f);
  template <class F, class... Args>
  bool try_emplace_l(const K &k, F &&f, Args &&...args);
  template <class F> bool lazy_emplace_l(const K &key, F &&fExists, F &&fMake);
};
} // namespace phmap

namespace libcuckoo {
template <class K, class T> class cuckoohash_map {
public:
  bool contains(const K &key) const;
  bool find(const K &key, T &val) const;
  template <class F> bool update_fn(const K &key, F fn);
  template <class F, class... Args>
  bool upsert(const K &key, F fn, Args &&...val);
  template <class... Args> bool insert(const K &key, Args &&...val);
  template <class V> bool insert_or_assign(const K &key, V &&val);
  bool erase(const K &key);
};
} // namespace libcuckoo

std::string make(int Key);

class Symbols {
  template <class Mutex>
  using Table =
      phmap::parallel_flat_hash_map<int, std::string, std::hash<int>,
                                    std::equal_to<int>, std::allocator<int>, 4,
                                    Mutex>;

public:
  void containsBad(int Key) {
    if (!Locked.contains(Key))
      Locked[Key] = make(Key);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'Locked': another thread can change it between 'contains' and 'operator[]'
  }
  std::string ifContainsBad(int Key) {
    std::string Found;
    if (Locked.if_contains(Key, [&](const auto &X) { Found = X.second; }))
      return Found;
    Found = make(Key);
    Locked.insert({Key, Found});
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Locked': another thread can change it between 'if_contains' and 'insert'
    return Found;
  }
  void modifyBad(int Key) {
    if (!Locked.modify_if(Key, [](auto &X) { X.second += "!"; }))
      Locked.try_emplace(Key, "!");
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'Locked': another thread can change it between 'modify_if' and 'try_emplace'
  }
  void updateBad(int Key) {
    if (!Counts.update_fn(Key, [](int &N) { ++N; }))
      Counts.insert(Key, 1);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'Counts': another thread can change it between 'update_fn' and 'insert'
  }

  void tryGood(int Key) {
    Locked.try_emplace_l(
        Key, [](auto &X) { X.second += "!"; }, "!");
  }
  void modifyGood(int Key) {
    if (Locked.contains(Key))
      Locked.modify_if(Key, [](auto &X) { X.second += "!"; });
  }
  void upsertGood(int Key) {
    Counts.upsert(
        Key, [](int &N) { ++N; }, 1);
  }
  bool winnerGood(int Key) {
    if (Counts.contains(Key))
      return false;
    return Counts.insert(Key, 1);
  }
  // Without a mutex it is as any other table: one thread's, or under a lock.
  void plainGood(int Key) {
    if (!Plain.contains(Key))
      Plain[Key] = make(Key);
  }

private:
  Table<std::mutex> Locked;
  Table<phmap::NullMutex> Plain;
  libcuckoo::cuckoohash_map<int, int> Counts;
};
