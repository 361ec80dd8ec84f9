// RUN: %check_race %s race-check-then-act
//
// Abseil's hash maps under its mutex: a registry of metrics.

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#define ABSL_GUARDED_BY(x) __attribute__((guarded_by(x)))
#define ABSL_LOCKABLE __attribute__((lockable))
#define ABSL_SCOPED_LOCKABLE __attribute__((scoped_lockable))
#define ABSL_EXCLUSIVE_LOCK_FUNCTION(...)                                      \
  __attribute__((exclusive_lock_function(__VA_ARGS__)))
#define ABSL_SHARED_LOCK_FUNCTION(...)                                         \
  __attribute__((shared_lock_function(__VA_ARGS__)))
#define ABSL_UNLOCK_FUNCTION(...) __attribute__((unlock_function(__VA_ARGS__)))
#define ABSL_EXCLUSIVE_LOCKS_REQUIRED(...)                                     \
  __attribute__((exclusive_locks_required(__VA_ARGS__)))

namespace absl {
class ABSL_LOCKABLE Mutex {
public:
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION();
  void Unlock() ABSL_UNLOCK_FUNCTION();
  void ReaderLock() ABSL_SHARED_LOCK_FUNCTION();
  void ReaderUnlock() ABSL_UNLOCK_FUNCTION();
};
class ABSL_SCOPED_LOCKABLE MutexLock {
public:
  explicit MutexLock(Mutex *mu) ABSL_EXCLUSIVE_LOCK_FUNCTION(mu);
  ~MutexLock() ABSL_UNLOCK_FUNCTION();
};
class ABSL_SCOPED_LOCKABLE ReaderMutexLock {
public:
  explicit ReaderMutexLock(Mutex *mu) ABSL_SHARED_LOCK_FUNCTION(mu);
  ~ReaderMutexLock() ABSL_UNLOCK_FUNCTION();
};
namespace container_internal {
template <class K, class V> class raw_hash_set {
public:
  using value_type = std::pair<const K, V>;
  class iterator {
  public:
    value_type &operator*() const;
    value_type *operator->() const;
    iterator &operator++();
    friend bool operator==(const iterator &a, const iterator &b) {
      return &*a == &*b;
    }
    friend bool operator!=(const iterator &a, const iterator &b) {
      return !(a == b);
    }
  };
  class const_iterator {
  public:
    const_iterator(iterator i);
    const value_type &operator*() const;
    const value_type *operator->() const;
    friend bool operator==(const const_iterator &a, const const_iterator &b) {
      return &*a == &*b;
    }
    friend bool operator!=(const const_iterator &a, const const_iterator &b) {
      return !(a == b);
    }
  };
  iterator begin();
  iterator end();
  const_iterator end() const;
  bool empty() const;
  size_t size() const;
  iterator find(const K &key);
  const_iterator find(const K &key) const;
  bool contains(const K &key) const;
  std::pair<iterator, bool> insert(value_type &&value);
  std::pair<iterator, bool> insert(const value_type &value);
  template <class... Args>
  std::pair<iterator, bool> emplace(Args &&...args);
  size_t erase(const K &key);
  void erase(iterator it);
};
template <class K, class V> class raw_hash_map : public raw_hash_set<K, V> {
public:
  V &at(const K &key);
  V &operator[](const K &key);
  template <class... Args>
  std::pair<typename raw_hash_set<K, V>::iterator, bool>
  try_emplace(const K &k, Args &&...args);
};
} // namespace container_internal
template <class K, class V>
class flat_hash_map : public container_internal::raw_hash_map<K, V> {
  using Base = container_internal::raw_hash_map<K, V>;

public:
  using Base::begin;
  using Base::contains;
  using Base::emplace;
  using Base::end;
  using Base::erase;
  using Base::find;
  using Base::insert;
  using Base::try_emplace;
  using Base::operator[];
};
} // namespace absl

class Metric {
public:
  explicit Metric(std::string Name);
  void add(int By);
};
std::unique_ptr<Metric> describe(const std::string &Name);
void log(const std::string &Text);

class Metrics {
public:
  // A reader's lock, and then a writer's: two threads may both have missed.
  Metric *findOrMakeBad(const std::string &Name) {
    {
      absl::ReaderMutexLock Lock(&Mu);
      auto It = All.find(Name);
      if (It != All.end())
        return It->second.get();
    }
    auto Made = describe(Name);
    log(Name);
    absl::MutexLock Lock(&Mu);
    Metric *Raw = Made.get();
    All[Name] = std::move(Made);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'All': another thread can change it between 'find' and 'operator[]'
    return Raw;
  }
  void emplaceBad(const std::string &Name) {
    Mu.ReaderLock();
    bool There = All.contains(Name);
    Mu.ReaderUnlock();
    if (There)
      return;
    Mu.Lock();
    All.emplace(Name, describe(Name));
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'All': another thread can change it between 'contains' and 'emplace'
    Mu.Unlock();
  }
  bool has(const std::string &Name) const {
    absl::ReaderMutexLock Lock(&Mu);
    return All.contains(Name);
  }
  void add(const std::string &Name, std::unique_ptr<Metric> M) {
    absl::MutexLock Lock(&Mu);
    All.insert({Name, std::move(M)});
  }

  Metric *findOrMakeGood(const std::string &Name) {
    {
      absl::ReaderMutexLock Lock(&Mu);
      auto It = All.find(Name);
      if (It != All.end())
        return It->second.get();
    }
    auto Made = describe(Name);
    absl::MutexLock Lock(&Mu);
    auto [It, Inserted] = All.try_emplace(Name, std::move(Made));
    if (!Inserted)
      log("lost the race for " + Name);
    return It->second.get();
  }
  Metric *oneLockGood(const std::string &Name) {
    absl::MutexLock Lock(&Mu);
    return makeLocked(Name);
  }

private:
  Metric *makeLocked(const std::string &Name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(Mu) {
    auto It = All.find(Name);
    if (It == All.end())
      It = All.emplace(Name, describe(Name)).first;
    return It->second.get();
  }
  mutable absl::Mutex Mu;
  absl::flat_hash_map<std::string, std::unique_ptr<Metric>>
      All ABSL_GUARDED_BY(Mu);
};

void registerBad(Metrics &M, const std::string &Name) {
  if (!M.has(Name))
    M.add(Name, describe(Name));
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'M': another thread can change it between 'has' and 'add'
}
