// RUN: %check_race %s race-check-then-act
//
// folly's maps: a cache of compiled plans, shared by request threads.

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

namespace folly {
template <typename KeyType, typename ValueType,
          typename HashFn = std::hash<KeyType>,
          typename KeyEqual = std::equal_to<KeyType>>
class ConcurrentHashMap {
public:
  using key_type = KeyType;
  using mapped_type = ValueType;
  using value_type = std::pair<const KeyType, ValueType>;
  class ConstIterator {
  public:
    const value_type &operator*() const;
    const value_type *operator->() const;
    const ConstIterator &operator++();
    bool operator==(const ConstIterator &o) const;
    bool operator!=(const ConstIterator &o) const;
  };
  using const_iterator = ConstIterator;
  explicit ConcurrentHashMap(size_t size = 8, size_t max_size = 0);
  bool empty() const noexcept;
  ConstIterator find(const KeyType &k) const;
  ConstIterator cend() const noexcept;
  ConstIterator cbegin() const noexcept;
  ConstIterator end() const noexcept;
  ConstIterator begin() const noexcept;
  std::pair<ConstIterator, bool>
  insert(std::pair<key_type, mapped_type> &&foo);
  template <typename Key, typename Value>
  std::pair<ConstIterator, bool> insert(Key &&k, Value &&v);
  template <typename Key, typename... Args>
  std::pair<ConstIterator, bool> try_emplace(Key &&k, Args &&...args);
  template <typename... Args>
  std::pair<ConstIterator, bool> emplace(Args &&...args);
  template <typename Key, typename Value>
  std::pair<ConstIterator, bool> insert_or_assign(Key &&k, Value &&v);
  const ValueType at(const KeyType &k) const;
  const ValueType operator[](const KeyType &key);
  size_t erase(const key_type &k);
  size_t size() const;
  void clear();
};

template <class T, class Mutex = std::shared_mutex> struct Synchronized {
  struct LockedPtr {
    T *operator->() const;
    T &operator*() const;
    ~LockedPtr();
    void unlock();
  };
  struct ConstLockedPtr {
    const T *operator->() const;
    const T &operator*() const;
    ~ConstLockedPtr();
    void unlock();
  };
  LockedPtr wlock();
  ConstLockedPtr rlock() const;
  template <class Function> auto withWLock(Function &&function);
  template <class Function> auto withRLock(Function &&function) const;
};
} // namespace folly

struct Plan {
  std::string Query;
  int Cost = 0;
};
using PlanPtr = std::shared_ptr<Plan>;
PlanPtr compile(const std::string &Query);
void count(const char *What);

class PlanCache {
public:
  // Both threads that miss compile, and both keep their own.
  PlanPtr getBad(const std::string &Query) {
    auto It = Plans.find(Query);
    if (It != Plans.cend()) {
      count("hit");
      return It->second;
    }
    count("miss");
    PlanPtr Made = compile(Query);
    Plans.insert_or_assign(Query, Made);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Plans': another thread can change it between 'find' and 'insert_or_assign'
    return Made;
  }
  PlanPtr insertBad(const std::string &Query) {
    if (Plans.find(Query) != Plans.end())
      return Plans.at(Query);
    PlanPtr Made = compile(Query);
    Plans.insert(Query, Made);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Plans': another thread can change it between 'find' and 'insert'
    return Made;
  }
  PlanPtr atBad(const std::string &Query) {
    if (Plans.find(Query) == Plans.end())
      return nullptr;
    return Plans.at(Query);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: check-then-act on 'Plans': another thread can change it between 'find' and 'at'
  }

  // The winner's plan is everybody's.
  PlanPtr getGood(const std::string &Query) {
    auto It = Plans.find(Query);
    if (It != Plans.cend())
      return It->second;
    auto [Winner, Inserted] = Plans.try_emplace(Query, compile(Query));
    if (!Inserted)
      count("lost");
    return Winner->second;
  }
  PlanPtr insertGood(const std::string &Query) {
    return Plans.insert(Query, compile(Query)).first->second;
  }
  void dropGood(const std::string &Query) {
    if (Plans.erase(Query))
      count("dropped");
  }
  PlanPtr peekGood(const std::string &Query) const {
    auto It = Plans.find(Query);
    return It == Plans.cend() ? nullptr : It->second;
  }

private:
  folly::ConcurrentHashMap<std::string, PlanPtr> Plans;
};

// A Synchronized number: read under one lock, written under the next.
class Usage {
public:
  void raiseBad(int To) {
    if (*Peak.rlock() < To)
      store(To);
  }
  void raiseGood(int To) {
    auto Locked = Peak.wlock();
    if (*Locked < To)
      *Locked = To;
  }

private:
  void store(int To) { *Peak.wlock() = To; }
  folly::Synchronized<int> Peak;
};
