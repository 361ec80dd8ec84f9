// RUN: %check_race %s race-check-then-act
//
// A pointer is tested in one critical section, and read anew and followed in
// another one, while others clear it or take the last element.

#include <pthread.h>
#include <stdlib.h>

struct session {
  int id;
  int used;
};

struct manager {
  pthread_mutex_t lock;
  struct session *current;
};

void clear(struct manager *m) {
  pthread_mutex_lock(&m->lock);
  free(m->current);
  m->current = NULL;
  pthread_mutex_unlock(&m->lock);
}

int idBad(struct manager *m) {
  pthread_mutex_lock(&m->lock);
  int have = m->current != NULL;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'current': it is tested under 'lock', and followed when that is taken anew, under which it is set to null
  pthread_mutex_unlock(&m->lock);
  if (!have)
    return -1;
  pthread_mutex_lock(&m->lock);
  int id = m->current->id;
  pthread_mutex_unlock(&m->lock);
  return id;
}

int idGood(struct manager *m) {
  int id = -1;
  pthread_mutex_lock(&m->lock);
  int have = m->current != NULL;
  pthread_mutex_unlock(&m->lock);
  if (!have)
    return -1;
  pthread_mutex_lock(&m->lock);
  if (m->current)
    id = m->current->id;
  pthread_mutex_unlock(&m->lock);
  return id;
}

// It is marked as used under the lock of the test, so that it stays.
int idUsedGood(struct manager *m) {
  pthread_mutex_lock(&m->lock);
  int have = m->current != NULL;
  if (have)
    m->current->used++;
  pthread_mutex_unlock(&m->lock);
  if (!have)
    return -1;
  pthread_mutex_lock(&m->lock);
  int id = m->current->id;
  m->current->used--;
  pthread_mutex_unlock(&m->lock);
  return id;
}

struct job {
  struct job *next;
};

struct queue {
  pthread_mutex_t lock;
  struct job *first;
};

struct job *popBad(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  int empty = q->first == NULL;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'first': it is tested under 'lock', and followed when that is taken anew, under which it is set to null
  pthread_mutex_unlock(&q->lock);
  if (empty)
    return NULL;
  pthread_mutex_lock(&q->lock);
  struct job *j = q->first;
  q->first = j->next;
  pthread_mutex_unlock(&q->lock);
  return j;
}

struct job *popGood(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  struct job *j = q->first;
  if (j)
    q->first = j->next;
  pthread_mutex_unlock(&q->lock);
  return j;
}
