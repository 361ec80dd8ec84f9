// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent but for what is marked: an element of a queue keeps the address of the pointer that leads to it. To
// write there takes it out, whoever has that pointer.
#include <stdlib.h>
struct range { struct range *next, **prev; long size; int used; };
struct head { struct range *first, **last; };

static void unlinkRange(struct head *h, struct range *r) {
  if (r->next)
    r->next->prev = r->prev;
  else
    h->last = r->prev;
  *r->prev = r->next;
}

long joinGood(struct head *h, struct range *r) {
  struct range *other = r->next;
  if (other && !other->used) {
    r->size += other->size;
    if (other->next)
      other->next->prev = other->prev;
    else
      h->last = other->prev;
    *other->prev = other->next;
    free(other);
  }
  if (r->next)
    return r->next->size;
  return r->size;
}

long keepBad(struct head *h, struct range *r) {
  struct range *other = r->next;
  if (other && !other->used) {
    if (other->next)
      other->next->prev = other->prev;
    *other->prev = other->next;
    free(other);
    return other->size;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'other' is used after it was freed
  }
  return 0;
}

// Not taken out.
long stillThereBad(struct head *h, struct range *r) {
  struct range *other = r->next;
  if (other && !other->used)
    free(other);
  if (r->next)
    return r->next->size;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'other' is used after it was freed
  return 0;
}
