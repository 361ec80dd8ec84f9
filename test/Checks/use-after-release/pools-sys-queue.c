// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Free lists made with the macros of sys/queue.h, of memory without a type.

#include <pthread.h>
#include <stdlib.h>
#include <sys/queue.h>

struct free_item {
  STAILQ_ENTRY(free_item) next;
};
struct cache {
  pthread_mutex_t mutex;
  STAILQ_HEAD(, free_item) head;
  STAILQ_HEAD(, free_item) other;
  size_t size;
  int free;
};

void *cache_alloc(struct cache *c) {
  void *item;
  pthread_mutex_lock(&c->mutex);
  if (c->free > 0) {
    item = STAILQ_FIRST(&c->head);
    STAILQ_REMOVE_HEAD(&c->head, next);
    c->free--;
  } else {
    item = malloc(c->size);
  }
  pthread_mutex_unlock(&c->mutex);
  return item;
}

void cache_free(struct cache *c, void *item) {
  struct free_item *e = item;
  pthread_mutex_lock(&c->mutex);
  STAILQ_INSERT_HEAD(&c->head, e, next);
  c->free++;
  pthread_mutex_unlock(&c->mutex);
}

// On another list, which nobody takes from.
void cache_mark(struct cache *c, void *item) {
  struct free_item *e = item;
  pthread_mutex_lock(&c->mutex);
  STAILQ_INSERT_HEAD(&c->other, e, next);
  pthread_mutex_unlock(&c->mutex);
}

int bad(struct cache *c) {
  int *n = cache_alloc(c);
  cache_free(c, n);
  return *n;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'n' is used after it was handed back by 'cache_free'
}

int good(struct cache *c) {
  int *n = cache_alloc(c);
  int value = *n;
  cache_free(c, n);
  return value;
}

int marked_good(struct cache *c) {
  int *n = cache_alloc(c);
  cache_mark(c, n);
  return *n;
}
