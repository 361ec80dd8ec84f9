// RUN: %check_race %s race-check-then-act
//
// State that is tested and set with no lock at all, where threads are seen to
// get there.

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t table_cond = PTHREAD_COND_INITIALIZER;
static int growing;
int size(void);
void work(void);

// The thread that grows it sets it back, and holds the lock.
void growBad(void) {
  if (growing)
    return;
  if (size() > 10) {
    growing = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'growing': another thread can change it between the test and the assignment
    pthread_cond_signal(&table_cond);
  }
}

static int asked;

// No thread is seen to get here. Who calls it?
void askGood(void) {
  if (asked)
    return;
  asked = 1;
  work();
}

static void *grower(void *arg) {
  pthread_mutex_lock(&table_lock);
  for (;;) {
    growing = 0;
    asked = 0;
    pthread_cond_wait(&table_cond, &table_lock);
    work();
  }
}

// Several callers. Most of them have taken the lock of the object.
struct cert {
  pthread_mutex_t lock;
  unsigned flags;
  int depth;
  int size;
};

static void decodeBad(struct cert *c) {
  if (c->flags & 1)
    return;
  c->depth = size();
  c->flags |= 1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'flags': another thread can change it between the test and the change
}

int checkCa(struct cert *c) {
  pthread_mutex_lock(&c->lock);
  decodeBad(c);
  int r = c->depth;
  pthread_mutex_unlock(&c->lock);
  return r;
}

static int checkIssued(struct cert *c) {
  decodeBad(c);
  return c->flags == 1;
}

// The same, and all of them have.
static void measureGood(struct cert *c) {
  if (c->size)
    return;
  c->size = size();
}

int checkSize(struct cert *c) {
  pthread_mutex_lock(&c->lock);
  measureGood(c);
  int r = c->size;
  pthread_mutex_unlock(&c->lock);
  return r;
}

// Each thread for itself, and before there are any.
static _Thread_local int ready;
static int configured;

static void prepareGood(void) {
  if (!ready) {
    work();
    ready = 1;
  }
}

static void configureGood(void) {
  if (!configured) {
    work();
    configured = 1;
  }
}

// Made when it is first needed, by whoever comes first.
static char *shared;

static char *sharedBad(void) {
  if (!shared)
    shared = malloc(10);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'shared': another thread can change it between the test and the assignment
  return shared;
}

static char *single;

static char *singleGood(void) {
  if (!single)
    single = malloc(10);
  return single;
}

// What a macro counts for itself.
#define LOG_EVERY(N, WHAT)                                                     \
  do {                                                                         \
    static int seen;                                                           \
    if (++seen > (N))                                                          \
      seen -= (N);                                                             \
    if (seen == 1)                                                             \
      WHAT;                                                                    \
  } while (0)

static void logGood(void) { LOG_EVERY(100, work()); }

static void *worker(void *arg) {
  growBad();
  logGood();
  prepareGood();
  sharedBad();
  checkSize(arg);
  checkIssued(arg);
  return NULL;
}

static void *only(void *arg) {
  singleGood();
  return NULL;
}

int start(pthread_t *t, struct cert *c) {
  configureGood();
  pthread_create(&t[0], NULL, grower, NULL);
  pthread_create(&t[1], NULL, only, NULL);
  for (int i = 2; i < 4; i++)
    pthread_create(&t[i], NULL, worker, c);
  return 0;
}
