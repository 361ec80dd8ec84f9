// RUN: %check_race %s 'race-*' -- -std=c++17
// kudu 22028a29f, util/memory/memory.cc:286 and 341. FreeInternal(Buffer *) frees
// what the buffer holds, not the Buffer; a sibling that returns a Buffer * makes
// it look like a pair. Expect: silent.
#include <mutex>
struct Buffer { unsigned long size() const { return Size; } unsigned long Size; };
class Allocator {
public:
  virtual ~Allocator();
  Buffer *bestEffortAllocate(unsigned long N);
  virtual void freeInternal(Buffer *B) = 0;
protected:
  void delegateFree(Allocator *Delegate, Buffer *B) { Delegate->freeInternal(B); }
};
class Counting : public Allocator {
  std::mutex M;
  Allocator *Delegate;
  unsigned long Freed = 0;
public:
  void freeInternal(Buffer *B) override {
    delegateFree(Delegate, B);
    std::lock_guard<std::mutex> L(M);
    Freed += B->size();
  }
};
