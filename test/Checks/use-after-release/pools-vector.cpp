// RUN: %check_race %s race-use-after-release
//
// Pools that keep what is free in a standard container.

#include <deque>
#include <memory>
#include <mutex>
#include <stack>
#include <vector>

struct Conn {
  void write(const char *);
  int fd() const;
  int Id = 0;
};

// A locked vector, last in, first out.
class VectorPool {
public:
  Conn *get() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Free.empty())
      return new Conn;
    Conn *C = Free.back();
    Free.pop_back();
    return C;
  }
  void put(Conn *C) {
    std::lock_guard<std::mutex> Lock(Mu);
    Free.push_back(C);
  }

private:
  std::mutex Mu;
  std::vector<Conn *> Free;
};

void vectorBad(VectorPool &P) {
  Conn *C = P.get();
  P.put(C);
  C->write("late");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
  // CHECK-NOTES: :[[@LINE-3]]: note: handed back here
  // CHECK-NOTES: :[[@LINE-5]]: note: borrowed here
}

void vectorGood(VectorPool &P) {
  Conn *C = P.get();
  C->write("in time");
  P.put(C);
}

void vectorTwoConns(VectorPool &P) {
  Conn *A = P.get();
  Conn *B = P.get();
  P.put(A);
  B->write("another one");
  P.put(B);
}

// No name says that it is a pool.
class Shelf {
public:
  Conn *next() {
    if (Idle.empty())
      return new Conn;
    Conn *C = Idle.front();
    Idle.pop_front();
    return C;
  }
  void done(Conn *C) { Idle.push_back(C); }

private:
  std::deque<Conn *> Idle;
};

void shelfBad(Shelf &S) {
  Conn *C = S.next();
  S.done(C);
  C->Id = 1;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'S'
}

void shelfGood(Shelf &S) {
  Conn *C = S.next();
  C->Id = 1;
  S.done(C);
}

// A stack adaptor.
class StackPool {
public:
  Conn *acquire() {
    if (Free.empty())
      return new Conn;
    Conn *C = Free.top();
    Free.pop();
    return C;
  }
  void release(Conn *C) { Free.push(C); }

private:
  std::stack<Conn *> Free;
};

int stackBad(StackPool &S) {
  Conn *C = S.acquire();
  S.release(C);
  return C->fd();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'S'
}

int stackGood(StackPool &S) {
  Conn *C = S.acquire();
  int Fd = C->fd();
  S.release(C);
  return Fd;
}

// A pool that owns what is free.
class OwningPool {
public:
  std::unique_ptr<Conn> get() {
    if (Free.empty())
      return std::make_unique<Conn>();
    std::unique_ptr<Conn> C = std::move(Free.back());
    Free.pop_back();
    return C;
  }
  void put(std::unique_ptr<Conn> C) { Free.push_back(std::move(C)); }

private:
  std::vector<std::unique_ptr<Conn>> Free;
};

void owningBad(OwningPool &P) {
  std::unique_ptr<Conn> C = P.get();
  Conn *Raw = C.get();
  P.put(std::move(C));
  Raw->write("late");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was handed back to 'P'
}

void owningGood(OwningPool &P) {
  std::unique_ptr<Conn> C = P.get();
  Conn *Raw = C.get();
  Raw->write("in time");
  P.put(std::move(C));
}

// A pool that keeps only some, and closes the rest.
class BoundedPool {
public:
  Conn *get() {
    if (Free.empty())
      return new Conn;
    Conn *C = Free.back();
    Free.pop_back();
    return C;
  }
  void put(Conn *C) {
    if (Free.size() >= 8) {
      delete C;
      return;
    }
    Free.push_back(C);
  }

private:
  std::vector<Conn *> Free;
};

void boundedBad(BoundedPool &P) {
  Conn *C = P.get();
  P.put(C);
  C->write("late");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void boundedGood(BoundedPool &P) {
  Conn *C = P.get();
  C->write("in time");
  P.put(C);
  C = P.get();
  C->write("the next one");
  P.put(C);
}

// A log keeps what it is given and hands out other things: no pool.
class Registry {
public:
  void add(Conn *C) { All.push_back(C); }
  std::size_t count() const { return All.size(); }
  Conn *first() const { return All.front(); }

private:
  std::vector<Conn *> All;
};

void registryGood(Registry &R) {
  Conn *C = new Conn;
  R.add(C);
  C->write("still mine to use");
}

// Elements are taken out, but not handed out.
class Closer {
public:
  void watch(Conn *C) { Open.push_back(C); }
  void closeAll() {
    while (!Open.empty()) {
      delete Open.back();
      Open.pop_back();
    }
  }

private:
  std::vector<Conn *> Open;
};

void closerGood(Closer &K) {
  Conn *C = new Conn;
  K.watch(C);
  C->write("open until closeAll");
}
