// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread
//
// Which lock a comment means in C: a member of a variable, of an argument, or
// the one that the other callers hold.

#include <pthread.h>

struct spin {
  pthread_spinlock_t spin;
};
#define TAKE(L) pthread_spin_lock(&(L)->spin)
#define DROP(L) pthread_spin_unlock(&(L)->spin)

struct device {
  struct spin lock;
  int users;
};
static struct {
  struct spin lock;
  int count;
} manager;
int wait_ready(void (*fn)(void *), void *arg);

/* Must be called with manager.lock held. */
static void remove_device(struct device *d) {
  manager.count--;
  d->users = 0;
}
// CHECK-MESSAGES: :[[@LINE-5]]:4: warning: comment says "{{.*}}", but 'remove_device' is called without 'lock'
static void put_device(struct device *d) {
  TAKE(&d->lock);
  if (--d->users == 0)
    remove_device(d);
  DROP(&d->lock);
}
void close_device(struct device *d) {
  TAKE(&manager.lock);
  put_device(d);
  DROP(&manager.lock);
}
void unplug_device(struct device *d) {
  TAKE(&manager.lock);
  TAKE(&d->lock);
  remove_device(d);
  DROP(&d->lock);
  DROP(&manager.lock);
}
static void on_ready(void *arg) { put_device(arg); }
int add_device(struct device *d) { return wait_ready(on_ready, d); }

/* Must be called with manager.lock held. */
static int count_devices(void) { return manager.count; }
int has_devices(void) {
  int n;
  TAKE(&manager.lock);
  n = count_devices();
  DROP(&manager.lock);
  return n > 0;
}

/* "dev" is what is called d there. */
/* must be called under dev->lock */
static int is_used(struct device *d) { return d->users; }
// CHECK-MESSAGES: :[[@LINE-2]]:4: warning: comment says "{{.*}}", but 'is_used' is called without 'lock'
int is_idle(struct device *d) { return !is_used(d); }
int is_busy(struct device *d) {
  int n;
  TAKE(&d->lock);
  n = is_used(d);
  DROP(&d->lock);
  return n;
}

struct queue {
  pthread_mutex_t lock;
  int length;
};
struct server {
  struct queue queue;
};
struct proxy {
  struct queue queue;
};

/* This function must only be called if the server queue is locked and the
 * proxy queue is not. */
static int process_one(struct server *s, struct proxy *p) {
  pthread_mutex_lock(&p->queue.lock);
  p->queue.length--;
  pthread_mutex_unlock(&p->queue.lock);
  return s->queue.length--;
}
// CHECK-MESSAGES: :[[@LINE-8]]:18: warning: comment says "{{.*}}", but 'process_one' is called without 'lock'
void process(struct server *s, struct proxy *p) {
  pthread_mutex_lock(&s->queue.lock);
  while (process_one(s, p))
    ;
  pthread_mutex_unlock(&s->queue.lock);
  process_one(s, p);
}

/* The queue must be locked. */
static void drop_one(struct queue *q) { q->length--; }
void drop(struct server *s) {
  pthread_mutex_lock(&s->queue.lock);
  drop_one(&s->queue);
  drop_one(&s->queue);
  pthread_mutex_unlock(&s->queue.lock);
}
/* Whoever calls this may well hold it. */
void drop_first(struct queue *q) { drop_one(q); }

struct response {
  pthread_mutex_t mutex;
  int (*fill)(char *);
  char data[64];
  int size;
};

/* Assumes that the response mutex is already held. */
static int prepare(struct response *r) {
  if (!r->fill)
    return 1;
  r->size = r->fill(r->data);
  return r->size > 0;
}
/* Taken where there is something to guard: its author decides. */
static void send_all(struct response *r) {
  if (r->fill)
    pthread_mutex_lock(&r->mutex);
  prepare(r);
  if (r->fill)
    pthread_mutex_unlock(&r->mutex);
}

/* Assumes that the response mutex is already held. */
static int prepare_late(struct response *r) {
  r->size = r->fill(r->data);
  return r->size > 0;
}
// CHECK-MESSAGES: :[[@LINE-5]]:4: warning: comment says "{{.*}}", but 'prepare_late' is called without 'mutex'
static void send_late(struct response *r) {
  prepare_late(r);
  pthread_mutex_lock(&r->mutex);
  prepare_late(r);
  pthread_mutex_unlock(&r->mutex);
}
static void *serve(void *arg) {
  send_all(arg);
  send_late(arg);
  return 0;
}
int serve_on_thread(struct response *r, pthread_t *t) {
  return pthread_create(t, 0, serve, r);
}
