// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: a helper that lets go of the caller's lock for a while and takes it again (unlock before lock: so it is
// held at entry) is summarised as one that releases it, since some of its paths never touch the lock.
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cv;
static int count, running;
static void breathe(int n) {
  for (int i = 0; i < n; i++)
    if (i % 10 == 0) {
      pthread_mutex_unlock(&m);
      usleep(1);
      pthread_mutex_lock(&m);
    }
}
void *crawler(void *a) {
  pthread_mutex_lock(&m);
  while (running) {
    pthread_cond_wait(&cv, &m);
    breathe(count);
    if (count) { // m is held; reported as tested without it
      pthread_mutex_unlock(&m);
      usleep(1);
      pthread_mutex_lock(&m);
      count = 0;
    }
  }
  pthread_mutex_unlock(&m);
  return a;
}
