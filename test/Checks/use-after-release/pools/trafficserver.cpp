// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Traffic Server: objects that end themselves, through the allocator that they
// came from.

#include <cstdint>
#include <memory>
#include <mutex>

template <class C> struct ClassAllocator {
  void free(C *ptr);
  C *alloc();
};

class Session;
class Transaction
{
public:
  void destroy();
  int64_t id() const { return _id; }
  int state = 0;

private:
  int64_t _id       = 0;
  Session *_session = nullptr;
};

class Session
{
public:
  void release(Transaction *txn);
  void free();
  int64_t served = 0;
  int64_t con_id = 0;
};

extern ClassAllocator<Transaction> transactionAllocator;
extern ClassAllocator<Session> sessionAllocator;

void
Transaction::destroy()
{
  _session = nullptr;
  transactionAllocator.free(this);
}

void
Session::free()
{
  sessionAllocator.free(this);
}

void
release_bad(Session *ssn, Transaction *txn)
{
  txn->destroy();
  ssn->served = txn->id();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'txn' is used after it was handed back by 'destroy'
}

void
release_good(Session *ssn, Transaction *txn)
{
  ssn->served = txn->id();
  txn->destroy();
}

int64_t
close_bad(Session *ssn)
{
  ssn->free();
  return ssn->con_id;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'ssn' is used after it was handed back by 'free'
}
