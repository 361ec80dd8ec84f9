// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread
//
// What asks its callers for a lock, and for which one: a member of what an
// argument points to, held for writing or at least for reading.

#include <pthread.h>
#include <stddef.h>

struct pool {
  pthread_rwlock_t pool_lock;
};
struct topic {
  pthread_rwlock_t lock;
  struct pool *pool;
  int open;
  int size;
};

/* must be called with write(lock) */
static void reopen(struct topic *t) { t->open = 1; }
// CHECK-MESSAGES: :[[@LINE-2]]:4: warning: comment says "{{.*}}", but 'reopen' is called with 'lock' held for reading only

/* Called with the topic's lock held exclusively. */
static void resize(struct topic *t) { t->size++; }

/* must be called with at least read(lock) */
static int is_open(struct topic *t) { return t->open; }

/* The caller must hold t->pool->pool_lock. */
static void drain(struct topic *t) { t->size = 0; }
// CHECK-MESSAGES: :[[@LINE-2]]:8: warning: comment says "{{.*}}", but 'drain' is called without 'pool_lock'

static void *worker(void *arg) {
  struct topic *t = arg;
  pthread_rwlock_rdlock(&t->lock);
  if (!is_open(t))
    reopen(t);
  pthread_rwlock_unlock(&t->lock);
  pthread_rwlock_wrlock(&t->lock);
  reopen(t);
  resize(t);
  pthread_rwlock_unlock(&t->lock);
  drain(t);
  return NULL;
}

static void *cleaner(void *arg) {
  struct topic *t = arg;
  pthread_rwlock_wrlock(&t->pool->pool_lock);
  drain(t);
  pthread_rwlock_unlock(&t->pool->pool_lock);
  return NULL;
}

void start(struct topic *t, pthread_t *ids) {
  for (int i = 0; i < 4; i++)
    pthread_create(&ids[i], NULL, worker, t);
  pthread_create(&ids[4], NULL, cleaner, t);
}
