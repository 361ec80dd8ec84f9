// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent but for what is marked: without threads there are no locks, and a macro that takes one asks for it
// first. The two accesses are in one critical section, or nobody else is there.
#include <pthread.h>
struct base {
  pthread_mutex_t *lock;
  int open, limit;
  int pending; /* protected by 'lock' */
};
#define BASE_LOCK(b) do { if ((b)->lock) pthread_mutex_lock((b)->lock); } while (0)
#define BASE_UNLOCK(b) do { if ((b)->lock) pthread_mutex_unlock((b)->lock); } while (0)
int connectTo(int n);

int openGood(struct base *b) {
  BASE_LOCK(b);
  if (b->open < b->limit)
    b->open = b->open + 1;
  b->pending++;
  BASE_UNLOCK(b);
  return 0;
}

int openAgainBad(struct base *b) {
  BASE_LOCK(b);
  int n = b->open;
  BASE_UNLOCK(b);
  if (n >= b->limit)
    return -1;
  BASE_LOCK(b);
  b->open = n + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'open'
  BASE_UNLOCK(b);
  return 0;
}

// What is called in between may change the object, but not which lock it has.
void notify(struct base *b);

static void addGood(struct base *b, int n) {
  BASE_LOCK(b);
  b->pending += n;
  notify(b);
  BASE_UNLOCK(b);
}

int addLimitedGood(struct base *b) {
  addGood(b, 1);
  BASE_LOCK(b);
  if (b->open < b->limit)
    b->open++;
  BASE_UNLOCK(b);
  return 0;
}

static void *run(void *arg) {
  addGood(arg, 2);
  openGood(arg);
  return 0;
}

int startGood(struct base *b) {
  pthread_t t, u;
  pthread_create(&t, 0, run, b);
  pthread_create(&u, 0, run, b);
  return connectTo(1);
}
