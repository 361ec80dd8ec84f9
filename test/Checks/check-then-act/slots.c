// RUN: %check_race %s race-check-then-act
//
// A loop looks for an element in some state, which is then set.

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct slot {
  bool used;
  int fd;
};
static struct slot slots[32];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int dial(int fd);

int take_bad(int fd) {
  int i;
  pthread_mutex_lock(&lock);
  for (i = 0; i < 32; i++)
    if (!slots[i].used)
      break;
  pthread_mutex_unlock(&lock);
  if (i == 32)
    return -1;
  dial(fd);
  pthread_mutex_lock(&lock);
  slots[i].used = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: check-then-act on 'used': another thread can change it between the test and the assignment
  slots[i].fd = fd;
  pthread_mutex_unlock(&lock);
  return i;
}

int take_unlocked_bad(int fd) {
  int i;
  pthread_mutex_lock(&lock);
  for (i = 0; i < 32; i++) {
    if (!slots[i].used)
      break;
  }
  pthread_mutex_unlock(&lock);
  if (i < 32)
    slots[i].used = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'used': another thread can change it between the test and the assignment
  return i;
}

int take_good(int fd) {
  int i;
  pthread_mutex_lock(&lock);
  for (i = 0; i < 32; i++)
    if (!slots[i].used)
      break;
  if (i < 32) {
    slots[i].used = true;
    slots[i].fd = fd;
  }
  pthread_mutex_unlock(&lock);
  return i < 32 ? i : -1;
}

// What it found is its own until then: another member keeps others out.
int take_claimed_good(int fd) {
  int i;
  pthread_mutex_lock(&lock);
  for (i = 0; i < 32; i++)
    if (!slots[i].used)
      break;
  if (i == 32) {
    pthread_mutex_unlock(&lock);
    return -1;
  }
  slots[i].fd = -1;
  pthread_mutex_unlock(&lock);
  dial(fd);
  pthread_mutex_lock(&lock);
  slots[i].used = true;
  pthread_mutex_unlock(&lock);
  return i;
}

int take_again_good(int fd) {
  int i;
  pthread_mutex_lock(&lock);
  for (i = 0; i < 32; i++)
    if (!slots[i].used)
      break;
  pthread_mutex_unlock(&lock);
  if (i == 32)
    return -1;
  dial(fd);
  pthread_mutex_lock(&lock);
  if (slots[i].used)
    i = -1;
  else
    slots[i].used = true;
  pthread_mutex_unlock(&lock);
  return i;
}

// Another one than the one found.
int take_other_good(int fd, int other) {
  int i;
  pthread_mutex_lock(&lock);
  for (i = 0; i < 32; i++)
    if (!slots[i].used)
      break;
  pthread_mutex_unlock(&lock);
  pthread_mutex_lock(&lock);
  slots[other].used = true;
  pthread_mutex_unlock(&lock);
  return i;
}
