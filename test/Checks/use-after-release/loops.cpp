// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// From one turn of a loop to the next.

#include "pool.h"
#include <vector>

void handedBackInTurnBad(Pool &P, int N) {
  Conn *C = P.get();
  for (int I = 0; I < N; ++I) {
    C->write("x");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
    P.put(C);
  }
}

void reacquiredGood(Pool &P, int N) {
  for (int I = 0; I < N; ++I) {
    Conn *C = P.get();
    C->write("x");
    P.put(C);
  }
}

void reassignedGood(Pool &P, int N) {
  Conn *C = P.get();
  for (int I = 0; I < N; ++I) {
    C->write("x");
    P.put(C);
    C = P.get();
  }
  P.put(C);
}

void breakGood(Pool &P) {
  Conn *C = P.get();
  while (cond()) {
    C->write("x");
    if (cond()) {
      P.put(C);
      break;
    }
  }
}

void afterBreakBad(Pool &P) {
  Conn *C = P.get();
  while (cond()) {
    if (cond()) {
      P.put(C);
      break;
    }
  }
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void returnGood(Pool &P) {
  Conn *C = P.get();
  for (;;) {
    C->write("x");
    if (cond()) {
      P.put(C);
      return;
    }
  }
}

void continueBad(Pool &P) {
  Conn *C = P.get();
  while (cond()) {
    if (!C->ok()) {
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
      P.put(C);
      continue;
    }
    C->write("x");
  }
}

void continueGood(Pool &P) {
  while (cond()) {
    Conn *C = P.get();
    if (!C->ok()) {
      P.put(C);
      continue;
    }
    C->write("x");
    P.put(C);
  }
}

void doWhileGood(Pool &P) {
  Conn *C;
  do {
    C = P.get();
    use(C);
    P.put(C);
  } while (cond());
}

void eachElementGood(Pool &P, std::vector<Conn *> &All) {
  for (Conn *C : All) {
    C->write("bye");
    P.put(C);
  }
}

void eachIndexGood(Pool &P, Conn **All, int N) {
  for (int I = 0; I < N; ++I) {
    All[I]->write("bye");
    P.put(All[I]);
  }
}

void eachIndexBad(Pool &P, Conn **All, int N) {
  for (int I = 0; I < N; ++I) {
    P.put(All[I]);
    All[I]->write("bye");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'All[I]' is used after it was handed back to 'P'
  }
}

void listWalkBad(Pool &P, Conn *Head) {
  for (Conn *C = Head; C; C = C->Next)
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
    P.put(C);
}

void listWalkGood(Pool &P, Conn *Head) {
  while (Head) {
    Conn *Next = Head->Next;
    P.put(Head);
    Head = Next;
  }
}

void retryGood(Pool &P) {
  Conn *C = nullptr;
  for (int Try = 0; Try < 3; ++Try) {
    C = P.get();
    if (C->ok())
      break;
    P.put(C);
    C = nullptr;
  }
  if (!C)
    return;
  C->write("x");
  P.put(C);
}

void retryBad(Pool &P) {
  Conn *C = nullptr;
  for (int Try = 0; Try < 3; ++Try) {
    C = P.get();
    if (C->ok())
      break;
    P.put(C);
  }
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

// What lies in a copy of an element is another one in each turn.
struct Frame {
  Conn *C;
  int Depth;
};

void copiesGood(Pool &P, std::vector<Frame> &Stack) {
  Frame F = {nullptr, 0};
  while (!Stack.empty()) {
    F = Stack.back();
    Stack.pop_back();
    if (!F.C)
      continue;
    F.C->write("x");
    P.put(F.C);
    F.C = nullptr;
  }
}

void copiesBad(Pool &P, std::vector<Frame> &Stack) {
  Frame F = {nullptr, 0};
  while (!Stack.empty()) {
    F = Stack.back();
    Stack.pop_back();
    P.put(F.C);
    F.C->write("x");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'F.C' is used after it was handed back to 'P'
  }
}
