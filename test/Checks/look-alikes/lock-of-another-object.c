// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: any lock that happens to be held at the write is taken as the guard of what is written.
// `q` is one query's own state; z->lock guards the zone that is read.
#include <pthread.h>
struct zone { pthread_rwlock_t lock; int action; };
struct query { int passthru; };
struct zone *find(void);
int apply(struct query *q) {
  if (q->passthru)
    return 0;
  struct zone *z = find();
  pthread_rwlock_rdlock(&z->lock);
  if (z->action == 3)
    q->passthru = 1;
  pthread_rwlock_unlock(&z->lock);
  return 1;
}
