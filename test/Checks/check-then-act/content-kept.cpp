// RUN: %check_race %s race-check-then-act
//
// What was found under a lock, and is used after it was released.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

void use(int);
struct Session {
  int Fd = 0;
};

class Sessions {
public:
  void drop(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    All.erase(Id);
  }
  void pointerBad(int Id) {
    Session *S;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      auto It = All.find(Id);
      if (It == All.end())
        return;
      S = &It->second;
    }
    S->Fd = 1;
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': what 'find' found is used after 'Mu' was released
  }
  void copyGood(int Id) {
    Session S;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      auto It = All.find(Id);
      if (It == All.end())
        return;
      S = It->second;
    }
    use(S.Fd);
  }
  void lockedGood(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    auto It = All.find(Id);
    if (It != All.end())
      It->second.Fd = 1;
  }

private:
  std::mutex Mu;
  std::unordered_map<int, Session> All;
};

// An owner is taken along.
class Owned {
public:
  void drop(int Id) {
    std::lock_guard<std::mutex> Lock(Mu);
    All.erase(Id);
  }
  void ownerGood(int Id) {
    std::shared_ptr<Session> S;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      auto It = All.find(Id);
      if (It == All.end())
        return;
      S = It->second;
    }
    S->Fd = 1;
  }

private:
  std::mutex Mu;
  std::map<int, std::shared_ptr<Session>> All;
};

// An element goes only when all is done with it: whoever has it takes it out.
class Protocol {
public:
  void handleGood(int Id) {
    Session *S;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      auto It = All.find(Id);
      if (It == All.end())
        return;
      S = &It->second;
    }
    S->Fd = 1;
    std::lock_guard<std::mutex> Lock(Mu);
    if (S->Fd)
      All.erase(Id);
  }

private:
  std::mutex Mu;
  std::map<int, Session> All;
};

class Connection {
public:
  void close() {
    std::lock_guard<std::mutex> Lock(Mu);
    Open.reset();
  }
  void sendBad() {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (!Open.has_value())
        return;
    }
    use(0);
    std::lock_guard<std::mutex> Lock(Mu);
    use(Open->Fd);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Open': another thread can change it between 'has_value' and 'operator->'
  }
  void sendAgainGood() {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (!Open)
        return;
    }
    use(0);
    std::lock_guard<std::mutex> Lock(Mu);
    if (Open)
      use(Open->Fd);
  }
  void sendGood() {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Open)
      use(Open->Fd);
  }

private:
  std::mutex Mu;
  std::optional<Session> Open;
};

// Nobody takes it away once it is there.
class Settings {
public:
  explicit Settings(int Fd) { Given = Session{Fd}; }
  void useGood() {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (!Given)
        return;
    }
    std::lock_guard<std::mutex> Lock(Mu);
    use(Given->Fd);
  }

private:
  std::mutex Mu;
  std::optional<Session> Given;
};
