// RUN: %check_race %s race-check-then-act
//
// Lists whose head is a structure of pointers, by macros and functions.

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct link {
  struct link *next, *prev;
};
#define ENTRY(p, t, m) ((t *)((char *)(p) - offsetof(t, m)))
#define FOR_EACH(pos, head, t, m)                                              \
  for (pos = ENTRY((head)->next, t, m); &pos->m != (head);                     \
       pos = ENTRY(pos->m.next, t, m))

static void link_add(struct link *n, struct link *head) {
  n->prev = head;
  n->next = head->next;
  head->next->prev = n;
  head->next = n;
}

struct domain {
  struct link all;
  const char *name;
  int locks;
};
struct inode {
  pthread_mutex_t mutex;
  struct link domains;
  struct link others;
};
struct domain *make(const char *name);

struct domain *get_bad(struct inode *in, const char *name) {
  struct domain *d;
  pthread_mutex_lock(&in->mutex);
  FOR_EACH(d, &in->domains, struct domain, all) {
    if (strcmp(d->name, name) == 0) {
      pthread_mutex_unlock(&in->mutex);
      return d;
    }
  }
  pthread_mutex_unlock(&in->mutex);
  d = make(name);
  pthread_mutex_lock(&in->mutex);
  link_add(&d->all, &in->domains);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'domains': another thread can change it between the search and 'link_add'
  pthread_mutex_unlock(&in->mutex);
  return d;
}

struct domain *get_good(struct inode *in, const char *name) {
  struct domain *d;
  pthread_mutex_lock(&in->mutex);
  FOR_EACH(d, &in->domains, struct domain, all) {
    if (strcmp(d->name, name) == 0)
      goto found;
  }
  d = make(name);
  link_add(&d->all, &in->domains);
found:
  pthread_mutex_unlock(&in->mutex);
  return d;
}

// To another list.
struct domain *other_good(struct inode *in, const char *name) {
  struct domain *d;
  pthread_mutex_lock(&in->mutex);
  FOR_EACH(d, &in->domains, struct domain, all) {
    if (strcmp(d->name, name) == 0) {
      pthread_mutex_unlock(&in->mutex);
      return d;
    }
  }
  pthread_mutex_unlock(&in->mutex);
  d = make(name);
  pthread_mutex_lock(&in->mutex);
  link_add(&d->all, &in->others);
  pthread_mutex_unlock(&in->mutex);
  return d;
}

// What start() makes of it decides.
static struct domain *get_bare_bad(struct inode *in, const char *name) {
  struct domain *d;
  FOR_EACH(d, &in->domains, struct domain, all) {
    if (strcmp(d->name, name) == 0)
      goto found;
  }
  d = make(name);
  if (d)
    link_add(&d->all, &in->domains);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'domains': another thread can change it between the search and 'link_add'
found:
  return d;
}

// The same, by the one at the beginning.
static struct domain *get_alone_good(struct inode *in, const char *name) {
  struct domain *d;
  FOR_EACH(d, &in->domains, struct domain, all) {
    if (strcmp(d->name, name) == 0)
      return d;
  }
  d = make(name);
  if (d)
    link_add(&d->all, &in->domains);
  return d;
}

// Of this one nothing else is known.
static struct domain *get_other_good(struct inode *in, const char *name) {
  struct domain *d;
  FOR_EACH(d, &in->others, struct domain, all) {
    if (strcmp(d->name, name) == 0)
      return d;
  }
  d = make(name);
  link_add(&d->all, &in->others);
  return d;
}

int count(struct inode *in) {
  struct domain *d;
  int n = 0;
  pthread_mutex_lock(&in->mutex);
  FOR_EACH(d, &in->domains, struct domain, all)
  n += d->locks;
  pthread_mutex_unlock(&in->mutex);
  return n;
}

static void *worker(void *arg) {
  get_bare_bad(arg, "a");
  get_other_good(arg, "b");
  return NULL;
}
static void *alone(void *arg) {
  get_alone_good(arg, "a");
  return NULL;
}

void start(pthread_t *threads, struct inode *in) {
  pthread_create(&threads[0], NULL, alone, in);
  for (int i = 1; i < 4; i++)
    pthread_create(&threads[i], NULL, worker, in);
}
