// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// References that are counted.

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

struct Entry {
  std::atomic<int> Refs{1};
  int Hits = 0;
  Entry *Next = nullptr;
};
Entry *lookup(const char *Key);
Entry *make(int);
void start(Entry *);
void log(int);

void dispose(Entry *E, Entry **Doomed) {
  E->Next = *Doomed;
  *Doomed = E;
}

void get(Entry *E) { E->Refs.fetch_add(1); }
void put(Entry *E) {
  if (E->Refs.fetch_sub(1) == 1)
    delete E;
}
bool unref(Entry *E) { return E->Refs.fetch_sub(1) == 1; }

// One's own reference, gone.
int bad(const char *Key) {
  Entry *E = lookup(Key);
  if (!E)
    return 0;
  put(E);
  return E->Hits;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'E' is used after its reference was dropped by 'put'
}

int good(const char *Key) {
  Entry *E = lookup(Key);
  if (!E)
    return 0;
  int Hits = E->Hits;
  put(E);
  return Hits;
}

// Another one is held.
int heldTwice(const char *Key) {
  Entry *E = lookup(Key);
  get(E);
  start(E);
  put(E);
  return E->Hits;
}

// Nobody says whose reference it is.
int ofCaller(Entry *E) {
  put(E);
  return E->Hits;
}

std::mutex M;
int underLock(const char *Key) {
  std::lock_guard<std::mutex> Lock(M);
  Entry *E = lookup(Key);
  put(E); // the table's
  return E->Hits;
}

// Where the last one goes, so does the object.
int badAtZero(Entry *New, const char *Key, Entry **Doomed) {
  Entry *Old = lookup(Key);
  if (Old) {
    if (unref(Old))
      dispose(Old, Doomed);
    New->Hits = Old->Hits;
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'Old' is used after it was handed back by 'dispose'
    // CHECK-NOTES: :[[@LINE-3]]:7: note: handed back here: nobody else holds it any more
  }
  return New->Hits;
}

int goodAtZero(Entry *New, const char *Key, Entry **Doomed) {
  Entry *Old = lookup(Key);
  if (Old) {
    New->Hits = Old->Hits;
    if (unref(Old))
      dispose(Old, Doomed);
  }
  return New->Hits;
}

void badByHand(Entry *E) {
  if (--E->Refs == 0)
    delete E;
  E->Hits = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'E' is used after it was deleted
}

void goodByHand(Entry *E) {
  if (--E->Refs != 0) {
    E->Hits = 0;
    return;
  }
  log(E->Hits);
  delete E;
}

// Counts of other things.
struct Batch {
  std::mutex M;
  int Pending = 0;
  int Done = 0;
};
void wakeUp(Batch *);
void finished(Batch *B) {
  std::lock_guard<std::mutex> Lock(B->M);
  if (--B->Pending == 0)
    wakeUp(B);
  B->Done++;
}

// A handle class: another copy may keep the object.
class EntryPtr {
public:
  explicit EntryPtr(Entry *E) : E(E) {
    if (E)
      get(E);
  }
  ~EntryPtr() {
    if (E)
      put(E);
  }
  Entry *operator->() const { return E; }

private:
  Entry *E;
};

int keptByHandle(const char *Key) {
  Entry *E = lookup(Key);
  EntryPtr Keep(E);
  put(E);
  return E->Hits;
}

class Node {
public:
  void ref() { ++Refs; }
  void unref() {
    if (--Refs == 0)
      delete this;
  }
  int value() const { return Value; }

private:
  std::atomic<int> Refs{1};
  int Value = 0;
};
Node *findNode(int);

int badMethod(int Id) {
  Node *N = findNode(Id);
  N->unref();
  return N->value();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'N' is used after its reference was dropped by 'unref'
}

int goodMethod(int Id) {
  Node *N = findNode(Id);
  int V = N->value();
  N->unref();
  return V;
}
