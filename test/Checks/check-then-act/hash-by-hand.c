// RUN: %check_race %s race-check-then-act
//
// Hash tables made by hand, whose lists are searched by one function and added
// to by another.

#include <pthread.h>
#include <stdlib.h>

struct node {
  int key;
  struct node *next;
};

struct fixed {
  pthread_mutex_t lock;
  struct node *lists[16];
};

static struct node *findFixed(struct fixed *t, int key) {
  struct node *n;
  pthread_mutex_lock(&t->lock);
  for (n = t->lists[key & 15]; n; n = n->next)
    if (n->key == key)
      break;
  pthread_mutex_unlock(&t->lock);
  return n;
}

static void addFixed(struct fixed *t, struct node *n) {
  pthread_mutex_lock(&t->lock);
  n->next = t->lists[n->key & 15];
  t->lists[n->key & 15] = n;
  pthread_mutex_unlock(&t->lock);
}

static struct node *addIfNew(struct fixed *t, struct node *n) {
  struct node *old;
  pthread_mutex_lock(&t->lock);
  for (old = t->lists[n->key & 15]; old; old = old->next)
    if (old->key == n->key) {
      pthread_mutex_unlock(&t->lock);
      return old;
    }
  n->next = t->lists[n->key & 15];
  t->lists[n->key & 15] = n;
  pthread_mutex_unlock(&t->lock);
  return n;
}

static struct node *make(int key) {
  struct node *n = calloc(1, sizeof(*n));
  n->key = key;
  return n;
}

struct node *getBad(struct fixed *t, int key) {
  struct node *n = findFixed(t, key);
  if (n)
    return n;
  n = make(key);
  addFixed(t, n);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'lists': another thread can change it between 'findFixed' and 'addFixed'
  return n;
}

struct node *getGood(struct fixed *t, int key) {
  struct node *n = findFixed(t, key);
  return n ? n : addIfNew(t, make(key));
}

struct growing {
  pthread_mutex_t lock;
  struct node **lists;
  unsigned count;
};

static struct node *findGrowing(struct growing *t, unsigned key) {
  struct node *n;
  pthread_mutex_lock(&t->lock);
  for (n = t->lists[key % t->count]; n; n = n->next)
    if (n->key == (int)key)
      break;
  pthread_mutex_unlock(&t->lock);
  return n;
}

static void addGrowing(struct growing *t, struct node *n) {
  pthread_mutex_lock(&t->lock);
  unsigned i = n->key % t->count;
  n->next = t->lists[i];
  t->lists[i] = n;
  pthread_mutex_unlock(&t->lock);
}

void ensureBad(struct growing *t, int key) {
  if (!findGrowing(t, key))
    addGrowing(t, make(key));
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'lists': another thread can change it between 'findGrowing' and 'addGrowing'
}

// A table of handles is asked and set at positions: nothing is looked for.
struct handles {
  pthread_mutex_t lock;
  struct node *all[16];
};

static struct node *at(struct handles *t, int i) {
  pthread_mutex_lock(&t->lock);
  struct node *n = t->all[i];
  pthread_mutex_unlock(&t->lock);
  return n;
}

static void put(struct handles *t, int i, struct node *n) {
  pthread_mutex_lock(&t->lock);
  t->all[i] = n;
  pthread_mutex_unlock(&t->lock);
}

void moveGood(struct handles *t, int i) {
  struct node *n = at(t, i);
  if (n)
    n->key = 1;
  put(t, i + 1, n);
}
