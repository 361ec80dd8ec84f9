// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Hand-backs through members in which functions are kept.

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
static void buf_clear(struct pool *p, struct buf *b) { b->len = 0; }
static void buf_put_cleared(struct pool *p, struct buf *b) {
  b->len = 0;
  buf_put(p, b);
}

struct ops {
  int version;
  void (*release)(struct pool *, struct buf *);
  void (*reset)(struct pool *, struct buf *);
  void (*custom)(struct pool *, struct buf *);
};
static const struct ops plain = {.release = buf_put, .reset = buf_clear};
static const struct ops cleared = {
    .release = buf_put_cleared, .reset = buf_put, .custom = buf_put};
struct dev {
  const struct ops *ops;
  void (*done)(struct pool *, struct buf *);
};
void choose(struct dev *d, int which) { d->ops = which ? &plain : &cleared; }
void start(struct dev *d) { d->done = buf_put; }
void set_custom(struct ops *o, void (*f)(struct pool *, struct buf *)) {
  o->custom = f;
}

int through_table_bad(struct pool *p) {
  struct buf *b = buf_get(p);
  plain.release(p, b);
  return b->len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'b' is used after it was handed back
}
int through_pointer_bad(struct dev *d, struct pool *p) {
  struct buf *b = buf_get(p);
  d->ops->release(p, b);
  return b->len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'b' is used after it was handed back
}
int callback_bad(struct dev *d, struct pool *p, struct buf *b) {
  b->len = 1;
  d->done(p, b);
  return b->len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'b' is used after it was handed back
}

int last_good(struct dev *d, struct pool *p) {
  struct buf *b = buf_get(p);
  int n = b->len;
  d->ops->release(p, b);
  return n;
}
// Not all of them hand it back.
int some_good(struct dev *d, struct pool *p) {
  struct buf *b = buf_get(p);
  d->ops->reset(p, b);
  return b->len;
}
// Somebody else says what runs.
int unknown_good(struct dev *d, struct pool *p) {
  struct buf *b = buf_get(p);
  d->ops->custom(p, b);
  return b->len;
}
int version_good(struct dev *d, struct pool *p) {
  struct buf *b = buf_get(p);
  d->ops->release(p, b);
  b = buf_get(p);
  return b->len + d->ops->version;
}
