// RUN: %check_race %s race-check-then-act
//
// Classes of locks and guards of which only declarations are seen.

#include <map>

class SpinLock {
public:
  SpinLock();
  ~SpinLock();
  void Lock();
  void Unlock();
};
class AutoSpinLock {
public:
  explicit AutoSpinLock(SpinLock &L);
  ~AutoSpinLock();
};
class RWLock {
public:
  void readLock();
  void writeLock();
  void unlock();
};
class ReadLocker {
public:
  explicit ReadLocker(RWLock *L);
  ~ReadLocker();
};
class WriteLocker {
public:
  explicit WriteLocker(RWLock *L);
  ~WriteLocker();
};
// Neither is a lock.
class Block {
public:
  void block();
  void unblock();
};
class BlockHolder {
public:
  explicit BlockHolder(Block &B);
  ~BlockHolder();
};

int make(int Key);

class Table {
public:
  int guardBad(int Key) {
    {
      AutoSpinLock L(Spin);
      auto It = Made.find(Key);
      if (It != Made.end())
        return It->second;
    }
    int V = make(Key);
    AutoSpinLock L(Spin);
    Made[Key] = V;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Made': another thread can change it between 'find' and 'operator[]'
    return V;
  }
  int byHandBad(int Key) {
    Spin.Lock();
    bool There = Made.count(Key) != 0;
    Spin.Unlock();
    if (There)
      return 0;
    Spin.Lock();
    Made[Key] = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Made': another thread can change it between 'count' and 'operator[]'
    Spin.Unlock();
    return 1;
  }
  int readersBad(int Key) {
    {
      ReadLocker L(&Shared);
      if (Read.count(Key))
        return 0;
    }
    WriteLocker L(&Shared);
    Read[Key] = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'Read': another thread can change it between 'count' and 'operator[]'
    return 1;
  }

  int guardGood(int Key) {
    AutoSpinLock L(Spin);
    if (!Made.count(Key))
      Made[Key] = make(Key);
    return Made[Key];
  }
  int readersGood(int Key) {
    {
      ReadLocker L(&Shared);
      if (Read.count(Key))
        return 0;
    }
    WriteLocker L(&Shared);
    if (Read.count(Key))
      return 0;
    Read[Key] = 1;
    return 1;
  }
  int noLockGood(int Key) {
    {
      BlockHolder H(Piece);
      if (Other.count(Key))
        return 0;
    }
    BlockHolder H(Piece);
    Other[Key] = 1;
    return 1;
  }

private:
  SpinLock Spin;
  RWLock Shared;
  Block Piece;
  std::map<int, int> Made, Read, Other;
};
