// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
// What main does before it starts a thread is over when that thread begins,
// however many others run by then.

#include <pthread.h>

void *first(void *);
void *second(void *);

int Early; // single-threaded: set up by main before its thread starts
int Late; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Late' is touched by two threads
int OfFirst; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'OfFirst' is touched by two threads
int InCallee; // single-threaded: set up by main before its thread starts
int InStep; // single-threaded: set up by main before its thread starts
int InBoth; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'InBoth' is touched by two threads
int ByFirst; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'ByFirst' is touched by two threads
int AtEnd; // single-threaded: main has it when all threads have ended
int AtNoEnd; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'AtNoEnd' is touched by two threads
int InLoop; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'InLoop' is touched by two threads

static pthread_t A, B, C, D;

void *first(void *) { return ++OfFirst, nullptr; }
void *second(void *) {
  ++AtEnd, ++AtNoEnd, ++Early, ++Late, ++InCallee, ++InStep, ++InBoth;
  return nullptr;
}

void *third(void *) { return ++ByFirst, nullptr; }
void *starter(void *) {
  pthread_create(&C, nullptr, third, nullptr);
  return nullptr;
}
void *worker(void *) { return ++InLoop, nullptr; }

static void prepare() { InCallee = 1; }
static void both() { InBoth = 1; }
static void launch() { pthread_create(&B, nullptr, second, nullptr); }
static void step() {
  InStep = 1;
  launch();
}

static void stop() {
  AtNoEnd = 1;
  pthread_join(B, nullptr);
  AtEnd = 1;
}

int main() {
  pthread_create(&A, nullptr, first, nullptr);
  pthread_create(&D, nullptr, starter, nullptr);
  Early = 1;
  OfFirst = 1;
  ByFirst = 1;
  prepare();
  both();
  for (int I = 0; I < 4; ++I) {
    InLoop = I;
    pthread_t T;
    pthread_create(&T, nullptr, worker, nullptr);
  }
  step();
  Late = 1;
  both();
  stop();
}
