// RUN: %check_race %s race-check-then-act
//
// One pair and one silence for each of the libraries whose containers the
// presets know.

#include <mutex>

// Qt: containers that are not synchronised, under Qt's lock.
class QMutex {
public:
  void lock();
  void unlock();
};
class QMutexLocker {
public:
  explicit QMutexLocker(QMutex *);
  ~QMutexLocker();
};
template <class K, class V> class QHash {
public:
  bool contains(const K &) const;
  V value(const K &) const;
  void insert(const K &, const V &);
};

class Icons {
public:
  int iconBad(int Key) {
    {
      QMutexLocker Lock(&Mu);
      if (Hash.contains(Key))
        return Hash.value(Key);
    }
    int Made = make(Key);
    QMutexLocker Lock(&Mu);
    Hash.insert(Key, Made);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Hash': another thread can change it between 'contains' and 'insert'
    return Made;
  }
  int iconGood(int Key) {
    QMutexLocker Lock(&Mu);
    if (!Hash.contains(Key))
      Hash.insert(Key, make(Key));
    return Hash.value(Key);
  }

private:
  int make(int Key);
  QMutex Mu;
  QHash<int, int> Hash;
};

// TBB
namespace tbb {
template <class K, class V> class concurrent_hash_map {
public:
  struct accessor {
    V &operator*();
  };
  unsigned long count(const K &) const;
  bool insert(accessor &, const K &);
  bool insert(const K &);
  bool erase(const K &);
};
} // namespace tbb

void tbbBad(tbb::concurrent_hash_map<int, int> &Map, int Key) {
  if (Map.count(Key))
    return;
  Map.insert(Key);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'Map': another thread can change it between 'count' and 'insert'
}

void tbbGood(tbb::concurrent_hash_map<int, int> &Map, int Key) {
  tbb::concurrent_hash_map<int, int>::accessor A;
  if (Map.insert(A, Key))
    *A = 1;
}

// Boost
namespace boost::unordered {
template <class K, class V> class concurrent_flat_map {
public:
  bool contains(const K &) const;
  bool insert_or_assign(const K &, const V &);
  bool try_emplace(const K &, const V &);
};
} // namespace boost::unordered

void boostBad(boost::unordered::concurrent_flat_map<int, int> &Map, int Key) {
  if (!Map.contains(Key))
    Map.insert_or_assign(Key, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Map': another thread can change it between 'contains' and 'insert_or_assign'
}

void boostGood(boost::unordered::concurrent_flat_map<int, int> &Map, int Key) {
  if (Map.try_emplace(Key, 1))
    return;
}
