// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// folly and proxygen: elements of a pool by their index, destruction that is
// put off.

#include <cstdint>
#include <memory>

namespace folly {
template <typename T> class IndexedMemPool {
public:
  uint32_t allocIndex();
  void recycleIndex(uint32_t Index);
  T &operator[](uint32_t Index);
};

class DelayedDestruction {
public:
  class DestructorGuard {
  public:
    explicit DestructorGuard(DelayedDestruction *D);
    ~DestructorGuard();
  };
  virtual void destroy();

protected:
  virtual ~DelayedDestruction() = default;
};
} // namespace folly

struct Node {
  uint32_t Next = 0;
  int Value = 0;
};

class Stack {
public:
  int popBad() {
    uint32_t Index = Head;
    Head = Pool[Index].Next;
    Pool.recycleIndex(Index);
    return Pool[Index].Value;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'Index' is used after it was handed back to 'Pool'
  }
  int popGood() {
    uint32_t Index = Head;
    Head = Pool[Index].Next;
    int Value = Pool[Index].Value;
    Pool.recycleIndex(Index);
    return Value;
  }

private:
  folly::IndexedMemPool<Node> Pool;
  uint32_t Head = 0;
};

class Transport : public folly::DelayedDestruction {
public:
  void closeBad() {
    destroy();
    Closed = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: '*this' is used after its reference was dropped by 'destroy'
  }
  void closeGuarded() {
    DestructorGuard Guard(this);
    destroy();
    Closed = true;
  }
  void closeGood() {
    Closed = true;
    destroy();
  }
  bool Closed = false;
};
