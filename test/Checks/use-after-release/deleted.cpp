// RUN: %check_race %s race-use-after-release -- -std=c++17
//
// Objects that are deleted, here or by what is called.

struct Mutex {
  void lock();
  void unlock();
};
struct Owner {
  Mutex M;
};
struct Task {
  Owner *Of;
  Task *Next;
  int Id;
  void run();
  void finish() { delete this; }
  int finishBad() {
    delete this;
    return Id;
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: '*this' is used after it was deleted
  }
  int finishGood() {
    int Copy = Id;
    delete this;
    return Copy;
  }
};
bool cond();

void directBad(Task *T) {
  T->Of->M.lock();
  delete T;
  T->Of->M.unlock();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'T' is used after it was deleted
}

void directGood(Task *T) {
  Owner *Of = T->Of;
  Of->M.lock();
  delete T;
  Of->M.unlock();
}

int itselfBad(Task *T) {
  T->finish();
  return T->Id;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'T' is used after it was freed by 'finish'
}

void itselfGood(Task *T) {
  T->run();
  T->finish();
}

void loopGood(Task *Head) {
  while (Task *T = Head) {
    Head = T->Next;
    delete T;
  }
}

void renewedGood(Task *T) {
  delete T;
  T = new Task();
  T->run();
  delete T;
}

class Holder {
public:
  void resetGood() {
    delete Current;
    Current = nullptr;
    if (Current)
      Current->run();
  }
  void replaceGood() {
    Task *Old = Current;
    Current = new Task();
    delete Old;
    Current->run();
  }
  void aliasBad() {
    Task *Old = Current;
    delete Current;
    Old->run();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Current' is used after it was deleted
  }
  ~Holder() { delete Current; }

private:
  Task *Current = nullptr;
};

struct Base {
  virtual ~Base();
  virtual void close() { delete this; }
  int N;
};
struct Other : Base {
  void close() override { N = 0; }
};

// Another override may keep it.
int virtualGood(Base *B) {
  B->close();
  return B->N;
}

void branchGood(Task *T) {
  bool Done = false;
  if (cond()) {
    delete T;
    Done = true;
  }
  if (!Done)
    T->run();
}

struct Work {
  virtual ~Work();
  virtual void run() = 0;
  virtual void drop() = 0;
  int Result;
};
struct Now : Work {
  void run() override { delete this; }
  void drop() override { delete this; }
};
struct Later : Work {
  void run() override {
    Result = 1;
    delete this;
  }
  void drop() override { Result = 2; }
};

// All that may run delete it.
int everyBodyBad(Work *W) {
  W->run();
  return W->Result;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'W' is used after it was freed by 'run'
}

int someBodiesGood(Work *W) {
  W->drop();
  return W->Result;
}
