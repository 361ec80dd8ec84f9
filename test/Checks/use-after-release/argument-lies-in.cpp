// RUN: %check_race %s race-use-after-release -- -std=c++17
// What a function hands back, and what it looks at behind that: only callers
// know that one lies in the other.
#include <list>
#include <map>
#include <string>

class Cache {
  std::map<std::string, int> ByName;
  std::list<std::string> Order;

  void drop(std::map<std::string, int>::iterator It, const std::string &Key) {
    ByName.erase(It);
    Order.remove(Key);
  }
  void dropKey(const std::string &Key) {
    ByName.erase(Key);
    Order.remove(Key);
  }
  void orderFirst(const std::string &Key) {
    Order.remove(Key);
    ByName.erase(Key);
  }

public:
  void oldest() {
    auto It = ByName.begin();
    drop(It, It->first);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'It->first' is used by 'drop' after it was removed with 'It'
    // CHECK-NOTES: :[[@LINE-17]]:5: note: 'drop' removes it here
    // CHECK-NOTES: :[[@LINE-17]]:5: note: 'drop' uses it here
  }
  void byItsOwnKey() {
    auto It = ByName.begin();
    dropKey(It->first);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'It->first' is used by 'dropKey' after it was removed with 'It'
  }
  void oneOfAll() {
    for (auto &Entry : ByName)
      if (Entry.second > 3) {
        dropKey(Entry.first);
        // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'Entry.first' is used by 'dropKey' after it was removed with the element
        break;
      }
  }

  // Look-alikes.
  void aCopy() {
    auto It = ByName.begin();
    std::string Key = It->first;
    drop(It, Key);
  }
  void aCallersKey(const std::string &Key) { dropKey(Key); }
  void inGoodOrder() {
    auto It = ByName.begin();
    orderFirst(It->first);
  }
  void ofAnother(std::map<std::string, int>::iterator Other) {
    auto It = ByName.begin();
    drop(It, Other->first);
  }
};

struct Node {
  Node *Parent;
  int Id;
};
void detach(Node *N, Node *Root) {
  delete N;
  Root->Id = 0;
}
void parentStays(Node *N) { detach(N, N->Parent); }
void itself(Node *N) {
  detach(N, N);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'N' is used by 'detach' after it was freed with 'N'
}
