// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: lock and unlock under the same two-part condition; the states that hold the lock are merged at the
// lock, so "not background" or "background thread" is forgotten and an impossible path skips the unlock.
#include <pthread.h>
struct ctx { pthread_mutex_t m; };
struct w { int bg, bg_thread; struct ctx *c; int ready; };
static int done;
void setup(struct w *w) {
  if (!w->bg || w->bg_thread)
    pthread_mutex_lock(&w->c->m);
  w->ready = 1;
  if (!w->bg || w->bg_thread)
    pthread_mutex_unlock(&w->c->m);
  if (!done)
    done = 1;
}
