// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: the flag is only used by the main thread; the locks are there to stop workers, not to guard it.
// No second thread reaches either the test or the write.
#include <pthread.h>
static pthread_mutex_t park[4];
static struct { int active, n; } server;
static void stop(void) {
  if (!server.active)
    return;
  for (int j = 1; j < server.n; j++)
    pthread_mutex_lock(&park[j]);
  server.active = 0;
}
void cron(void) { stop(); }
