// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Lists whose nodes lie within their elements: what is freed in one turn of a
// loop is not what the next turn computes from another node.

typedef unsigned long size_t;
void free(void *);

struct node {
  struct node *next, *prev;
  void *key;
};
struct entry {
  int id;
  char *data;
  struct node node;
  struct node other;
};
struct node *first_node(struct node *root);
struct node *next_node(struct node *n);
void unlink_node(struct node *n);
void destroy_buffer(char **buffer);
void note(int);

#define container_of(ptr, type, member)                                        \
  ((type *)((char *)(ptr) - __builtin_offsetof(type, member)))
#define checked_container_of(ptr, type, member)                                \
  ({                                                                           \
    const __typeof__(((type *)0)->member) *mptr = (ptr);                       \
    (type *)((char *)mptr - __builtin_offsetof(type, member));                 \
  })
#define for_each_entry_safe(pos, n, head, member)                              \
  for (pos = container_of((head)->next, __typeof__(*pos), member),             \
      n = container_of(pos->member.next, __typeof__(*pos), member);            \
       &pos->member != (head);                                                 \
       pos = n, n = container_of(n->member.next, __typeof__(*n), member))
#define for_each_entry(pos, head, member)                                      \
  for (pos = container_of((head)->next, __typeof__(*pos), member);             \
       &pos->member != (head);                                                 \
       pos = container_of(pos->member.next, __typeof__(*pos), member))

void tree_good(struct node *root) {
  struct node *node, *next;
  struct entry *elt;
  node = first_node(root);
  while (node) {
    next = next_node(node);
    unlink_node(node);
    elt = container_of(node, struct entry, node);
    destroy_buffer(&elt->data);
    free(node->key);
    free(elt);
    node = next;
  }
}

void tree_bad(struct node *root) {
  struct node *node, *next;
  struct entry *elt;
  node = first_node(root);
  while (node) {
    next = next_node(node);
    elt = container_of(node, struct entry, node);
    free(elt);
    destroy_buffer(&elt->data);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'elt' is used after it was freed
    node = next;
  }
}

// The element of the turn before is freed in this one.
void lagging_good(struct node *root) {
  struct entry *last = 0;
  for (struct node *n = first_node(root); n; n = next_node(n)) {
    if (last)
      free(last);
    last = checked_container_of(n, struct entry, node);
    note(last->id);
  }
  free(last);
}

void lagging_bad(struct node *root) {
  struct entry *last = 0;
  for (struct node *n = first_node(root); n; n = next_node(n)) {
    if (last)
      note(last->id);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'last' is used after it was freed
    last = checked_container_of(n, struct entry, node);
    free(last);
  }
}

void safe_walk_good(struct node *head) {
  struct entry *e, *n;
  for_each_entry_safe(e, n, head, node) {
    unlink_node(&e->node);
    free(e->data);
    free(e);
  }
}

void unsafe_walk_bad(struct node *head) {
  struct entry *e;
  for_each_entry(e, head, node) {
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'e' is used after it was freed
    free(e->data);
    free(e);
  }
}

// Two lists through one element.
void two_lists_good(struct node *head) {
  struct node *n = head->next;
  while (n != head) {
    struct entry *e = container_of(n, struct entry, other);
    n = n->next;
    unlink_node(&e->node);
    unlink_node(&e->other);
    free(e);
  }
}

int out_of_loop_bad(struct node *head) {
  struct entry *e = 0;
  for (struct node *n = head->next, *next; n != head; n = next) {
    next = n->next;
    e = container_of(n, struct entry, node);
    note(e->id);
    free(e);
  }
  return e ? e->id : 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'e' is used after it was freed
}

int out_of_loop_good(struct node *head) {
  int last = 0;
  for (struct node *n = head->next, *next; n != head; n = next) {
    next = n->next;
    struct entry *e = container_of(n, struct entry, node);
    last = e->id;
    free(e);
  }
  return last;
}

// The node lies in what was freed.
void node_bad(struct node *n) {
  struct entry *e = container_of(n, struct entry, node);
  free(e);
  note(e->node.key != 0);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'e' is used after it was freed
}
