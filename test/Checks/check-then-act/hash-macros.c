// RUN: %check_race %s race-check-then-act
//
// uthash's macros, or what matters of them here.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct table_of {
  void *slots[8];
};
typedef struct {
  struct table_of *tbl;
  void *following;
  const void *key;
} UT_hash_handle;

#define HASH_FIND(hh, head, keyptr, keylen, out)                               \
  do {                                                                         \
    (out) = NULL;                                                              \
    if (head) {                                                                \
      (out) = (head)->hh.tbl->slots[*(const unsigned char *)(keyptr) % 8];     \
      while (out) {                                                            \
        if (memcmp((out)->hh.key, keyptr, keylen) == 0) {                      \
          break;                                                               \
        }                                                                      \
        (out) = (out)->hh.following;                                           \
      }                                                                        \
    }                                                                          \
  } while (0)
#define HASH_ADD(hh, head, field, len, add)                                    \
  do {                                                                         \
    (add)->hh.key = &(add)->field;                                             \
    if (!(head)) {                                                             \
      (add)->hh.tbl = calloc(1, sizeof(struct table_of));                      \
      (head) = (add);                                                          \
    } else {                                                                   \
      (add)->hh.tbl = (head)->hh.tbl;                                          \
    }                                                                          \
    (add)->hh.tbl->slots[*(const unsigned char *)&(add)->field % 8] = (add);   \
  } while (0)
#define HASH_FIND_INT(head, key, out) HASH_FIND(hh, head, key, sizeof(int), out)
#define HASH_ADD_INT(head, field, add)                                         \
  HASH_ADD(hh, head, field, sizeof(int), add)

struct user {
  int id;
  UT_hash_handle hh;
};
static struct user *users;
static struct user *guests;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct user *getBad(int id) {
  struct user *u;
  pthread_mutex_lock(&lock);
  HASH_FIND_INT(users, &id, u);
  pthread_mutex_unlock(&lock);
  if (u)
    return u;
  u = malloc(sizeof(*u));
  u->id = id;
  pthread_mutex_lock(&lock);
  HASH_ADD_INT(users, id, u);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'users': another thread can change it between the search and the assignment
  pthread_mutex_unlock(&lock);
  return u;
}

struct user *getGood(int id) {
  struct user *u;
  pthread_mutex_lock(&lock);
  HASH_FIND_INT(users, &id, u);
  if (!u) {
    u = malloc(sizeof(*u));
    u->id = id;
    HASH_ADD_INT(users, id, u);
  }
  pthread_mutex_unlock(&lock);
  return u;
}

struct user *getAgainGood(int id) {
  struct user *u, *made;
  pthread_mutex_lock(&lock);
  HASH_FIND_INT(users, &id, u);
  pthread_mutex_unlock(&lock);
  if (u)
    return u;
  made = malloc(sizeof(*made));
  made->id = id;
  pthread_mutex_lock(&lock);
  HASH_FIND_INT(users, &id, u);
  if (u) {
    free(made);
  } else {
    HASH_ADD_INT(users, id, made);
    u = made;
  }
  pthread_mutex_unlock(&lock);
  return u;
}

// In another table.
struct user *getGuestGood(int id) {
  struct user *u;
  pthread_mutex_lock(&lock);
  HASH_FIND_INT(users, &id, u);
  pthread_mutex_unlock(&lock);
  if (u)
    return u;
  u = malloc(sizeof(*u));
  u->id = id;
  pthread_mutex_lock(&lock);
  HASH_ADD_INT(guests, id, u);
  pthread_mutex_unlock(&lock);
  return u;
}
