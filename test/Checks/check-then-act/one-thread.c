// RUN: %check_race %s race-check-then-act

// What one thread alone can have done: it frees the object, it holds the lock
// already, it comes back in another turn of its loop.

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct Queue {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  pthread_t thread;
  int over;
};

// Whoever frees it on all ways is the last one.
void queueFree(struct Queue *q) {
  if (!q)
    return;
  if (!q->over) {
    pthread_mutex_lock(&q->lock);
    q->over = 1;
    pthread_cond_signal(&q->changed);
    pthread_mutex_unlock(&q->lock);
  }
  pthread_join(q->thread, 0);
  free(q);
}

// Only at times: others may be here too.
void queuePause(struct Queue *q, int all) {
  if (!q->over) {
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: check-then-act on 'over': it is
    // tested without 'lock', under which it is set
    pthread_mutex_lock(&q->lock);
    q->over = 1;
    pthread_cond_signal(&q->changed);
    pthread_mutex_unlock(&q->lock);
  }
  if (all)
    free(q);
}

struct Recursive {
  pthread_mutex_t lock;
  pthread_t owner;
  int depth;
  int users;
};

// Only the thread itself can have made it equal.
void enter(struct Recursive *r) {
  if (r->owner == pthread_self()) {
    r->depth++;
    return;
  }
  pthread_mutex_lock(&r->lock);
  r->owner = pthread_self();
  r->depth = 1;
}

// Any other value is another matter.
void enterOnce(struct Recursive *r, int user) {
  if (r->users == user)
    return;
  // CHECK-MESSAGES: :[[@LINE-2]]:7: warning: check-then-act on 'users': it is
  // tested without 'lock', under which it is set
  pthread_mutex_lock(&r->lock);
  r->users = user + 1;
  pthread_mutex_unlock(&r->lock);
}

struct Job {
  struct Job *next;
};
struct Pool {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  atomic_int flush, failed;
  struct Job *head;
  int die, open;
};
int decode(struct Pool *);

// What is asked while a job runs says nothing of the next turn's wait.
void *work(void *arg) {
  struct Pool *p = arg;
  struct Job *job;
  pthread_mutex_lock(&p->lock);
  for (;;) {
    if (p->die)
      break;
    if (atomic_load(&p->flush))
      goto park;
    job = p->head;
    if (job)
      goto found;
  park:
    pthread_cond_wait(&p->wake, &p->lock);
    continue;
  found:
    p->head = job->next;
    pthread_mutex_unlock(&p->lock);
    int result = -1;
    if (!atomic_load(&p->failed))
      result = decode(p);
    pthread_mutex_lock(&p->lock);
    if (result)
      p->open = 0;
  }
  pthread_mutex_unlock(&p->lock);
  return 0;
}

void setFailed(struct Pool *p) {
  pthread_mutex_lock(&p->lock);
  atomic_store(&p->failed, 1);
  atomic_store(&p->flush, 1);
  pthread_cond_signal(&p->wake);
  pthread_mutex_unlock(&p->lock);
}

// Here it does: the loop goes on for as long as it is so.
void waitForFailure(struct Pool *p) {
  do {
    pthread_mutex_lock(&p->lock);
    pthread_cond_wait(&p->wake, &p->lock);
    pthread_mutex_unlock(&p->lock);
  } while (!atomic_load(&p->failed));
  // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: check-then-act on 'failed':
  // 'atomic_load' asks it before 'lock' is taken to wait for its change
}

struct Server {
  pthread_mutex_t lock;
  unsigned open;
  int full, over;
  struct Job *done;
};
int acceptOne(struct Server *);
void warn(const char *);

// A number of connections is no flag that says that all is over.
int tryAccept(struct Server *s) {
  if (acceptOne(s) < 0) {
    if (s->open == 0)
      warn("at the first one");
    else {
      pthread_mutex_lock(&s->lock);
      s->full = 1;
      pthread_mutex_unlock(&s->lock);
    }
    return 0;
  }
  pthread_mutex_lock(&s->lock);
  s->open++;
  pthread_mutex_unlock(&s->lock);
  return 1;
}
void cleanUp(struct Server *s) {
  struct Job *job;
  pthread_mutex_lock(&s->lock);
  while ((job = s->done)) {
    s->done = job->next;
    pthread_mutex_unlock(&s->lock);
    free(job);
    pthread_mutex_lock(&s->lock);
    s->open--;
    s->full = 0;
  }
  pthread_mutex_unlock(&s->lock);
}
