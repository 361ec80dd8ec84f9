#pragma once
#include <vector>
struct Conn {
  void write(int);
};
class Pool {
public:
  Conn *get() {
    if (Free.empty())
      return new Conn;
    Conn *C = Free.back();
    Free.pop_back();
    return C;
  }
  void put(Conn *C) { Free.push_back(C); }

private:
  std::vector<Conn *> Free;
};
