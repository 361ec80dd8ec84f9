// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// What the field holds from which a helper handed back, afterwards.

#include <pthread.h>
#include <stdlib.h>

struct buf {
  struct buf *next;
  int len;
};
struct pool {
  struct buf *free;
  pthread_mutex_t m;
};
static struct buf *buf_get(struct pool *p) {
  pthread_mutex_lock(&p->m);
  struct buf *b = p->free;
  if (b)
    p->free = b->next;
  pthread_mutex_unlock(&p->m);
  return b ? b : malloc(sizeof *b);
}
static void buf_put(struct pool *p, struct buf *b) {
  pthread_mutex_lock(&p->m);
  b->next = p->free;
  p->free = b;
  pthread_mutex_unlock(&p->m);
}

struct conn {
  struct pool *pool;
  struct buf *in;
  int state;
};

static void keeps(struct conn *c) {
  if (c->in)
    buf_put(c->pool, c->in);
}
static void nulls(struct conn *c) {
  if (c->in) {
    buf_put(c->pool, c->in);
    c->in = NULL;
  }
}
static void renews(struct conn *c) {
  buf_put(c->pool, c->in);
  c->in = buf_get(c->pool);
}
static void nulls_sometimes(struct conn *c, int flag) {
  buf_put(c->pool, c->in);
  if (flag)
    c->in = NULL;
}
static void through(struct conn *c) { keeps(c); }

int keeps_bad(struct conn *c) {
  keeps(c);
  c->state = 0;
  return c->in->len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c->in' is used after it was handed back by 'keeps'
}
// Read before, which the call cannot change.
int read_before_bad(struct conn *c) {
  c->state = c->in->len;
  keeps(c);
  return c->in->len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c->in' is used after it was handed back by 'keeps'
}
int through_bad(struct conn *c) {
  c->state = c->in->len;
  through(c);
  return c->in->len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c->in' is used after it was handed back by 'through'
}
int alias_bad(struct conn *c) {
  struct buf *b = c->in;
  if (!b)
    return 0;
  nulls(c);
  return b->len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c->in' is used after it was handed back by 'nulls'
}

int nulls_good(struct conn *c) {
  nulls(c);
  c->state = 0;
  return c->in ? c->in->len : 0;
}
int renews_good(struct conn *c) {
  renews(c);
  return c->in->len;
}
int sometimes_good(struct conn *c, int flag) {
  nulls_sometimes(c, flag);
  return c->in ? c->in->len : 0;
}
int set_again_good(struct conn *c) {
  keeps(c);
  c->in = buf_get(c->pool);
  return c->in->len;
}
