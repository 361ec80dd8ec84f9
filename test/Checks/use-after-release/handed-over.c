// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Requests on a list of sys/queue.h, finished through a function pointer by
// the thread that takes them all.

#include <pthread.h>
#include <stdlib.h>
#include <sys/queue.h>

struct request {
  STAILQ_ENTRY(request) next;
  STAILQ_ENTRY(request) pending;
  struct queue *queue;
  void (*done)(struct request *r);
  int status;
};
STAILQ_HEAD(requests, request);
struct queue {
  pthread_mutex_t lock;
  struct requests head;
};
struct backend {
  struct requests pending;
};
struct watcher {
  pthread_mutex_t lock;
  struct requests seen;
  void (*look)(struct request *r);
};

static void finish(struct request *r) {
  free(r);
}
static void look(struct request *r) {
  r->status++;
}

struct request *request_new(struct queue *q) {
  struct request *r = calloc(1, sizeof *r);
  r->queue = q;
  r->done = finish;
  return r;
}

void give_back(struct request *r) {
  struct queue *q = r->queue;
  pthread_mutex_lock(&q->lock);
  STAILQ_INSERT_TAIL(&q->head, r, next);
  pthread_mutex_unlock(&q->lock);
}

void finish_all(struct queue *q) {
  struct requests done;
  STAILQ_INIT(&done);
  pthread_mutex_lock(&q->lock);
  STAILQ_CONCAT(&done, &q->head);
  pthread_mutex_unlock(&q->lock);
  while (!STAILQ_EMPTY(&done)) {
    struct request *r = STAILQ_FIRST(&done);
    STAILQ_REMOVE_HEAD(&done, next);
    r->done(r);
  }
}

void reset_bad(struct backend *b) {
  struct request *r;
  STAILQ_FOREACH(r, &b->pending, pending) {
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'r' is used after it was handed back by 'give_back'
    r->status = -1;
    give_back(r);
  }
  STAILQ_INIT(&b->pending);
}

void reset_good(struct backend *b) {
  while (!STAILQ_EMPTY(&b->pending)) {
    struct request *r = STAILQ_FIRST(&b->pending);
    STAILQ_REMOVE_HEAD(&b->pending, pending);
    r->status = -1;
    give_back(r);
  }
}

// Looked at, and nothing else.
void watch(struct watcher *w) {
  w->look = look;
}
void show(struct watcher *w, struct request *r) {
  pthread_mutex_lock(&w->lock);
  STAILQ_INSERT_TAIL(&w->seen, r, next);
  pthread_mutex_unlock(&w->lock);
}
void look_at_all(struct watcher *w) {
  struct requests all;
  STAILQ_INIT(&all);
  pthread_mutex_lock(&w->lock);
  STAILQ_CONCAT(&all, &w->seen);
  pthread_mutex_unlock(&w->lock);
  struct request *r;
  STAILQ_FOREACH(r, &all, next) {
    w->look(r);
  }
}
int shown(struct watcher *w, struct request *r) {
  show(w, r);
  return r->status;
}
