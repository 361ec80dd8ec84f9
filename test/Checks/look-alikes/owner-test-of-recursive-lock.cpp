// RUN: %check_race %s 'race-*' -- -std=c++17
// trafficserver 9.2.5, iocore/eventsystem/I_Lock.h:263 and 320. The test asks
// whether the calling thread is the owner; only that thread itself can make it
// true or false for itself. What is stored is what was compared with.
// Expect: silent. (In a header: shown in every file.)
#include <pthread.h>
#include <thread>
struct Thread;
struct ProxyMutex { pthread_mutex_t Lock; Thread *Holder; int Depth; };
int take(ProxyMutex *M, Thread *T) {
  if (M->Holder != T) {
    pthread_mutex_lock(&M->Lock);
    M->Holder = T;
  }
  M->Depth++;
  return 1;
}
