// RUN: %check_race %s race-use-after-release
//
// Free lists in C, and clean-up with goto.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct conn {
  struct conn *next;
  int fd;
  char buf[128];
};

static struct conn *free_conns;
static pthread_mutex_t conns_lock = PTHREAD_MUTEX_INITIALIZER;

struct conn *conn_get(void) {
  struct conn *c;
  pthread_mutex_lock(&conns_lock);
  c = free_conns;
  if (c)
    free_conns = c->next;
  pthread_mutex_unlock(&conns_lock);
  if (!c)
    c = calloc(1, sizeof(*c));
  return c;
}

void conn_put(struct conn *c) {
  pthread_mutex_lock(&conns_lock);
  c->next = free_conns;
  free_conns = c;
  pthread_mutex_unlock(&conns_lock);
}

int conn_write(struct conn *c, const char *text);
int parse(const char *text);
void log_fd(int fd);

void bad(void) {
  struct conn *c = conn_get();
  conn_put(c);
  conn_write(c, "late");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c' is used after it was handed back by 'conn_put'
}

void good(void) {
  struct conn *c = conn_get();
  conn_write(c, "in time");
  conn_put(c);
}

int goto_bad(const char *text) {
  int err = -1;
  struct conn *c = conn_get();
  if (!c)
    return -1;
  if (parse(text) < 0) {
    conn_put(c);
    goto out;
  }
  err = conn_write(c, text);
  conn_put(c);
out:
  log_fd(c->fd);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c' is used after it was handed back by 'conn_put'
  return err;
}

int goto_good(const char *text) {
  int err = -1;
  struct conn *c = conn_get();
  if (!c)
    return -1;
  if (parse(text) < 0)
    goto out;
  err = conn_write(c, text);
out:
  log_fd(c->fd);
  conn_put(c);
  return err;
}

int goto_double(const char *text) {
  int err = -1;
  struct conn *c = conn_get();
  if (parse(text) < 0) {
    conn_put(c);
    goto out;
  }
  err = conn_write(c, text);
out:
  conn_put(c);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c' is handed back twice
  return err;
}

int goto_null_good(const char *text) {
  int err = -1;
  struct conn *c = conn_get();
  if (parse(text) < 0) {
    conn_put(c);
    c = NULL;
    goto out;
  }
  err = conn_write(c, text);
out:
  if (c)
    conn_put(c);
  return err;
}

int two_labels_good(const char *text) {
  int err = -1;
  struct conn *a = conn_get(), *b;
  if (!a)
    goto fail;
  b = conn_get();
  if (!b)
    goto fail_a;
  err = conn_write(a, text) + conn_write(b, text);
  conn_put(b);
fail_a:
  conn_put(a);
fail:
  return err;
}

// Passed by its address, but not to be touched.
void next_good(void) {
  struct conn *c = conn_get();
  conn_put(c);
  c = conn_get();
  conn_write(c, "another one");
  conn_put(c);
}

// An array with an index.
struct buf {
  int used;
};
static struct buf *bufs[32];
static int nbufs;

struct buf *buf_get(void) {
  if (nbufs > 0)
    return bufs[--nbufs];
  return malloc(sizeof(struct buf));
}

void buf_put(struct buf *b) {
  if (nbufs < 32)
    bufs[nbufs++] = b;
  else
    free(b);
}

int array_bad(void) {
  struct buf *b = buf_get();
  buf_put(b);
  return b->used;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'b' is used after it was handed back by 'buf_put'
}

int array_good(void) {
  struct buf *b = buf_get();
  int used = b->used;
  buf_put(b);
  return used;
}

// A list that is closed when full, kept in a struct.
struct item {
  struct item *next;
  int value;
};
struct list {
  struct item *head;
  unsigned count, limit;
};

struct item *item_new(struct list *l) {
  struct item *i = l->head;
  if (i) {
    l->head = i->next;
    l->count--;
    return i;
  }
  return malloc(sizeof(*i));
}

void item_free(struct list *l, struct item *i) {
  if (l->count >= l->limit) {
    free(i);
    return;
  }
  i->next = l->head;
  l->head = i;
  l->count++;
}

int item_bad(struct list *l) {
  struct item *i = item_new(l);
  item_free(l, i);
  return i->value;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'i' is used after it was handed back by 'item_free'
}

int item_good(struct list *l) {
  struct item *i = item_new(l);
  int v = i->value;
  item_free(l, i);
  return v;
}
