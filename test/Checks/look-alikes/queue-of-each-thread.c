// RUN: %check_race %s race-check-then-act
// A ring with one writer and one reader: each thread has its own, which a
// function gives that keeps it in a variable of the thread. Nothing comes
// between the load of the index and its store. The same ring in what all
// threads share has no such excuse.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct ring {
  atomic_uint read, write;
  int items[64];
};
struct loop {
  pthread_mutex_t lock;
  struct ring *all;
  struct ring shared;
};

static _Thread_local struct ring *mine;

static struct ring *ring_get(struct loop *l) {
  struct ring *r = mine;
  if (r != NULL)
    return r;
  r = calloc(1, sizeof(*r));
  if (r == NULL)
    return NULL;
  pthread_mutex_lock(&l->lock);
  l->all = r;
  pthread_mutex_unlock(&l->lock);
  return mine = r;
}

static struct ring *ring_first(struct loop *l) { return l->all; }

int push_good(struct loop *l, int item) {
  struct ring *r = ring_get(l);
  if (r == NULL)
    return -1;
  unsigned at = atomic_load(&r->write);
  if (at - atomic_load(&r->read) == 64)
    return -1;
  r->items[at % 64] = item;
  atomic_store(&r->write, at + 1);
  return 0;
}

int push_shared_bad(struct loop *l, int item) {
  unsigned at = atomic_load(&l->shared.write);
  if (at - atomic_load(&l->shared.read) == 64)
    return -1;
  l->shared.items[at % 64] = item;
  atomic_store(&l->shared.write, at + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'write'
  return 0;
}

int push_first_bad(struct loop *l, int item) {
  struct ring *r = ring_first(l);
  unsigned at = atomic_load(&r->write);
  if (at - atomic_load(&r->read) == 64)
    return -1;
  r->items[at % 64] = item;
  atomic_store(&r->write, at + 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'write'
  return 0;
}
