// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread
//
// What mature C code says and does: whom a demand on callers concerns, objects
// of which each thread has its own, tables of functions.

#include <pthread.h>
#include <stdlib.h>

static int total, peak;
static int calls;

static void *worker(void *arg) {
  total++;
  peak++;
  return arg;
}

/* stats_reset() must only be called from a single thread. */
void stats_reset(void) { total = 0; }

/* The settings. This routine is not threadsafe: call it when nobody else is
 * there. */
void stats_shutdown(void) { peak = 0; }

/* This must only be called from a single thread. */
static void count_call(void) { calls++; }
// CHECK-MESSAGES: :[[@LINE-2]]:9: warning: comment says "{{.*}}", but 'calls' is touched by two threads

static void *caller(void *arg) {
  count_call();
  return arg;
}
void start_all(void) {
  pthread_t id;
  pthread_create(&id, NULL, worker, NULL);
  pthread_create(&id, NULL, caller, NULL);
}
void stats_apply(void) {
  stats_reset();
  stats_shutdown();
  count_call();
}

// Each thread has its own pool.
struct node {
  struct node *next;
};
struct pool {
  struct node *head; /* nodes of this thread, no mutex is needed */
  int count;         /* only used by one thread */
};
struct shared_pool {
  int count; /* only used by one thread */
};
// CHECK-MESSAGES: :[[@LINE-2]]:17: warning: comment says "{{.*}}", but 'count' is touched by two threads
static _Thread_local struct pool own_pool;
static struct shared_pool the_pool;

static struct pool *get_pool(void) { return &own_pool; }

struct node *node_get(void) {
  struct pool *p = get_pool();
  struct node *n = p->head;
  if (n)
    p->head = n->next;
  p->count--;
  the_pool.count--;
  return n;
}
void node_put(struct pool *p, struct node *n) {
  n->next = p->head;
  p->head = n;
  p->count++;
}
struct node *node_first(void) { return node_get(); }
static void *use_nodes(void *arg) {
  free(node_get());
  return arg;
}
void start_nodes(void) {
  pthread_t id;
  pthread_create(&id, NULL, use_nodes, NULL);
}

// A loop for each of many threads, and one more for the main thread.
struct loop {
  pthread_mutex_t lock;
  long entry, idle;
};
static struct loop first_loop;

static void loop_update(struct loop *l) {
  /* It's unnecessary to lock before reading, as the loop's thread sets it. */
  if (l->entry == 0)
    return;
  pthread_mutex_lock(&l->lock);
  l->idle += l->entry;
  l->entry = 0;
  pthread_mutex_unlock(&l->lock);
}
static void *run_loop(void *arg) {
  struct loop *l = arg;
  loop_update(l);
  return NULL;
}
void run_loops(int n) {
  struct loop *all = calloc(n, sizeof *all);
  pthread_t id;
  for (int i = 0; i < n; i++)
    pthread_create(&id, NULL, run_loop, &all[i]);
  loop_update(&first_loop);
}

// The only loop of the only thread, and somebody else.
static void tick_update(struct loop *l) {
  /* It's unnecessary to lock here, the clock's thread sets it. */
  l->entry++;
}
// CHECK-MESSAGES: :[[@LINE-3]]:11: warning: comment says "{{.*}}", but 'entry' is touched by two threads
static void *run_clock(void *arg) {
  tick_update(arg);
  return NULL;
}
void start_clock(void) {
  pthread_t id;
  pthread_create(&id, NULL, run_clock, &first_loop);
}
void tick(void) { tick_update(&first_loop); }

// Who calls what stands in a table may hold the lock.
struct db {
  pthread_mutex_t mutex;
  int open;
};
typedef void (*fn)(struct db *);

/* The caller must hold the mutex of db. */
static void close_all(struct db *db) { db->open = 0; }
static void attach(struct db *db) { close_all(db); }
struct function {
  const char *name;
  fn call;
};
const void *find_function(void) {
  static const struct function attach_function = {"attach", attach};
  return &attach_function;
}
void db_reset(struct db *db) {
  pthread_mutex_lock(&db->mutex);
  close_all(db);
  pthread_mutex_unlock(&db->mutex);
}

// The same, where a pointer goes from one to the next.
static void loop_skip(struct loop *l) {
  /* It's unnecessary to lock before reading, as the loop's thread sets it. */
  l->idle++;
}
static void *skip_loop(void *arg) {
  loop_skip(arg);
  return NULL;
}
void skip_loops(int n) {
  struct loop *all = calloc(n, sizeof *all), *l;
  pthread_t id;
  for (int i = 0; i < n; i++) {
    l = all + i;
    pthread_create(&id, NULL, skip_loop, l);
  }
  loop_skip(&first_loop);
}

// What libuv runs on its pool, and what on its loop.
typedef struct uv_loop_s uv_loop_t;
typedef struct uv_work_s {
  void *data;
} uv_work_t;
int uv_queue_work(uv_loop_t *, uv_work_t *, void (*)(uv_work_t *),
                  void (*)(uv_work_t *, int));

static int open_records; /* only used on the loop thread */
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: comment says "{{.*}}", but 'open_records' is touched by two threads
static int closed_records; /* only used on the loop thread */
static void load_record(uv_work_t *w) {
  open_records++;
  w->data = NULL;
}
static void record_loaded(uv_work_t *w, int status) {
  if (status)
    open_records--;
  closed_records++;
}
void record_open(uv_loop_t *loop, uv_work_t *w) {
  uv_queue_work(loop, w, load_record, record_loaded);
}
void record_close(void) { closed_records++; }

// Nobody else has what was just made.
struct socket {
  pthread_mutex_t lock;
  int fd;
};
static struct socket *sockets[8];
static void open_socket(int fd) {
  struct socket *s = calloc(1, sizeof *s);
  /* No need to lock here, there are no references to it yet. */
  s->fd = fd;
  sockets[fd & 7] = s;
}
static void *accept_all(void *arg) {
  open_socket(3);
  return arg;
}
void start_sockets(void) {
  pthread_t id;
  pthread_create(&id, NULL, accept_all, NULL);
  open_socket(4);
}

// Two rings, with one producer each.
struct ring {
  void *slot[64];
  unsigned head;
};
static struct ring receive_ring, send_ring, test_ring;

/* Puts one packet on the ring. Not thread-safe. */
static void ring_put(struct ring *r, void *p) { r->slot[r->head++ & 63] = p; }
/* Tests the ring. Not thread-safe. */
static void ring_test(struct ring *r) { r->slot[r->head++ & 63] = NULL; }
// CHECK-MESSAGES: :[[@LINE-2]]:20: warning: comment says "Not thread-safe", but '{{slot|head}}' is touched by two threads

static void *receive(void *arg) {
  ring_put(&receive_ring, arg);
  ring_test(&test_ring);
  return NULL;
}
static void *send_all(void *arg) {
  ring_put(&send_ring, arg);
  ring_test(&test_ring);
  return NULL;
}
void start_rings(void) {
  pthread_t id;
  pthread_create(&id, NULL, receive, NULL);
  pthread_create(&id, NULL, send_all, NULL);
}

// Set too late.
static int ready; /* written only before the threads are created */
// CHECK-MESSAGES: :[[@LINE-1]]:22: warning: comment says "{{.*}}", but 'ready' is touched by two threads
static int wanted; /* written only before the threads are created */
static void *wait_ready(void *arg) {
  while (ready < wanted)
    arg = NULL;
  return arg;
}
void run_ready(int n) {
  pthread_t id;
  wanted = n;
  pthread_create(&id, NULL, wait_ready, NULL);
  ready = n;
  pthread_join(id, NULL);
  wanted = 0;
}
