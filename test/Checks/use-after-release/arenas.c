// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// What lies in an arena goes with it.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct ws;
void *WS_Alloc(struct ws *ws, unsigned bytes);
uintptr_t WS_Snapshot(struct ws *ws);
void WS_Rollback(struct ws *ws, uintptr_t snap);

struct line {
  unsigned magic;
  int count;
  struct ws *ws;
  uintptr_t snap;
};
struct worker {
  struct line *line;
};

struct line *line_open(struct worker *wrk, struct ws *ws) {
  uintptr_t snap = WS_Snapshot(ws);
  struct line *l = WS_Alloc(ws, sizeof *l);
  if (l == NULL)
    return NULL;
  l->ws = ws;
  l->snap = snap;
  wrk->line = l;
  return l;
}

int line_close_bad(struct worker *wrk) {
  struct line *l = wrk->line;
  wrk->line = NULL;
  int count = l->count;
  WS_Rollback(l->ws, l->snap);
  memset(l, 0, sizeof *l);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' is used after it was handed back by 'WS_Rollback'
  // CHECK-NOTES: :[[@LINE-3]]:3: note: 'l' lies in 'l->ws' and goes with it
  return count;
}

int line_close_good(struct worker *wrk) {
  struct line *l = wrk->line;
  wrk->line = NULL;
  int count = l->count;
  struct ws *ws = l->ws;
  uintptr_t snap = l->snap;
  memset(l, 0, sizeof *l);
  WS_Rollback(ws, snap);
  return count;
}

// Older than the snapshot.
int kept(struct ws *ws) {
  int *p = WS_Alloc(ws, sizeof *p);
  uintptr_t snap = WS_Snapshot(ws);
  char *tmp = WS_Alloc(ws, 100);
  memset(tmp, 0, 100);
  WS_Rollback(ws, snap);
  return *p;
}

int taken_back(struct ws *ws) {
  uintptr_t snap = WS_Snapshot(ws);
  int *p = WS_Alloc(ws, sizeof *p);
  WS_Rollback(ws, snap);
  return *p;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'p' is used after it was handed back by 'WS_Rollback'
}

int by_parameter(struct ws *ws, uintptr_t snap) {
  int *p = WS_Alloc(ws, sizeof *p);
  WS_Rollback(ws, snap);
  return *p;
}

typedef struct ngx_pool_s ngx_pool_t;
void *ngx_palloc(ngx_pool_t *pool, size_t size);
void ngx_destroy_pool(ngx_pool_t *pool);

typedef struct {
  ngx_pool_t *pool;
  int status;
} request_t;

request_t *request_create(ngx_pool_t *pool) {
  request_t *r = ngx_palloc(pool, sizeof(request_t));
  if (r == NULL)
    return NULL;
  r->pool = pool;
  r->status = 0;
  return r;
}

int request_free_bad(request_t *r) {
  ngx_destroy_pool(r->pool);
  return r->status;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'r' is used after it was handed back by 'ngx_destroy_pool'
}

int request_free_good(request_t *r) {
  ngx_pool_t *pool = r->pool;
  int status = r->status;
  r->pool = NULL;
  ngx_destroy_pool(pool);
  return status;
}

char *buffer_bad(ngx_pool_t *pool) {
  char *buffer = ngx_palloc(pool, 100);
  ngx_destroy_pool(pool);
  buffer[0] = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'buffer' is used after it was handed back by 'ngx_destroy_pool'
  return NULL;
}

void other_pool(ngx_pool_t *pool, ngx_pool_t *other) {
  char *buffer = ngx_palloc(pool, 100);
  ngx_destroy_pool(other);
  buffer[0] = 0;
}
