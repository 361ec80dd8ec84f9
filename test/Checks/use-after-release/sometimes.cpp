// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// A function that frees what it is given on some of its ways, and leaves its
// callers in the dark about which.

struct Conn {
  int Id = 0, Users = 0;
  bool Closed = false;
  char *Buffer = nullptr;
  unsigned Size = 0;
  void drain();
  void tell(int);
};
bool send(int);
int receive(int);
Conn *make();

// Where it fails, it frees, but not wherever it fails.
int start(Conn *C) {
  if (!send(1))
    return -1;
  if (!send(2)) {
    delete C;
    return -1;
  }
  return 0;
}
int bad() {
  Conn *C = make();
  if (start(C) < 0)
    return C->Id;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'C' is used after it was freed by 'start'
  int Id = C->Id;
  delete C;
  return Id;
}
int started(Conn *C) {
  if (start(C) < 0)
    return 0;
  return C->Id;
}

// Nothing tells.
void flush(Conn *C) {
  if (send(C->Id) && receive(C->Id) < 0)
    delete C;
}
int untold(Conn *C) {
  flush(C);
  return C->Id;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'C' is used after it was freed by 'flush'
}
int before(Conn *C) {
  int Id = C->Id;
  flush(C);
  return Id;
}

// Through one more function, and of itself.
void Conn::tell(int N) {
  if (!send(N))
    delete this;
}
void Conn::drain() {
  tell(1);
  Id = 0;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '*this' is used after it was freed by 'tell'
}

// What the caller passes decides.
void finish(Conn *C, bool Last) {
  if (Last && send(C->Id))
    delete C;
}
int notTheLast(Conn *C) {
  finish(C, false);
  return C->Id;
}
int last(Conn *C) {
  finish(C, true);
  return C->Id;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'C' is used after it was freed by 'finish'
}

// A variable of the caller's tells.
void close(Conn *C, bool *Gone) {
  *Gone = false;
  if (!send(C->Id)) {
    delete C;
    *Gone = true;
  }
}
int asked(Conn *C) {
  bool Gone;
  close(C, &Gone);
  return Gone ? 0 : C->Id;
}

// A count that the function drops: others hold on to it.
void release(Conn *C) {
  --C->Users;
  if (C->Users <= 0)
    delete C;
}
int shared(Conn *C) {
  release(C);
  return C->Id;
}

// Memory that grows when it must.
void reserve(Conn *C, unsigned N) {
  if (N > C->Size) {
    char *Old = C->Buffer;
    C->Buffer = new char[N];
    delete[] Old;
    C->Size = N;
  }
}
char grown(Conn *C) {
  char *B = C->Buffer;
  reserve(C, 8);
  return B[0];
}

// The result is looked at, and may say it.
int poll(Conn *C) {
  int N = receive(C->Id);
  if (N < -1)
    delete C;
  return N;
}
int polled(Conn *C) {
  int N = poll(C);
  return N < -1 ? 0 : C->Id;
}
