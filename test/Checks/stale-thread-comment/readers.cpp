// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// A lock that is held for reading keeps out writers only.

#include <mutex>
#include <shared_mutex>
#include <thread>

// Two readers write.
class Cache {
public:
  void start() {
    for (int I = 0; I < 4; ++I)
      std::thread([this] { hit(); }).detach();
  }
  void clear() {
    std::unique_lock<std::shared_mutex> L(Mu);
    Hits = 0;
  }

private:
  void hit() {
    std::shared_lock<std::shared_mutex> L(Mu);
    ++Hits;
  }
  std::shared_mutex Mu;
  int Hits = 0; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: comment says "guarded by Mu", but 'Hits' is touched by two threads
};

// One writes as a writer, the others read as readers.
class Table {
public:
  void start() {
    for (int I = 0; I < 4; ++I)
      std::thread([this] { look(); }).detach();
  }
  void set(int V) {
    std::unique_lock<std::shared_mutex> L(Mu);
    Value = V;
  }

private:
  int look() {
    std::shared_lock<std::shared_mutex> L(Mu);
    return Value;
  }
  std::shared_mutex Mu;
  int Value = 0; // guarded by Mu
};

// Readers write under another lock that they take as well.
class Counts {
public:
  void start() {
    for (int I = 0; I < 4; ++I)
      std::thread([this] { hit(); }).detach();
  }

private:
  void hit() {
    std::shared_lock<std::shared_mutex> L(Mu);
    std::lock_guard<std::mutex> H(HitsMu);
    ++Hits;
  }
  std::shared_mutex Mu;
  std::mutex HitsMu;
  int Hits = 0; // guarded by Mu and HitsMu
};

// The lock is taken again, as a writer, before the write.
class Upgrades {
public:
  void start() {
    for (int I = 0; I < 4; ++I)
      std::thread([this] { fill(); }).detach();
  }

private:
  void fill() {
    Mu.lock_shared();
    bool Empty = !Filled;
    Mu.unlock_shared();
    if (!Empty)
      return;
    Mu.lock();
    Filled = true;
    Mu.unlock();
  }
  std::shared_mutex Mu;
  bool Filled = false; // guarded by Mu
};
