// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: "never fork() while here, in the main thread" is about fork, not a confinement of what follows; and the
// subject becomes the whole global struct `server`, so any other field that a thread touches is a conflict.
#include <pthread.h>
#include <time.h>
struct { long unixtime; int dst; int hits; } server;
void updateTime(void) {
  /* Calling localtime_r in this context is safe since we will never fork()
   * while here, in the main thread. */
  {
    struct tm tm;
    localtime_r(&server.unixtime, &tm);
    server.dst = tm.tm_isdst;
  }
}
static void *worker(void *a) {
  server.hits++; // another field
  return a;
}
int start(void) { pthread_t t; return pthread_create(&t, 0, worker, 0); }
