// RUN: %check_race %s 'race-*' -- -std=c++17
// brpc 71871ee9, src/brpc/stream.cpp:334. The unlocked test only feeds an
// assertion: the other outcome ends the program, so nothing is done on the
// strength of the answer. Expect: silent, or a weaker message.
#include <cstdlib>
#include <mutex>
struct Message { Message(const char *); ~Message(); };
struct Fatal { ~Fatal(); };
void fatal(const char *) __attribute__((noreturn));
#define CHECK(C) do { if (!(C)) fatal(#C); } while (0)
class Stream {
  std::mutex M;
  unsigned long Size = 1, Max = 0, Produced = 0, Consumed = 0;
public:
  void consumed(unsigned long N) {
    CHECK(Size > 0);
    std::lock_guard<std::mutex> L(M);
    if (Consumed >= N)
      return;
    if (Produced >= N + Size && Size < Max)
      Size *= 2;
    Consumed = N;
  }
};
