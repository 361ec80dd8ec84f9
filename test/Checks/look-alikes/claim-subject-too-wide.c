// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: the comment speaks of reb.*; the next statement also reads s_cls->size, and `reb` as a whole (all fields)
// counts as touched. `size` is set once, before threads start, in a function of this file that main calls.
#include <pthread.h>
struct cls { int size; };
static struct cls classes[4];
static struct { char *pos, *end; } reb;
void init(int n) { classes[0].size = n; } // called from main() before start(), in another file
static void *mover(void *a) {
  struct cls *s_cls = &classes[0];
  // reb.* needs no lock here: the mover thread is the only user while active
  reb.pos = reb.pos + s_cls->size;
  return a;
}
int start(void) { pthread_t t; return pthread_create(&t, 0, mover, 0); }
