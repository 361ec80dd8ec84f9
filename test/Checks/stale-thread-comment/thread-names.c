// Threads that are known by the name that they give themselves.
//
// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread
#define _GNU_SOURCE
#include <pthread.h>

enum { PR_SET_NAME = 15 };
int prctl(int Option, ...);

// Must be called on the journal thread.
// CHECK-MESSAGES: :[[@LINE-1]]:4: warning: comment says "Must be called on the journal thread", but 'flushJournal' is called by the thread that runs 'sweep'
void flushJournal(void);

// Must be called on the journal thread.
void sealJournal(void);

// Must be called on the sampling thread.
void sample(void);

// Must be called on the archive thread.
void archive(void);

static void *first(void *Arg) {
  pthread_setname_np(pthread_self(), "journal");
  flushJournal();
  sealJournal();
  return Arg;
}

static void *sweep(void *Arg) {
  prctl(PR_SET_NAME, "sweeper", 0, 0, 0);
  flushJournal();
  return Arg;
}

static void *second(void *Arg) {
  prctl(PR_SET_NAME, "sampling", 0, 0, 0);
  sample();
  return Arg;
}

// Nobody says that it is the archive's.
static void *third(void *Arg) {
  pthread_setname_np(pthread_self(), (const char *)Arg);
  archive();
  return Arg;
}

int main(void) {
  pthread_t Threads[4];
  pthread_create(&Threads[0], 0, first, 0);
  pthread_create(&Threads[1], 0, sweep, 0);
  pthread_create(&Threads[2], 0, second, 0);
  pthread_create(&Threads[3], 0, third, 0);
  pthread_join(Threads[0], 0);
}
