// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent but for what is marked: the same question about the same value has the same answer each time, and
// decides what the variable holds.
#include <stdlib.h>
enum { Backlog = 4, Late = 8 };
struct conns { int n; };
struct conns *fill(int n);
int serve(int type);

static void drop(struct conns *c) {
  if (!c)
    return;
  free(c);
}

int refillGood(int type) {
  struct conns *c = NULL;
  if (type & Backlog)
    c = fill(64);
  serve(type);
  drop(c);
  if (type & Backlog)
    c = fill(64);
  serve(type);
  drop(c);
  return 0;
}

int refillOtherBad(int type) {
  struct conns *c = NULL;
  if (type & Backlog)
    c = fill(64);
  serve(type);
  drop(c);
  if (type & Late)
    c = fill(64);
  drop(c);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c' is freed twice
  return 0;
}

int lookGood(struct conns *c, int last) {
  int n = 0;
  if (last)
    free(c);
  n += serve(n);
  if (!last)
    n += c->n;
  return n;
}

int lookBad(struct conns *c, int last, int first) {
  int n = 0;
  if (last)
    free(c);
  n += serve(n);
  if (last && !first)
    n += c->n;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c' is used after it was freed
  return n;
}

// Asked of a new value.
int changedBad(struct conns *c, int *last) {
  int n = 0;
  if (*last)
    free(c);
  *last = serve(n);
  if (!*last)
    n += c->n;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c' is used after it was freed
  return n;
}

// Many questions; one of them is enough to tell.
int refillManyGood(int type, int a, int b) {
  struct conns *c = NULL;
  if (type & Backlog)
    c = fill(64);
  if (a & 1)
    serve(1);
  if (b & 1)
    serve(2);
  drop(c);
  for (int i = 0; i < a; i++) {
    if (a & 1)
      serve(3);
    if (b & 1)
      serve(4);
  }
  if (type & Backlog)
    c = fill(64);
  drop(c);
  return 0;
}
