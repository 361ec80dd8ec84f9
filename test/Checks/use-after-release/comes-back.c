// RUN: %check_race %s race-use-after-release

// setjmp() comes back a second time, from wherever somebody jumps: what follows
// the cleaning up is not known to be run then.

#include <setjmp.h>
#include <stdlib.h>

struct Scope {
  jmp_buf jump;
  struct Scope *outer;
};
struct Item {
  int result;
};

int loop(struct Scope *s, int unwinding) {
  if (unwinding) {
    if (s->outer)
      longjmp(s->outer->jump, 1);
    return 1;
  }
  return 0;
}

void test(struct Scope *s) {
  struct Item *item = malloc(sizeof *item);
  int unwinding = setjmp(s->jump);
  if (unwinding)
    free(item);
  if (loop(s, unwinding) != 0)
    return;
  item->result++;
}

void testOnce(struct Scope *s, int unwinding) {
  struct Item *item = malloc(sizeof *item);
  if (unwinding)
    free(item);
  if (s->outer)
    return;
  item->result++;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'item' is used after it was freed
}
