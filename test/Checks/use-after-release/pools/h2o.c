// RUN: %check_race %s race-use-after-release -- -std=gnu11
//
// h2o: sockets that go back to a pool of them, buffers that are nulled.

#include <stddef.h>

typedef struct st_h2o_socket_t {
  void *data;
  size_t bytes_read;
} h2o_socket_t;
typedef struct st_h2o_buffer_t {
  size_t size;
  char *bytes;
} h2o_buffer_t;
typedef struct st_h2o_socketpool_t h2o_socketpool_t;
void h2o_socketpool_return(h2o_socketpool_t *pool, h2o_socket_t *sock);
void h2o_socket_close(h2o_socket_t *sock);
void h2o_buffer_dispose(h2o_buffer_t **buffer);
void h2o_mem_release_shared(void *p);
void h2o_mem_addref_shared(void *p);

struct client {
  h2o_socketpool_t *pool;
  h2o_socket_t *sock;
  h2o_buffer_t *body;
  int keep_alive;
  size_t total;
};

static void close_client(struct client *c) {
  if (c->sock != NULL) {
    if (c->keep_alive)
      h2o_socketpool_return(c->pool, c->sock);
    else
      h2o_socket_close(c->sock);
    c->sock = NULL;
  }
}

void on_end_bad(struct client *c) {
  h2o_socket_t *sock = c->sock;
  if (sock == NULL)
    return;
  close_client(c);
  c->total += sock->bytes_read;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'c->sock' is used after it was handed back by 'close_client'
}

void on_end_good(struct client *c) {
  if (c->sock != NULL)
    c->total += c->sock->bytes_read;
  close_client(c);
}

size_t body_bad(struct client *c) {
  h2o_buffer_t *b = c->body;
  h2o_buffer_dispose(&c->body);
  return b->size;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: '&c->body' is used after it was handed back by 'h2o_buffer_dispose'
}

size_t body_good(struct client *c) {
  size_t size = c->body->size;
  h2o_buffer_dispose(&c->body);
  return c->body ? c->body->size : size;
}

int shared_bad(int *p) {
  h2o_mem_release_shared(p);
  return *p;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'p' is used after its reference was dropped by 'h2o_mem_release_shared'
}

int shared_good(int *p) {
  h2o_mem_addref_shared(p);
  h2o_mem_release_shared(p);
  return *p;
}
