// RUN: %check_race %s race-check-then-act
//
// A flag that says that something is closed is tested before the lock is taken
// under which it is set, and something is added then: after the end of all.

#include <atomic>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

struct Connection {
  void close();
};
void log(const char *);

class Server {
public:
  bool addBad(Connection *C) {
    if (Closed)
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: check-then-act on 'Closed': it is tested before 'Mu' is taken, under which it is set
      // CHECK-NOTES: :[[@LINE+3]]: note: 'Mu' is taken here; test 'Closed' again under it
      // CHECK-NOTES: :[[@LINE+85]]: note: 'closeAll' sets it under the lock, and then turns to 'Connections', to which the other one adds
      return false;
    std::lock_guard<std::mutex> Lock(Mu);
    Connections.push_back(C);
    return true;
  }

  bool addPlainBad(Connection *C) {
    if (!Ended) {
      // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: check-then-act on 'Ended': it is tested before 'Mu' is taken, under which it is set
      std::lock_guard<std::mutex> Lock(Mu);
      Connections.push_back(C);
      return true;
    }
    return false;
  }

  bool addLockedGood(Connection *C) {
    std::lock_guard<std::mutex> Lock(Mu);
    if (Closed)
      return false;
    Connections.push_back(C);
    return true;
  }

  // The first look only spares the lock.
  bool addAgainGood(Connection *C) {
    if (Closed)
      return false;
    std::lock_guard<std::mutex> Lock(Mu);
    if (Closed)
      return false;
    Connections.push_back(C);
    return true;
  }

  // What is taken out is still there, or is not.
  Connection *takeGood() {
    if (Closed)
      return nullptr;
    std::lock_guard<std::mutex> Lock(Mu);
    if (Connections.empty())
      return nullptr;
    Connection *C = Connections.back();
    Connections.pop_back();
    return C;
  }

  // Nobody ends what is added here.
  void noteGood(int N) {
    if (Closed)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    Numbers.push_back(N);
  }

  // It is only said that it is late.
  bool addAnywayGood(Connection *C) {
    if (Closed)
      log("late");
    if (!C)
      return false;
    std::lock_guard<std::mutex> Lock(Mu);
    Connections.push_back(C);
    return true;
  }

  // Under another lock.
  void otherGood(Connection *C) {
    if (Closed)
      return;
    std::lock_guard<std::mutex> Lock(Other);
    Connections.push_back(C);
  }

  // One turn of a loop more is no harm.
  void workGood() {
    while (!Closed) {
      std::lock_guard<std::mutex> Lock(Mu);
      Connections.push_back(nullptr);
    }
  }

  void closeAll() {
    std::lock_guard<std::mutex> Lock(Mu);
    Closed = true;
    Ended = true;
    for (Connection *C : Connections)
      C->close();
    Connections.clear();
  }

private:
  std::mutex Mu, Other;
  std::atomic<bool> Closed{false};
  bool Ended = false;
  std::vector<Connection *> Connections;
  std::vector<int> Numbers;
};

// What is set is what those wait for who add.
class Opened {
public:
  void addGood(int N) {
    if (!Open)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    Numbers.push_back(N);
  }
  void open() {
    std::lock_guard<std::mutex> Lock(Mu);
    Open = true;
    Numbers.clear();
  }

private:
  std::mutex Mu;
  std::atomic<bool> Open{false};
  std::vector<int> Numbers;
};

// The one that closes does not look at what was added.
class Quiet {
public:
  void addGood(int N) {
    if (Closed)
      return;
    std::lock_guard<std::mutex> Lock(Mu);
    Numbers.push_back(N);
  }
  void close() {
    std::lock_guard<std::mutex> Lock(Mu);
    Closed = true;
    log("closed");
  }

private:
  std::mutex Mu;
  std::atomic<bool> Closed{false};
  std::vector<int> Numbers;
};
