// RUN: %check_race %s race-use-after-release
//
// Templates, lambdas and macros.

#include <functional>
#include <vector>

template <typename T> class Pool {
public:
  T *get() {
    if (Free.empty())
      return new T;
    T *X = Free.back();
    Free.pop_back();
    return X;
  }
  void put(T *X) { Free.push_back(X); }

private:
  std::vector<T *> Free;
};

struct Conn {
  void write(const char *);
};
struct Buf {
  int N;
};

void bad(Pool<Conn> &P) {
  Conn *C = P.get();
  P.put(C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void good(Pool<Conn> &P) {
  Conn *C = P.get();
  C->write("x");
  P.put(C);
}

// A second instantiation is a pool as well.
int otherTypeBad(Pool<Buf> &P) {
  Buf *B = P.get();
  P.put(B);
  return B->N;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'B' is used after it was handed back to 'P'
}

int otherTypeGood(Pool<Buf> &P) {
  Buf *B = P.get();
  int N = B->N;
  P.put(B);
  return N;
}

template <typename P, typename C> void finish(P &Where, C *What) {
  Where.put(What);
}

void templateHelperBad(Pool<Conn> &P) {
  Conn *C = P.get();
  finish(P, C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'finish'
}

void templateHelperGood(Pool<Conn> &P) {
  Conn *C = P.get();
  C->write("x");
  finish(P, C);
}

template <typename T> int inTemplateBad(Pool<T> &P) {
  T *X = P.get();
  P.put(X);
  return X->N;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'X' is used after it was handed back to 'P'
}
template int inTemplateBad<Buf>(Pool<Buf> &);

template <typename T> int inTemplateGood(Pool<T> &P) {
  T *X = P.get();
  int N = X->N;
  P.put(X);
  return N;
}
template int inTemplateGood<Buf>(Pool<Buf> &);

void lambdaBad(Pool<Conn> &P) {
  Conn *C = P.get();
  auto Done = [&] { P.put(C); };
  Done();
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'lambda'
}

void lambdaNotCalledGood(Pool<Conn> &P) {
  Conn *C = P.get();
  auto Done = [&] { P.put(C); };
  C->write("x");
  Done();
}

void insideLambdaBad(Pool<Conn> &P) {
  auto Serve = [&] {
    Conn *C = P.get();
    P.put(C);
    C->write("x");
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
  };
  Serve();
}

void insideLambdaGood(Pool<Conn> &P) {
  auto Serve = [&] {
    Conn *C = P.get();
    C->write("x");
    P.put(C);
  };
  Serve();
}

void lambdaParameterBad(Pool<Conn> &P) {
  auto Done = [&P](Conn *C) { P.put(C); };
  Conn *C = P.get();
  Done(C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back by 'lambda'
}

#define PUT(Pool, C) (Pool).put(C)
#define PUT_AND_NULL(Pool, C)                                                  \
  do {                                                                         \
    (Pool).put(C);                                                             \
    (C) = nullptr;                                                             \
  } while (0)

void macroBad(Pool<Conn> &P) {
  Conn *C = P.get();
  PUT(P, C);
  C->write("x");
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'C' is used after it was handed back to 'P'
}

void macroGood(Pool<Conn> &P) {
  Conn *C = P.get();
  C->write("x");
  PUT(P, C);
}

void macroNullGood(Pool<Conn> &P) {
  Conn *C = P.get();
  PUT_AND_NULL(P, C);
  if (C)
    C->write("x");
}
