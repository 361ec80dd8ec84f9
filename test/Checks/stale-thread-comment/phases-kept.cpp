// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// Before the first thread starts and after the last has ended there is nobody
// else, also where other functions do it.

#include <map>
#include <thread>
#include <vector>

static std::map<int, int> Table; // only changed before threads are started
static std::vector<std::thread> Threads;
static void look() { (void)Table.count(1); }
static void fill() { Table[0] = 1; }
static void startAll() {
  for (int I = 0; I < 3; ++I)
    Threads.emplace_back(look);
}
static void joinAll() {
  for (std::thread &T : Threads)
    T.join();
}
int main() {
  fill();
  startAll();
  look();
  joinAll();
  Table.clear();
}
