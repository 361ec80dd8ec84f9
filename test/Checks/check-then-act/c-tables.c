// RUN: %check_race %s race-check-then-act
//
// Tables in C behind a lock of the program's own.

#include <pthread.h>
#include <stddef.h>

typedef struct _GHashTable GHashTable;
typedef struct _GMutex {
  void *p;
} GMutex;
void g_mutex_lock(GMutex *);
void g_mutex_unlock(GMutex *);
void *g_hash_table_lookup(GHashTable *, const void *);
int g_hash_table_insert(GHashTable *, void *, void *);

struct users {
  GMutex lock;
  GHashTable *table;
};
void *make(const char *name);

void *userBad(struct users *us, char *name) {
  g_mutex_lock(&us->lock);
  void *u = g_hash_table_lookup(us->table, name);
  g_mutex_unlock(&us->lock);
  if (!u) {
    u = make(name);
    g_mutex_lock(&us->lock);
    g_hash_table_insert(us->table, name, u);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'table': another thread can change it between 'g_hash_table_lookup' and 'g_hash_table_insert'
    g_mutex_unlock(&us->lock);
  }
  return u;
}

void *userGood(struct users *us, char *name) {
  g_mutex_lock(&us->lock);
  void *u = g_hash_table_lookup(us->table, name);
  if (!u) {
    u = make(name);
    g_hash_table_insert(us->table, name, u);
  }
  g_mutex_unlock(&us->lock);
  return u;
}

// Looked up again.
void *userAgainGood(struct users *us, char *name) {
  g_mutex_lock(&us->lock);
  void *u = g_hash_table_lookup(us->table, name);
  g_mutex_unlock(&us->lock);
  if (!u) {
    void *made = make(name);
    g_mutex_lock(&us->lock);
    u = g_hash_table_lookup(us->table, name);
    if (!u)
      g_hash_table_insert(us->table, name, u = made);
    g_mutex_unlock(&us->lock);
  }
  return u;
}

// khash
typedef struct {
  unsigned n;
} kh_names_t;
unsigned kh_get_names(const kh_names_t *, const char *);
unsigned kh_put_names(kh_names_t *, const char *, int *);

struct registry {
  pthread_mutex_t lock;
  kh_names_t *names;
};

static int known(struct registry *r, const char *name) {
  pthread_mutex_lock(&r->lock);
  int k = kh_get_names(r->names, name) != r->names->n;
  pthread_mutex_unlock(&r->lock);
  return k;
}

static void add(struct registry *r, const char *name) {
  int ret;
  pthread_mutex_lock(&r->lock);
  kh_put_names(r->names, name, &ret);
  pthread_mutex_unlock(&r->lock);
}

int addOnceBad(struct registry *r, const char *name) {
  if (known(r, name))
    return -1;
  add(r, name);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'names': another thread can change it between 'known' and 'add'
  return 0;
}

int otherNameGood(struct registry *r, const char *name, const char *other) {
  if (known(r, name))
    return -1;
  add(r, other);
  return 0;
}

int addOnceGood(struct registry *r, const char *name) {
  int ret;
  pthread_mutex_lock(&r->lock);
  if (kh_get_names(r->names, name) == r->names->n)
    kh_put_names(r->names, name, &ret);
  pthread_mutex_unlock(&r->lock);
  return 0;
}
