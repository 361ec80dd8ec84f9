// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread -I%source_dir/include

#include "race/annotations.h"
#include <pthread.h>

RACE_CONFINED_TO("poll") static int Polled;
// CHECK-MESSAGES: :[[@LINE-1]]: warning: annotation says "confined poll", but 'Polled' is touched by two threads
RACE_CONFINED_TO("poll") static int Quiet;
static void *poll_loop(void *A) { ++Polled, ++Quiet; return A; }
int start(pthread_t *T) { return pthread_create(T, 0, poll_loop, 0); }
int get(void) { return Polled; }
