// RUN: %check_race %s race-check-then-act
//
// Files by GLib's functions; and waiting until a file is gone, to make it.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int gboolean;
gboolean g_file_test(const char *filename, int test);
int g_open(const char *filename, int flags, int mode);
FILE *g_fopen(const char *filename, const char *mode);
int g_mkdir(const char *filename, int mode);
int g_unlink(const char *filename);
void g_usleep(unsigned long);

int lockBad(const char *lock) {
  for (int i = 0; g_file_test(lock, 16); i++) {
    g_usleep(1000);
    if (i == 50)
      return -1;
  }
  return g_open(lock, O_CREAT | O_EXCL, 0600);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'file system': another thread can change it between 'g_file_test' and 'g_open'
}

int lockPlainBad(const char *lock) {
  while (access(lock, F_OK) == 0)
    g_usleep(1000);
  return open(lock, O_CREAT | O_EXCL | O_WRONLY, 0600);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'file system': another thread can change it between 'access' and 'open'
}

// Tried again for each time that another was faster.
int lockAgainGood(const char *lock) {
  for (;;) {
    while (access(lock, F_OK) == 0)
      g_usleep(1000);
    int fd = open(lock, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (fd >= 0)
      return fd;
  }
}

int lockGood(const char *lock) {
  for (int i = 0; i < 50; i++) {
    int fd = g_open(lock, O_CREAT | O_EXCL, 0600);
    if (fd >= 0)
      return fd;
    g_usleep(1000);
  }
  if (g_unlink(lock) != 0)
    return -1;
  return g_open(lock, O_CREAT | O_EXCL, 0600);
}

// It is said what happened.
int lockHandledGood(const char *lock) {
  while (g_file_test(lock, 16))
    g_usleep(1000);
  int fd = g_open(lock, O_CREAT | O_EXCL, 0600);
  return fd < 0 && errno == EEXIST ? -2 : fd;
}

FILE *defaultsBad(const char *path) {
  if (g_file_test(path, 16))
    return NULL;
  return g_fopen(path, "w");
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'file system': another thread can change it between 'g_file_test' and 'g_fopen'
}

// There already: one of those that few want to hear of.
FILE *overwriteGood(const char *path) {
  if (!g_file_test(path, 16))
    return NULL;
  return g_fopen(path, "w");
}

int folderBad(const char *path) {
  if (!g_file_test(path, 16))
    return g_mkdir(path, 0700);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: check-then-act on 'file system': another thread can change it between 'g_file_test' and 'g_mkdir'
  return 0;
}
