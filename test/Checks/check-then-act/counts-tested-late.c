// RUN: %check_race %s race-check-then-act
//
// A count is dropped under the lock, and asked for zero when that was released:
// two threads can both be the last one, or none.

#include <pthread.h>
#include <stdlib.h>

struct object {
  pthread_mutex_t lock;
  int refs;
  int users;
};

void start(struct object *o);
void log_users(int n);

void dropBad(struct object *o) {
  pthread_mutex_lock(&o->lock);
  o->refs--;
  pthread_mutex_unlock(&o->lock);
  if (o->refs == 0)
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'refs': it is tested after 'lock' was released, under which it was dropped
    free(o);
}

void dropUnlessBad(struct object *o) {
  pthread_mutex_lock(&o->lock);
  --o->refs;
  pthread_mutex_unlock(&o->lock);
  if (o->refs)
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'refs': it is tested after 'lock' was released, under which it was dropped
    return;
  free(o);
}

void firstBad(struct object *o) {
  pthread_mutex_lock(&o->lock);
  o->users++;
  pthread_mutex_unlock(&o->lock);
  if (o->users == 1)
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'users': it is tested after 'lock' was released, under which it was raised
    start(o);
}

void dropGood(struct object *o) {
  pthread_mutex_lock(&o->lock);
  int left = --o->refs;
  pthread_mutex_unlock(&o->lock);
  if (left == 0)
    free(o);
}

void dropTestedGood(struct object *o) {
  int last;
  pthread_mutex_lock(&o->lock);
  o->refs--;
  last = o->refs == 0;
  pthread_mutex_unlock(&o->lock);
  if (last)
    free(o);
}

// Another question than who is the first or the last one.
void logGood(struct object *o) {
  pthread_mutex_lock(&o->lock);
  o->users++;
  pthread_mutex_unlock(&o->lock);
  if (o->users > 10)
    start(o);
}

// The test is that of the next turn.
void serveGood(struct object *o) {
  for (;;) {
    if (o->users == 0)
      start(o);
    pthread_mutex_lock(&o->lock);
    o->users--;
    pthread_mutex_unlock(&o->lock);
  }
}
