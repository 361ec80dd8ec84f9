// RUN: %check_race %s 'race-*' -- -std=c++17
// poco 1.11.0, Net/src/HTTPServerConnection.cpp:60. The pointer is converted to
// T * (a conversion operator that is not const): it is read, not set. Expect: silent.
#include <memory>
#include <mutex>
struct Params { int Timeout; };
namespace Poco {

template <class T> class AutoPtr {
public:
  AutoPtr(T *P);
  AutoPtr(const AutoPtr &O);
  ~AutoPtr();
  AutoPtr &operator=(const AutoPtr &);
  T *operator->();
  const T *operator->() const;
  operator T *();
  T *get();
private:
  T *P;
};
}
using Poco::AutoPtr;
struct Session { Session(AutoPtr<Params> P); bool more(); };
struct Request { Request(Session &S, Params *P);};
class Connection {
  std::mutex M;
  bool Stopped = false;
  AutoPtr<Params> P;
public:
  Connection(AutoPtr<Params> P) : P(P) {}
  void run() {
    Session S(P);
    while (S.more()) {
      std::lock_guard<std::mutex> L(M);
      if (!Stopped)
        Request R(S, P);
    }
  }
};
