// docs/checks/race-stale-thread-comment.md: every claim as an annotation, and a
// program that breaks none of them.
#include "../../../include/race/annotations.h"

@SNIPPET@
int main() {
  Histogram histogram;
  Session session;
  (void)histogram;
  (void)session;
}
