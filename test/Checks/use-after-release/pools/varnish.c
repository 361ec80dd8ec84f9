// RUN: %check_race %s race-use-after-release -- -std=c11
// A workspace: a release without bytes ends the reservation, one with bytes
// keeps them, and what was allocated stays.
#include <stddef.h>

struct ws;
unsigned WS_ReserveAll(struct ws *ws);
void *WS_Reservation(const struct ws *ws);
void WS_Release(struct ws *ws, unsigned bytes);
void *WS_Alloc(struct ws *ws, unsigned bytes);
void VRT_fail(void *ctx, const char *format, ...);
unsigned fill(char *to, unsigned size);

void released_bad(void *ctx, struct ws *ws) {
  unsigned u = WS_ReserveAll(ws);
  char *b = WS_Reservation(ws);
  if (!fill(b, u)) {
    WS_Release(ws, 0);
    VRT_fail(ctx, "bad header %s", b);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'b' is used after it was handed back
    return;
  }
  WS_Release(ws, u);
}
char *returned_bad(struct ws *ws) {
  unsigned u = WS_ReserveAll(ws);
  char *b = WS_Reservation(ws);
  fill(b, u);
  WS_Release(ws, 0);
  return b;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'b' is returned after it was handed back
}

char *kept_good(struct ws *ws) {
  unsigned u = WS_ReserveAll(ws);
  char *b = WS_Reservation(ws);
  unsigned n = fill(b, u);
  if (n == 0) {
    WS_Release(ws, 0);
    return NULL;
  }
  WS_Release(ws, n);
  return b;
}
char *allocated_good(struct ws *ws) {
  char *a = WS_Alloc(ws, 16);
  WS_ReserveAll(ws);
  WS_Release(ws, 0);
  a[0] = 0;
  return a;
}
void before_good(void *ctx, struct ws *ws) {
  unsigned u = WS_ReserveAll(ws);
  char *b = WS_Reservation(ws);
  if (!fill(b, u))
    VRT_fail(ctx, "bad header %s", b);
  WS_Release(ws, 0);
}
