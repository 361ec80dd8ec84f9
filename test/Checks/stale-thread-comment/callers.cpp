// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// Who calls without the lock that a comment asks for, where no thread starts in
// sight: private locks, and functions that take the lock at other times.

#include <functional>
#include <mutex>

// Nobody outside can name the lock, and so nobody can have taken it.
class Table {
public:
  void insert(int V) {
    std::lock_guard<std::mutex> L(Mu);
    grow();
    Last = V;
  }
  void reserve() { grow(); }
  void erase() {
    std::lock_guard<std::mutex> L(Mu);
    shrink();
  }

private:
  // The caller must hold Mu.
  void grow() { Size *= 2; }
  // CHECK-MESSAGES: :[[@LINE-2]]:10: warning: comment says "{{.*}}", but 'Table::grow' is called without 'Mu'
  // The caller must hold Mu.
  void shrink() { Size /= 2; }
  std::mutex Mu;
  int Size = 1, Last = 0;
};

// A name can say it, too; and who opens or closes has the object alone.
class KeptTable {
public:
  void insert() {
    std::lock_guard<std::mutex> L(Mu);
    grow();
  }
  void reserveLocked() { grow(); }
  void init() { grow(); }
  void shutdown() { prepare(); }

private:
  void prepare() { grow(); }
  // The caller must hold Mu.
  void grow() { Size *= 2; }
  std::mutex Mu;
  int Size = 1;
};

// Who closes something and takes the lock for it is not alone.
class Device {
public:
  void close() {
    Mu.lock();
    bool IsLast = --Users == 0;
    Mu.unlock();
    if (IsLast)
      release();
  }
  void open() {
    std::lock_guard<std::mutex> L(Mu);
    acquire();
  }

private:
  // This expects the device lock to be held.
  void release() { Opened = false; }
  // CHECK-MESSAGES: :[[@LINE-2]]:11: warning: comment says "{{.*}}", but 'Device::release' is called without 'Mu'
  // This expects the device lock to be held.
  void acquire() { Opened = true; }
  std::mutex Mu;
  int Users = 0;
  bool Opened = false;
};

// It lets go of the lock for a while itself.
class WaitingDevice {
public:
  void close() {
    std::lock_guard<std::mutex> L(Mu);
    release();
  }
  void drop() {
    Mu.lock();
    Mu.unlock();
    Mu.lock();
    release();
    Mu.unlock();
  }

private:
  // This expects the device lock to be held.
  void release() {
    Mu.unlock();
    wait();
    Mu.lock();
    Opened = false;
  }
  void wait();
  std::mutex Mu;
  bool Opened = false;
};

// An assertion says so as well as a comment.
class OwnMutex {
public:
  void lock() { M.lock(); }
  void unlock() { M.unlock(); }
  void AssertHeld() const {}

private:
  std::mutex M;
};
class Asserts {
public:
  void add() {
    std::lock_guard<OwnMutex> L(Mu);
    ++N;
    bump();
  }
  void sub() {
    std::lock_guard<OwnMutex> L(Mu);
    --N;
  }
  void addLater() {
    Mu.AssertHeld();
    ++N;
    bump();
  }

private:
  // Requires: Mu held.
  void bump() { ++Bumps; }
  OwnMutex Mu;
  int N = 0; // guarded by Mu
  int Bumps = 0;
};

// Two locks of one class are two locks.
class TwoLocks {
public:
  void add() {
    std::lock_guard<OwnMutex> L(Mu);
    bump();
  }
  void addOther() {
    std::lock_guard<OwnMutex> L(Mu);
    std::lock_guard<OwnMutex> O(OtherMu);
    bump();
  }
  void sub() {
    std::lock_guard<OwnMutex> O(OtherMu);
    log();
  }
  void log() {}
  void count() { bump(); }

private:
  // Requires: Mu held.
  void bump() { ++Bumps; }
  // CHECK-MESSAGES: :[[@LINE-2]]:6: warning: comment says "{{.*}}", but 'TwoLocks::bump' is called without 'Mu'
  OwnMutex Mu, OtherMu;
  int Bumps = 0;
};

// What unseen code gets is called some time: under locks only if it gets it
// under them, or is there to call it at once.
void whenReady(void (*Then)(void *), void *Arg);
void sortAll(void (*Then)(void *), void *Arg);
class Request {
public:
  void send() {
    {
      std::lock_guard<std::mutex> L(Mu);
      finish();
      note();
      keep();
    }
    whenReady(&Request::onReady, this);
  }
  void sendLocked() {
    std::lock_guard<std::mutex> L(Mu);
    whenReady(&Request::onReadyHere, this);
  }
  void order() {
    sortAll(&Request::onSorted, this);
  }

private:
  static void onReady(void *Arg) { static_cast<Request *>(Arg)->finish(); }
  static void onReadyHere(void *Arg) { static_cast<Request *>(Arg)->note(); }
  static void onSorted(void *Arg) { static_cast<Request *>(Arg)->keep(); }
  // Must be called with Mu held.
  void finish() { Done = true; }
  // CHECK-MESSAGES: :[[@LINE-2]]:6: warning: comment says "{{.*}}", but 'Request::finish' is called without 'Mu'
  // Must be called with Mu held.
  void note() { Done = false; }
  // Must be called with Mu held.
  void keep() { Done = false; }
  std::mutex Mu;
  bool Done = false;
};
