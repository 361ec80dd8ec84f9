// RUN: %check_race %s race-check-then-act
//
// TBB's concurrent_hash_map: an accessor holds the element, count() does not.

#include <cstddef>
#include <string>
#include <utility>

namespace tbb {
namespace detail {
namespace d2 {
template <typename Key> struct tbb_hash_compare {};
template <typename Key, typename T,
          typename HashCompare = tbb_hash_compare<Key>>
class concurrent_hash_map {
public:
  using key_type = Key;
  using mapped_type = T;
  using value_type = std::pair<const Key, T>;
  using size_type = std::size_t;
  class const_accessor {
  public:
    const_accessor();
    ~const_accessor();
    bool empty() const;
    void release();
    const value_type &operator*() const;
    const value_type *operator->() const;
  };
  class accessor : public const_accessor {
  public:
    value_type &operator*() const;
    value_type *operator->() const;
  };
  size_type count(const Key &key) const;
  size_type size() const;
  bool empty() const;
  bool find(const_accessor &result, const Key &key) const;
  bool find(accessor &result, const Key &key);
  bool insert(const_accessor &result, const Key &key);
  bool insert(accessor &result, const Key &key);
  bool insert(const_accessor &result, const value_type &value);
  bool insert(accessor &result, const value_type &value);
  bool insert(const value_type &value);
  template <typename... Args> bool emplace(Args &&...args);
  bool erase(const Key &key);
  bool erase(const_accessor &item_accessor);
  bool erase(accessor &item_accessor);
  void clear();
};
} // namespace d2
} // namespace detail
inline namespace v1 {
using detail::d2::concurrent_hash_map;
}
} // namespace tbb

struct Entry {
  int Hits = 0;
  std::string Text;
};
Entry load(const std::string &Key);

class Pages {
  using Table = tbb::concurrent_hash_map<std::string, Entry>;

public:
  void fillBad(const std::string &Key) {
    if (Map.count(Key))
      return;
    Entry E = load(Key);
    Map.insert({Key, E});
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Map': another thread can change it between 'count' and 'insert'
  }
  void pairBad(const std::string &Key) {
    if (Map.count(Key) == 0)
      Map.insert(std::make_pair(Key, load(Key)));
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'Map': another thread can change it between 'count' and 'insert'
  }
  // The look is over when its accessor is gone.
  void missBad(const std::string &Key) {
    {
      Table::const_accessor A;
      if (Map.find(A, Key))
        return;
    }
    Map.insert({Key, load(Key)});
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Map': another thread can change it between 'find' and 'insert'
  }

  void findOrInsertGood(const std::string &Key) {
    Table::accessor A;
    if (!Map.find(A, Key))
      Map.insert(A, Key);
    ++A->second.Hits;
  }
  void hitGood(const std::string &Key) {
    Table::accessor A;
    if (Map.insert(A, Key))
      A->second = load(Key);
    ++A->second.Hits;
  }
  bool winnerGood(const std::string &Key) {
    return Map.insert({Key, load(Key)});
  }
  void dropGood(const std::string &Key) {
    Table::accessor A;
    if (Map.find(A, Key) && A->second.Hits == 0)
      Map.erase(A);
  }

private:
  Table Map;
};
