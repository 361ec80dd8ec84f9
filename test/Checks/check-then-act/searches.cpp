// RUN: %check_race %s race-check-then-act
//
// A sequence is gone through for an element, which is made and added when it
// was not there.

#include <algorithm>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

struct Peer {
  std::string Name;
  bool Alive = true;
};
using PeerPtr = std::shared_ptr<Peer>;
PeerPtr dial(const std::string &Name);
PeerPtr anyPeer();
void greet(Peer &);

class Peers {
public:
  PeerPtr loopBad(const std::string &Name) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      for (const auto &P : All)
        if (P->Name == Name)
          return P;
    }
    auto Made = dial(Name);
    std::lock_guard<std::mutex> Lock(Mu);
    All.push_back(Made);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All': another thread can change it between the search and 'push_back'
    return Made;
  }

  PeerPtr iteratorBad(const std::string &Name) {
    PeerPtr Found;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      for (auto It = All.begin(); It != All.end(); ++It) {
        if ((*It)->Alive && (*It)->Name == Name) {
          Found = *It;
          break;
        }
      }
    }
    if (!Found) {
      Found = dial(Name);
      std::lock_guard<std::mutex> Lock(Mu);
      All.push_back(Found);
      // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All'
    }
    return Found;
  }

  void algorithmBad(const std::string &Name) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      auto It = std::find_if(All.begin(), All.end(), [&](const PeerPtr &P) {
        return P->Name == Name;
      });
      if (It != All.end())
        return;
    }
    std::unique_lock<std::mutex> Lock(Mu);
    All.emplace_back(dial(Name));
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'All'
  }

  void valueBad(const std::string &Name) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      if (std::find(Names.begin(), Names.end(), Name) != Names.end())
        return;
    }
    std::lock_guard<std::mutex> Lock(Mu);
    Names.push_back(Name);
    // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'Names'
  }

  // One lock over both.
  PeerPtr lockedGood(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mu);
    for (const auto &P : All)
      if (P->Name == Name)
        return P;
    All.push_back(dial(Name));
    return All.back();
  }

  // Looked for again.
  PeerPtr againGood(const std::string &Name) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      for (const auto &P : All)
        if (P->Name == Name)
          return P;
    }
    auto Made = dial(Name);
    std::lock_guard<std::mutex> Lock(Mu);
    for (const auto &P : All)
      if (P->Name == Name)
        return P;
    All.push_back(Made);
    return Made;
  }

  // What is added has nothing to do with what was looked for.
  void otherGood(const std::string &Name) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      for (const auto &P : All)
        if (P->Name == Name)
          return;
    }
    auto Made = anyPeer();
    std::lock_guard<std::mutex> Lock(Mu);
    All.push_back(Made);
  }

  // No search: something is done with each.
  void eachGood(const std::string &Name) {
    {
      std::lock_guard<std::mutex> Lock(Mu);
      for (const auto &P : All)
        if (P->Name == Name)
          greet(*P);
    }
    auto Made = dial(Name);
    std::lock_guard<std::mutex> Lock(Mu);
    All.push_back(Made);
  }

  // Nothing hangs on it.
  bool reportGood(const std::string &Name) {
    bool Known = false;
    {
      std::lock_guard<std::mutex> Lock(Mu);
      for (const auto &P : All)
        if (P->Name == Name) {
          Known = true;
          break;
        }
    }
    {
      auto Made = dial(Name);
      std::lock_guard<std::mutex> Lock(Mu);
      Log.push_back(Made);
    }
    return Known;
  }

  // Nobody else sees them.
  std::vector<PeerPtr> localGood(const std::string &Name) {
    std::vector<PeerPtr> Mine;
    for (const auto &P : Mine)
      if (P->Name == Name)
        return Mine;
    Mine.push_back(dial(Name));
    return Mine;
  }

private:
  std::mutex Mu;
  std::vector<PeerPtr> All;
  std::list<PeerPtr> Log;
  std::deque<std::string> Names;
};

// The same through methods that lock.
class Registry {
public:
  bool has(const std::string &Name) const {
    std::lock_guard<std::mutex> Lock(Mu);
    return std::any_of(All.begin(), All.end(),
                       [&](const PeerPtr &P) { return P->Name == Name; });
  }
  PeerPtr find(const std::string &Name) const {
    std::lock_guard<std::mutex> Lock(Mu);
    for (const auto &P : All)
      if (P->Name == Name)
        return P;
    return nullptr;
  }
  void add(PeerPtr P) {
    std::lock_guard<std::mutex> Lock(Mu);
    All.push_back(std::move(P));
  }
  void addNew(PeerPtr P) {
    std::lock_guard<std::mutex> Lock(Mu);
    for (const auto &Old : All)
      if (Old->Name == P->Name)
        return;
    All.push_back(std::move(P));
  }

private:
  mutable std::mutex Mu;
  std::list<PeerPtr> All;
};

void ensureBad(Registry &R, const std::string &Name) {
  if (!R.has(Name))
    R.add(dial(Name));
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'R': another thread can change it between 'has' and 'add'
}

PeerPtr getBad(Registry &R, const std::string &Name) {
  if (auto P = R.find(Name))
    return P;
  auto Made = dial(Name);
  R.add(Made);
  // CHECK-MESSAGES: :[[@LINE-1]]: warning: check-then-act on 'R': another thread can change it between 'find' and 'add'
  return Made;
}

void ensureGood(Registry &R, const std::string &Name) {
  if (!R.has(Name))
    R.addNew(dial(Name));
}

void otherPeerGood(Registry &R, const std::string &Name) {
  if (!R.has(Name))
    R.add(anyPeer());
}
