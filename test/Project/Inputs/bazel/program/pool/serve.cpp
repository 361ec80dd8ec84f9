#include <serve.h>
#include "pool/farewell.h"
void finish(Pool &P, Conn *C);
void serve(Pool &P) {
  Conn *C = P.get();
  finish(P, C);
  C->write(FAREWELL);
}
