// RUN: %check_race %s race-check-then-act -config="{CheckOptions: {race-check-then-act.Files: none}}"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

pthread_mutex_t mu;
void threads(void) {
  pthread_mutex_lock(&mu);
  pthread_mutex_unlock(&mu);
}

int make(const char *path) {
  if (access(path, F_OK) == 0)
    return 0;
  return mkdir(path, 0700);
}
