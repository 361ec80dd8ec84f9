// RUN: %check_race %s race-check-then-act
//
// A pool of threads that is asked for one more while it ends: the state is read
// by the compiler's own atomics, also by adding nothing.

#include <pthread.h>

enum { RUNNING, ENDING };

struct pool {
  int state;
  int count;
  pthread_t threads[8];
  pthread_mutex_t lock;
  pthread_cond_t ended;
};

void *work(void *);

int startBad(struct pool *p) {
  const int state = __sync_fetch_and_add(&p->state, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: check-then-act on 'state': it is tested before 'lock' is taken, under which it is set
  if (state != RUNNING)
    return -1;
  pthread_mutex_lock(&p->lock);
  int r = pthread_create(&p->threads[p->count], NULL, work, p);
  if (r == 0)
    __sync_fetch_and_add(&p->count, 1);
  pthread_mutex_unlock(&p->lock);
  return r;
}

int startGood(struct pool *p) {
  pthread_mutex_lock(&p->lock);
  if (__sync_fetch_and_add(&p->state, 0) != RUNNING) {
    pthread_mutex_unlock(&p->lock);
    return -1;
  }
  int r = pthread_create(&p->threads[p->count], NULL, work, p);
  if (r == 0)
    __sync_fetch_and_add(&p->count, 1);
  pthread_mutex_unlock(&p->lock);
  return r;
}

void endAll(struct pool *p) {
  pthread_mutex_lock(&p->lock);
  __atomic_store_n(&p->state, ENDING, __ATOMIC_SEQ_CST);
  while (__sync_fetch_and_add(&p->count, 0) > 0)
    pthread_cond_wait(&p->ended, &p->lock);
  pthread_mutex_unlock(&p->lock);
}
