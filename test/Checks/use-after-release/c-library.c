// RUN: %check_race %s race-use-after-release -- -std=c11 -D_GNU_SOURCE
// What the C library takes back: files, descriptors, memory that realloc moved,
// and what its searches lead into.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct conn {
  int fd;
  char *name;
  FILE *log;
};
void log_text(const char *format, ...);
void forget_descriptor(int fd);

void file_bad(FILE *f) {
  fclose(f);
  fprintf(f, "late");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'f' is used after it was closed
}
void member_bad(struct conn *c) {
  fclose(c->log);
  fflush(c->log);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c->log' is used after it was closed
}
void descriptor_bad(int fd) {
  close(fd);
  lseek(fd, 0, SEEK_SET);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'fd' is used after it was closed
}
void descriptor_member_bad(struct conn *c) {
  int fd = c->fd;
  close(c->fd);
  if (write(fd, "x", 1) < 0)
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c->fd' is used after it was closed
    return;
}
int twice_bad(struct conn *c) {
  if (c->name)
    goto out;
  close(c->fd);
out:
  close(c->fd);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c->fd' is closed twice
  return 0;
}
void moved_bad(char *p) {
  char *q = realloc(p, 20);
  if (q)
    p[0] = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'p' is used after it was freed
}
void inside_bad(struct conn *c) {
  char *value = strchr(c->name, '=');
  free(c->name);
  log_text("%s", value);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'value' is used after
}
char *behind_bad(void) {
  char *p = malloc(10);
  char *q = p + 2;
  free(p);
  return q;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is returned after it was freed
}
void printed_bad(struct conn *c) {
  free(c->name);
  log_text("%d %s", c->fd, c->name);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'c->name' is used after it was freed
}
void folder_bad(DIR *d) {
  struct dirent *e = readdir(d);
  closedir(d);
  log_text("%d", (int)e->d_type);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'e' is used after
}

void logged_good(int fd) {
  close(fd);
  log_text("closed %d", fd);
  printf("%d\n", fd);
}
void again_good(int fd) {
  while (close(fd) < 0 && errno == EINTR)
    ;
}
int slowly_good(int fd, unsigned most) {
  unsigned waited = 0;
  int result = 0;
  do {
    if (result == -1 && errno == EAGAIN)
      waited += 10;
    result = close(fd);
  } while (waited < most && result == -1 && errno == EAGAIN);
  return result;
}
void reset_good(struct conn *c) {
  close(c->fd);
  c->fd = -1;
  if (c->fd >= 0)
    write(c->fd, "x", 1);
}
void other_good(int p[2]) {
  close(p[0]);
  write(p[1], "x", 1);
}
void constant_good(void) {
  close(0);
  dup(1);
  read(0, 0, 0);
}
void moved_good(char **p, size_t n) {
  char *q = realloc(*p, n);
  if (!q) {
    free(*p);
    *p = NULL;
    return;
  }
  *p = q;
  (*p)[0] = 1;
}
char *moved_inside_good(char *p, char *at) {
  char *q = realloc(p, 100);
  if (!q)
    return NULL;
  at = q + (at - p);
  *at = 0;
  return q;
}
void address_good(struct conn *c) {
  free(c->name);
  log_text("%s: %p", "freed", c->name);
}
void copied_good(struct conn *c) {
  char *value = strdup(c->name);
  free(c->name);
  log_text("%s", value);
  free(value);
}
void reopened_good(struct conn *c) {
  fclose(c->log);
  c->log = fopen("log", "a");
  fflush(c->log);
}
