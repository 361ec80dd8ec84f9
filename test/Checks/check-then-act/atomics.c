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

static atomic_int own;

void one_writer_good(int n) {
  int old = atomic_load_explicit(&own, memory_order_relaxed);
  atomic_store_explicit(&own, old + n, memory_order_release);
}

// The same writer: with others, the stores above would lose what they count.
void one_writer_again_good(int max) {
  if (atomic_load(&own) < max)
    atomic_fetch_add(&own, 1);
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
