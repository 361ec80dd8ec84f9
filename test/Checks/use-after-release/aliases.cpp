// RUN: %check_race %s race-use-after-release -- -I%S/Inputs
//
// The same object under another name.

#include "pool.h"
#include <memory>

void copyBad(Pool &P) {
  Conn *C = P.get();
  Conn *D = C;
  P.put(C);
  D->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void copyGood(Pool &P) {
  Conn *C = P.get();
  Conn *D = C;
  D->write("x");
  P.put(C);
  D = P.get();
  D->write("y");
}

void copyHandedBackBad(Pool &P) {
  Conn *C = P.get();
  Conn *D = C;
  P.put(D);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'D' is used after it was handed back to 'P'
}

void referenceBad(Pool &P) {
  Conn &C = *P.get();
  P.put(&C);
  C.write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: '&C' is used after it was handed back to 'P'
}

void referenceGood(Pool &P) {
  Conn &C = *P.get();
  C.write("x");
  P.put(&C);
}

void referenceToPointerBad(Pool &P) {
  Conn *C = P.get();
  Conn *&Ref = C;
  P.put(Ref);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'Ref' is used after it was handed back to 'P'
}

void referenceToPointerGood(Pool &P) {
  Conn *C = P.get();
  Conn *&Ref = C;
  P.put(Ref);
  Ref = P.get();
  C->write("x");
}

void memberPointerBad(Pool &P) {
  Conn *C = P.get();
  char *Text = C->Buf;
  P.put(C);
  Text[0] = 'x';
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void memberPointerGood(Pool &P) {
  Conn *C = P.get();
  char *Text = C->Buf;
  Text[0] = 'x';
  P.put(C);
}

void valueGood(Pool &P) {
  Conn *C = P.get();
  int Id = C->Id;
  P.put(C);
  log("%d", Id);
}

struct Context {
  Conn *C;
  int N;
};

void localFieldBad(Pool &P) {
  Context X;
  X.C = P.get();
  P.put(X.C);
  X.C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'X.C' is used after it was handed back to 'P'
}

void localFieldGood(Pool &P) {
  Context X;
  X.C = P.get();
  P.put(X.C);
  X.N = 1;
  log("%d", X.N);
}

void localFieldAliasBad(Pool &P) {
  Conn *C = P.get();
  Context X{C, 1};
  P.put(C);
  X.C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void localFieldAliasGood(Pool &P) {
  Conn *C = P.get();
  Context X{P.get(), 1};
  P.put(C);
  X.C->write("x");
}

void castBad(Pool &P) {
  Conn *C = P.get();
  void *V = C;
  P.put(static_cast<Conn *>(V));
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was handed back to 'P'
}

void sharedRawGood(std::shared_ptr<Conn> S) {
  Conn *Raw = S.get();
  S->write("x");
  Raw->write("y");
}

class UniquePool {
public:
  std::unique_ptr<Conn> get();
  void put(std::unique_ptr<Conn> C);
};

void uniqueBad(UniquePool &P) {
  std::unique_ptr<Conn> C = P.get();
  Conn *Raw = C.get();
  P.put(std::move(C));
  Raw->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was handed back to 'P'
}

void uniqueReferenceBad(UniquePool &P) {
  std::unique_ptr<Conn> C = P.get();
  Conn &Ref = *C;
  P.put(std::move(C));
  Ref.write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was handed back to 'P'
}

void uniqueGood(UniquePool &P) {
  std::unique_ptr<Conn> C = P.get();
  Conn *Raw = C.get();
  Raw->write("x");
  P.put(std::move(C));
  C = P.get();
  C->write("y");
}

void ternaryAliasBad(Pool &P, bool First) {
  Conn *A = P.get();
  Conn *B = P.get();
  Conn *C = First ? A : B;
  P.put(C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}
