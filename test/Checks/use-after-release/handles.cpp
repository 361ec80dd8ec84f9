// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Objects in a table, found and removed by a handle.

#include <map>
#include <memory>
#include <string>
#include <unordered_map>

struct Session {
  int Peer = 0;
  std::string Name;
  void write(const char *);
};
void account(int Peer);

class Objects {
public:
  enum { Max = 64, Offset = 0x100 };
  Session *get(int Handle) {
    if (!isValid(Handle))
      return nullptr;
    return Pool[Handle - Offset];
  }
  bool destroy(int Handle) {
    if (!get(Handle))
      return false;
    Used[Handle - Offset] = false;
    delete Pool[Handle - Offset];
    Pool[Handle - Offset] = nullptr;
    return true;
  }
  int create(Session *);
  bool isValid(int Handle) const { return Used[Handle - Offset]; }

private:
  Session *Pool[Max] = {};
  bool Used[Max] = {};
};

Objects Table;

static void stop(int Handle) {
  if (Session *S = Table.get(Handle))
    S->write("stop");
  Table.destroy(Handle);
}

void bad(int Handle) {
  Session *S = Table.get(Handle);
  if (!S)
    return;
  Table.destroy(Handle);
  account(S->Peer);
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'S' is used after it was handed back to 'Table'
  // CHECK-NOTES: :[[@LINE-3]]:3: note: handed back here: 'destroy' ends what 'get' finds by the same 'Handle'
}

void badThroughHelper(int Handle) {
  Session *S = Table.get(Handle);
  if (!S)
    return;
  stop(Handle);
  account(S->Peer);
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'S' is used after it was handed back by 'stop'
}

void copied(int Handle) {
  Session *S = Table.get(Handle);
  if (!S)
    return;
  int Peer = S->Peer;
  Table.destroy(Handle);
  account(Peer);
}

void another(int Handle, int Other) {
  Session *S = Table.get(Handle);
  if (!S)
    return;
  Table.destroy(Other);
  account(S->Peer);
}

void anotherTable(Objects &A, Objects &B, int Handle) {
  Session *S = A.get(Handle);
  if (!S)
    return;
  B.destroy(Handle);
  account(S->Peer);
}

void lookedUpAgain(int Handle) {
  Session *S = Table.get(Handle);
  Table.destroy(Handle);
  S = Table.get(Handle);
  if (S)
    account(S->Peer);
}

void onlyIfGone(int Handle, bool Gone) {
  Session *S = Table.get(Handle);
  if (!S)
    return;
  if (Gone)
    Table.destroy(Handle);
  if (!Gone)
    account(S->Peer);
}

class Registry {
public:
  Session *find(const std::string &Name) {
    auto It = ByName.find(Name);
    return It == ByName.end() ? nullptr : It->second.get();
  }
  void close(const std::string &Name) { ByName.erase(Name); }

private:
  std::unordered_map<std::string, std::unique_ptr<Session>> ByName;
};

void badInMap(Registry &R, const std::string &Name) {
  Session *S = R.find(Name);
  R.close(Name);
  S->write("bye");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'S' is used after it was handed back to 'R'
}

void goodInMap(Registry &R, const std::string &Name) {
  Session *S = R.find(Name);
  S->write("bye");
  R.close(Name);
}

// The map does not own what it holds.
class Index {
public:
  Session *find(int Id) {
    auto It = ById.find(Id);
    return It == ById.end() ? nullptr : It->second;
  }
  void forget(int Id) { ById.erase(Id); }

private:
  std::map<int, Session *> ById;
};

void forgotten(Index &I, int Id) {
  Session *S = I.find(Id);
  I.forget(Id);
  S->write("still there");
}
