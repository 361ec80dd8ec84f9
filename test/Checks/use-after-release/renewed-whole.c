// RUN: %check_race %s race-use-after-release
// What frees a member and then assigns all of the structure around it leaves
// something else there.
#include <stdlib.h>

struct text {
  char *data;
  int size;
};
struct reader {
  struct text key;
  int next;
};
struct text make(int n);
int find(struct reader *r, struct text *key);

static int step(struct reader *r) {
  free(r->key.data);
  r->key = make(r->next);
  if (!find(r, &r->key))
    return 0;
  r->next++;
  return 1;
}

static int step_and_keep(struct reader *r) {
  free(r->key.data);
  r->next++;
  return r->next > 3;
}

static void end(struct reader *r) {
  free(r->key.data);
  free(r);
}

struct reader *begin_good(void) {
  struct reader *r = calloc(1, sizeof *r);
  if (!step(r)) {
    end(r);
    return NULL;
  }
  return r;
}

struct reader *begin_bad(void) {
  struct reader *r = calloc(1, sizeof *r);
  if (!step_and_keep(r)) {
    end(r);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: {{.*}}data' is freed twice
    return NULL;
  }
  return r;
}
