// RUN: %check_race %s race-use-after-release -- -I%source_dir/include -std=c99
//
// race/annotations.h in C.

#include "race/annotations.h"

struct conn {
  int fd;
  struct conn *next;
};
struct pool;

RACE_ACQUIRE struct conn *pool_get(struct pool *p);
void pool_put(struct pool *p, RACE_HAND_BACK struct conn *c);
int pool_try_put(struct pool *p, RACE_HAND_BACK_IF_TRUE struct conn *c);
int pool_park(struct pool *p, RACE_HAND_BACK_IF_FALSE struct conn *);
int pool_send(struct pool *p, RACE_HAND_BACK_IF_NON_NEGATIVE struct conn *c);
int pool_poll(struct pool *p, RACE_HAND_BACK_IF_NEGATIVE struct conn *c);
void pool_free_fd(RACE_HAND_BACK int fd);
int read_fd(int fd, void *to, unsigned long n);

int always_bad(struct pool *p) {
  struct conn *c = pool_get(p);
  pool_put(p, c);
  return c->fd;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c' is used after it was handed back by 'pool_put'
  // CHECK-NOTES: :[[@LINE-3]]:3: note: handed back here: 'pool_put' is annotated
  // CHECK-NOTES: :[[@LINE-5]]:20: note: borrowed here
}

int always_good(struct pool *p) {
  struct conn *c = pool_get(p);
  int fd = c->fd;
  pool_put(p, c);
  return fd;
}

int if_true_bad(struct pool *p, struct conn *c) {
  if (pool_try_put(p, c))
    return c->fd;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'c' is used after it was handed back by 'pool_try_put'
  return 0;
}

int if_true_good(struct pool *p, struct conn *c) {
  if (!pool_try_put(p, c))
    return c->fd;
  return 0;
}

int if_false_bad(struct pool *p, struct conn *c) {
  if (pool_park(p, c) == 0)
    return c->fd;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'c' is used after it was handed back by 'pool_park'
  return 0;
}

int if_false_good(struct pool *p, struct conn *c) {
  int err = pool_park(p, c);
  return err ? c->fd : 0;
}

int if_non_negative_bad(struct pool *p, struct conn *c) {
  int sent = pool_send(p, c);
  if (sent < 0)
    return sent;
  return c->fd;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c' is used after it was handed back by 'pool_send'
}

int if_non_negative_good(struct pool *p, struct conn *c) {
  if (pool_send(p, c) < 0)
    return c->fd;
  return 0;
}

int if_negative_bad(struct pool *p, struct conn *c) {
  if (pool_poll(p, c) < 0)
    return c->fd;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'c' is used after it was handed back by 'pool_poll'
  return 0;
}

int if_negative_good(struct pool *p, struct conn *c) {
  if (pool_poll(p, c) < 0)
    return -1;
  return c->fd;
}

int number_good(int fd, void *to) {
  int n = read_fd(fd, to, 1);
  pool_free_fd(fd);
  return n;
}

// The structure says that it is a pool, the source says that callers may look.
static struct conn *free_list;
static volatile int lock;

void list_put(RACE_KEEP struct conn *c) {
  while (__sync_lock_test_and_set(&lock, 1))
    ;
  c->next = free_list;
  free_list = c;
  __sync_lock_release(&lock);
}

struct conn *list_get(void) {
  struct conn *c = free_list;
  if (c)
    free_list = c->next;
  return c;
}

int keep_good(void) {
  struct conn *c = list_get();
  list_put(c);
  return c->fd;
}
