// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// Memory: freed here or in a function that is called.

typedef unsigned long size_t;
void free(void *);
void *malloc(size_t);
void *memcpy(void *, const void *, size_t);
int pthread_mutex_lock(void *);
int pthread_mutex_unlock(void *);

struct session {
  int lock;
  int refs;
};
struct request {
  struct session *session;
  struct request *next;
  char *name;
  int id, owned;
};
int ok(struct request *);
void log_pointer(const char *, ...);
void push(struct request *);

static void request_free(struct request *r) {
  free(r->name);
  free(r);
}

static void request_drop(struct request *r) { request_free(r); }

int helper_bad(struct request *r) {
  request_drop(r);
  return r->id;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'r' is used after it was freed by 'request_drop'
  // CHECK-NOTES: :[[@LINE-3]]:3: note: freed here
  // CHECK-NOTES: :[[@LINE-7]]: note: 'request_drop' frees it here
}

int helper_good(struct request *r) {
  int id = r->id;
  request_drop(r);
  return id;
}

// What must be reached to unlock it is gone.
int unlock_through_bad(struct request *r) {
  pthread_mutex_lock(&r->session->lock);
  int id = r->id;
  free(r);
  pthread_mutex_unlock(&r->session->lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'r' is used after it was freed
  return id;
}

int unlock_through_good(struct request *r) {
  struct session *s = r->session;
  pthread_mutex_lock(&s->lock);
  free(r);
  pthread_mutex_unlock(&s->lock);
  return 0;
}

int error_path_bad(struct request *r) {
  int err = 0;
  if (!ok(r)) {
    request_free(r);
    err = -1;
    goto out;
  }
  r->id = 1;
out:
  push(r);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'r' is used after it was freed by 'request_free'
  return err;
}

int error_path_good(struct request *r) {
  if (!ok(r)) {
    request_free(r);
    return -1;
  }
  push(r);
  return r->id;
}

void twice_bad(struct request *r) {
  if (!ok(r))
    request_free(r);
  free(r);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'r' is freed twice
}

void twice_good(struct request *r) {
  if (!ok(r)) {
    request_free(r);
    r = 0;
  }
  free(r);
}

void list_bad(struct request *head) {
  for (struct request *r = head; r; r = r->next)
    // CHECK-MESSAGES: :[[@LINE-1]]:41: warning: 'r' is used after it was freed by 'request_free'
    request_free(r);
}

void list_good(struct request *head) {
  struct request *next;
  for (struct request *r = head; r; r = next) {
    next = r->next;
    request_free(r);
  }
}

void while_good(struct request *head) {
  while (head) {
    struct request *r = head;
    head = head->next;
    free(r->name);
    free(r);
  }
}

void pointer_only_good(struct request *r) {
  request_free(r);
  log_pointer("freed %p", r);
  if (r == 0)
    return;
  r = malloc(sizeof *r);
  r->id = 1;
  free(r);
}

void owned_good(struct request *r) {
  int owned = r->owned;
  if (owned)
    request_free(r);
  if (!owned)
    r->id = 0;
}

void part_good(struct request *r) {
  free(r->name);
  r->name = 0;
  r->id = 0;
}

void part_bad(struct request *r) {
  free(r->name);
  if (r->name[0])
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'r->name' is used after it was freed
    r->id = 0;
}

// A larger one takes its place.
char *grow_good(struct request *r, size_t n) {
  char *bigger = malloc(2 * n);
  memcpy(bigger, r->name, n);
  free(r->name);
  r->name = bigger;
  return r->name;
}

// Freed or not: the caller is not told, and the check keeps silent.
static void maybe_free(struct request *r) {
  if (--r->session->refs == 0)
    request_free(r);
}
int maybe_good(struct request *r) {
  maybe_free(r);
  return r->id;
}
