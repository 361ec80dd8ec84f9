// RUN: %check_race %s race-check-then-act
//
// Locks whose functions have no body here: known by what they are called, what
// they are given, and what stands beside them.

#include <stddef.h>

typedef struct session SESSION;
typedef struct ext_spinlock {
  volatile int t;
} EXT_SPINLOCK;

typedef struct api {
  int (*print)(struct api *, const char *);
  void (*spin_lock)(struct api *, SESSION *, EXT_SPINLOCK *);
  void (*spin_unlock)(struct api *, SESSION *, EXT_SPINLOCK *);
} API;

struct node {
  struct node *next;
};

struct pool {
  API *api;
  EXT_SPINLOCK lock;
  struct node *free;
};

struct node *takeBad(struct pool *p, SESSION *s) {
  struct node *n;
  if (p->free == NULL)
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'free': it is tested before 'lock' is taken, under which it is set to null
    return NULL;
  p->api->spin_lock(p->api, s, &p->lock);
  n = p->free;
  p->free = n->next;
  p->api->spin_unlock(p->api, s, &p->lock);
  return n;
}

struct node *takeGood(struct pool *p, SESSION *s) {
  struct node *n;
  p->api->spin_lock(p->api, s, &p->lock);
  n = p->free;
  if (n)
    p->free = n->next;
  p->api->spin_unlock(p->api, s, &p->lock);
  return n;
}

// Another library's locks.
typedef struct lib_rwlock LIB_RWLOCK;
int LIB_write_lock(LIB_RWLOCK *l);
int LIB_unlock(LIB_RWLOCK *l);

struct conf {
  LIB_RWLOCK *lock;
  char *data;
};
char *load(void);

char *dataBad(struct conf *c) {
  if (!c->data) {
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'data': it is tested without 'lock', under which it is set
    LIB_write_lock(c->lock);
    c->data = load();
    LIB_unlock(c->lock);
  }
  return c->data;
}

char *dataGood(struct conf *c) {
  char *d;
  LIB_write_lock(c->lock);
  if (!c->data)
    c->data = load();
  d = c->data;
  LIB_unlock(c->lock);
  return d;
}

// What releases stands elsewhere: nobody knows what this is.
typedef struct door DOOR_LOCK;
void door_lock(DOOR_LOCK *d);

struct house {
  DOOR_LOCK *lock;
  char *data;
};

char *otherGood(struct house *h) {
  if (!h->data) {
    door_lock(h->lock);
    h->data = load();
  }
  return h->data;
}

// To make, end, ask or try is not to take.
int LIB_lock_init(LIB_RWLOCK *l);
int LIB_try_lock(LIB_RWLOCK *l);

char *initGood(struct conf *c) {
  if (!c->data) {
    LIB_lock_init(c->lock);
    c->data = load();
  }
  return c->data;
}

char *tryGood(struct conf *c) {
  if (!c->data) {
    if (LIB_try_lock(c->lock) == 0)
      return NULL;
    c->data = load();
    LIB_unlock(c->lock);
  }
  return c->data;
}
