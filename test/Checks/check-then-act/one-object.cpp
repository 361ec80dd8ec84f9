// RUN: %check_race %s race-check-then-act
//
// A function of which only the declaration is seen gives the same object each
// time, if it returns a reference to write through and depends on nothing.

#include <map>
#include <mutex>
#include <string>

class Registry {
public:
  static Registry &instance();
  static Registry &create();
  static Registry &current();
  const Registry &view() const;
  bool has(int Key) const {
    std::lock_guard<std::mutex> Lock(Mu);
    return All.count(Key) != 0;
  }
  void put(int Key) {
    std::lock_guard<std::mutex> Lock(Mu);
    All[Key] = 1;
  }

private:
  mutable std::mutex Mu;
  std::map<int, int> All;
};
Registry &registry();
Registry &registryOf(int Shard);

class Context {
public:
  Registry &registry() const;
  Registry &next();
};

void instanceBad(int Key) {
  if (!Registry::instance().has(Key))
    Registry::instance().put(Key);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on {{.*}}: another thread can change it between 'has' and 'put'
}

void functionBad(int Key) {
  if (!registry().has(Key))
    registry().put(Key);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on {{.*}}: another thread can change it between 'has' and 'put'
}

void memberBad(Context &C, int Key) {
  if (!C.registry().has(Key))
    C.registry().put(Key);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on {{.*}}: another thread can change it between 'has' and 'put'
}

// Two objects, or it may well be.
void twoGood(int Key) {
  if (!Registry::instance().has(Key))
    registry().put(Key);
}
void contextsGood(Context &C, Context &D, int Key) {
  if (!C.registry().has(Key))
    D.registry().put(Key);
}
void shardsGood(int Key) {
  if (!registryOf(0).has(Key))
    registryOf(1).put(Key);
}
void createdGood(int Key) {
  if (!Registry::create().has(Key))
    Registry::create().put(Key);
}
// Each thread may have its own.
void currentGood(int Key) {
  if (!Registry::current().has(Key))
    Registry::current().put(Key);
}
void nextGood(Context &C, int Key) {
  if (!C.next().has(Key))
    C.next().put(Key);
}

// What a getter gives as the key is the same, too, unless the object changes.
class Request {
public:
  const std::string &name() const;
  void rename(const std::string &To);
};
class Names {
public:
  bool has(const std::string &Name) const {
    std::lock_guard<std::mutex> Lock(Mu);
    return All.count(Name) != 0;
  }
  void put(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mu);
    All[Name] = 1;
  }

private:
  mutable std::mutex Mu;
  std::map<std::string, int> All;
};

bool known(const Names &N, const Request &R) { return N.has(R.name()); }

void keyBad(Names &N, const Request &R) {
  if (!N.has(R.name()))
    N.put(R.name());
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on 'N': another thread can change it between 'has' and 'put'
}

void keyOfHelperBad(Names &N, const Request &R) {
  if (!known(N, R))
    N.put(R.name());
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: check-then-act on {{.*}}: another thread can change it between 'known' and 'put'
}

void otherKeyGood(Names &N, const Request &R, const Request &S) {
  if (!N.has(R.name()))
    N.put(S.name());
}
void renamedGood(Names &N, Request &R) {
  if (!N.has(R.name())) {
    R.rename("");
    N.put(R.name());
  }
}
