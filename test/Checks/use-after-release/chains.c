// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Chains that are freed as a whole: what was reached by the link goes too.

struct rte_mbuf {
  struct rte_mbuf *next;
  void *userdata;
  int pkt_len;
};
void rte_pktmbuf_free(struct rte_mbuf *m);
void rte_pktmbuf_free_seg(struct rte_mbuf *m);
int look(void *);

int second_bad(struct rte_mbuf *m) {
  struct rte_mbuf *s = m->next;
  rte_pktmbuf_free(m);
  return s ? s->pkt_len : 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'm' is used after it was handed back by 'rte_pktmbuf_free'
}
int third_bad(struct rte_mbuf *m) {
  struct rte_mbuf *s = m->next->next;
  rte_pktmbuf_free(m);
  return s->pkt_len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'm' is used after it was handed back by 'rte_pktmbuf_free'
}
static void drop(struct rte_mbuf *m) { rte_pktmbuf_free(m); }
int through_bad(struct rte_mbuf *m) {
  struct rte_mbuf *s = m->next;
  drop(m);
  return s->pkt_len;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'm' is used after it was handed back by 'drop'
}

int one_segment_good(struct rte_mbuf *m) {
  struct rte_mbuf *s = m->next;
  rte_pktmbuf_free_seg(m);
  return s->pkt_len;
}
int cut_good(struct rte_mbuf *m) {
  struct rte_mbuf *s = m->next;
  m->next = 0;
  rte_pktmbuf_free(m);
  return s->pkt_len;
}
int other_member_good(struct rte_mbuf *m) {
  void *data = m->userdata;
  rte_pktmbuf_free(m);
  return look(data);
}
int before_good(struct rte_mbuf *m) {
  struct rte_mbuf *s = m->next;
  int n = s ? s->pkt_len : 0;
  rte_pktmbuf_free(m);
  return n;
}
