// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Zephyr's network packets: the last reference frees.

#include <stddef.h>

struct net_if;
struct net_buf {
  struct net_buf *frags;
  int len;
};
struct net_pkt {
  struct net_buf *frags;
  struct net_if *iface;
  int family;
};
struct net_pkt *net_pkt_alloc_with_buffer(struct net_if *iface, int size, int family, int proto, int timeout);
void net_pkt_unref(struct net_pkt *pkt);
struct net_pkt *net_pkt_ref(struct net_pkt *pkt);
void net_buf_unref(struct net_buf *buf);
int net_send_data(struct net_pkt *pkt);
int build(struct net_pkt *pkt);
void update_stats(struct net_if *iface, int status);
static inline struct net_if *net_pkt_iface(struct net_pkt *pkt) {
  return pkt->iface;
}

int send_bad(struct net_if *iface) {
  struct net_pkt *pkt = net_pkt_alloc_with_buffer(iface, 64, 2, 17, 100);
  if (!pkt)
    return -12;
  if (build(pkt) < 0) {
    net_pkt_unref(pkt);
    update_stats(net_pkt_iface(pkt), -1);
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'pkt' is used after its reference was dropped by 'net_pkt_unref'
    return -1;
  }
  return net_send_data(pkt);
}

int send_good(struct net_if *iface) {
  struct net_pkt *pkt = net_pkt_alloc_with_buffer(iface, 64, 2, 17, 100);
  if (!pkt)
    return -12;
  if (build(pkt) < 0) {
    update_stats(net_pkt_iface(pkt), -1);
    net_pkt_unref(pkt);
    return -1;
  }
  return net_send_data(pkt);
}

void received_bad(struct net_pkt *pkt) {
  net_pkt_unref(pkt);
  update_stats(pkt->iface, 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'pkt' is used after its reference was dropped by 'net_pkt_unref'
}

void queued(struct net_pkt *pkt) {
  net_pkt_ref(pkt);
  net_send_data(pkt);
  net_pkt_unref(pkt);
  update_stats(pkt->iface, 0);
}

int drop_frags_bad(struct net_buf *buf) {
  int len = 0;
  while (buf) {
    len += buf->len;
    net_buf_unref(buf);
    buf = buf->frags;
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'buf' is used after its reference was dropped by 'net_buf_unref'
  }
  return len;
}

int drop_frags_good(struct net_buf *buf) {
  int len = 0;
  while (buf) {
    struct net_buf *next = buf->frags;
    len += buf->len;
    net_buf_unref(buf);
    buf = next;
  }
  return len;
}
