// RUN: %check_race %s race-use-after-release --
//
// The last element of a stack is copied, changed and pushed again in one turn
// of a loop, and a part of it is deleted in another: what was deleted is not
// what the element of the next turn leads to.

#include <list>

struct Node {
  Node *First;
  bool redundant() const;
  ~Node();
};

struct Step {
  Node *At;
  Node *Below;
  bool Seen;
};

void prune(Node *Root) {
  std::list<Step> Stack;
  Step Now = {Root, nullptr, false};
  Stack.push_back(Now);
  while (!Stack.empty()) {
    Now = Stack.back();
    Stack.pop_back();
    if (!Now.Seen) {
      Now.Below = Now.At->First;
      Now.Seen = true;
      Stack.push_back(Now);
      Step Next = {Now.Below, nullptr, false};
      Stack.push_back(Next);
    } else if (Now.Below->redundant()) {
      delete Now.Below;
      Now.Below = nullptr;
    }
  }
}

// In one turn it is the same.
void pruneTwice(std::list<Step> &Stack) {
  Step Now;
  while (!Stack.empty()) {
    Now = Stack.back();
    Stack.pop_back();
    if (!Now.Seen) {
      Stack.push_back(Now);
    } else {
      delete Now.Below;
      Now.Below->redundant();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Now.Below' is used after it was deleted
    }
  }
}
