// RUN: %check_race %s race-use-after-release -- -std=c++17
// Elements that are known by a key, a position or an iterator, and what they
// own.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

void log(const char *Format, ...);

struct Session {
  int Id;
  std::string Name;
  bool expired() const;
  void touch();
};

class Registry {
  std::map<int, std::unique_ptr<Session>> Owned;
  std::map<int, std::unique_ptr<Session>> Others;
  std::unordered_map<std::string, Session> ByName;
  std::vector<std::unique_ptr<Session>> List;
  std::unordered_map<int, std::shared_ptr<Session>> Shared;
  std::map<int, Session *> Known;

  void drop(int Id) { Owned.erase(Id); }
  void dropAll() { Owned.clear(); }
  void dropOthers() { Others.clear(); }

public:
  void byKey(int Id) {
    Session *S = Owned[Id].get();
    Owned.erase(Id);
    S->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'S' is used after it was removed from 'Owned'
  }
  void byKeyInAHelper(int Id) {
    auto It = Owned.find(Id);
    if (It == Owned.end())
      return;
    Session *S = It->second.get();
    drop(Id);
    S->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'S' is used after it was removed
  }
  void behindTheOwner(int Id, bool Failed) {
    Session &S = *Owned[Id];
    if (Failed)
      Owned.erase(Id);
    S.touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: {{.*}} is used after it was removed from 'Owned'
  }
  void itself(const std::string &Name) {
    Session &S = ByName.at(Name);
    ByName.erase(Name);
    S.touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: {{.*}} is used after it was removed from 'ByName'
  }
  void partOfWhatItOwns(int Id) {
    auto It = Owned.find(Id);
    const std::string &Name = It->second->Name;
    Owned.erase(It);
    log("%s", Name.c_str());
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: {{.*}} is used after it was removed from 'Owned'
  }
  void all(int I) {
    Session *S = List[I].get();
    List.clear();
    S->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: {{.*}} is used after it was removed from 'List'
  }
  void allInAHelper(int Id) {
    Session *S = Owned[Id].get();
    dropAll();
    S->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: {{.*}} is used after it was removed
  }
  void last() {
    Session *S = List.back().get();
    List.pop_back();
    S->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: {{.*}} is used after it was removed from 'List'
  }
  void ownersReset(int Id) {
    Session *S = Owned[Id].get();
    Owned[Id].reset();
    S->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'S' is used after it was freed
  }
  void assigned(std::unique_ptr<Session> &Current) {
    Session *S = Current.get();
    Current = std::make_unique<Session>();
    S->touch();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'S' is used after it was freed
  }
  void whileOneGoesThrough() {
    for (auto It = Owned.begin(); It != Owned.end(); ++It)
      // CHECK-MESSAGES: :[[@LINE-1]]:54: warning: 'It' is used after it was removed from 'Owned'
      if (It->second->expired())
        Owned.erase(It);
  }
  void whileOneGoesThroughAVector(std::vector<Session> &All) {
    for (auto It = All.begin(); It != All.end(); ++It)
      // CHECK-MESSAGES: :[[@LINE-1]]:50: warning: 'It' is used after it was removed from 'All'
      if (It->expired())
        All.erase(It);
  }

  // What goes elsewhere before stays.
  void moved(int Id) {
    auto It = Owned.find(Id);
    auto S = std::move(It->second);
    Owned.erase(It);
    S->touch();
  }
  void movedByKey(int Id) {
    std::unique_ptr<Session> S = std::move(Owned[Id]);
    Owned.erase(Id);
    S->touch();
  }
  void released(int Id) {
    Session *S = Owned[Id].release();
    Owned.erase(Id);
    S->touch();
    delete S;
  }
  void movedFromTheEnd() {
    auto S = std::move(List.back());
    List.pop_back();
    S->touch();
  }
  // Another key, another container.
  void another(int Id, int Other) {
    Session *S = Owned[Id].get();
    Owned.erase(Other);
    S->touch();
  }
  void ofAnother(int Id) {
    Session *S = Owned[Id].get();
    Others.erase(Id);
    Others.clear();
    S->touch();
  }
  void ofAnotherInAHelper(int Id) {
    Session *S = Owned[Id].get();
    dropOthers();
    dropOthers();
    S->touch();
  }
  // Looked for again.
  void again(int Id) {
    Session *S = Owned[Id].get();
    Owned.erase(Id);
    S = Owned[Id].get();
    if (S)
      S->touch();
  }
  void madeAgain(int Id) {
    Owned[Id].reset();
    Owned[Id] = std::make_unique<Session>();
    Owned[Id]->touch();
  }
  void erasedTwice(int Id) {
    Owned.erase(Id);
    Owned.erase(Id);
  }
  // Others hold it.
  void shared(int Id) {
    std::shared_ptr<Session> S = Shared[Id];
    Shared.erase(Id);
    S->touch();
  }
  // The container holds pointers only.
  void pointers(int Id) {
    Session *S = Known[Id];
    Known.erase(Id);
    S->touch();
  }
  // The next element.
  void gone() {
    for (auto It = Owned.begin(); It != Owned.end();)
      if (It->second->expired())
        It = Owned.erase(It);
      else
        ++It;
  }
  void goneBehind() {
    for (auto It = Owned.begin(); It != Owned.end();) {
      auto Old = It++;
      if (Old->second->expired())
        Owned.erase(Old);
    }
  }
  void oneOnly() {
    for (auto It = Owned.begin(); It != Owned.end(); ++It)
      if (It->second->expired()) {
        Owned.erase(It);
        break;
      }
  }
  int fromTheFront(int Now) {
    std::map<int, std::unique_ptr<Session>>::iterator It;
    do {
      It = Owned.begin();
      if (It->first > Now)
        return It->first;
      Owned.erase(It);
    } while (!Owned.empty());
    return 0;
  }
  void assignedInTime(std::unique_ptr<Session> &Current) {
    auto Old = std::move(Current);
    Session *S = Old.get();
    Current = std::make_unique<Session>();
    S->touch();
  }
  void swapped(int Id, std::unique_ptr<Session> &Into) {
    Session *S = Owned[Id].get();
    std::swap(Into, Owned[Id]);
    Owned.erase(Id);
    S->touch();
  }
};

// The lock that a guard gives back lies in what is gone.
struct Bucket {
  std::mutex Mutex;
  int Count;
};

void guardOfTheDead(Bucket *B) {
  std::lock_guard<std::mutex> Guard(B->Mutex);
  B->Count = 0;
  delete B;
} // CHECK-MESSAGES: :[[@LINE]]:1: warning: 'B' is used after it was deleted

void guardEndsFirst(Bucket *B) {
  {
    std::lock_guard<std::mutex> Guard(B->Mutex);
    B->Count = 0;
  }
  delete B;
}

void guardGivesBackFirst(Bucket *B) {
  std::unique_lock<std::mutex> Guard(B->Mutex);
  B->Count = 0;
  Guard.unlock();
  delete B;
}
