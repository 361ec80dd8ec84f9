// docs/checks/race-check-then-act.md: a wait after which nobody looks again.
struct Job {
  int Id;
};
void run(const Job &J);

class Mailbox {
public:
  void takeOne() {
@SNIPPET@
    Jobs.pop_back();
    Lock.unlock();
    run(J);
  }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  std::vector<Job> Jobs;
};
