// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: "handed back twice". Unlinking writes `el->prev->next`, which is the list head's `next`: the next turn
// pops another element. A store through one pointer does not unsettle the same field seen through another.
struct list { struct list *n, *p; };
struct task { struct list list; int state; };
struct pool_head;
extern struct pool_head *tasks;
void __pool_free(struct pool_head *pool, void *ptr); // haproxy preset
struct queue { struct list head; };
void run(struct queue *q) {
  while (q->head.n != &q->head) {
    struct task *t = (struct task *)q->head.n;
    t->list.n->p = t->list.p;
    t->list.p->n = t->list.n;
    __pool_free(tasks, t);
  }
}
