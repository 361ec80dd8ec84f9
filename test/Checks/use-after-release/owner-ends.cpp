// RUN: %check_race %s race-use-after-release -- -std=c++17
// Pointers and references that outlive the temporary or local that owns what
// they lead to.
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

struct Conn {
  int Fd;
  std::string Name;
  void query(const char *);
  ~Conn();
};

class Pool {
public:
  Conn *get() {
    std::lock_guard<std::mutex> Guard(Mutex);
    if (Idle.empty())
      return nullptr;
    Conn *C = Idle.back();
    Idle.pop_back();
    return C;
  }
  void put(Conn *C) {
    std::lock_guard<std::mutex> Guard(Mutex);
    Idle.push_back(C);
  }
  struct Back {
    Pool *P;
    void operator()(Conn *C) const { P->put(C); }
  };
  std::unique_ptr<Conn, Back> borrow() { return {get(), Back{this}}; }

private:
  std::mutex Mutex;
  std::vector<Conn *> Idle;
};

struct Lease {
  Pool &P;
  Conn *C;
  explicit Lease(Pool &P) : P(P), C(P.get()) {}
  ~Lease() { P.put(C); }
  Conn *operator->() const { return C; }
};

std::unique_ptr<Conn> make();
std::shared_ptr<Conn> share();

void ofATemporary() {
  Conn *C = make().get();
  C->query("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was freed
}
void referenceIntoATemporary() {
  Conn &C = *std::make_unique<Conn>();
  C.query("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was freed
}
void ofATemporaryLease(Pool &P) {
  Conn &C = *P.borrow();
  C.query("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was handed back
}
void ofALocal() {
  Conn *C;
  {
    auto Owner = std::make_unique<Conn>();
    C = Owner.get();
  }
  C->query("x");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'C' is used after it was freed
}
const std::string &ofWhatIsHandedBack(Pool &P) {
  Lease L(P);
  return L->Name;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: {{.*}} is returned after it was handed back
}
const std::string &ofWhatALocalOwns() {
  auto Owner = make();
  return Owner->Name;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Name' is returned after it was freed
}
const char *textOfWhatALocalOwns() {
  auto Owner = make();
  return Owner->Name.c_str();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Name' is returned after it was freed
  // CHECK-NOTES: :[[@LINE-2]]:28: note: 'Name' lies in 'Owner' and goes with it
}

// Look-alikes.
void inOneStatement(Pool &P) { P.borrow()->query("x"); }
void aCopy(Pool &P) {
  int Fd = P.borrow()->Fd;
  Conn *C = P.get();
  C->Fd = Fd;
}
void released() {
  Conn *C = make().release();
  C->query("x");
}
void livesOn(Pool &P) {
  const auto &L = P.borrow();
  L->query("x");
}
void othersShareIt() {
  Conn *C = share().get();
  C->query("x");
}
std::unique_ptr<Conn> goesToTheCaller() {
  auto Owner = make();
  Conn *C = Owner.get();
  C->query("x");
  return Owner;
}
void movedOut() {
  std::unique_ptr<Conn> Keeper;
  Conn *C;
  {
    auto Owner = make();
    C = Owner.get();
    Keeper = std::move(Owner);
  }
  C->query("x");
}
std::string aCopyOfTheName(Pool &P) {
  Lease L(P);
  return L->Name;
}
struct Holder {
  std::unique_ptr<Conn> Kept;
  const std::string &name() { return Kept->Name; }
  Conn *create() {
    auto Owner = make();
    Conn *C = Owner.get();
    Kept = std::move(Owner);
    return C;
  }
};
void eachTurnHasItsOwn(int N) {
  for (int I = 0; I < N; ++I) {
    auto Owner = make();
    Conn *C = Owner.get();
    C->query("x");
  }
}
