// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: "handed back twice". `n = next(n)` renews the symbol of the call's result, so `t` becomes Older(t); the
// one handed back in the previous turn is Older(t) too: Memory::older has a single generation (t lives outside the
// loop, so the old one is not garbage yet).
struct eb { struct eb *next; };
struct task { struct eb rq; int state; };
void task_destroy(struct task *t); // haproxy preset
struct eb *first(struct eb *root);
struct eb *next(struct eb *n);
void clean(struct eb *root) {
  struct task *t;
  struct eb *n = first(root);
  while (n) {
    t = (struct task *)n;
    n = next(n);
    task_destroy(t);
  }
}
