// RUN: %check_race %s race-check-then-act
//
// Files belong to all processes: a program without a thread or a lock races for
// them too.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int make_folder_bad(const char *path) {
  struct stat s;
  if (stat(path, &s) == 0)
    return 0;
  return mkdir(path, 0755);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'file system': another thread can change it between 'stat' and 'mkdir'
}

int make_folder_good(const char *path) {
  if (mkdir(path, 0755) == 0 || errno == EEXIST)
    return 0;
  return -1;
}

// What kind of file is opened; the option Files makes it speak.
int open_device_good(const char *path) {
  struct stat s;
  if (lstat(path, &s) != 0 || !S_ISCHR(s.st_mode))
    return -1;
  return open(path, O_RDWR);
}

// What is changed was found; the option Files makes it speak.
int open_up_good(const char *path, mode_t more) {
  struct stat s;
  if (stat(path, &s) == -1)
    return -1;
  if ((s.st_mode & more) == more)
    return 0;
  s.st_mode |= more;
  return chmod(path, s.st_mode);
}

// What was read does not matter for what is set.
int set_mode_good(const char *path) {
  struct stat s;
  if (stat(path, &s) == -1)
    return -1;
  return chmod(path, 0600);
}

int fchmod_good(int fd, mode_t more) {
  struct stat s;
  if (fstat(fd, &s) == -1)
    return -1;
  return fchmod(fd, s.st_mode | more);
}

// Two files.
int other_file_good(const char *path, const char *other) {
  if (access(path, F_OK) == 0)
    return 0;
  return mkdir(other, 0755);
}

// There are no threads: nobody else sees what is no file.
static int count;
int tick_good(void) {
  if (count == 0)
    count = 1;
  return count;
}
