// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: the callee gives c back only when it returns -1, the caller leaves exactly on -1;
// outcome "negative" is not narrowed to the one negative constant that the function returns.
// (needs a model or attribute for freeClient: named as in the redis preset)
typedef struct client { int flags; } client;
void freeClient(client *c);
static int idle;
static int beforeNext(client *c) {
  if (!idle)
    return 0;
  if (c && (c->flags & 1)) {
    freeClient(c);
    return -1;
  }
  return 0;
}
int run(client *c) {
  if (beforeNext(c) == -1)
    return 0;
  return c->flags;
}
