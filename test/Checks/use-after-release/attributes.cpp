// RUN: %check_race %s race-use-after-release
//
// Attributes in the source.

struct Conn {
  int Id;
  void write(const char *);
};

void giveUp(Conn *C) __attribute__((ownership_takes(pool, 1)));
void keeps(Conn *C) __attribute__((ownership_holds(pool, 1)));
void freeIt(void *C) __attribute__((ownership_takes(malloc, 1)));
void annotated(__attribute__((annotate("race::hand_back"))) Conn *C);
void second(int N, __attribute__((annotate("race::hand_back"))) Conn *C);
void otherNote(__attribute__((annotate("something::else"))) Conn *C);
int closeHandle(int Fd __attribute__((release_handle("fd"))));
int writeHandle(int Fd __attribute__((use_handle("fd"))));

struct Self {
  int N;
  __attribute__((annotate("race::hand_back"))) void recycle();
  void visit();
};

void takesBad(Conn *C) {
  giveUp(C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'giveUp'
}

void takesGood(Conn *C) {
  C->write("x");
  giveUp(C);
}

// Memory of malloc's family has its own checks.
void mallocGood(Conn *C) {
  freeIt(C);
  C->write("x");
}

void annotatedBad(Conn *C) {
  annotated(C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'annotated'
}

void secondBad(Conn *C) {
  second(1, C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'second'
}

void otherNoteGood(Conn *C) {
  otherNote(C);
  C->write("x");
}

void selfBad(Self *S) {
  S->recycle();
  S->visit();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'S' is used after it was handed back by 'recycle'
}

void selfGood(Self *S) {
  S->visit();
  S->recycle();
}
