// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent but for what is marked: the functions that take the lock and let it go are elsewhere, and get it as
// `void *lock`.
#include <pthread.h>
int impl_lock_lock(unsigned mode, void *lock);
int impl_lock_unlock(unsigned mode, void *lock);
struct group { void *lock; int members; };
#define LOCK(g) do { if ((g)->lock) impl_lock_lock(0, (g)->lock); } while (0)
#define UNLOCK(g) do { if ((g)->lock) impl_lock_unlock(0, (g)->lock); } while (0)
/* Protected by the group's lock. */
static int total;

static void *joinGood(void *arg) {
  struct group *g = arg;
  LOCK(g);
  total++;
  UNLOCK(g);
  return 0;
}

void startGood(struct group *g) {
  pthread_t t, u;
  pthread_create(&t, 0, joinGood, g);
  pthread_create(&u, 0, joinGood, g);
}

// The same through a table of functions.
struct functions {
  void *(*alloc)(unsigned kind);
  int (*lock)(unsigned mode, void *lock);
  int (*unlock)(unsigned mode, void *lock);
};
extern struct functions fns;
#define TABLE_LOCK(g) do { if ((g)->lock) fns.lock(0, (g)->lock); } while (0)
#define TABLE_UNLOCK(g) do { if ((g)->lock) fns.unlock(0, (g)->lock); } while (0)
/* Protected by the group's lock. */
static int counted;

static void *countGood(void *arg) {
  struct group *g = arg;
  TABLE_LOCK(g);
  counted++;
  TABLE_UNLOCK(g);
  return 0;
}

void startCountGood(struct group *g) {
  pthread_t t, u;
  pthread_create(&t, 0, countGood, g);
  pthread_create(&u, 0, countGood, g);
}

/* Protected by the group's lock. */
static int lost;
// CHECK-MESSAGES: :[[@LINE-2]]:4: warning: comment says "Protected by the group's lock"

static void *leaveBad(void *arg) {
  struct group *g = arg;
  LOCK(g);
  UNLOCK(g);
  lost++;
  return 0;
}

void startBad(struct group *g) {
  pthread_t t, u;
  pthread_create(&t, 0, leaveBad, g);
  pthread_create(&u, 0, leaveBad, g);
}
