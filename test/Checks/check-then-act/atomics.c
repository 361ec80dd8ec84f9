/* RUN: %check_race %s race-check-then-act -- -std=c11
 */
#include <stdatomic.h>
#include <stdbool.h>

void begin(void);

static atomic_int count;
static atomic_bool started;
static int shared;

void lost_update_bad(int n) {
  int old = atomic_load(&count);
  atomic_store(&count, old + n);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'count': another thread can change it between 'atomic_load' and 'atomic_store'
}

void fetch_add_good(int n) { atomic_fetch_add(&count, n); }

void one_writer_good(int n) {
  int old = atomic_load_explicit(&count, memory_order_relaxed);
  atomic_store_explicit(&count, old + n, memory_order_release);
}

void once_bad(void) {
  if (!atomic_load(&started)) {
    atomic_store(&started, true);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'started': another thread can change it between 'atomic_load' and 'atomic_store'
    begin();
  }
}

void once_good(void) {
  bool expected = false;
  if (atomic_compare_exchange_strong(&started, &expected, true))
    begin();
}

bool enter_bad(int max) {
  if (__atomic_load_n(&shared, __ATOMIC_SEQ_CST) >= max)
    return false;
  __sync_fetch_and_add(&shared, 1);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'shared': another thread can change it between '__atomic_load_n' and '__sync_fetch_and_add
  return true;
}

bool enter_good(int max) {
  if (__sync_add_and_fetch(&shared, 1) <= max)
    return true;
  __sync_sub_and_fetch(&shared, 1);
  return false;
}
