// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: the comment at the test argues why it needs no lock; that is judged as a claim, with what other threads
// do.
#include <pthread.h>
struct metrics { unsigned long entry, idle; pthread_mutex_t lock; };
unsigned long now(void);

void updateGood(struct metrics *m) {
  unsigned long entered;
  /* The thread that runs this is always the same thread that sets 'entry'. So it's
   * unnecessary to lock before retrieving this value.
   */
  if (m->entry == 0)
    return;
  unsigned long left = now();
  pthread_mutex_lock(&m->lock);
  entered = m->entry;
  m->entry = 0;
  m->idle += left - entered;
  pthread_mutex_unlock(&m->lock);
}

void enterGood(struct metrics *m) {
  unsigned long at = now();
  pthread_mutex_lock(&m->lock);
  m->entry = at;
  pthread_mutex_unlock(&m->lock);
}

void updateBad(struct metrics *m) {
  if (m->entry == 0)
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'entry': it is tested without 'lock', under which it is set
    return;
  unsigned long left = now();
  pthread_mutex_lock(&m->lock);
  unsigned long entered = m->entry;
  m->entry = 0;
  m->idle += left - entered;
  pthread_mutex_unlock(&m->lock);
}
