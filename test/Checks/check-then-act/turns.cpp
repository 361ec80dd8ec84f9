// RUN: %check_race %s race-check-then-act

// Counters of which each side raises its own.

#include <atomic>
#include <mutex>
#include <condition_variable>

class Counter {
public:
  int waitForChange(int Old) {
    std::unique_lock<std::mutex> Lock(M);
    if (Value == Old)
      Changed.wait(Lock);
    return Value;
  }
  int get() {
    std::lock_guard<std::mutex> Lock(M);
    return Value;
  }
  void raise() {
    std::lock_guard<std::mutex> Lock(M);
    ++Value;
    Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  int Value = 0;
};

bool fill(char *);

struct Ring {
  Counter Read, Written, Served, Open;
  std::atomic<unsigned> Head{0}, Tail{0};
  char *Slots[8];
  bool Active;

  // The two ends of a ring: nobody else moves mine.
  bool produce() {
    int W = Written.get();
    int R = Read.get();
    while (W - R > 6) {
      R = Read.waitForChange(R);
      if (!Active)
        return false;
    }
    if (!fill(Slots[W % 8]))
      return false;
    Written.raise();
    return true;
  }
  bool consume(char *&Out) {
    int R = Read.get();
    int W = Written.get();
    while (Active && R == W)
      W = Written.waitForChange(W);
    if (R >= W)
      return false;
    Out = Slots[R % 8];
    Read.raise();
    return true;
  }

  bool push(char *Item) {
    unsigned At = Head.load(), Next = (At + 1) % 8;
    if (Next == Tail.load())
      return false;
    Slots[At] = Item;
    Head.store(Next);
    return true;
  }
  bool pop(char *&Item) {
    unsigned At = Tail.load();
    if (At == Head.load())
      return false;
    Item = Slots[At];
    Tail.store((At + 1) % 8);
    return true;
  }

  // Whose turn it is is the only one.
  int serve(int Mine, char *Item) {
    int Now = Served.get();
    while (Now < Mine && Active)
      Now = Served.waitForChange(Now);
    if (!Item) {
      Served.raise();
      return 0;
    }
    return 1;
  }

  // What is asked at the end of a turn is for the next one.
  void follow(Counter &Source) {
    while (Active) {
      if (fill(Slots[0]))
        Served.raise();
      if (Source.get() == Served.get())
        break;
    }
  }

  // A limit that is not moved by another side.
  bool open(int Limit) {
    if (Open.get() >= Limit)
      return false;
    Open.raise();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Open': another thread can change it between 'get' and 'raise'
    return true;
  }
};

// Both ends are moved by whoever comes.
struct Positions {
  std::atomic<unsigned> First{0}, Last{0};
  char *Slots[8];
  void add(char *Item) {
    unsigned At = Last.load();
    if (At - First.load() < 8) {
      Slots[At % 8] = Item;
      Last.store(At + 1);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: check-then-act on 'Last': another thread can change it between 'load' and 'store'
    }
  }
};
