// RUN: %check_race %s race-check-then-act
// Bits of a state that are set once more do no harm, unless it was for their
// sake that one has looked.
#include <pthread.h>

struct worker {
  pthread_mutex_t lock;
  unsigned state;
};
enum { DEAD = 0, ACTIVE = 1, IDLE = 2, JOINABLE = 4 };
void start(struct worker *w);

void twice_bad(struct worker *w) {
  pthread_mutex_lock(&w->lock);
  if (w->state & ACTIVE) {
    pthread_mutex_unlock(&w->lock);
    return;
  }
  pthread_mutex_unlock(&w->lock);
  start(w);
  pthread_mutex_lock(&w->lock);
  w->state |= ACTIVE;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'state': another thread can change it between the test and the change
  pthread_mutex_unlock(&w->lock);
}

void another_bit_good(struct worker *w) {
  pthread_mutex_lock(&w->lock);
  if (w->state == DEAD) {
    pthread_mutex_unlock(&w->lock);
    return;
  }
  pthread_mutex_unlock(&w->lock);
  start(w);
  pthread_mutex_lock(&w->lock);
  w->state |= JOINABLE;
  pthread_mutex_unlock(&w->lock);
}

void cleared_good(struct worker *w) {
  pthread_mutex_lock(&w->lock);
  unsigned idle = w->state & IDLE;
  pthread_mutex_unlock(&w->lock);
  if (!idle)
    return;
  start(w);
  pthread_mutex_lock(&w->lock);
  w->state &= ~IDLE;
  pthread_mutex_unlock(&w->lock);
}

// One worker asks again and again; that is no search among workers.
static void *until_dead_good(void *arg) {
  struct worker *w = arg;
  for (;;) {
    pthread_mutex_lock(&w->lock);
    if (w->state == IDLE) {
      pthread_mutex_unlock(&w->lock);
      break;
    }
    pthread_mutex_unlock(&w->lock);
    start(w);
  }
  pthread_mutex_lock(&w->lock);
  w->state |= JOINABLE;
  pthread_mutex_unlock(&w->lock);
  return 0;
}

static void *run(void *arg) {
  twice_bad(arg);
  another_bit_good(arg);
  cleared_good(arg);
  return 0;
}

void start_both(struct worker *w, pthread_t *threads) {
  pthread_create(&threads[0], 0, run, w);
  pthread_create(&threads[1], 0, run, w);
  pthread_create(&threads[2], 0, until_dead_good, w);
  pthread_create(&threads[3], 0, until_dead_good, w);
}
