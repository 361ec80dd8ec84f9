// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// A function that is given the object looks through a member of it, whatever
// the rest of the object says.

struct Conn {
  int Id;
  Conn *Next;
};
int Sink;
void log(const char *);

struct Session {
  Conn *Link;
  bool Open;

  void look() { Sink = Link->Id; }
  void lookIfAny() {
    if (!Link)
      return;
    log("looking");
    Sink = Link->Id;
  }
  void lookThroughCopy() {
    Conn *C = Link;
    if (C)
      Sink = C->Id;
  }
  void lookIfOpen() {
    if (Open)
      Sink = Link->Id;
  }
  void renew();
  void lookAtNew() {
    renew();
    Sink = Link->Id;
  }
  void replace(Conn *C) {
    Link = C;
    Sink = Link->Id;
  }
  void sizes() { Sink = sizeof(Link->Id); }

  void direct() {
    delete Link;
    look();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Link' is used after it was deleted
    // CHECK-NOTES: :[[@LINE-3]]:5: note: deleted here
    // CHECK-NOTES: :[[@LINE-32]]:30: note: 'look' uses it here
    // CHECK-NOTES: :[[@LINE-5]]:5: note: copy before it what is needed later, or let it come after the last use
  }
  void tested() {
    delete Link;
    lookIfAny();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Link' is used after it was deleted
  }
  void copied() {
    delete Link;
    lookThroughCopy();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Link' is used after it was deleted
  }

  // Open may well be false by then.
  void guarded() {
    delete Link;
    lookIfOpen();
  }
  void nulled() {
    delete Link;
    Link = nullptr;
    lookIfAny();
  }
  void renewed() {
    delete Link;
    Link = new Conn();
    look();
  }
  void renewedThere() {
    delete Link;
    lookAtNew();
  }
  void replaced(Conn *C) {
    delete Link;
    replace(C);
  }
  void measured() {
    delete Link;
    sizes();
  }
};

// In C, what the function is given is a parameter.
static void detach(Session *S) {
  Conn *C = S->Link;
  if (C)
    Sink = C->Next != nullptr;
  S->Link = nullptr;
}
static void forget(Session *S) {
  if (S->Link)
    S->Link = nullptr;
}
void bad(Session *S) {
  delete S->Link;
  detach(S);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'S->Link' is used after it was deleted
}
void other(Session *S, Session *T) {
  delete S->Link;
  detach(T);
}
void onlyCleared(Session *S) {
  delete S->Link;
  forget(S);
}
