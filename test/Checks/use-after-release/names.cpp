// RUN: %check_race %s race-use-after-release --suffix=DEFAULT -- -std=c++17
// RUN: %check_race %s race-use-after-release --suffix=WORDS -config="{CheckOptions: {race-use-after-release.ReleaseNames: 'park; handIn', race-use-after-release.AcquireNames: 'hail'}}" -- -std=c++17
// RUN: %check_race %s race-use-after-release --suffix=NAMED -config="{CheckOptions: {race-use-after-release.MinEvidence: named, race-use-after-release.ReleaseNames: 'park; handIn', race-use-after-release.AcquireNames: 'hail', race-use-after-release.PoolTypes: garage}}" -- -std=c++17
// RUN: %clang_tidy_race --checks='-*,race-use-after-release' -config="{CheckOptions: {race-use-after-release.PoolTypes: 'a b'}}" %s -- -std=c++17 2>&1 | FileCheck %s --check-prefix=WRONG
// WRONG: option race-use-after-release.PoolTypes: 'a b' cannot be in a name
//
// Where only declarations are seen: names, and the user's own words.

struct Car {
  int id;
  void drive();
};
void log(int);

// Two siblings: structure, once the words are known.
struct CityRank {
  Car *hail();
  void park(Car *c);
};
int siblings(CityRank &r) {
  Car *c = r.hail();
  r.park(c);
  return c->id;
  // CHECK-MESSAGES-WORDS: :[[@LINE-1]]:10: warning: 'c' is used after it was handed back to 'r'
  // CHECK-MESSAGES-NAMED: :[[@LINE-2]]:10: warning: 'c' is used after it was handed back to 'r'
}

// A whole name, in any case.
struct Desk {
  Car *getOne();
  void HandIn(Car *c);
};
int wholeName(Desk &d) {
  Car *c = d.getOne();
  d.HandIn(c);
  return c->id;
  // CHECK-MESSAGES-WORDS: :[[@LINE-1]]:10: warning: 'c' is used after it was handed back to 'd'
  // CHECK-MESSAGES-NAMED: :[[@LINE-2]]:10: warning: 'c' is used after it was handed back to 'd'
}

// Nobody shows what is taken: the names alone.
struct CarPool {
  void release(Car *c);
  void release(Car *c, int why);
  void add(Car *c);
  void releaseBoth(Car *a, Car *b);
  int count() const;
};
void nameOfMethod(CarPool &p, Car *c) {
  p.release(c);
  c->drive();
  // CHECK-MESSAGES-NAMED: :[[@LINE-1]]:3: warning: 'c' is used after it was handed back to 'p'
  // CHECK-NOTES-NAMED: :[[@LINE-3]]:3: note: handed back here: nothing but the name of 'release' says so
}
void withReason(CarPool &p, Car *c) {
  p.release(c, 2);
  c->drive();
  // CHECK-MESSAGES-NAMED: :[[@LINE-1]]:3: warning: 'c' is used after it was handed back to 'p'
}

// C: the pool is an argument.
struct buf_pool;
struct buf {
  int len;
};
extern "C" {
void buf_pool_put(struct buf_pool *p, struct buf *b);
void put_buf_void(struct buf_pool *p, void *b);
void put_buf(struct buf *b);
int buf_pool_size(struct buf_pool *p);
}
int nameOfFunction(buf_pool *p, buf *b) {
  buf_pool_put(p, b);
  return b->len;
  // CHECK-MESSAGES-NAMED: :[[@LINE-1]]:10: warning: 'b' is used after it was handed back by 'buf_pool_put'
}
int untyped(buf_pool *p, buf *b) {
  put_buf_void(p, b);
  return b->len;
  // CHECK-MESSAGES-NAMED: :[[@LINE-1]]:10: warning: 'b' is used after it was handed back by 'put_buf_void'
}

// The user's word for the type.
struct Garage {
  void put(Car *c);
};
struct Shelf {
  void put(Car *c);
};
void typeOfUser(Garage &g, Car *c) {
  g.put(c);
  c->drive();
  // CHECK-MESSAGES-NAMED: :[[@LINE-1]]:3: warning: 'c' is used after it was handed back to 'g'
}

// Silent whatever the options say: no pool, no release, or nothing says which.
void noPoolType(Shelf &s, Car *c) {
  s.put(c);
  c->drive();
}
int noPoolArgument(buf *b) {
  put_buf(b);
  return b->len;
}
void noRelease(CarPool &p, Car *c) {
  p.add(c);
  c->drive();
  log(p.count());
}
void which(CarPool &p, Car *a, Car *b) {
  p.releaseBoth(a, b);
  a->drive();
  b->drive();
}
void poolItself(CarPool &p, Car *c) {
  p.release(c);
  log(p.count());
}
int order(buf_pool *p, buf *b) {
  int n = b->len;
  buf_pool_put(p, b);
  return n + buf_pool_size(p);
}
// A body that is seen knows better than a name.
struct StampPool {
  void release(Car *c) { log(c->id); }
};
void bodySeen(StampPool &p, Car *c) {
  p.release(c);
  c->drive();
}
