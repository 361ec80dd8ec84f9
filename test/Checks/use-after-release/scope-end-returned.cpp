// RUN: %check_race %s race-use-after-release
// That one function returns an owner does not change what others do with theirs.
#include <memory>
#include <mutex>
#include <vector>

struct Conn { int Id; void send(int); };

class Pool {
public:
  Conn *get() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Free.empty())
      return nullptr;
    Conn *C = Free.back();
    Free.pop_back();
    return C;
  }
  void put(Conn *C) {
    std::lock_guard<std::mutex> Lock(Mu);
    Free.push_back(C);
  }
private:
  std::mutex Mu;
  std::vector<Conn *> Free;
};
Pool ThePool;

struct GiveBack {
  void operator()(Conn *C) const { ThePool.put(C); }
};
using Handle = std::unique_ptr<Conn, GiveBack>;

Handle borrow() {
  Handle H(ThePool.get());
  H->send(1);
  return H;
}

int bad() {
  Handle H(ThePool.get());
  Conn *C = H.get();
  H.reset();
  return C->Id;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'C' is used after it was handed back by 'reset'
}

int good() {
  Handle H(ThePool.get());
  Conn *C = H.get();
  int Id = C->Id;
  H.reset();
  return Id;
}
