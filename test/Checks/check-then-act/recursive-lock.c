// RUN: %check_race %s race-check-then-act
//
// Whoever takes a lock comes without it, unless it is called under it, too: then
// the lock is one that its owner may take again.

#include <pthread.h>
#include <stdlib.h>

int size(void);
void work(void);

struct connection {
  pthread_mutex_t lock;
  void **tables;
  int count;
};

static void growGood(struct connection *c) {
  if (c->count % 5 == 0) {
    void **tables = realloc(c->tables, sizeof(void *) * (c->count + 5));
    if (tables)
      c->tables = tables;
  }
}

static void runNested(struct connection *c) {
  pthread_mutex_lock(&c->lock);
  work();
  pthread_mutex_unlock(&c->lock);
}

// Called under the lock by all that are seen, and takes it again.
void execute(struct connection *c) {
  if (size())
    runNested(c);
  growGood(c);
}

int step(struct connection *c) {
  pthread_mutex_lock(&c->lock);
  execute(c);
  pthread_mutex_unlock(&c->lock);
  return 0;
}

struct pool {
  pthread_mutex_t lock;
  void **items;
  int count;
};

static void growBad(struct pool *p) {
  if (p->count % 5 == 0) {
    void **items = realloc(p->items, sizeof(void *) * (p->count + 5));
    if (items)
      p->items = items;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'items': another thread can change it between the test and the assignment
  }
}

void add(struct pool *p) {
  pthread_mutex_lock(&p->lock);
  growBad(p);
  pthread_mutex_unlock(&p->lock);
}

// Nobody calls it under the lock, and it takes it.
void reserve(struct pool *p) {
  growBad(p);
  pthread_mutex_lock(&p->lock);
  work();
  pthread_mutex_unlock(&p->lock);
}
