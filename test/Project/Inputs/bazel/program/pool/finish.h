#pragma once
#include "pool/pool.h"
void finish(Pool &P, Conn *C);
