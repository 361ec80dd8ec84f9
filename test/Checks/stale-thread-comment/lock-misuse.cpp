// RUN: %check_race %s race-stale-thread-comment -- -std=c++17 -pthread
//
// A lock is held, but not the one, or not any more, or only for reading. And
// one class of loops that run on several threads.

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

class Book {
public:
  void bid(int P) {
    std::lock_guard<std::mutex> L(BidMutex);
    Bids.push_back(P);
    Last = P;
  }
  void ask(int P) {
    std::lock_guard<std::mutex> L(AskMutex);
    Asks.push_back(P);
    Last = P;
  }
  void both(int P) {
    std::lock_guard<std::mutex> L(AskMutex);
    std::lock_guard<std::mutex> M(BidMutex);
    Count += P;
  }
  void count(int P) {
    std::lock_guard<std::mutex> L(AskMutex);
    Count += P;
  }

private:
  std::mutex BidMutex, AskMutex;
  std::vector<int> Bids; // protected by BidMutex
  std::vector<int> Asks; // protected by AskMutex
  int Last = 0;          // protected by BidMutex
  // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: comment says "protected by BidMutex", but 'Last' is written without 'BidMutex'
  int Count = 0; // protected by BidMutex
};

class Registry {
public:
  int find(int K) {
    std::shared_lock<std::shared_mutex> L(Mu);
    ++Hits;
    auto It = Map.find(K);
    return It == Map.end() ? 0 : It->second;
  }
  void put(int K, int V) {
    std::unique_lock<std::shared_mutex> L(Mu);
    Map[K] = V;
    Misses = 0;
  }

private:
  std::shared_mutex Mu;
  std::map<int, int> Map; // guarded by Mu
  int Misses = 0;         // guarded by Mu
  int Hits = 0;           // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: comment says "guarded by Mu", but 'Hits' is written with 'Mu' held for reading only
};

class Connections {
public:
  void send(int Id) {
    std::unique_lock<std::mutex> L(Mu);
    int Fd = All[Id];
    L.unlock();
    if (!write(Fd))
      All.erase(Id);
  }
  void add(int Id, int Fd) {
    std::lock_guard<std::mutex> L(Mu);
    All[Id] = Fd;
  }

private:
  bool write(int Fd);
  std::mutex Mu;
  std::map<int, int> All; // guarded by Mu
  // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: comment says "guarded by Mu", but 'All' is written without 'Mu'
};

class GoodConnections {
public:
  void send(int Id) {
    std::unique_lock<std::mutex> L(Mu);
    int Fd = All[Id];
    L.unlock();
    if (!write(Fd)) {
      L.lock();
      All.erase(Id);
    }
  }
  void add(int Id, int Fd) {
    std::lock_guard<std::mutex> L(Mu);
    All[Id] = Fd;
  }

private:
  bool write(int Fd);
  std::mutex Mu;
  std::map<int, int> All; // guarded by Mu
};

// Each server has its own loop.
class Loop {
public:
  void post(std::function<void()> Fn) {
    std::lock_guard<std::mutex> L(Mu);
    Queue.push_back(std::move(Fn));
  }
  void run() {
    for (;;) {
      std::deque<std::function<void()>> Now;
      {
        std::lock_guard<std::mutex> L(Mu);
        Now.swap(Queue);
      }
      for (auto &Fn : Now)
        Fn();
    }
  }

private:
  std::mutex Mu;
  std::deque<std::function<void()>> Queue;
};
class Server {
public:
  void serve() {
    T = std::thread([this] { L.run(); });
  }
  void open(int Fd) {
    L.post([this, Fd] { Sessions[Fd] = 1; });
  }

private:
  Loop L;
  std::thread T;
  std::map<int, int> Sessions; // only touched from the event loop
};
class Client {
public:
  void serve() {
    T = std::thread([this] { L.run(); });
  }
  void open(int Fd) {
    L.post([this, Fd] { Fds[Fd] = 1; });
  }

private:
  Loop L;
  std::thread T;
  std::map<int, int> Fds; // only touched from the event loop
};

// A ring for one producer, wherever it runs.
class Ring {
public:
  // Only called from the producer thread.
  bool push(int V);
  // CHECK-MESSAGES: :[[@LINE-2]]:6: warning: comment says "{{.*}}", but 'Ring::push' is called by two threads
  // Only called from the consumer thread.
  bool pop(int &V);
};
class Audio {
public:
  void start() {
    Capture = std::thread([this] { R.push(1); });
    Midi = std::thread([this] { R.push(2); });
    Mix = std::thread([this] { int V; R.pop(V); });
  }

private:
  Ring R;
  std::thread Capture, Midi, Mix;
};
class GoodRing {
public:
  // Only called from the producer thread.
  bool push(int V);
};
class GoodAudio {
public:
  void start() {
    Left = std::thread([this] { L.push(1); });
    Right = std::thread([this] { R.push(2); });
  }

private:
  GoodRing L, R;
  std::thread Left, Right;
};
