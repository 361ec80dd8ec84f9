// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Contiki and IoTivity: blocks of fixed memory, on lists while in use.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct oc_memb {
  unsigned short size;
};
void *oc_memb_alloc(struct oc_memb *m);
int oc_memb_free(struct oc_memb *m, void *ptr);
typedef void *oc_list_t[1];
void oc_list_remove(void *list, void *item);
void *oc_list_head(void *list);

typedef struct event_callback_s {
  struct event_callback_s *next;
  int (*callback)(void *data);
  void *data;
  uint64_t at;
} event_callback_t;

static struct oc_memb callbacks_s;
static void *callbacks;

static void remove_callback(event_callback_t *cb) {
  oc_list_remove(&callbacks, cb);
  oc_memb_free(&callbacks_s, cb);
}

void poll_bad(void) {
  event_callback_t *cb = oc_list_head(&callbacks);
  while (cb != NULL) {
    if (cb->callback(cb->data) == 0)
      remove_callback(cb);
    cb = cb->next;
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'cb' is used after it was handed back by 'remove_callback'
  }
}

void poll_good(void) {
  event_callback_t *cb = oc_list_head(&callbacks), *next;
  while (cb != NULL) {
    next = cb->next;
    if (cb->callback(cb->data) == 0)
      remove_callback(cb);
    cb = next;
  }
}

void poll_again(void) {
  event_callback_t *cb = oc_list_head(&callbacks);
  while (cb != NULL) {
    if (cb->callback(cb->data) == 0) {
      remove_callback(cb);
      cb = oc_list_head(&callbacks);
      continue;
    }
    cb = cb->next;
  }
}

bool cancel_bad(event_callback_t *cb) {
  remove_callback(cb);
  return cb->at != 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'cb' is used after it was handed back by 'remove_callback'
}
