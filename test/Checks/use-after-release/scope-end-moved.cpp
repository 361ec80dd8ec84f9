// RUN: %check_race %s race-use-after-release
// An owner that is moved on or returned hands nothing back at its own end.
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

struct Conn { int Id; void send(int); bool ok() const; };

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

void movedOn(std::vector<std::unique_ptr<Conn, GiveBack>> &All) {
  Conn *C;
  {
    std::unique_ptr<Conn, GiveBack> P(ThePool.get());
    C = P.get();
    All.push_back(std::move(P));
  }
  C->send(1);
}

std::unique_ptr<Conn, GiveBack> handle() {
  std::unique_ptr<Conn, GiveBack> P(ThePool.get());
  P->send(1);
  return P;
}
