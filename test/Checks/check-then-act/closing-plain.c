// RUN: %check_race %s race-check-then-act
//
// A plain flag that says that all ends: tested before the lock is taken, under
// which it is set, and something is added all the same.

#include <pthread.h>
#include <stdlib.h>

struct job {
  struct job *next;
};

struct queue {
  pthread_mutex_t lock;
  pthread_cond_t cond;
  struct job *first;
  int count;
  int stopping;
  int verbose;
};

void say(const char *text);

int pushBad(struct queue *q, struct job *j) {
  if (q->stopping)
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'stopping': it is tested before 'lock' is taken, under which it is set
    return -1;
  pthread_mutex_lock(&q->lock);
  j->next = q->first;
  q->first = j;
  q->count++;
  pthread_cond_signal(&q->cond);
  pthread_mutex_unlock(&q->lock);
  return 0;
}

int pushGood(struct queue *q, struct job *j) {
  pthread_mutex_lock(&q->lock);
  if (q->stopping) {
    pthread_mutex_unlock(&q->lock);
    return -1;
  }
  j->next = q->first;
  q->first = j;
  q->count++;
  pthread_mutex_unlock(&q->lock);
  return 0;
}

// Tested once more under the lock.
int pushTwiceGood(struct queue *q, struct job *j) {
  if (q->stopping)
    return -1;
  pthread_mutex_lock(&q->lock);
  if (!q->stopping) {
    j->next = q->first;
    q->first = j;
  }
  pthread_mutex_unlock(&q->lock);
  return 0;
}

// Another flag, which ends nothing.
int pushLoudGood(struct queue *q, struct job *j) {
  if (q->verbose)
    say("push");
  pthread_mutex_lock(&q->lock);
  j->next = q->first;
  q->first = j;
  pthread_mutex_unlock(&q->lock);
  return 0;
}

// Nothing is added.
int lengthGood(struct queue *q) {
  if (q->stopping)
    return 0;
  pthread_mutex_lock(&q->lock);
  int n = q->count;
  pthread_mutex_unlock(&q->lock);
  return n;
}

void setVerbose(struct queue *q, int on) {
  pthread_mutex_lock(&q->lock);
  q->verbose = on;
  pthread_mutex_unlock(&q->lock);
}

void stop(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  q->stopping = 1;
  while (q->first) {
    struct job *j = q->first;
    q->first = j->next;
    free(j);
  }
  q->count = 0;
  pthread_mutex_unlock(&q->lock);
}
