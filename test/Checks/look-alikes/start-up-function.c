// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: every exported function that this file does not call is taken to run beside the threads; this one is
// called by main() of another file before they start.
#include <pthread.h>
static pthread_mutex_t lru_lock = PTHREAD_MUTEX_INITIALIZER;
struct item { struct item *next; /* protected by lru_lock */ };
static struct item *list;
void restart_fixup(struct item *it) { it->next = list; list = it; } // at start-up
static void *maintainer(void *a) {
  pthread_mutex_lock(&lru_lock);
  if (list && list->next)
    list = list->next;
  pthread_mutex_unlock(&lru_lock);
  return a;
}
int start_threads(void) { pthread_t t; return pthread_create(&t, 0, maintainer, 0); }
