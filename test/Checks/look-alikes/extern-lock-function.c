// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: the item lock is taken by functions of another file (item_lock, item_unlock); their effect is unknown
// here, yet "without a common lock" is said with certainty.
#include <pthread.h>
struct item { int refs; /* protected by an item lock */ };
void item_lock(unsigned hv);
void item_unlock(unsigned hv);
void touch(struct item *it, unsigned hv) { item_lock(hv); it->refs++; item_unlock(hv); }
static struct item *shared;
static void *worker(void *a) { touch(shared, 1); return a; }
int start(void) { pthread_t t; return pthread_create(&t, 0, worker, 0); }
void api(unsigned hv) { touch(shared, hv); }
