// RUN: %check_race %s 'race-*' -- -std=gnu11
// Must stay silent: locking is a macro that does nothing without shared memory. The read is unlocked on
// the path without shpool, the write is locked on the path with it; a path-insensitive pairing as in 005.
typedef struct { volatile unsigned long v; } ngx_atomic_t;
void ngx_rwlock_wlock(ngx_atomic_t *); // nginx preset
void ngx_rwlock_unlock(ngx_atomic_t *);
struct peers { void *shpool; ngx_atomic_t rwlock; int total; };
struct rr { struct peers *peers; int tries; long checked; };
#define peers_wlock(p) if ((p)->shpool) { ngx_rwlock_wlock(&(p)->rwlock); }
#define peers_unlock(p) if ((p)->shpool) { ngx_rwlock_unlock(&(p)->rwlock); }
int get(struct rr *hp, long now) {
  peers_wlock(hp->peers);
  if (hp->tries > 20) {
    peers_unlock(hp->peers);
    return -1;
  }
  ++hp->tries;
  if (now - hp->checked > 10)
    hp->checked = now;
  peers_unlock(hp->peers);
  return 0;
}
