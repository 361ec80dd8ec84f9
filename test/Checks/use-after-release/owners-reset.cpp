// RUN: %check_race %s race-use-after-release -- -std=c++17
// What a unique_ptr deletes when it is reset, and elements that are erased.
#include <list>
#include <map>
#include <memory>
#include <vector>

struct Item {
  int Id;
  bool Dead;
  void touch();
};
void log(const char *Format, ...);

class Owner {
  std::unique_ptr<Item> Current;
  std::map<int, int> Ages;
  std::list<Item> Items;

public:
  void resetBad() {
    Item *I = Current.get();
    Current.reset();
    I->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'I' is used after it was freed
  }
  void resetToBad() {
    Item &I = *Current;
    Current.reset(new Item());
    I.touch();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was freed
  }
  void nullBad() {
    Item *I = Current.get();
    Current = nullptr;
    I->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'I' is used after it was freed
  }
  void erasedBad(int Key) {
    auto It = Ages.find(Key);
    if (It == Ages.end())
      return;
    Ages.erase(It);
    log("%d", It->second);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: 'It' is used after it was removed
  }
  void elementBad(int Key) {
    auto It = Ages.find(Key);
    int &Age = It->second;
    Ages.erase(It);
    ++Age;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: {{.*}} is used after it was removed
  }

  void againGood() {
    Current.reset();
    Current = std::make_unique<Item>();
    Item *I = Current.get();
    I->touch();
  }
  void renewedGood() {
    Item *I = Current.get();
    I->touch();
    Current.reset(new Item());
    I = Current.get();
    I->touch();
  }
  void movedGood(std::vector<std::unique_ptr<Item>> &Out) {
    Item *I = Current.get();
    Out.push_back(std::move(Current));
    Current.reset();
    I->touch();
  }
  void releasedGood() {
    Item *I = Current.release();
    Current.reset();
    I->touch();
    delete I;
  }
  void onlyIfGood(bool Last) {
    Item *I = Current.get();
    if (Last) {
      Current.reset();
      return;
    }
    I->touch();
  }
  void nextGood() {
    for (auto It = Items.begin(); It != Items.end();) {
      if (It->Dead)
        It = Items.erase(It);
      else
        ++It;
    }
  }
  int firstGood(int Now) {
    std::map<int, int>::iterator It;
    do {
      It = Ages.begin();
      if (It->first > Now)
        return It->first;
      int Age = It->second;
      Ages.erase(It);
      log("%d", Age);
    } while (!Ages.empty());
    return 0;
  }
  void behindGood() {
    for (auto It = Items.begin(); It != Items.end();) {
      auto Old = It++;
      if (Old->Dead)
        Items.erase(Old);
    }
  }
  void foundGood(int Key) {
    for (auto It = Ages.begin(); It != Ages.end(); ++It)
      if (It->first == Key) {
        Ages.erase(It);
        break;
      }
  }
  void valueGood(int Key) {
    auto It = Ages.find(Key);
    int Age = It->second;
    Ages.erase(It);
    log("%d", Age);
  }
};
