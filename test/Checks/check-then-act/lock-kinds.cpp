// RUN: %check_race %s race-check-then-act
//
// Locks of other kinds, and classes that are recognised as guards.

#include <map>
#include <mutex>
#include <pthread.h>

#define CAPABILITY(X) __attribute__((capability(X)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))

class PosixTable {
public:
  void bad(int K) {
    pthread_mutex_lock(&Mu);
    bool There = Map.count(K) != 0;
    pthread_mutex_unlock(&Mu);
    if (!There) {
      pthread_mutex_lock(&Mu);
      Map[K] = 1;
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'count' and 'operator[]'
      pthread_mutex_unlock(&Mu);
    }
  }
  void good(int K) {
    pthread_mutex_lock(&Mu);
    if (Map.count(K) == 0)
      Map[K] = 1;
    pthread_mutex_unlock(&Mu);
  }
  void recheckGood(int K) {
    pthread_mutex_lock(&Mu);
    bool There = Map.count(K) != 0;
    pthread_mutex_unlock(&Mu);
    if (There)
      return;
    pthread_mutex_lock(&Mu);
    if (Map.count(K) == 0)
      Map[K] = 1;
    pthread_mutex_unlock(&Mu);
  }

private:
  pthread_mutex_t Mu = PTHREAD_MUTEX_INITIALIZER;
  std::map<int, int> Map;
};

// Locks in its constructor, unlocks in its destructor: a guard.
class PosixGuard {
public:
  explicit PosixGuard(pthread_mutex_t *M) : M(M) { pthread_mutex_lock(M); }
  ~PosixGuard() { pthread_mutex_unlock(M); }

private:
  pthread_mutex_t *M;
};

class GuardedTable {
public:
  void bad(int K) {
    bool There;
    {
      PosixGuard G(&Mu);
      There = Map.count(K) != 0;
    }
    if (!There) {
      PosixGuard G(&Mu);
      Map[K] = 1;
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'count' and 'operator[]'
    }
  }
  void good(int K) {
    PosixGuard G(&Mu);
    if (Map.count(K) == 0)
      Map[K] = 1;
  }
  void recheckGood(int K) {
    {
      PosixGuard G(&Mu);
      if (Map.count(K))
        return;
    }
    PosixGuard G(&Mu);
    if (Map.count(K) == 0)
      Map[K] = 1;
  }

private:
  pthread_mutex_t Mu = PTHREAD_MUTEX_INITIALIZER;
  std::map<int, int> Map;
};

// A mutex of which only annotated declarations are seen.
class CAPABILITY("mutex") Mutex {
public:
  void enter() ACQUIRE();
  void leave() RELEASE();
};

class AnnotatedTable {
public:
  void bad(int K) {
    Mu.enter();
    bool There = Map.count(K) != 0;
    Mu.leave();
    if (!There) {
      Mu.enter();
      Map[K] = 1;
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'count' and 'operator[]'
      Mu.leave();
    }
  }
  void good(int K) {
    Mu.enter();
    if (Map.count(K) == 0)
      Map[K] = 1;
    Mu.leave();
  }
  void requiresGood(int K) REQUIRES(Mu) {
    if (Map.count(K) == 0)
      Map[K] = 1;
  }
  void requiresDroppedBad(int K) REQUIRES(Mu) {
    if (Map.count(K) == 0) {
      Mu.leave();
      Mu.enter();
      Map[K] = 1;
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map': another thread can change it between 'count' and 'operator[]'
    }
  }

private:
  Mutex Mu;
  std::map<int, int> Map;
};

// The lock itself is a member of another object.
struct Shard {
  std::mutex Mu;
  std::map<int, int> Map;
};

void shardBad(Shard &S, int K) {
  bool There;
  {
    std::lock_guard<std::mutex> Lock(S.Mu);
    There = S.Map.count(K) != 0;
  }
  if (!There) {
    std::lock_guard<std::mutex> Lock(S.Mu);
    S.Map[K] = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'S.Map': another thread can change it between 'count' and 'operator[]'
  }
}

void shardGood(Shard &S, int K) {
  std::lock_guard<std::mutex> Lock(S.Mu);
  if (!S.Map.count(K))
    S.Map[K] = 1;
}

void twoShardsGood(Shard &S, Shard &T, int K) {
  bool There;
  {
    std::lock_guard<std::mutex> Lock(S.Mu);
    There = S.Map.count(K) != 0;
  }
  if (!There) {
    std::lock_guard<std::mutex> Lock(T.Mu);
    T.Map[K] = 1;
  }
}

// Another lock than at the check does not close the window.
class TwoLocks {
public:
  void bad(int K) {
    bool There;
    {
      std::lock_guard<std::mutex> Lock(A);
      There = Map.count(K) != 0;
    }
    if (!There) {
      std::lock_guard<std::mutex> Lock(A);
      std::lock_guard<std::mutex> Other(B);
      Map[K] = 1;
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Map'
    }
  }
  void good(int K) {
    std::lock_guard<std::mutex> Lock(A);
    if (!Map.count(K)) {
      std::lock_guard<std::mutex> Other(B);
      Map[K] = 1;
    }
  }

private:
  std::mutex A, B;
  std::map<int, int> Map;
};
