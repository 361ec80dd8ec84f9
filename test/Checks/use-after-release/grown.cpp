// RUN: %check_race %s race-use-after-release -- -std=c++17
// References to elements of a vector, and a vector that grows.
#include <cstddef>
#include <deque>
#include <vector>

struct Session {
  int Id;
  bool Dead;
  void touch();
};

class List {
  std::vector<Session> All;
  void add(const Session &S) { All.push_back(S); }

public:
  void first(const Session &New) {
    Session &S = All.front();
    add(New);
    S.touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the element is used after 'add' may have moved it
    // CHECK-NOTES: :[[@LINE-8]]:32: note: 'add' moves them here
  }
  void last(const Session &New) {
    Session &S = All.back();
    All.push_back(New);
    S.touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the element is used after 'push_back' on 'All' may have moved it
  }
  void byPosition(const Session &New) {
    Session *S = &All[2];
    All.emplace_back(New);
    S->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the element is used after 'emplace_back' on 'All' may have moved it
  }
  void resized(size_t N) {
    Session &S = All[0];
    All.resize(N);
    S.touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the element is used after 'resize' on 'All' may have moved it
  }

  // Look-alikes.
  void theNewOne(const Session &New) {
    All.push_back(New);
    Session &S = All.back();
    S.touch();
    All.push_back(New);
  }
  void aCopy(const Session &New) {
    Session S = All[0];
    All.push_back(New);
    S.touch();
  }
  void lookedUpAgain(const Session &New) {
    for (size_t I = 0; I < All.size(); ++I) {
      Session &S = All[I];
      if (S.Dead)
        All.push_back(New);
    }
  }
  void anotherVector(std::vector<Session> &Other) {
    Session &S = All[0];
    Other.push_back(S);
    S.touch();
  }
  void inserted(const Session &New) {
    auto It = All.begin();
    It = All.insert(It, New);
    It->touch();
  }
};

class WithRoom {
  std::vector<Session> All;

public:
  WithRoom() { All.reserve(64); }
  void add(const Session &New) {
    Session &S = All[0];
    All.push_back(New);
    S.touch();
  }
};

// A deque's elements stay where they are.
void queue(std::deque<Session> &Queue, const Session &New) {
  Session &S = Queue[0];
  Queue.push_back(New);
  S.touch();
}
