// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// A comment on the statement that takes a lock, which says whom that keeps out.

#include <map>
#include <mutex>
#include <string>
#include <thread>

static std::map<int, std::string> names;
static std::mutex namesLock;
std::string nameOf(int Id) { return names.find(Id)->second; }
void rename(int Id, const std::string &Name) {
  // Take the lock so that no other thread reads names while we change it.
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: comment says "Take the lock so that no other thread reads names while", but 'names' is touched by two threads without a common lock
  std::lock_guard<std::mutex> Guard(namesLock);
  names[Id] = Name;
}
static void renamer() { rename(1, "x"); }
void startRenamer() { std::thread(renamer).detach(); }

// Who reads takes the lock as well.
static std::map<int, int> ages;
static std::mutex agesLock;
int ageOf(int Id) {
  std::lock_guard<std::mutex> Guard(agesLock);
  return ages.find(Id)->second;
}
void setAge(int Id, int Age) {
  // This lock keeps other threads from reading while we write.
  std::lock_guard<std::mutex> Guard(agesLock);
  ages[Id] = Age;
}
static void ager() { setAge(1, 2); }
void startAger() { std::thread(ager).detach(); }

// The comment speaks neither of what is looked at meanwhile, nor of what changes
// outside of the block.
static int limit, total;
static std::mutex totalLock;
int getTotal() {
  std::lock_guard<std::mutex> Guard(totalLock);
  return total;
}
void setLimit(int N) { limit = N; }
void addUp(int N) {
  {
    // Protect against concurrent updates.
    std::lock_guard<std::mutex> Guard(totalLock);
    total += N < limit ? N : limit;
  }
}
static void adder() { addUp(1); }
void startAdder() { std::thread(adder).detach(); }

// One thread only.
static int alone;
static std::mutex aloneLock;
void touchAlone() {
  // Lock to prevent concurrent access.
  std::lock_guard<std::mutex> Guard(aloneLock);
  ++alone;
}
int getAlone() { return alone; }

// The statement takes no lock.
static int unlocked;
void touchUnlocked() {
  // The lock of the caller: protects against concurrent access.
  ++unlocked;
}
static void toucher() { touchUnlocked(); }
void startToucher() { std::thread(toucher).detach(); }
