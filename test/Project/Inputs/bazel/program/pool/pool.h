#ifndef POOL
#error "the target's defines are missing"
#endif
#pragma once
struct Conn {
  void write(const char *);
  Conn *Next;
};
class Pool {
public:
  Conn *get();
  void put(Conn *);

private:
  Conn *Free = nullptr;
};
