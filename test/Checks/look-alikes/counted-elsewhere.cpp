// RUN: %check_race %s 'race-*' -- -std=c++17
// Must stay silent but for what is marked: the reference of the object's maker is dropped, and another one is there.
#include <cstddef>
struct Block {
  int tdrefcount, size;
};
Block *make(int size);
void dispose(Block *b);
static void put(Block *b) {
  if (--b->tdrefcount == 0)
    dispose(b);
}

struct Holder {
  Block *kept;
};

// Counted by hand, in a member whose name has a prefix.
int countGood(Holder &h, int n) {
  Block *b = make(n);
  h.kept = b;
  b->tdrefcount++;
  put(b);
  return b->size;
}

int countBad(int n) {
  Block *b = make(n);
  put(b);
  return b->size;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'b' is used after its reference was dropped by 'put'
}

// Given away in a structure.
struct Ref {
  int offset, length;
  Block *block;
};
void pushBack(const Ref &r);
int pushGood(int n) {
  Block *b = make(n);
  const Ref r = {0, n, b};
  pushBack(r);
  put(b);
  return b->size;
}

// Looked up in a cache, which keeps it.
Block *lookup(int id);
struct Cache {
  Block *last;
};
void rememberGood(Cache *c, int id) {
  Block *b = lookup(id);
  put(b);
  c->last = b;
}

// Each turn frees another element of the table.
struct Tree {
  int n;
};
static void drop(void **table, size_t i) {
  Tree *t = static_cast<Tree *>(table[i]);
  delete t;
}
void dropAllGood(void **table, size_t n) {
  void **const old = table;
  for (size_t i = 0; i < n; i++)
    if (old[i] == old[i ^ 1])
      drop(old, i++);
}
