// RUN: %check_race %s race-check-then-act
//
// Plain pointers that others clear, and flags that are reset, under a lock.

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

struct conn {
  int state;
};
struct server {
  pthread_mutex_t lock;
  struct conn *cur;
  struct conn *last;
};

void drop(struct server *s) {
  pthread_mutex_lock(&s->lock);
  free(s->cur);
  s->cur = NULL;
  pthread_mutex_unlock(&s->lock);
}

void touch_before_bad(struct server *s) {
  if (s->cur) {
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'cur': it is tested before 'lock' is taken, under which it is set to null
    pthread_mutex_lock(&s->lock);
    s->cur->state = 1;
    pthread_mutex_unlock(&s->lock);
  }
}

void touch_after_bad(struct server *s) {
  pthread_mutex_lock(&s->lock);
  int has = s->cur != NULL;
  pthread_mutex_unlock(&s->lock);
  if (has)
    s->cur->state = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'cur': it is followed after 'lock' was released, under which it is set to null
}

void touch_good(struct server *s) {
  pthread_mutex_lock(&s->lock);
  if (s->cur)
    s->cur->state = 1;
  pthread_mutex_unlock(&s->lock);
}

// The copy is what was tested; whether it lives is another question.
void touch_copy_good(struct server *s) {
  pthread_mutex_lock(&s->lock);
  struct conn *c = s->cur;
  pthread_mutex_unlock(&s->lock);
  if (c)
    c->state = 1;
}

// Looked at once more, and compared only.
int is_last_good(struct server *s) {
  pthread_mutex_lock(&s->lock);
  int has = s->cur != NULL;
  pthread_mutex_unlock(&s->lock);
  return has && s->cur == s->last;
}

static atomic_int stale = 1;
static pthread_mutex_t reload = PTHREAD_MUTEX_INITIALIZER;
void rebuild(void);

void refresh_bad(void) {
  if (atomic_load_explicit(&stale, memory_order_acquire) != 0) {
    pthread_mutex_lock(&reload);
    rebuild();
    atomic_store_explicit(&stale, 0, memory_order_release);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'stale': another thread can change it between {{.*}} and {{.*}}
    pthread_mutex_unlock(&reload);
  }
}

void refresh_good(void) {
  if (atomic_load_explicit(&stale, memory_order_acquire) != 0) {
    pthread_mutex_lock(&reload);
    if (atomic_load_explicit(&stale, memory_order_relaxed) != 0) {
      rebuild();
      atomic_store_explicit(&stale, 0, memory_order_release);
    }
    pthread_mutex_unlock(&reload);
  }
}

// To reset it once more is all that it does.
void forget_good(void) {
  if (atomic_load_explicit(&stale, memory_order_acquire) == 0) {
    pthread_mutex_lock(&reload);
    atomic_store_explicit(&stale, 1, memory_order_release);
    pthread_mutex_unlock(&reload);
  }
}

struct entry {
  atomic_int refs;
  const char *name;
};
static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
struct entry *look_up(const char *name);
void take_out(struct entry *e);

struct entry *get_bad(const char *name) {
  pthread_mutex_lock(&table);
  struct entry *e = look_up(name);
  pthread_mutex_unlock(&table);
  if (e)
    atomic_fetch_add(&e->refs, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'refs': it is raised after 'table' was released, under which was found what it counts for
  return e;
}

struct entry *get_good(const char *name) {
  pthread_mutex_lock(&table);
  struct entry *e = look_up(name);
  if (e)
    atomic_fetch_add(&e->refs, 1);
  pthread_mutex_unlock(&table);
  return e;
}

// The caller holds one already.
struct entry *again_good(struct entry *e) {
  pthread_mutex_lock(&table);
  pthread_mutex_unlock(&table);
  atomic_fetch_add(&e->refs, 1);
  return e;
}

void put(struct entry *e) {
  if (atomic_fetch_sub(&e->refs, 1) == 1) {
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'refs': it is dropped and tested without 'table'
    pthread_mutex_lock(&table);
    take_out(e);
    pthread_mutex_unlock(&table);
    free(e);
  }
}
