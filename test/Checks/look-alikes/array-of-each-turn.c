// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent but for what is marked: the array is another one in each turn of the outer loop.
#include <stdlib.h>
typedef struct { int kind; char *path[9]; } keys;
int parse(keys *k, const char *text);
int finish(int *count);

int checkGood(unsigned n) {
  int count;
  for (unsigned i = 0; i < n; i++) {
    keys k = {0};
    if (parse(&k, "x"))
      return 0;
    for (int j = 0; j < 8; j++)
      free(k.path[j]);
  }
  finish(&count);
  return 0;
}

int checkBad(unsigned n) {
  int count;
  for (unsigned i = 0; i < n; i++) {
    keys k = {0};
    if (parse(&k, "x"))
      return 0;
    free(k.path[0]);
    free(k.path[0]);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: {{.*}} is freed twice
  }
  finish(&count);
  return 0;
}

char keptBad(void) {
  char *first;
  {
    keys k = {0};
    if (parse(&k, "x"))
      return 0;
    first = k.path[0];
    free(k.path[0]);
  }
  return *first;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: {{.*}} is used after it was freed
}
