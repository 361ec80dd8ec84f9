#include "pool.h"
void serve(Pool &P) {
  Conn *C = P.get();
  P.put(C);
  C->write(1);
}
