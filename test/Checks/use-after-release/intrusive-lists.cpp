// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// Elements computed from their hooks, in templates and by a cast to a derived
// class: each turn of a loop has its own.

#include "pool.h"

struct Hook {
  Hook *Next = nullptr;
};
struct Item : Hook {
  int Id = 0;
  char *Name = nullptr;
};
struct Outer {
  long Tag = 0;
  Hook Link;
  char *Name = nullptr;
};
Hook *firstHook();
Hook *nextHook(Hook *H);
void log(int);

template <class T, class M> T *parentOf(M *Member, M T::*Where) {
  auto Offset = reinterpret_cast<char *>(&(static_cast<T *>(nullptr)->*Where));
  return reinterpret_cast<T *>(reinterpret_cast<char *>(Member) -
                               (Offset - static_cast<char *>(nullptr)));
}

void derivedGood() {
  Hook *H = firstHook();
  Item *I = nullptr;
  while (H) {
    Hook *Next = nextHook(H);
    I = static_cast<Item *>(H);
    delete[] I->Name;
    delete I;
    H = Next;
  }
}

void derivedBad() {
  Hook *H = firstHook();
  Item *I = nullptr;
  while (H) {
    Hook *Next = nextHook(H);
    I = static_cast<Item *>(H);
    delete I;
    delete[] I->Name;
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'I' is used after it was deleted
    H = Next;
  }
}

void byOffsetGood() {
  Hook *H = firstHook();
  Outer *O;
  while (H) {
    Hook *Next = nextHook(H);
    O = reinterpret_cast<Outer *>(reinterpret_cast<char *>(H) -
                                  __builtin_offsetof(Outer, Link));
    delete[] O->Name;
    delete O;
    H = Next;
  }
}

void byMemberGood() {
  Outer *O;
  for (Hook *H = firstHook(); H;) {
    O = parentOf(H, &Outer::Link);
    H = nextHook(H);
    log(O->Tag);
    delete O;
  }
}

void toPoolGood(Pool &P, Hook *H) {
  Conn *C;
  while (H) {
    Hook *Next = nextHook(H);
    C = reinterpret_cast<Conn *>(reinterpret_cast<char *>(H) - 16);
    C->write("bye");
    P.put(C);
    H = Next;
  }
}

void toPoolBad(Pool &P, Hook *H) {
  Conn *C;
  while (H) {
    Hook *Next = nextHook(H);
    C = reinterpret_cast<Conn *>(reinterpret_cast<char *>(H) - 16);
    P.put(C);
    C->write("bye");
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'C' is used after it was handed back to 'P'
    H = Next;
  }
}
