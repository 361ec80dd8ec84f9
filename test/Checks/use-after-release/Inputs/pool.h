// A pool of which only declarations are seen, as in most files that use one.
#ifndef POOL_H
#define POOL_H
struct Peer {
  int Port;
};
struct Conn {
  void write(const char *);
  bool ok() const;
  int fd() const;
  Peer *peer();
  int Id;
  char Buf[64];
  Conn *Next;
};
class Pool {
public:
  Conn *get();
  void put(Conn *C);
};
void use(Conn *C);
void fill(Conn **Out);
bool cond();
int status();
void log(const char *, ...);
#endif
