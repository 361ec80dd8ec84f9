// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: `reclaim` puts its argument on the list only if it has a parent, and itself goes on
// writing it afterwards; no lock, one event loop: nobody can take it before the function returns to the loop.
// A structural hand-back is "always", whatever the body's flow says.
struct cp { struct cp *parent, *free_next; int count, fd, closing; void (*cb)(struct cp *, int); };
struct cp *accept_one(struct cp *a) {
  struct cp *c = a->free_next;
  if (!c)
    return 0;
  a->free_next = c->free_next;
  c->free_next = 0;
  return c;
}
static void reclaim(struct cp *c) {
  if (c->parent) {
    c->parent->count--;
    c->free_next = c->parent->free_next;
    c->parent->free_next = c;
  }
  c->count = 0;
}
int read_more(struct cp *c, int ok) {
  if (!ok) {
    reclaim(c);
    if (!c->closing)
      c->cb(c, -1);
    return 0;
  }
  return 1;
}
