// RUN: %check_race %s race-check-then-act
//
// Lists that are searched by hand, and to which something is added when the
// search found nothing.

#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct node {
  struct node *next;
  char *name;
  int id;
};
struct table {
  pthread_mutex_t lock;
  struct node *head;
  struct node *slots[16];
  struct node *spare;
};
struct node *make(const char *name);
unsigned hash(const char *name);
struct node *far_lookup(struct table *t, const char *name);
void use(struct node *n);

struct node *get_bad(struct table *t, const char *name) {
  struct node *n;
  pthread_mutex_lock(&t->lock);
  for (n = t->head; n; n = n->next)
    if (strcmp(n->name, name) == 0) {
      pthread_mutex_unlock(&t->lock);
      return n;
    }
  pthread_mutex_unlock(&t->lock);
  n = make(name);
  pthread_mutex_lock(&t->lock);
  n->next = t->head;
  t->head = n;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'head': another thread can change it between the search and the assignment
  // CHECK-NOTES: :[[@LINE-11]]: note: checked here; 'lock' is held at both, but released in between
  pthread_mutex_unlock(&t->lock);
  return n;
}

// A bucket of a hash table, with a break, and filled in place.
struct node *get_slot_bad(struct table *t, const char *name) {
  unsigned at = hash(name) % 16;
  pthread_mutex_lock(&t->lock);
  struct node *n = t->slots[at];
  while (n != NULL) {
    if (!strcmp(n->name, name))
      break;
    n = n->next;
  }
  pthread_mutex_unlock(&t->lock);
  if (n == NULL) {
    n = malloc(sizeof(*n));
    n->name = strdup(name);
    pthread_mutex_lock(&t->lock);
    n->next = t->slots[at];
    t->slots[at] = n;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'slots': another thread can change it between the search and the assignment
    pthread_mutex_unlock(&t->lock);
  }
  return n;
}

static struct node *find_locked(struct table *t, const char *name) {
  struct node *n;
  for (n = t->head; n; n = n->next)
    if (strcmp(n->name, name) == 0)
      return n;
  return NULL;
}

struct node *get_helper_bad(struct table *t, const char *name) {
  pthread_mutex_lock(&t->lock);
  struct node *n = find_locked(t, name);
  pthread_mutex_unlock(&t->lock);
  if (n)
    return n;
  n = make(name);
  pthread_mutex_lock(&t->lock);
  n->next = t->head;
  t->head = n;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'head': another thread can change it between 'find_locked' and the assignment
  pthread_mutex_unlock(&t->lock);
  return n;
}

struct node *get_good(struct table *t, const char *name) {
  struct node *n;
  pthread_mutex_lock(&t->lock);
  for (n = t->head; n; n = n->next)
    if (strcmp(n->name, name) == 0)
      break;
  if (!n) {
    n = make(name);
    n->next = t->head;
    t->head = n;
  }
  pthread_mutex_unlock(&t->lock);
  return n;
}

// Looked for once more, by hand, by a helper, and by one of another file.
struct node *get_again_good(struct table *t, const char *name) {
  struct node *n, *made;
  pthread_mutex_lock(&t->lock);
  for (n = t->head; n; n = n->next)
    if (strcmp(n->name, name) == 0)
      break;
  pthread_mutex_unlock(&t->lock);
  if (n)
    return n;
  made = make(name);
  pthread_mutex_lock(&t->lock);
  for (n = t->head; n; n = n->next)
    if (strcmp(n->name, name) == 0)
      break;
  if (!n) {
    made->next = t->head;
    t->head = made;
    n = made;
  }
  pthread_mutex_unlock(&t->lock);
  return n;
}

struct node *get_helper_again_good(struct table *t, const char *name) {
  pthread_mutex_lock(&t->lock);
  struct node *n = find_locked(t, name);
  pthread_mutex_unlock(&t->lock);
  if (n)
    return n;
  struct node *made = make(name);
  pthread_mutex_lock(&t->lock);
  n = find_locked(t, name);
  if (!n) {
    made->next = t->head;
    t->head = n = made;
  }
  pthread_mutex_unlock(&t->lock);
  return n;
}

struct node *get_far_again_good(struct table *t, const char *name) {
  struct node *n;
  pthread_mutex_lock(&t->lock);
  for (n = t->head; n; n = n->next)
    if (strcmp(n->name, name) == 0)
      break;
  pthread_mutex_unlock(&t->lock);
  if (n)
    return n;
  struct node *made = make(name);
  pthread_mutex_lock(&t->lock);
  n = far_lookup(t, name);
  if (!n) {
    made->next = t->head;
    t->head = n = made;
  }
  pthread_mutex_unlock(&t->lock);
  return n;
}

// Put back what was taken out, whatever the search said.
void touch_good(struct table *t, const char *name) {
  struct node *n;
  pthread_mutex_lock(&t->lock);
  for (n = t->head; n; n = n->next)
    if (strcmp(n->name, name) == 0)
      break;
  pthread_mutex_unlock(&t->lock);
  if (n)
    use(n);
  struct node *made = make("log");
  pthread_mutex_lock(&t->lock);
  made->next = t->spare;
  t->spare = made;
  pthread_mutex_unlock(&t->lock);
}

// Another one is added, whatever was found.
struct node *add_anyway_good(struct table *t, const char *name) {
  struct node *n;
  pthread_mutex_lock(&t->lock);
  for (n = t->head; n; n = n->next)
    if (strcmp(n->name, name) == 0)
      break;
  pthread_mutex_unlock(&t->lock);
  if (n)
    use(n);
  struct node *made = make("again");
  if (!made)
    return NULL;
  pthread_mutex_lock(&t->lock);
  made->next = t->head;
  t->head = made;
  pthread_mutex_unlock(&t->lock);
  return made;
}

// The first one is taken out.
struct node *pop_good(struct table *t, const char *name) {
  struct node *n;
  pthread_mutex_lock(&t->lock);
  for (n = t->head; n; n = n->next)
    if (strcmp(n->name, name) == 0) {
      pthread_mutex_unlock(&t->lock);
      return NULL;
    }
  pthread_mutex_unlock(&t->lock);
  pthread_mutex_lock(&t->lock);
  n = t->head;
  if (n)
    t->head = n->next;
  pthread_mutex_unlock(&t->lock);
  return n;
}

// Each on its own.
void all_good(struct table *t) {
  struct node *n;
  pthread_mutex_lock(&t->lock);
  for (n = t->head; n; n = n->next)
    use(n);
  pthread_mutex_unlock(&t->lock);
  n = make("end");
  pthread_mutex_lock(&t->lock);
  n->next = t->head;
  t->head = n;
  pthread_mutex_unlock(&t->lock);
}

// Two helpers that lock the list on their own; the second one puts what it is
// given before what is there.
struct peer {
  struct peer *next;
  char name[32];
};
struct peer *makePeer(const char *name);
static pthread_mutex_t peersLock = PTHREAD_MUTEX_INITIALIZER;
static struct peer *peers;
static struct peer *shownPeer;

static struct peer *findPeer(const char *name) {
  struct peer *p;
  pthread_mutex_lock(&peersLock);
  for (p = peers; p; p = p->next)
    if (!strcmp(p->name, name))
      break;
  pthread_mutex_unlock(&peersLock);
  return p;
}
static void addPeer(struct peer *p) {
  pthread_mutex_lock(&peersLock);
  p->next = peers;
  peers = p;
  pthread_mutex_unlock(&peersLock);
}
static struct peer *peerShown(void) {
  pthread_mutex_lock(&peersLock);
  struct peer *p = shownPeer;
  pthread_mutex_unlock(&peersLock);
  return p;
}
static void showPeer(struct peer *p) {
  pthread_mutex_lock(&peersLock);
  shownPeer = p;
  pthread_mutex_unlock(&peersLock);
}

struct peer *getPeerBad(const char *name) {
  struct peer *p = findPeer(name);
  if (p)
    return p;
  p = makePeer(name);
  if (!p)
    return NULL;
  addPeer(p);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'peers': another thread can change it between 'findPeer' and 'addPeer'
  return p;
}

struct peer *getPeerGood(const char *name) {
  struct peer *p;
  pthread_mutex_lock(&peersLock);
  for (p = peers; p; p = p->next)
    if (!strcmp(p->name, name))
      break;
  if (!p) {
    p = makePeer(name);
    p->next = peers;
    peers = p;
  }
  pthread_mutex_unlock(&peersLock);
  return p;
}

// To set a pointer once more does no harm by itself.
void showFirstGood(struct peer *p) {
  if (peerShown())
    return;
  showPeer(p);
}
