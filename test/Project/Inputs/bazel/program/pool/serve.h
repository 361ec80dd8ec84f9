#pragma once
#include "pool/pool.h"
void serve(Pool &P);
