// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// Many threads may look for elements at once, by methods that are not const,
// too; what counts is whether somebody changes one.

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <vector>

void use(const std::string &S);

// All of this only looks.
class Looks {
public:
  void start() {
    A = std::thread([this] { one(); });
    B = std::thread([this] { two(); });
  }

private:
  void one() {
    for (auto &N : Names)
      use(N);
    use(Names[0]);
    for (auto &[K, V] : ByName)
      use(K);
  }
  void two() {
    for (const auto &N : Names)
      use(N);
    use(Names.front());
    auto It = ByName.find("a");
    if (It != ByName.end() && It->second > 2)
      use(It->first);
  }
  std::vector<std::string> Names;    // immutable after construction
  std::map<std::string, int> ByName; // never changes after init
  std::thread A, B;
};

// Here elements are changed: by their index, in a loop, through an iterator,
// through a reference, by an algorithm.
class Changes {
public:
  void start() {
    A = std::thread([this] { one(); });
    B = std::thread([this] { two(); });
  }

private:
  int one() {
    int Sum = 0;
    for (int N : Sorted)
      Sum += N;
    auto It = Found.find(1);
    return Sum + Indexed[0] + Looped.front() + Bound.back() +
           (It == Found.end() ? 0 : It->second);
  }
  void two() {
    Indexed[1] = 2;
    for (int &N : Looped)
      N += 2;
    auto It = Found.find(2);
    if (It != Found.end())
      It->second = 3;
    int &First = Bound.front();
    ++First;
    std::sort(Sorted.begin(), Sorted.end());
  }
  std::vector<int> Indexed;  // never changes after init
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: comment says "{{.*}}", but 'Indexed' is touched by two threads
  std::vector<int> Looped;   // never changes after init
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: comment says "{{.*}}", but 'Looped' is touched by two threads
  std::map<int, int> Found;  // never changes after init
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: comment says "{{.*}}", but 'Found' is touched by two threads
  std::vector<int> Bound;    // never changes after init
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: comment says "{{.*}}", but 'Bound' is touched by two threads
  std::vector<int> Sorted;   // never changes after init
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: comment says "{{.*}}", but 'Sorted' is touched by two threads
  std::thread A, B;
};
