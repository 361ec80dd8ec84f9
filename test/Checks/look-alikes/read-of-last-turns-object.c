// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: `it` is another item on each turn. The unlocked read in case 1 (under the item's lock, which another file
// takes) and the locked write in case 2 are never of the same item.
#include <pthread.h>
struct item { int flags; };
struct item *next_item(void);
int kind(struct item *);
void use(struct item *);
static pthread_mutex_t slabs = PTHREAD_MUTEX_INITIALIZER;
void move(int n) {
  for (int i = 0; i < n; i++) {
    pthread_mutex_lock(&slabs);
    struct item *it = next_item();
    switch (kind(it)) {
    case 1:
      pthread_mutex_unlock(&slabs);
      if (it->flags & 1)
        use(it);
      pthread_mutex_lock(&slabs);
      break;
    case 2:
      it->flags = 3;
      break;
    }
    pthread_mutex_unlock(&slabs);
  }
}
