// RUN: %check_race %s race-use-after-release -- -std=c11
// Behind a second return of setjmp nothing says what was done since the first.
#include <setjmp.h>
#include <stdlib.h>

struct conn {
  int fd;
};

int run(void);

int jumps(struct conn *c, jmp_buf *env) {
  int unwound = setjmp(*env);
  if (unwound)
    free(c);
  if (run() == 0)
    return c->fd;
  return 0;
}

int goes_on(struct conn *c) {
  int bad = run();
  if (bad)
    free(c);
  return c->fd;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'c' is used after it was freed
}
