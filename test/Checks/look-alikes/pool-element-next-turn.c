// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: "handed back twice". The second time is another turn of an endless loop: in between other threads take
// pages from the free list again. The element of a lasting array is the same address each time.
#include <pthread.h>
struct page { struct page *next; int free, refs, closed; pthread_mutex_t m; };
struct engine { struct page pages[16]; struct page *freelist; pthread_mutex_t m; };
struct page *take(struct engine *e) {
  pthread_mutex_lock(&e->m);
  struct page *p = e->freelist;
  if (p)
    e->freelist = p->next;
  pthread_mutex_unlock(&e->m);
  return p;
}
static void freePage(struct engine *e, struct page *p) {
  pthread_mutex_lock(&e->m);
  p->next = e->freelist;
  e->freelist = p;
  pthread_mutex_unlock(&e->m);
}
void maintain(struct engine *e) {
  for (;;) {
    struct page *p = &e->pages[0];
    pthread_mutex_lock(&p->m);
    if (!p->closed && p->refs == 0)
      freePage(e, p);
    pthread_mutex_unlock(&p->m);
  }
}
