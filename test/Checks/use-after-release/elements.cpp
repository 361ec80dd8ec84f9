// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Elements that live in a container, and are removed from it.

#include <deque>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

struct Request {
  int Id, Length;
  std::string Name;
};
void arrived(const Request &);
void note(int);

class Peer {
public:
  void frontBad() {
    const Request &First = Queue.front();
    note(First.Length);
    Queue.pop_front();
    arrived(First);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: the element is used after it was removed from 'Queue'
    // CHECK-NOTES: :[[@LINE-3]]:5: note: removed here
  }
  void copyGood() {
    Request First = Queue.front();
    Queue.pop_front();
    arrived(First);
  }
  void orderGood() {
    const Request &First = Queue.front();
    arrived(First);
    Queue.pop_front();
  }
  void otherEndGood() {
    const Request &First = Queue.front();
    Queue.pop_back();
    arrived(First);
  }
  void nextGood() {
    while (!Queue.empty()) {
      const Request &First = Queue.front();
      arrived(First);
      Queue.pop_front();
    }
  }
  void twoGood() {
    Queue.pop_front();
    Queue.pop_front();
    arrived(Queue.front());
  }
  void againGood() {
    const Request &First = Queue.front();
    note(First.Id);
    Queue.pop_front();
    const Request &Second = Queue.front();
    note(Second.Id);
  }
  void otherQueueGood() {
    const Request &First = Queue.front();
    Done.pop_front();
    arrived(First);
  }
  void clearBad() {
    Request &Last = Queue.back();
    Queue.clear();
    Last.Id = 0;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: the element is used after it was removed from 'Queue'
  }

private:
  std::deque<Request> Queue, Done;
};

int localBad(std::priority_queue<int> Q, std::queue<Request> R) {
  const Request &Next = R.front();
  R.pop();
  return Next.Id;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: the element is used after it was removed from 'R'
}

int pointersGood(std::queue<Request *> R) {
  Request *Next = R.front();
  R.pop();
  return Next->Id;
}

struct Session {
  int Id;
  std::string Name;
  int id() const { return Id; }
  void closeBad();
  void closeGood();
};
std::unordered_map<int, Session> Sessions;
std::map<int, std::unique_ptr<Session>> Owned;
std::map<int, std::shared_ptr<Session>> Shared;
std::map<int, Session *> Raw;
std::map<int, int> Counts;
void account(const std::string &);

void keyBad(Session *S) {
  Sessions.erase(S->Id);
  account(S->Name);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'S' is used after it was removed from 'Sessions'
}

void getterBad(Session &S) {
  Owned.erase(S.id());
  account(S.Name);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'S' is used after it was removed from 'Owned'
}

void Session::closeBad() {
  Sessions.erase(Id);
  account(Name);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: '*this' is used after it was removed from 'Sessions'
}

void Session::closeGood() {
  std::string Copy = Name;
  Sessions.erase(Id);
  account(Copy);
}

// Others hold it, or nobody owns it there.
void keptGood(Session *S) {
  Shared.erase(S->Id);
  Raw.erase(S->Id);
  Counts.erase(S->Id);
  account(S->Name);
}

void takenOutGood(int Id) {
  std::unique_ptr<Session> Mine = std::move(Owned[Id]);
  Owned.erase(Mine->Id);
  account(Mine->Name);
}

// A copy is not the element.
void copyGood(Session S) {
  Sessions.erase(S.Id);
  account(S.Name);
}

// What one call takes is not what the next one takes.
class Stack {
public:
  Request *get() {
    Request *Top = Items.back();
    Items.pop_back();
    return Top;
  }
  void drop() {
    delete Items.back();
    Items.pop_back();
  }

private:
  std::vector<Request *> Items;
};

int nextOneGood(Stack &S) {
  Request *First = S.get();
  delete First;
  Request *Second = S.get();
  return Second->Id;
}

void dropTwiceGood(Stack &S) {
  S.drop();
  S.drop();
}
