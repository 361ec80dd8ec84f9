// docs/annotations.md
#include "../../../include/race/annotations.h"

struct Connection {
  void write(const char *text);
};
class Pool;
@SNIPPET@
