// RUN: %check_race %s race-stale-thread-comment -- -std=gnu11 -pthread
//
// What starts threads in C: each writes what the callers read.

#include <pthread.h>
#include <signal.h>
#include <threads.h>
#include <time.h>

static int Pthread; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Pthread' is touched
static void *pthreadLoop(void *A) { ++Pthread; return A; }
int startPthread(pthread_t *T) { return pthread_create(T, 0, pthreadLoop, 0); }
int getPthread(void) { return Pthread; }

static int C11; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'C11' is touched
static int c11Loop(void *A) { ++C11; return A != 0; }
int startC11(thrd_t *T) { return thrd_create(T, c11Loop, 0); }
int getC11(void) { return C11; }

static int Signal; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Signal' is touched
static void onSignal(int S) { Signal = S; }
void startSignal(void) { signal(SIGINT, onSignal); }
int getSignal(void) { return Signal; }

static int Action; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Action' is touched
static void onAction(int S) { Action = S; }
void startAction(void) {
  struct sigaction Sa = {0};
  Sa.sa_handler = onAction;
  sigaction(SIGTERM, &Sa, 0);
}
int getAction(void) { return Action; }

static int Timer; // single-threaded
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'Timer' is touched
static void onTimer(union sigval V) { Timer = V.sival_int; }
void startTimer(timer_t *T) {
  struct sigevent Ev = {0};
  Ev.sigev_notify = SIGEV_THREAD;
  Ev.sigev_notify_function = onTimer;
  timer_create(CLOCK_REALTIME, &Ev, T);
}
int getTimer(void) { return Timer; }

// Joined before anybody looks.
static int Joined; // single-threaded
static void *joinedLoop(void *A) { ++Joined; return A; }
int runJoined(void) {
  pthread_t T;
  pthread_create(&T, 0, joinedLoop, 0);
  pthread_join(T, 0);
  return Joined;
}

// One thread for each element.
struct worker { pthread_t T; int N; /* only used by the worker's own thread */ };
static void *workerLoop(void *A) { struct worker *W = A; ++W->N; return A; }
void startWorkers(struct worker *W, int N) {
  for (int I = 0; I < N; ++I)
    pthread_create(&W[I].T, 0, workerLoop, &W[I]);
}

// All threads get the same.
struct shared { int N; /* single-threaded */ };
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "single-threaded", but 'N' is touched
static void *sharedLoop(void *A) { struct shared *S = A; ++S->N; return A; }
void startShared(struct shared *S, pthread_t *T, int N) {
  for (int I = 0; I < N; ++I)
    pthread_create(&T[I], 0, sharedLoop, S);
}

// A pointer of which unseen code does something.
struct tree;
void tree_add(struct tree *, int);
static struct tree *Tree; // only used by the loop thread
// CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "{{.*}}", but what 'Tree' points to is used by two threads
static void *treeLoop(void *A) { tree_add(Tree, 1); return A; }
int startTree(pthread_t *T) { return pthread_create(T, 0, treeLoop, 0); }
void addToTree(int V) { tree_add(Tree, V); }

static pthread_mutex_t TreeLock;
static struct tree *LockedTree; // only used by the loop thread
static void *lockedTreeLoop(void *A) {
  pthread_mutex_lock(&TreeLock);
  tree_add(LockedTree, 1);
  pthread_mutex_unlock(&TreeLock);
  return A;
}
int startLockedTree(pthread_t *T) { return pthread_create(T, 0, lockedTreeLoop, 0); }
void addToLockedTree(int V) {
  pthread_mutex_lock(&TreeLock);
  tree_add(LockedTree, V);
  pthread_mutex_unlock(&TreeLock);
}

// "The object must be locked": its only lock.
struct conn { pthread_mutex_t M; int Refs; };
// The connection must be locked when calling this function.
static void conn_get(struct conn *C) { ++C->Refs; }
// CHECK-MESSAGES: :[[@LINE-2]]: warning: comment says "{{.*}}", but 'conn_get' is called without 'M'
static void *connLoop(void *A) { conn_get(A); return A; }
int startConn(pthread_t *T, struct conn *C) { return pthread_create(T, 0, connLoop, C); }
void conn_use(struct conn *C) {
  pthread_mutex_lock(&C->M);
  conn_get(C);
  pthread_mutex_unlock(&C->M);
}
