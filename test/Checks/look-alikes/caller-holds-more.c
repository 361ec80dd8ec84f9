// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: the caller holds table->lock (its comment says so); the write is also under the bin's lock, so the
// loop test looks like a test outside the lock.
#include <pthread.h>
struct bin { pthread_mutex_t lock; };
struct table { pthread_mutex_t lock; struct bin bins[8]; int used, max; };
int drop(struct bin *);
// table must be locked by the caller
void reclaim(struct table *t, int h) {
  while (t->used > t->max) {
    struct bin *b = &t->bins[h & 7];
    pthread_mutex_lock(&b->lock);
    t->used -= drop(b);
    pthread_mutex_unlock(&b->lock);
  }
}
