// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// What comes first inside of one statement.

#include "pool.h"

int give(Pool &P, Conn *C) {
  P.put(C);
  return 0;
}

void commaBad(Pool &P) {
  Conn *C = P.get();
  P.put(C), C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void commaGood(Pool &P) {
  Conn *C = P.get();
  C->write("x"), P.put(C);
}

// The argument is computed before the call that hands back.
void argumentGood(Pool &P, void (*Log)(int)) {
  Conn *C = P.get();
  Log(C->fd());
  P.put(C);
}

class FdPool {
public:
  Conn *get();
  void put(Conn *C);
  void putFd(int Fd, Conn *C) { put((void(Fd), C)); }
};

void ownArgumentGood(FdPool &P) {
  Conn *C = P.get();
  P.putFd(C->fd(), C);
}

int andGood(Pool &P) {
  Conn *C = P.get();
  return C->ok() && give(P, C) == 0;
}

int andBad(Pool &P) {
  Conn *C = P.get();
  return give(P, C) == 0 && C->ok();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'give'
}

int initialiserBad(Pool &P) {
  Conn *C = P.get();
  int A = give(P, C), B = C->fd();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'give'
  return A + B;
}

int initialiserGood(Pool &P) {
  Conn *C = P.get();
  int B = C->fd(), A = give(P, C);
  return A + B;
}

void bracesBad(Pool &P) {
  Conn *C = P.get();
  int N[] = {give(P, C), C->fd()};
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'give'
  (void)N;
}

void bracesGood(Pool &P) {
  Conn *C = P.get();
  int N[] = {C->fd(), give(P, C)};
  (void)N;
}

void assignGood(Pool &P, int *Out) {
  Conn *C = P.get();
  *Out = C->fd();
  P.put(C);
  C = P.get(), C->write("x");
}
