// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread
//
// What is said of an enum is said of what has its values.

#include <pthread.h>

// Flags of a host. Set and cleared in a manner that is not thread safe.
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "is not thread safe", but 'flags' is touched
enum host_flags { HOST_UP = 1, HOST_NEW = 2 };

// Single-threaded.
typedef enum { MODE_A, MODE_B } mode;

// No values are kept anywhere. Not thread-safe.
enum colors { RED, GREEN };

struct host {
  unsigned flags;
  unsigned other;
  mode m;
  pthread_mutex_t lock;
};
static struct host hosts;

static void *work(void *arg) {
  hosts.flags |= HOST_UP;
  hosts.other |= 1;
  pthread_mutex_lock(&hosts.lock);
  hosts.m = MODE_B;
  pthread_mutex_unlock(&hosts.lock);
  return arg;
}
void start(pthread_t *t) { pthread_create(t, 0, work, 0); }
int is_new(void) { return hosts.flags & HOST_NEW; }
unsigned others(void) { return hosts.other; }
int is_red(enum colors c) { return c == RED; }
int in_mode_a(void) {
  pthread_mutex_lock(&hosts.lock);
  int r = hosts.m == MODE_A;
  pthread_mutex_unlock(&hosts.lock);
  return r;
}
