// RUN: %check_race %s race-check-then-act
//
// A function finds an element under the lock and returns where it is. Who
// called it follows that without the lock, and anybody may take it out.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

struct Session {
  std::string User;
  void touch();
};

class Sessions {
public:
  Session *find(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Open.find(Id);
    return It == Open.end() ? nullptr : It->second.get();
  }
  Session *idle(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Idle.find(Id);
    if (It == Idle.end())
      return nullptr;
    return &It->second;
  }
  std::shared_ptr<Session> kept(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Kept.find(Id);
    if (It == Kept.end())
      return nullptr;
    return It->second;
  }
  Session *foreign(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Foreign.find(Id);
    return It == Foreign.end() ? nullptr : It->second;
  }
  void close(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    Open.erase(Id);
    Idle.erase(Id);
    Kept.erase(Id);
    Foreign.erase(Id);
  }
  std::mutex &lock() { return Mu; }

private:
  std::mutex Mu;
  std::map<int, std::unique_ptr<Session>> Open;
  std::unordered_map<int, Session> Idle;
  std::map<int, std::shared_ptr<Session>> Kept;
  // Whose objects they are, nobody knows.
  std::map<int, Session *> Foreign;
};

std::string userBad(Sessions &S, int Id) {
  Session *Found = S.find(Id);
  if (!Found)
    return {};
  return Found->User;
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Open': what 'find' found is used after 'Mu' was released
}

void touchBad(Sessions &S, int Id) {
  if (Session *Found = S.idle(Id))
    Found->touch();
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Idle': what 'idle' found is used after 'Mu' was released
}

// It stays as long as somebody has it.
void sharedGood(Sessions &S, int Id) {
  if (auto Found = S.kept(Id))
    Found->touch();
}
void foreignGood(Sessions &S, int Id) {
  if (Session *Found = S.foreign(Id))
    Found->touch();
}
// Whether it is there is all that is asked.
bool thereGood(Sessions &S, int Id) { return S.find(Id) != nullptr; }
void lockedGood(Sessions &S, int Id) {
  std::lock_guard<std::mutex> Lock(S.lock());
  if (Session *Found = S.idle(Id))
    Found->touch();
}

// Nothing is ever taken out, or only what has a condition.
class Names {
public:
  Session *find(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = All.find(Id);
    return It == All.end() ? nullptr : &It->second;
  }
  Session *counted(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = Counted.find(Id);
    if (It == Counted.end())
      return nullptr;
    ++Uses;
    return &It->second;
  }
  void drop(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (--Uses == 0)
      Counted.erase(Id);
  }

private:
  std::mutex Mu;
  int Uses = 0;
  std::map<int, Session> All, Counted;
};

void namesGood(Names &N, int Id) {
  if (Session *Found = N.find(Id))
    Found->touch();
  if (Session *Found = N.counted(Id))
    Found->touch();
  N.drop(Id);
}
