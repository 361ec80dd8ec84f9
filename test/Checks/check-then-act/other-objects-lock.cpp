// RUN: %check_race %s race-check-then-act
//
// A set is given to a function that asks it under a lock for something else.

#include <mutex>
#include <set>

struct Peer {
  int id() const;
};

class Network {
  std::mutex PeersMutex;
  std::set<Peer *> Peers;
  std::set<int> Excluded;
  std::mutex SeenMutex;
  std::set<int> Seen;

  Peer *closest(int To, const std::set<int> &Without) {
    std::lock_guard<std::mutex> Lock(PeersMutex);
    for (Peer *P : Peers)
      if (!Without.count(P->id() - To))
        return P;
    return nullptr;
  }
  bool wasSeen(int Id) {
    std::lock_guard<std::mutex> Lock(SeenMutex);
    return Seen.count(Id) != 0;
  }

public:
  void add(Peer *P) {
    std::lock_guard<std::mutex> Lock(PeersMutex);
    Peers.insert(P);
  }
  void publishGood(int To) {
    if (Excluded.size() > 10)
      Excluded.clear();
    Peer *P = closest(To, Excluded);
    if (P)
      Excluded.insert(P->id());
  }
  bool markBad(int Id) {
    if (wasSeen(Id))
      return false;
    Seen.insert(Id);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Seen': another thread can change it between 'wasSeen' and 'insert'
    return true;
  }
};
