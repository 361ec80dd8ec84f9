// RUN: %check_race %s race-use-after-release
// What hands back where an object ends: handles, scope guards, deleters.
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

struct Conn { int Id; void send(int); bool ok() const; };

class Pool {
public:
  Conn *get() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Free.empty())
      return nullptr;
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
Pool ThePool;

class Lease {
public:
  explicit Lease(Pool &P) : From(&P), C(P.get()) {}
  Lease(const Lease &) = delete;
  ~Lease() {
    if (C)
      From->put(C);
  }
  Conn *raw() const { return C; }
  Conn *operator->() const { return C; }
  Conn *release() { return std::exchange(C, nullptr); }
private:
  Pool *From;
  Conn *C;
};

template <class F> class Finally {
public:
  explicit Finally(F Fn) : Fn(std::move(Fn)) {}
  ~Finally() {
    if (Armed)
      Fn();
  }
  void dismiss() { Armed = false; }
private:
  F Fn;
  bool Armed = true;
};

struct GiveBack {
  void operator()(Conn *C) const { ThePool.put(C); }
};

void rawOutlivesLease() {
  Conn *C;
  {
    Lease L(ThePool);
    C = L.raw();
    C->send(1);
  }
  C->send(2);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back by '~Lease'
}

Conn *returnsWhatItsLeaseHolds() {
  Lease L(ThePool);
  L->send(1);
  return L.raw();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is returned after it was handed back by '~Lease'
}

void guardEndsFirst() {
  Conn *C = ThePool.get();
  {
    Finally Back([&] { ThePool.put(C); });
    C->send(1);
  }
  C->send(2);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back by '~Finally'
}

void guardAndByHand(bool Bad) {
  Conn *C = ThePool.get();
  Finally Back([&] { ThePool.put(C); });
  if (Bad) {
    ThePool.put(C);
    return;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'C' is handed back twice
  }
  C->send(1);
}

void deleterRunsAtReset() {
  std::unique_ptr<Conn, GiveBack> P(ThePool.get());
  Conn *C = P.get();
  P.reset();
  C->send(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back by 'reset'
}

// Look-alikes.

void usedInside() {
  Lease L(ThePool);
  Conn *C = L.raw();
  C->send(1);
  if (!C->ok())
    return;
  C->send(2);
}

void leaseInEachTurn(int N) {
  for (int I = 0; I < N; ++I) {
    Lease L(ThePool);
    L->send(I);
  }
}

Conn *releasedToCaller() {
  Lease L(ThePool);
  return L.release();
}

void dismissed() {
  Conn *C = ThePool.get();
  {
    Finally Back([&] { ThePool.put(C); });
    C->send(1);
    Back.dismiss();
  }
  C->send(2);
  ThePool.put(C);
}

void dismissedWhereItWorks(bool Ok) {
  Conn *C = ThePool.get();
  {
    Finally Back([&] { ThePool.put(C); });
    if (Ok)
      Back.dismiss();
  }
  if (Ok)
    C->send(2);
}

void guardOfSomethingElse(int &Depth) {
  Conn *C = ThePool.get();
  {
    Finally Out([&] { --Depth; });
    C->send(1);
  }
  C->send(2);
  ThePool.put(C);
}

void guardRenews() {
  Conn *C = ThePool.get();
  {
    Finally Again([&] { C = ThePool.get(); });
    ThePool.put(C);
  }
  C->send(1);
}

void deleterWithoutWork() {
  std::unique_ptr<Conn, GiveBack> P(ThePool.get());
  Conn *C = P.release();
  P.reset();
  C->send(1);
  ThePool.put(C);
}

void sharedAmongOthers(std::shared_ptr<Conn> &Out) {
  Conn *C;
  {
    std::shared_ptr<Conn> P(ThePool.get(), GiveBack());
    C = P.get();
    Out = P;
  }
  C->send(1);
}
