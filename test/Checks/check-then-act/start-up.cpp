// RUN: %check_race %s race-check-then-act
//
// What main does before it starts the first thread.

#include <map>
#include <mutex>
#include <thread>

class Table {
public:
  bool has(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    return Map.count(Key) != 0;
  }
  void set(int Key, int Value) {
    std::lock_guard<std::mutex> Lock(Mu);
    Map[Key] = Value;
  }

private:
  std::mutex Mu;
  std::map<int, int> Map;
};

Table TheTable;

void run() { TheTable.set(2, 2); }

int main() {
  if (!TheTable.has(1))
    TheTable.set(1, 1);
  std::thread Thread(run);
  if (!TheTable.has(2))
    TheTable.set(2, 3);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'TheTable': another thread can change it between 'has' and 'set'
  Thread.join();
}
