// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread
//
// Whose object it is that a C function gets: one that it makes, one of many.

#include <pthread.h>
#include <stdlib.h>

struct queue {
  pthread_mutex_t lock;
  int pending; /* protected by lock */
  int handled; /* protected by lock */
};
// CHECK-MESSAGES: :[[@LINE-2]]:19: warning: comment says "protected by lock", but 'handled' is touched by two threads

static void *serve(void *arg) {
  struct queue *q = arg;
  pthread_mutex_lock(&q->lock);
  q->pending--;
  q->handled++;
  pthread_mutex_unlock(&q->lock);
  return NULL;
}

static void queue_init(struct queue *q) { q->pending = 0; }
static void queue_reset(struct queue *q) { q->handled = 0; }

void queue_start(struct queue *q) {
  pthread_t id;
  pthread_create(&id, NULL, serve, q);
}

void queue_use(struct queue *q, struct queue *other) {
  queue_init(other);
  queue_reset(q);
}

struct dice {
  int seed;
};

/* Updates the seed: this value must be protected by a lock. */
static int roll(struct dice *d) { return d->seed = d->seed * 17 % 31; }

static struct dice ours, theirs;

static void *play(void *arg) {
  roll(&ours);
  return arg;
}

void dice_start(void) {
  pthread_t id;
  pthread_create(&id, NULL, play, NULL);
}
int dice_roll(void) { return roll(&theirs); }

static int chunks;
static int blocks;
static void *(*allocate)(size_t) = malloc;
static void *(*allocate_too)(size_t) = malloc;

/* Not threadsafe. */
static void *counted(size_t n) {
  chunks++;
  return malloc(n);
}

/* Not thread-safe: counts what it gives out. */
static void *take(size_t n) {
  blocks++;
  return malloc(n);
}
// CHECK-MESSAGES: :[[@LINE-5]]:4: warning: comment says "{{.*}}", but 'blocks' is touched by two threads

/* Counts for the tests. Not threadsafe. */
static int given;

static void *given_too(size_t n) {
  given++;
  return malloc(n);
}

void count_from_now_on(void) {
  allocate = counted;
  allocate_too = given_too;
}

static void *fill(void *arg) {
  allocate(1);
  allocate_too(1);
  take(1);
  return arg;
}
static void helper(void) {
  allocate(2);
  allocate_too(2);
  take(2);
}
void fill_start(void) {
  pthread_t id;
  pthread_create(&id, NULL, fill, NULL);
}
void use(void) { helper(); }
