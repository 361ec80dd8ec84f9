// RUN: %check_race %s race-use-after-release -- -std=c11
//
// The shapes of nginx: memory of a pool is given back block by block, which
// only large blocks take part in, and the pool itself at the end of a request.

typedef long ngx_int_t;
typedef unsigned char u_char;
#define NULL ((void *)0)
#define NGX_OK 0
#define NGX_DECLINED -5

typedef struct ngx_pool_s ngx_pool_t;
typedef struct ngx_buf_s {
  u_char *pos, *last, *start;
} ngx_buf_t;
typedef struct ngx_connection_s {
  ngx_pool_t *pool;
  ngx_buf_t *buffer;
} ngx_connection_t;

void *ngx_palloc(ngx_pool_t *Pool, unsigned long Size);
ngx_int_t ngx_pfree(ngx_pool_t *Pool, void *P);
void ngx_destroy_pool(ngx_pool_t *Pool);
void read_into(u_char *Start);

// Freed or not, the result says.
void keepalive(ngx_connection_t *C) {
  ngx_buf_t *B = C->buffer;
  if (ngx_pfree(C->pool, B->start) == NGX_OK) {
    B->pos = NULL;
  } else {
    B->pos = B->start;
    B->last = B->start;
  }
}

void declined(ngx_connection_t *C) {
  u_char *Start = C->buffer->start;
  ngx_int_t Rc = ngx_pfree(C->pool, Start);
  if (Rc == NGX_DECLINED)
    read_into(Start);
}

void freed(ngx_connection_t *C) {
  u_char *Start = C->buffer->start;
  if (ngx_pfree(C->pool, Start) == NGX_OK)
    read_into(Start);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Start' is used after it was handed back by 'ngx_pfree'
}

// Nobody knows whether it was freed.
void unheard(ngx_connection_t *C) {
  u_char *Start = C->buffer->start;
  ngx_pfree(C->pool, Start);
  read_into(Start);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Start' is used after it was handed back by 'ngx_pfree'
}

void wholePool(ngx_pool_t *Pool) {
  u_char *P = ngx_palloc(Pool, 16);
  if (!P)
    return;
  ngx_destroy_pool(Pool);
  read_into(P);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'P' is used after {{.*}}'ngx_destroy_pool'
}

void usedFirst(ngx_pool_t *Pool) {
  u_char *P = ngx_palloc(Pool, 16);
  if (P)
    read_into(P);
  ngx_destroy_pool(Pool);
}
