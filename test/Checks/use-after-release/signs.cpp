// RUN: %check_race %s race-use-after-release -- -std=c++17
// Two signs make a pool: it makes what it lacks, its name says so, it locks. One
// alone a list or a queue shows, too.
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

struct Item {
  int Id;
  bool Dead;
  Item *Next;
};

class FreeList { // no lock
  Item *Head = nullptr;

public:
  Item *take() {
    if (!Head)
      return new Item();
    Item *I = Head;
    Head = I->Next;
    return I;
  }
  void free(Item *I) {
    I->Next = Head;
    Head = I;
  }
};
void unlockedBad(FreeList &L, Item *I) {
  L.free(I);
  I->Id = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'I' is used after it was handed back to 'L'
}

template <class T> class Raw {
  std::vector<T *> Free;

public:
  T *alloc() {
    if (Free.empty())
      return static_cast<T *>(::operator new(sizeof(T)));
    T *P = Free.back();
    Free.pop_back();
    return P;
  }
  void free(T *P) { Free.push_back(P); }
};
struct Context {
  int State;
  static Context *make();
  void release();
};
thread_local Raw<Context> Contexts;
Context *Context::make() { return new (Contexts.alloc()) Context(); }
void Context::release() { Contexts.free(this); }
int itselfBad(Context *C, bool Keep) {
  if (!Keep)
    C->release();
  return C->State;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'release'
}

template <class T> class Slab {
  std::vector<T *> Free;
  std::mutex Mu;

public:
  T *take() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Free.empty())
      return new T();
    T *P = Free.back();
    Free.pop_back();
    return P;
  }
  void give(T *P) {
    std::lock_guard<std::mutex> Lock(Mu);
    Free.push_back(P);
  }
};
/// Has a pool, and is none.
class Server {
  Slab<Item> Items;
  Item *Active = nullptr;
  void fail(Item *I, const char *) {
    Active = nullptr;
    Items.give(I);
  }
  int work(Item *I) {
    if (I->Id < 0) {
      Items.give(I);
      return -1;
    }
    return 0;
  }

public:
  Item *start() { return Items.take(); }
  void helperBad(Item *I) {
    fail(I, "x");
    I->Id = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'I' is used after it was handed back by 'fail'
  }
  int resultBad(Item *I) {
    int Result = work(I);
    if (Result < 0)
      I->Dead = true;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'I' is used after it was handed back by 'work'
    return Result;
  }
  int resultGood(Item *I) {
    int Result = work(I);
    if (Result == 0)
      I->Dead = true;
    return Result;
  }
};

/// A pool that hands out owners.
class Owners {
  std::mutex Mu;
  std::list<std::unique_ptr<Item>> Idle;

public:
  std::unique_ptr<Item> get() {
    std::lock_guard<std::mutex> Lock(Mu);
    auto I = std::move(Idle.front());
    Idle.pop_front();
    return I;
  }
  void put(std::unique_ptr<Item> I) {
    std::lock_guard<std::mutex> Lock(Mu);
    Idle.push_back(std::move(I));
  }
};
class Lease {
  Owners &Pool;
  std::unique_ptr<Item> Held;

public:
  explicit Lease(Owners &Pool) : Pool(Pool), Held(Pool.get()) {}
  ~Lease() {
    if (Held)
      Pool.put(std::move(Held));
  }
  Item *get() { return Held.get(); }
  Item &operator*() { return *Held; }
};
void leaseBad(Owners &Pool) {
  Item *I;
  {
    Lease L(Pool);
    I = L.get();
    I->Id = 1;
  }
  I->Id = 2;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'I' is used after it was handed back
}
Item *leaseReturnedBad(Owners &Pool) {
  Lease L(Pool);
  return L.get();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is returned after it was handed back
}

// A list of work: named like none, makes nothing, has no lock.
class Work {
  Item *Head = nullptr;

public:
  Item *next() {
    Item *I = Head;
    if (I)
      Head = I->Next;
    return I;
  }
  void add(Item *I) {
    I->Next = Head;
    Head = I;
  }
};
void queuedGood(Work &W, Item *I) {
  W.add(I);
  I->Id = 1;
}
// The pool itself may look, as long as it holds its lock.
class Inside {
  std::vector<Item *> Free;
  std::mutex Mu;
  void putLocked(Item *I) { Free.push_back(I); }

public:
  Item *take() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Free.empty())
      return new Item();
    Item *I = Free.back();
    Free.pop_back();
    return I;
  }
  void putGood(Item *I) {
    std::lock_guard<std::mutex> Lock(Mu);
    putLocked(I);
    I->Dead = true;
  }
};
void leaseGood(Owners &Pool) {
  Lease L(Pool);
  Item *I = L.get();
  I->Id = 1;
  (*L).Id = 2;
}
// Puts on the list what it has made, and takes it off where it fails.
class Listed {
  Item *Head = nullptr;
  bool wire(Item *I);

public:
  Item *create() {
    Item *I = new Item();
    I->Next = Head;
    Head = I;
    if (!wire(I)) {
      Head = I->Next;
      delete I;
      return nullptr;
    }
    return I;
  }
  void reclaim(Item *I) {
    I->Next = Head;
    Head = I;
  }
};
void reclaimedGood(Listed &L, Item *I) {
  L.reclaim(I);
  I->Dead = true;
}
