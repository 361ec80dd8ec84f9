#include "pool/pool.h"
Conn *Pool::get() {
  Conn *C = Free;
  if (!C)
    return new Conn;
  Free = C->Next;
  return C;
}
void Pool::put(Conn *C) {
  C->Next = Free;
  Free = C;
}
void Conn::write(const char *) {}
