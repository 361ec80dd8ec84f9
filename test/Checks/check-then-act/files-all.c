// RUN: %check_race %s race-check-then-act -config="{CheckOptions: {race-check-then-act.Files: all}}"
//
// What is done to a file that was found; reported on demand only.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <pthread.h>

pthread_mutex_t mu;
void threads(void) {
  pthread_mutex_lock(&mu);
  pthread_mutex_unlock(&mu);
}

int widenBad(const char *path) {
  struct stat s;
  if (stat(path, &s) != 0)
    return -1;
  return chmod(path, s.st_mode | S_IRGRP);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'file system': another thread can change it between 'stat' and 'chmod'
}

int widenGood(int fd) {
  struct stat s;
  if (fstat(fd, &s) != 0)
    return -1;
  return fchmod(fd, s.st_mode | S_IRGRP);
}

void dropBad(const char *path) {
  if (access(path, F_OK) == 0)
    unlink(path);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'file system': another thread can change it between 'access' and 'unlink'
}

void dropOtherGood(const char *path, const char *other) {
  if (access(path, F_OK) == 0)
    unlink(other);
}

void dropGood(const char *path) { unlink(path); }

// The one that is reported anyway, behind one that is not.
int replaceBad(const char *path, const char *made) {
  if (access(path, F_OK) == 0)
    unlink(path);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'file system': another thread can change it between 'access' and 'unlink'
  if (access(made, F_OK) == 0)
    return 0;
  return open(made, O_WRONLY | O_CREAT, 0600);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'file system': another thread can change it between 'access' and 'open'
}
