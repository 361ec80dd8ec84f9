// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Members of an object that lead into what another member of it owns.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct buffer {
  struct buffer *next;
  char bytes[512];
};
struct cache {
  pthread_mutex_t lock;
  struct buffer *free;
};

struct buffer *buffer_get(struct cache *c) {
  pthread_mutex_lock(&c->lock);
  struct buffer *b = c->free;
  if (b)
    c->free = b->next;
  else
    b = malloc(sizeof *b);
  pthread_mutex_unlock(&c->lock);
  return b;
}
void buffer_put(struct cache *c, struct buffer *b) {
  pthread_mutex_lock(&c->lock);
  b->next = c->free;
  c->free = b;
  pthread_mutex_unlock(&c->lock);
}

struct conn {
  struct cache *cache;
  struct buffer *buf;
  char *begin;  // always into the buffer
  char *cursor; // where parsing goes on
  char *elsewhere;
  struct buffer *same;
  int left;
};

int conn_begin(struct conn *c) {
  c->buf = buffer_get(c->cache);
  if (!c->buf)
    return -1;
  c->same = c->buf;
  c->elsewhere = malloc(10);
  c->left = 0;
  return 0;
}

int conn_grow_bad(struct conn *c, char *to) {
  buffer_put(c->cache, c->buf);
  memcpy(to, c->same, c->left);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c->buf' is used after it was handed back by 'buffer_put'
  c->buf = c->same = NULL;
  return 0;
}

int conn_grow_good(struct conn *c, char *to) {
  memcpy(to, c->same, c->left);
  buffer_put(c->cache, c->buf);
  c->buf = c->same = NULL;
  return 0;
}

int conn_other(struct conn *c, char *to) {
  buffer_put(c->cache, c->buf);
  memcpy(to, c->elsewhere, c->left);
  c->buf = c->same = NULL;
  return 0;
}

int conn_set_anew(struct conn *c, char *to) {
  struct buffer *old = c->buf;
  c->same = c->buf = buffer_get(c->cache);
  buffer_put(c->cache, old);
  memcpy(to, c->same, c->left);
  return 0;
}
