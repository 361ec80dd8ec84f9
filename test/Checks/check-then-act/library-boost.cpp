// RUN: %check_race %s race-check-then-act
//
// Boost: concurrent_flat_map, and unordered_map under a shared_mutex.

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace boost {
namespace unordered {
template <class Key, class T> class concurrent_flat_map {
public:
  using value_type = std::pair<const Key, T>;
  using size_type = std::size_t;
  bool empty() const noexcept;
  size_type size() const noexcept;
  size_type count(const Key &k) const;
  bool contains(const Key &k) const;
  template <class F> size_type visit(const Key &k, F f);
  template <class F> size_type visit(const Key &k, F f) const;
  template <class F> size_type cvisit(const Key &k, F f) const;
  bool insert(const value_type &obj);
  bool insert(value_type &&obj);
  template <class M> bool insert_or_assign(const Key &k, M &&obj);
  template <class F> bool insert_or_visit(const value_type &obj, F f);
  template <class... Args> bool emplace(Args &&...args);
  template <class... Args> bool try_emplace(const Key &k, Args &&...args);
  template <class Arg, class... Args>
  bool try_emplace_or_visit(const Key &k, Arg &&arg, Args &&...args);
  size_type erase(const Key &k);
  template <class F> size_type erase_if(const Key &k, F f);
};
template <class Key, class T> class unordered_map {
public:
  using value_type = std::pair<const Key, T>;
  class iterator {
  public:
    value_type &operator*() const;
    value_type *operator->() const;
    friend bool operator==(const iterator &a, const iterator &b) {
      return &*a == &*b;
    }
    friend bool operator!=(const iterator &a, const iterator &b) {
      return !(a == b);
    }
  };
  iterator begin();
  iterator end();
  iterator find(const Key &k);
  std::size_t count(const Key &k) const;
  std::pair<iterator, bool> insert(const value_type &obj);
  template <class... Args> std::pair<iterator, bool> emplace(Args &&...args);
  T &operator[](const Key &k);
  std::size_t erase(const Key &k);
};
} // namespace unordered
using unordered::unordered_map;
class shared_mutex {
public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
};
template <class M> class unique_lock {
public:
  explicit unique_lock(M &m);
  ~unique_lock();
  void lock();
  void unlock();
};
template <class M> class shared_lock {
public:
  explicit shared_lock(M &m);
  ~shared_lock();
  void lock();
  void unlock();
};
} // namespace boost

struct Route {
  std::string To;
};
Route resolve(const std::string &From);

class Routes {
public:
  void learnBad(const std::string &From) {
    if (!Flat.contains(From))
      Flat.emplace(From, resolve(From));
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'Flat': another thread can change it between 'contains' and 'emplace'
  }
  // The visitor tells; what comes behind it does not look again.
  Route visitBad(const std::string &From) {
    Route R;
    if (Flat.visit(From, [&](const auto &X) { R = X.second; }))
      return R;
    R = resolve(From);
    Flat.insert_or_assign(From, R);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Flat': another thread can change it between 'visit' and 'insert_or_assign'
    return R;
  }
  Route lookGood(const std::string &From) {
    Route R;
    if (!Flat.visit(From, [&](const auto &X) { R = X.second; }))
      R = resolve(From);
    return R;
  }
  Route learnGood(const std::string &From) {
    Route R = resolve(From);
    Flat.insert_or_visit({From, R}, [&](const auto &X) { R = X.second; });
    return R;
  }
  bool firstGood(const std::string &From) {
    return Flat.try_emplace(From, resolve(From));
  }

  Route upgradeBad(const std::string &From) {
    boost::shared_lock<boost::shared_mutex> Read(Mu);
    auto It = Map.find(From);
    if (It != Map.end())
      return It->second;
    Read.unlock();
    Route R = resolve(From);
    boost::unique_lock<boost::shared_mutex> Write(Mu);
    Map.insert(std::make_pair(From, R));
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Map': another thread can change it between 'find' and 'insert'
    return R;
  }
  Route upgradeGood(const std::string &From) {
    boost::shared_lock<boost::shared_mutex> Read(Mu);
    auto It = Map.find(From);
    if (It != Map.end())
      return It->second;
    Read.unlock();
    Route R = resolve(From);
    boost::unique_lock<boost::shared_mutex> Write(Mu);
    It = Map.find(From);
    if (It == Map.end())
      It = Map.emplace(From, R).first;
    return It->second;
  }

private:
  boost::unordered::concurrent_flat_map<std::string, Route> Flat;
  boost::shared_mutex Mu;
  boost::unordered_map<std::string, Route> Map;
};
