// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// Hand-backs that tell by their result whether they happened.

#include "pool.h"

class BoundedPool {
public:
  Conn *get() {
    if (Count == 0)
      return new Conn;
    --Count;
    Conn *C = Head;
    Head = C->Next;
    return C;
  }
  // False: full, and the object is still the caller's.
  bool tryPut(Conn *C) {
    if (Count >= 8)
      return false;
    ++Count;
    C->Next = Head;
    Head = C;
    return true;
  }

private:
  Conn *Head = nullptr;
  int Count = 0;
};

void fullGood(BoundedPool &P) {
  Conn *C = P.get();
  if (!P.tryPut(C)) {
    C->write("still mine");
    delete C;
  }
}

void takenBad(BoundedPool &P) {
  Conn *C = P.get();
  if (P.tryPut(C))
    C->write("theirs");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void kept(BoundedPool &P) {
  Conn *C = P.get();
  bool Taken = P.tryPut(C);
  if (!Taken)
    C->write("still mine");
}

static int giveBack(Pool &P, Conn *C) {
  if (!C->ok())
    return -1;
  P.put(C);
  return 0;
}

void negativeGood(Pool &P) {
  Conn *C = P.get();
  if (giveBack(P, C) < 0)
    C->write("still mine");
}

void negativeBad(Pool &P) {
  Conn *C = P.get();
  if (giveBack(P, C) >= 0)
    C->write("theirs");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'giveBack'
}

void nonZeroGood(Pool &P) {
  Conn *C = P.get();
  if (giveBack(P, C))
    C->write("still mine");
}

static bool tryGive(Pool &P, Conn *C) {
  if (!C->ok())
    return false;
  P.put(C);
  return true;
}

static bool tryGiveDeep(Pool &P, Conn *C) { return tryGive(P, C); }

void throughTwoGood(Pool &P) {
  Conn *C = P.get();
  if (!tryGiveDeep(P, C))
    C->write("still mine");
}

void throughTwoBad(Pool &P) {
  Conn *C = P.get();
  if (tryGiveDeep(P, C))
    C->write("theirs");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'tryGiveDeep'
}

static bool putUnlessOk(Pool &P, Conn *C) {
  if (C->ok())
    return true;
  P.put(C);
  return false;
}

void falseBad(Pool &P) {
  Conn *C = P.get();
  if (!putUnlessOk(P, C)) {
    C->write("theirs");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'putUnlessOk'
    return;
  }
  C->write("still mine");
}

void falseGood(Pool &P) {
  Conn *C = P.get();
  if (!putUnlessOk(P, C))
    return;
  C->write("still mine");
}

// Through a second function that returns what the first one did, or something
// of its own.
static int dropOrKeep(Pool &P, Conn *C) {
  if (!C->ok()) {
    P.put(C);
    return -1;
  }
  return 0;
}
static int dropOrKeepOrSkip(Pool &P, Conn *C, bool Skip) {
  if (Skip)
    return 1;
  return dropOrKeep(P, C);
}

void secondBad(Pool &P, bool Skip) {
  Conn *C = P.get();
  dropOrKeepOrSkip(P, C, Skip);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back
}

void secondAskedBad(Pool &P, bool Skip) {
  Conn *C = P.get();
  if (dropOrKeepOrSkip(P, C, Skip) < 0)
    C->write("failed");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back
}

void secondAskedGood(Pool &P, bool Skip) {
  Conn *C = P.get();
  if (dropOrKeepOrSkip(P, C, Skip) < 0)
    return;
  C->write("x");
}

void secondKeptGood(Pool &P, bool Skip) {
  Conn *C = P.get();
  int Result = dropOrKeepOrSkip(P, C, Skip);
  if (Result >= 0)
    C->write("x");
}
