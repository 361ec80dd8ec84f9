// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// HAProxy: objects of pools, freed by helpers that stand in for their type.

#include <stddef.h>

struct pool_head;
void *pool_alloc(struct pool_head *pool);
void pool_free(struct pool_head *pool, void *ptr);
void trace(const char *what, int state);

extern struct pool_head *pool_head_h1s, *pool_head_dns;

struct h1c {
  int flags;
  struct h1s *h1s;
};
struct h1s {
  struct h1c *h1c;
  int flags;
  int status;
  struct h1s *next;
};

static inline void h1s_release(struct h1s *h1s) {
  if (!h1s)
    return;
  h1s->h1c->h1s = NULL;
  pool_free(pool_head_h1s, h1s);
}

#define H1S_DROP(h1s) do { h1s_release(*(h1s)); *(h1s) = NULL; } while (0)

int detach_bad(struct h1s *h1s) {
  struct h1c *h1c = h1s->h1c;
  int ret = 0;
  if (h1c->flags & 1)
    goto release;
  ret = 1;
release:
  h1s_release(h1s);
  trace("detached", h1s->flags);
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'h1s' is used after it was handed back by 'h1s_release'
  return ret;
}

int detach_good(struct h1s *h1s) {
  struct h1c *h1c = h1s->h1c;
  int flags = h1s->flags;
  h1s_release(h1s);
  trace("detached", flags);
  return h1c->flags;
}

void drop_nulls(struct h1c *h1c) {
  struct h1s *h1s = h1c->h1s;
  H1S_DROP(&h1s);
  if (h1s)
    trace("left", h1s->flags);
}

int loop_bad(struct h1s *list) {
  int n = 0;
  for (struct h1s *s = list; s; s = s->next) {
    // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 's' is used after it was handed back by 'h1s_release'
    n += s->status;
    h1s_release(s);
  }
  return n;
}

int loop_good(struct h1s *list) {
  int n = 0;
  for (struct h1s *s = list, *next; s; s = next) {
    next = s->next;
    n += s->status;
    h1s_release(s);
  }
  return n;
}

int error_path_bad(void) {
  struct h1s *s = pool_alloc(pool_head_h1s);
  if (!s)
    return -1;
  s->status = 0;
  s->h1c = pool_alloc(pool_head_dns);
  if (!s->h1c) {
    pool_free(pool_head_h1s, s);
    return s->status;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 's' is used after it was handed back by 'pool_free'
  }
  return 0;
}
