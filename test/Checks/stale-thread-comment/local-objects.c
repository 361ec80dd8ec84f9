// RUN: %check_race %s race-stale-thread-comment

// What was just allocated belongs to nobody else yet.

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct Sock {
  int fd;
  /* set once at creation */
  bool eligible;
  /* set once at creation */
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: comment says {{.*}}, but 'late' is touched by two threads without a common lock
  bool late;
};
struct Sock *socks[4];

static struct Sock *create(int fd) {
  struct Sock *s = calloc(1, sizeof *s);
  if (!s)
    return NULL;
  s->fd = fd;
  s->eligible = true;
  return s;
}

static void *relay(void *arg) {
  socks[(long)arg] = create(1);
  socks[0]->late = true;
  return NULL;
}

int main(void) {
  pthread_t t[4];
  for (int i = 0; i < 4; i++)
    pthread_create(&t[i], NULL, relay, (void *)(long)i);
  create(3);
  return socks[0]->late;
}
