// RUN: %check_race %s race-check-then-act -config="{CheckOptions: {race-check-then-act.Files: all}}"
//
// What kind of file a name stands for is asked, and then the name is opened;
// reported on demand only.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int test(int fd);

int openDeviceBad(const char *path) {
  struct stat s;
  if (stat(path, &s) == 0 && S_ISCHR(s.st_mode)) {
    int fd = open(path, O_RDONLY);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: check-then-act on 'file system': what 'open' opens need not be what 'stat' looked at by the same name
    return fd < 0 ? -1 : test(fd);
  }
  return -1;
}

FILE *openNoLinkBad(const char *path) {
  struct stat s;
  if (lstat(path, &s) == 0 && S_ISLNK(s.st_mode))
    return NULL;
  return fopen(path, "r");
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'file system': what 'fopen' opens need not be what 'lstat' looked at by the same name
}

int openOwnBad(const char *path) {
  struct stat s;
  if (stat(path, &s) != 0)
    return -1;
  if (s.st_uid != getuid())
    return -1;
  return open(path, O_RDWR);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'file system': what 'open' opens need not be what 'stat' looked at by the same name
}

// What was opened is asked.
int openDeviceGood(const char *path) {
  struct stat s;
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return -1;
  if (fstat(fd, &s) != 0 || !S_ISCHR(s.st_mode)) {
    close(fd);
    return -1;
  }
  return test(fd);
}

// Asked twice.
int openTwiceGood(const char *path) {
  struct stat s, opened;
  if (lstat(path, &s) != 0 || S_ISLNK(s.st_mode))
    return -1;
  int fd = open(path, O_RDONLY);
  if (fd >= 0 && (fstat(fd, &opened) != 0 || opened.st_ino != s.st_ino)) {
    close(fd);
    return -1;
  }
  return fd;
}

int openNoFollowGood(const char *path) {
  struct stat s;
  if (lstat(path, &s) != 0 || S_ISLNK(s.st_mode))
    return -1;
  return open(path, O_RDONLY | O_NOFOLLOW);
}

FILE *openFileBad(const char *path) {
  struct stat s;
  if (stat(path, &s) != 0 || S_ISDIR(s.st_mode))
    return NULL;
  return fopen(path, "r");
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'file system': what 'fopen' opens need not be what 'stat' looked at by the same name
}

FILE *openLongGood(const char *path) {
  struct stat s;
  if (stat(path, &s) != 0 || s.st_size == 0)
    return NULL;
  return fopen(path, "r");
}

// Another name.
int openOtherGood(const char *path, const char *other) {
  struct stat s;
  if (stat(path, &s) == 0 && S_ISCHR(s.st_mode))
    return open(other, O_RDONLY);
  return -1;
}
