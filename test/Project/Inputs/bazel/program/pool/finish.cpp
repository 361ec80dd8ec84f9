#include "finish.h"
void finish(Pool &P, Conn *C) { P.put(C); }
