// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread

// Modes of a library that exclude each other, told apart by a bit.

#include <pthread.h>

enum { PER_CONNECTION = 4, VERBOSE = 8 };
struct connection {
  struct connection *prev, *next;
  struct daemon *daemon;
};
struct daemon {
  unsigned options, count;
  struct connection *tail;
  pthread_mutex_t mutex;
};

static void *serve(void *arg) {
  struct connection *c = arg;
  pthread_mutex_lock(&c->daemon->mutex);
  c->daemon->tail = c->prev;
  c->daemon->count--;
  pthread_mutex_unlock(&c->daemon->mutex);
  return 0;
}

int run(struct daemon *d) {
  int n = 0;
  if (0 == (d->options & PER_CONNECTION)) {
    /* single-threaded, go over everything */
    for (struct connection *c = d->tail; c; c = c->prev)
      n++;
  }
  return n;
}

int runAloud(struct daemon *d) {
  if (0 == (d->options & VERBOSE)) {
    /* single-threaded, no locking here */
    d->count = 0;
  }
  // CHECK-MESSAGES: :[[@LINE-3]]:8: warning: comment says "{{.*}}", but 'count'
  // is touched by two threads without a common lock
  return 0;
}

int add(struct daemon *d, struct connection *c) {
  pthread_t t;
  pthread_mutex_lock(&d->mutex);
  c->prev = d->tail;
  d->tail = c;
  pthread_mutex_unlock(&d->mutex);
  if (0 != (d->options & PER_CONNECTION))
    return pthread_create(&t, 0, serve, c);
  return 0;
}

int main(void) {
  static struct daemon d;
  static struct connection c[4];
  for (int i = 0; i < 4; i++) {
    add(&d, &c[i]);
    run(&d);
    runAloud(&d);
  }
  return 0;
}
