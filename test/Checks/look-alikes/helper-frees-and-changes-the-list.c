// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent but for what is marked: the helper gets the list's owner and may change it, so that the next turn of
// the loop has another element; what was freed is the element of the turn before.
#include <stdlib.h>
struct query { struct query *next; int len; };
struct net { struct query *first; int quit; };
int submit(struct query *q);

static void drop(struct net *n, struct query *q) {
  struct query *x = n->first;
  while (x && x != q)
    x = x->next;
  if (x)
    n->first = q->next;
  free(q);
}

static void giveUp(struct net *n, struct query *q) {
  if (n->quit)
    n->quit = 2;
  free(q);
}

void sendWaitingGood(struct net *n) {
  while (n->first) {
    struct query *q = n->first;
    n->first = q->next;
    if (!submit(q))
      drop(n, q);
  }
}

void sendAllGood(struct net *n) {
  while (n->first) {
    struct query *q = n->first;
    n->first = q->next;
    giveUp(n, q);
  }
}

int sendOneBad(struct net *n) {
  struct query *q = n->first;
  n->first = q->next;
  drop(n, q);
  return q->len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'q' is used after it was freed by 'drop'
}

int dropTwiceBad(struct net *n, struct query *q) {
  giveUp(n, q);
  giveUp(n, q);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'q' is freed twice
  return 0;
}
