// RUN: %check_race %s race-use-after-release -- -std=c11
// What a function sets of the object that it is given is known where its body
// is: whatever else stood there is still there.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct buf {
  struct buf *next;
  size_t len;
};
struct conn {
  int fd, state;
  char *name;
  struct buf *b;
  struct {
    char *host;
    int port;
  } peer;
  void (*on_close)(struct conn *);
};
void log_text(const char *format, ...);
void unseen(struct conn *c);

static void log_conn(struct conn *c) { printf("%d\n", c->fd); }
static void note(struct conn *c, int state) {
  c->state = state;
  log_conn(c);
}
void shown_bad(struct conn *c) {
  free(c->name);
  log_conn(c);
  log_text("%s", c->name);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c->name' is used after it was freed
}
void other_member_bad(struct conn *c) {
  free(c->b);
  note(c, 3);
  c->b->len = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c->b' is used after it was freed
}
void logged_bad(struct conn *c) {
  free(c->b);
  log_text("%p", c);
  c->b->len = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c->b' is used after it was freed
}
static void drop(struct conn *c) {
  free(c->b);
  note(c, 0);
}
void helper_bad(struct conn *c) {
  drop(c);
  c->b->len = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c->b' is used after it was freed by 'drop'
}
void recursion_bad(struct conn *c, int n);
static void deeper(struct conn *c, int n) { c->fd = n; }
void through_two_bad(struct conn *c) {
  free(c->b);
  deeper(c, 1);
  note(c, 1);
  c->b->len = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c->b' is used after it was freed
}

static void reset(struct conn *c) { c->b = NULL; }
static void renew(struct conn *c) { reset(c); }
void reset_good(struct conn *c) {
  free(c->b);
  renew(c);
  if (c->b)
    c->b->len = 0;
}
static void fill(struct buf **b) { *b = malloc(sizeof(struct buf)); }
static void refill(struct conn *c) { fill(&c->b); }
void address_good(struct conn *c) {
  free(c->b);
  refill(c);
  c->b->len = 0;
}
void unseen_good(struct conn *c) {
  free(c->b);
  unseen(c);
  c->b->len = 0;
}
static void calls_back(struct conn *c) { c->on_close(c); }
void callback_good(struct conn *c) {
  free(c->b);
  calls_back(c);
  c->b->len = 0;
}
static void clear(struct conn *c) { memset(c, 0, sizeof(*c)); }
void whole_good(struct conn *c) {
  free(c->b);
  clear(c);
  if (c->b)
    c->b->len = 0;
}
static void assign(struct conn *c) { *c = (struct conn){.fd = -1}; }
void assigned_good(struct conn *c) {
  free(c->b);
  assign(c);
  if (c->b)
    c->b->len = 0;
}
static void outer(struct conn *c, int n);
static void inner(struct conn *c, int n) {
  if (n)
    outer(c, n - 1);
}
static void outer(struct conn *c, int n) {
  c->b = NULL;
  inner(c, n);
}
void recursion_good(struct conn *c) {
  free(c->b);
  inner(c, 3);
  if (c->b)
    c->b->len = 0;
}
static void set_peer(struct conn *c, const struct conn *from) {
  c->peer = from->peer;
}
void part_of_member_good(struct conn *c, struct conn *from) {
  free(c->peer.host);
  set_peer(c, from);
  log_text("%s", c->peer.host);
}

// What ends itself leaves its owner's list.
struct part {
  struct part *next;
  struct whole *owner;
};
struct whole {
  struct part *parts, *last;
};
static void end(struct part *p) {
  p->owner->parts = p->next;
  free(p);
}
void all_good(struct whole *w) {
  while (w->parts)
    end(w->parts);
}
void last_bad(struct whole *w) {
  end(w->last);
  w->last->next = NULL;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'w->last' is used after it was freed by 'end'
}
