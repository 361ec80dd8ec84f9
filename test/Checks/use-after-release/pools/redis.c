// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Redis and Valkey: clients that functions may free, as their result says;
// objects that are counted.

#include <stddef.h>

#define C_OK 0
#define C_ERR -1

typedef struct redisObject {
  int type;
  int refcount;
} robj;
typedef struct client {
  int flags;
  int argc;
  robj **argv;
} client;

void freeClient(client *c);
void freeClientAsync(client *c);
void decrRefCount(robj *o);
void incrRefCount(robj *o);
robj *createStringObject(const char *p, size_t len);
robj *lookupKeyRead(const char *key);
int processCommand(client *c);
void addReply(client *c, robj *o);

int processInput(client *c) {
  if (c->argc > 1024) {
    freeClient(c);
    return C_ERR;
  }
  return processCommand(c);
}

int checkLimit(client *c) {
  if (c->argc > 1024) {
    freeClient(c);
    return 1;
  }
  return 0;
}

void read_bad(client *c) {
  checkLimit(c);
  c->flags = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'c' is used after it was handed back by 'checkLimit'
}

void read_good(client *c) {
  if (checkLimit(c))
    return;
  c->flags = 0;
}

void timeout_bad(client *c) {
  freeClient(c);
  if (c->flags & 1)
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'c' is used after it was handed back by 'freeClient'
    freeClientAsync(c);
}

void later(client *c) {
  freeClientAsync(c);
  c->flags |= 2;
}

int object_bad(client *c) {
  robj *o = createStringObject("x", 1);
  addReply(c, o);
  decrRefCount(o);
  return o->type;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'o' is used after its reference was dropped by 'decrRefCount'
}

int object_good(client *c) {
  robj *o = createStringObject("x", 1);
  addReply(c, o);
  int type = o->type;
  decrRefCount(o);
  return type;
}

int object_shared(client *c) {
  robj *o = lookupKeyRead("x");
  incrRefCount(o);
  addReply(c, o);
  decrRefCount(o);
  return o->type;
}
