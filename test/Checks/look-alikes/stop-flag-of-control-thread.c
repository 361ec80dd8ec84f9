// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: start and stop of a helper thread are called by one control thread; only the helper
// reads the flag, under the lock. (memcached stop_conn_timeout_thread)
#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cv = PTHREAD_COND_INITIALIZER;
static int run;
static pthread_t tid;
static void *helper(void *a) {
  pthread_mutex_lock(&m);
  while (run)
    pthread_cond_wait(&cv, &m);
  pthread_mutex_unlock(&m);
  return a;
}
int start(void) { run = 1; return pthread_create(&tid, 0, helper, 0); }
int stop(void) {
  if (!run)
    return -1;
  pthread_mutex_lock(&m);
  run = 0;
  pthread_cond_signal(&cv);
  pthread_mutex_unlock(&m);
  return pthread_join(tid, 0);
}
