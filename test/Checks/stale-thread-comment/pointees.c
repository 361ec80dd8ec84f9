// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread
//
// What a pointer leads to that is said not to be thread-safe, and faults that a
// comment admits.

#include <pthread.h>

struct buffer;
struct buffer *buffer_new(void);
int buffer_add(struct buffer *b, const void *p, int n);
int buffer_length(const struct buffer *b);

static struct buffer *scratch; /* not thread safe */
// CHECK-MESSAGES: :[[@LINE-1]]:35: warning: comment says "{{.*}}", but what 'scratch' points to is used by two threads without a common lock
static struct buffer *locked; /* not thread safe */
static struct buffer *counted; /* not thread safe */
static _Thread_local struct buffer *own; /* not thread safe */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void buffers_init(void) {
  scratch = buffer_new();
  locked = buffer_new();
  counted = buffer_new();
}

int decode(const void *p, int n) {
  pthread_mutex_lock(&mutex);
  buffer_add(locked, p, n);
  pthread_mutex_unlock(&mutex);
  buffer_add(own, p, n);
  return buffer_add(scratch, p, n) + buffer_length(counted);
}

struct caps {
  int refs;
  int length;
};
static struct caps caps, kept;

static void cleanup(void) {
  /* FIXME: this is not threadsafe */
  // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: comment says "{{.*}}", but '{{.*}}' is touched by two threads without a common lock
  if (caps.refs == 1)
    caps.length = 0;
}

/* A plan is no claim. */
static void sweep(void) {
  /* TODO: this is not threadsafe */
  if (kept.refs == 1)
    kept.length = 0;
}

static void *loop(void *arg) {
  const char *text = arg;
  while (text[0]) {
    decode(text, 4);
    caps.length++;
    kept.length++;
  }
  return 0;
}

int serve(pthread_t *threads, int n, char *text) {
  for (int i = 0; i < n; ++i)
    pthread_create(&threads[i], 0, loop, text);
  cleanup();
  sweep();
  return 0;
}
