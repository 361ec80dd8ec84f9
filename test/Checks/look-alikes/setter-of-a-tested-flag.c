// RUN: %check_race %s race-check-then-act
// unbound 1.17.1: services/authzone.c:6816.
// A flag is tested under the lock, which is let go to call what takes several
// locks in order and sets the flag to what it is given. That the function has a
// second setter under the same lock makes its read no test of a claim.
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

struct transfer {
  pthread_mutex_t lock;
  bool have;
  int expired;
  time_t until;
  void *env;
};
struct zone {
  pthread_mutex_t lock;
  int expired;
};
struct zone *find(struct transfer *t);
void next(struct transfer *t);

static void set_expired(struct transfer *t, int expired) {
  pthread_mutex_lock(&t->lock);
  t->expired = expired;
  pthread_mutex_unlock(&t->lock);
  struct zone *z = find(t);
  if (!z)
    return;
  pthread_mutex_lock(&z->lock);
  z->expired = expired;
  pthread_mutex_unlock(&z->lock);
}

void timer(struct transfer *t, time_t now) {
  pthread_mutex_lock(&t->lock);
  if (!t->env) {
    pthread_mutex_unlock(&t->lock);
    return;
  }
  if (t->have && !t->expired && now >= t->until) {
    pthread_mutex_unlock(&t->lock);
    set_expired(t, 1);
    pthread_mutex_lock(&t->lock);
  }
  next(t);
  pthread_mutex_unlock(&t->lock);
}
