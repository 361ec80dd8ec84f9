// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: "tested without 'lock', under which it is set". The unlocked read and the locked write are on
// different paths.
#include <pthread.h>
struct alloc { pthread_mutex_t lock; struct alloc *super; int num; };
void spill(struct alloc *);
void put(struct alloc *a) {
  if (!a->super)
    pthread_mutex_lock(&a->lock); // only the top one is shared
  if (a->super && a->num >= 10) { // read unlocked only where super != NULL
    spill(a);
    return;
  }
  a->num++; // "set here, holding lock": only where super == NULL
  if (!a->super)
    pthread_mutex_unlock(&a->lock);
}
