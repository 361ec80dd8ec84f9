// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: callbacks of kind `loop` (redis ae, libuv, libevent) run on the thread that runs the loop,
// mostly the main one; they are taken as a second thread.
typedef struct aeEventLoop aeEventLoop;
typedef int aeTimeProc(aeEventLoop *, long long, void *);
typedef void aeFin(aeEventLoop *, void *);
long long aeCreateTimeEvent(aeEventLoop *, long long, aeTimeProc *, void *, aeFin *);
void aeMain(aeEventLoop *);
static int cached; // only accessed from the main thread
static int cron(aeEventLoop *l, long long id, void *d) {
  cached++;
  return 100;
}
void update(void) { cached = 1; }
int main(void) {
  aeEventLoop *l = 0;
  aeCreateTimeEvent(l, 1, cron, 0, 0);
  update();
  aeMain(l);
}
