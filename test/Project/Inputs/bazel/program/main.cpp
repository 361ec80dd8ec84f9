#include "pool/serve.h"
#if LIMIT != 3
#error "the target's own flags are missing"
#endif
int main() {
  Pool P;
  serve(P);
}
