// RUN: %check_race %s race-check-then-act
//
// The same in C.

#include <stdatomic.h>

typedef struct {
  volatile int taken;
} spinlock_t;

static inline void spin_lock(spinlock_t *l) {
  while (__sync_lock_test_and_set(&l->taken, 1)) {
  }
}
static inline void spin_unlock(spinlock_t *l) {
  __sync_lock_release(&l->taken);
}

static spinlock_t lock;
static int users, most = 4;
void work(void);

int enterBad(void) {
  spin_lock(&lock);
  if (users >= most) {
    spin_unlock(&lock);
    return -1;
  }
  spin_unlock(&lock);
  work();
  spin_lock(&lock);
  users++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'users': another thread can change it between the test and the change
  spin_unlock(&lock);
  return 0;
}

int enterGood(void) {
  spin_lock(&lock);
  if (users >= most) {
    spin_unlock(&lock);
    return -1;
  }
  users++;
  spin_unlock(&lock);
  work();
  return 0;
}
