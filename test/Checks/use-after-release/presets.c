// RUN: %check_race %s race-use-after-release
//
// C libraries of which the presets know what hands back.

#include <stddef.h>

struct rte_mbuf {
  unsigned len;
  void *buf;
};
struct rte_mempool;
struct rte_mbuf *rte_pktmbuf_alloc(struct rte_mempool *mp);
void rte_pktmbuf_free(struct rte_mbuf *m);
void rte_mempool_put(struct rte_mempool *mp, void *obj);
int send(struct rte_mbuf *m);

void dpdk_bad(struct rte_mempool *mp) {
  struct rte_mbuf *m = rte_pktmbuf_alloc(mp);
  rte_pktmbuf_free(m);
  m->len = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'm' is used after it was handed back by 'rte_pktmbuf_free'
  // CHECK-NOTES: :[[@LINE-3]]: note: handed back here
  // CHECK-NOTES: :[[@LINE-5]]: note: borrowed here
}

void dpdk_good(struct rte_mempool *mp) {
  struct rte_mbuf *m = rte_pktmbuf_alloc(mp);
  m->len = 0;
  if (send(m) < 0) {
    rte_pktmbuf_free(m);
    return;
  }
}

unsigned dpdk_drop_bad(struct rte_mbuf *m) {
  rte_pktmbuf_free(m);
  return m->len;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'm' is used after it was handed back by 'rte_pktmbuf_free'
}

unsigned dpdk_drop_good(struct rte_mbuf *m) {
  unsigned len = m->len;
  rte_pktmbuf_free(m);
  return len;
}

void mempool_bad(struct rte_mempool *mp, int *obj) {
  rte_mempool_put(mp, obj);
  *obj = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'obj' is used after it was handed back by 'rte_mempool_put'
}

void mempool_good(struct rte_mempool *mp, int *obj) {
  *obj = 1;
  rte_mempool_put(mp, obj);
}

void dpdk_twice(struct rte_mbuf *m, int err) {
  if (err)
    rte_pktmbuf_free(m);
  rte_pktmbuf_free(m);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'm' is handed back twice
}

void dpdk_burst_good(struct rte_mbuf **pkts, unsigned n) {
  for (unsigned i = 0; i < n; i++) {
    if (pkts[i]->len == 0)
      continue;
    rte_pktmbuf_free(pkts[i]);
  }
}

typedef struct ngx_connection_s {
  int fd;
  void *data;
} ngx_connection_t;
typedef struct ngx_pool_s ngx_pool_t;
ngx_connection_t *ngx_get_connection(int s, void *log);
void ngx_free_connection(ngx_connection_t *c);
void ngx_close_connection(ngx_connection_t *c);
void ngx_log(void *log, int fd);

void nginx_bad(ngx_connection_t *c, void *log) {
  ngx_close_connection(c);
  ngx_log(log, c->fd);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c' is used after it was handed back by 'ngx_close_connection'
}

void nginx_good(ngx_connection_t *c, void *log) {
  int fd = c->fd;
  ngx_close_connection(c);
  ngx_log(log, fd);
}

void nginx_other_good(ngx_connection_t *c, ngx_connection_t *pc, void *log) {
  ngx_close_connection(pc);
  ngx_log(log, c->fd);
}

struct pool_head;
void *pool_alloc(struct pool_head *pool);
void pool_free(struct pool_head *pool, void *ptr);
struct item {
  int n;
};

int haproxy_bad(struct pool_head *pool) {
  struct item *i = pool_alloc(pool);
  pool_free(pool, i);
  return i->n;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'i' is used after it was handed back by 'pool_free'
}

int haproxy_good(struct pool_head *pool) {
  struct item *i = pool_alloc(pool);
  int n = i->n;
  pool_free(pool, i);
  i = pool_alloc(pool);
  i->n = n;
  pool_free(pool, i);
  return n;
}
